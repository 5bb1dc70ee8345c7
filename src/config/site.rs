//! Who is behind the site: its brand, its operator, its support.

use crate::base::has_invisible;

const OPERATOR: &str = "must be a name and a postal address with a semicolon between them, such as \
                        ООО «Ромашка»; 101000, Москва, ул. Мясницкая, 1";
const SUPPORT: &str = "must be an e-mail address, a phone number or both, and perhaps the hours (once, or in Russian, English and Chinese), with semicolons between them, such as \
                       support@example.org; +7 800 555-35-35; ежедневно с 9 до 21 (МСК) | daily 9 to 21 (Moscow time) | 每天 9–21 点（莫斯科时间）";
/// Hours are written in one of them, or in each.
const LANGUAGES: usize = 3;
/// Of a part: it stands in footers and sentences.
const MAX_CHARS: usize = 200;

/// The names that texts speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub brand: String,
    /// The host of the public URL: what mails are said to come from.
    pub host: String,
    /// The brands of cards that can be added.
    pub card_brands: Vec<&'static str>,
    pub operator: Option<Operator>,
    pub support: Option<Support>,
}

/// Who runs the site: name and postal address, as the law on personal data wants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    pub name: String,
    pub address: String,
}

/// How people reach the operator: an e-mail address or a phone, or both, and the hours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Support {
    pub email: Option<String>,
    /// As it is to be shown; a link takes its digits.
    pub phone: Option<String>,
    /// In Russian, English and Chinese, or once for all.
    hours: Vec<String>,
    /// All of it in a sentence, in as many languages: `support@example.org, +7 800 555-35-35, 9–21`.
    lines: Vec<String>,
}

impl Support {
    /// In the language of that place in the list of all.
    pub fn hours(&self, language: usize) -> Option<&str> {
        of_language(&self.hours, language)
    }

    pub fn line(&self, language: usize) -> &str {
        of_language(&self.lines, language).unwrap_or_default()
    }

    /// As it is shown: not broken across lines.
    pub fn phone_in_one_piece(&self) -> String {
        self.phone.as_deref().unwrap_or_default().replace(' ', "\u{a0}").replace('-', "\u{2011}")
    }

    /// For `tel:`: the digits, with the plus before them.
    pub fn phone_link(&self) -> String {
        self.phone
            .iter()
            .flat_map(|phone| phone.chars())
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect()
    }
}

fn of_language(written: &[String], language: usize) -> Option<&str> {
    written.get(language).or_else(|| written.first()).map(String::as_str)
}

/// Headers and SMS carry the brand: short, and nothing in it that cannot be seen.
pub fn brand(text: &str) -> Result<String, String> {
    if text.chars().count() > 40 || has_invisible(text) {
        return Err("must be 1 to 40 visible characters".to_owned());
    }
    Ok(text.to_owned())
}

pub fn operator(text: &str) -> Result<Operator, String> {
    let (name, address) = text.split_once(';').ok_or(OPERATOR)?;
    Ok(Operator { name: part(name).ok_or(OPERATOR)?, address: part(address).ok_or(OPERATOR)? })
}

/// Which part is which shows in it: `@` is an address, digits with a plus or brackets are a phone, the rest are the hours, perhaps in three
/// languages with a bar between them.
pub fn support(text: &str) -> Result<Support, String> {
    let (mut support, mut hours) = (Support::default(), None);
    for text in text.split(';') {
        let text = part(text).ok_or(SUPPORT)?;
        let place = if text.contains('@') {
            text.parse::<lettre::Address>().map_err(|_error| SUPPORT)?;
            &mut support.email
        } else if is_phone(&text) {
            &mut support.phone
        } else {
            &mut hours
        };
        if place.replace(text).is_some() {
            return Err(SUPPORT.to_owned());
        }
    }
    if support.email.is_none() && support.phone.is_none() {
        return Err(SUPPORT.to_owned());
    }
    let contacts = [&support.email, &support.phone].into_iter().flatten().map(String::as_str);
    let contacts = contacts.collect::<Vec<_>>().join(", ");
    for written in hours.iter().flat_map(|hours| hours.split('|')) {
        support.hours.push(part(written).ok_or(SUPPORT)?);
    }
    if ![0, 1, LANGUAGES].contains(&support.hours.len()) {
        return Err(SUPPORT.to_owned());
    }
    support.lines = support.hours.iter().map(|hours| format!("{contacts}, {hours}")).collect();
    if support.lines.is_empty() {
        support.lines.push(contacts);
    }
    Ok(support)
}

fn is_phone(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c))
        && text.chars().filter(char::is_ascii_digit).count() >= 3
}

fn part(text: &str) -> Option<String> {
    let text = text.trim();
    let is_fit = !text.is_empty() && text.chars().count() <= MAX_CHARS && !has_invisible(text);
    is_fit.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_has_a_name_and_an_address() {
        let rose = operator("ООО «Ромашка»; 101000, Москва, ул. Мясницкая, 1; оф. 2").unwrap();
        assert_eq!(
            (rose.name.as_str(), rose.address.as_str()),
            ("ООО «Ромашка»", "101000, Москва, ул. Мясницкая, 1; оф. 2")
        );
        for wrong in ["ООО «Ромашка»", ";", "a;", ";b", "a\u{202e};b"] {
            assert!(operator(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn support_has_an_address_or_a_phone_in_any_order() {
        let all = support("+7 800 555-35-35; help@example.org; 9–21").unwrap();
        assert_eq!(all.email.as_deref(), Some("help@example.org"));
        assert_eq!((all.phone_link().as_str(), all.hours(2)), ("+78005553535", Some("9–21")));
        assert_eq!(all.line(1), "help@example.org, +7 800 555-35-35, 9–21");
        assert_eq!(support("8 (495) 123-45-67").unwrap().email, None);
        let told = support("help@example.org; с 9 до 21 | 9 to 21 | 9–21 点").unwrap();
        assert_eq!((told.hours(0), told.line(2)), (Some("с 9 до 21"), "help@example.org, 9–21 点"));
        for wrong in ["9–21", "a@b; c@d", "a@", "", "a@example.org;", "111;222-333", "a@example.org; 9 | 10"]
        {
            assert!(support(wrong).is_err(), "{wrong:?}");
        }
    }
}
