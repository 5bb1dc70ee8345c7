//! The three languages, and how a browser or a link asks for one.

use crate::text_enum;

text_enum! {
    /// A language that every text exists in.
    Locale { Ru => "ru", En => "en", ZhCn => "zh-CN" }
}

impl Locale {
    /// Russian is what an unknown reader gets.
    pub const DEFAULT: Locale = Locale::Ru;

    /// Reads `ru_RU`, `en-GB`, `zh-Hans-CN`, `ru_RU.UTF-8`, `EN`; None for anything else.
    pub fn read(text: &str) -> Option<Locale> {
        let tag = text.trim().split(['.', '@']).next().unwrap_or_default();
        if tag.len() > 35 || !tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            return None;
        }
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "ru" => Some(Locale::Ru),
            "en" => Some(Locale::En),
            "zh" => Some(Locale::ZhCn),
            _ => None,
        }
    }

    /// As links spell it: `?locale=ru_RU`.
    pub const fn code(self) -> &'static str {
        match self {
            Locale::Ru => "ru_RU",
            Locale::En => "en_US",
            Locale::ZhCn => "zh_CN",
        }
    }

    /// The language's name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Locale::Ru => "Русский",
            Locale::En => "English",
            Locale::ZhCn => "中文",
        }
    }

    /// What stands between two sentences, or between a sentence and its link: Chinese has nothing there.
    pub const fn joint(self) -> &'static str {
        match self {
            Locale::Ru | Locale::En => " ",
            Locale::ZhCn => "",
        }
    }

    /// 0, 1, 2: for tables by language.
    pub const fn index(self) -> usize {
        match self {
            Locale::Ru => 0,
            Locale::En => 1,
            Locale::ZhCn => 2,
        }
    }
}

/// The best of our languages for an `Accept-Language` header (RFC 9110, 12.5.4); None when it wants none of them.
pub fn from_accept_language(header: &str) -> Option<Locale> {
    const MAX_ENTRIES: usize = 20;
    let mut best: Option<(u16, Locale)> = None;
    // Weight 0 says "not this one": of the rest the first may do.
    let mut unwanted: Vec<Locale> = Vec::new();
    for entry in header.split(',').take(MAX_ENTRIES) {
        let mut parts = entry.split(';');
        let Some(locale) = parts.next().and_then(Locale::read) else { continue };
        let Some(weight) = parts.find_map(quality).map_or(Some(1000), weight) else { continue };
        if weight == 0 {
            unwanted.push(locale);
        } else if best.is_none_or(|(so_far, _)| weight > so_far) {
            best = Some((weight, locale));
        }
    }
    let wanted = best.map(|(_, locale)| locale);
    let is_unwanted = |locale: &Locale| unwanted.contains(locale);
    // A default that is not wanted makes way for another.
    let rest = || {
        is_unwanted(&Locale::DEFAULT).then(|| Locale::ALL.iter().copied().find(|one| !is_unwanted(one)))?
    };
    wanted.or_else(rest)
}

/// What stands behind `q=`; the name is as good in capitals.
fn quality(part: &str) -> Option<&str> {
    let (name, value) = part.split_once('=')?;
    name.trim().eq_ignore_ascii_case("q").then_some(value)
}

/// `0.8` as 800. None when it is not a weight.
fn weight(text: &str) -> Option<u16> {
    let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if rest.len() > 3 || !rest.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{rest:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}
