//! Every word on a page comes from `locales/`, through here.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, OnceLock};

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, static_loader};
use rustc_hash::FxHashMap;

use super::locale::Locale;
use super::site;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "ru",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// How the loader says that a message is there but cannot be said with these arguments: the type of its error is private.
const CANNOT_BE_SAID: &str = "Fluent errors";

/// Arguments of a message by name.
pub type Args = HashMap<Cow<'static, str>, FluentValue<'static>>;

/// A text of ours, already escaped for HTML. It may stand in an element and in a quoted attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(&'static str);

impl Words {
    /// A word of the program's own with nothing in it to escape: a language's name, a code.
    pub(crate) const fn plain(text: &'static str) -> Words {
        Words(text)
    }

    /// A message with arguments that never change, kept for good.
    pub fn kept(locale: Locale, key: &str, args: Args) -> Words {
        Words(Box::leak(escaped(&words_with(locale, key, args)).into_boxed_str()))
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl askama::filters::HtmlSafe for Words {}

impl askama::FastWritable for Words {
    fn write_into(&self, dest: &mut dyn fmt::Write, _values: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(self.0)?)
    }
}

thread_local! {
    /// By the address and the length of the key: most keys are literals in templates, and comparing their letters would take most of
    /// the time.
    static NEAR: RefCell<FxHashMap<(Locale, usize, usize), Words>> = RefCell::default();
}
static KNOWN: Mutex<Option<FxHashMap<(Locale, &'static str), Words>>> = Mutex::new(None);

/// A message without arguments (what the site says of itself apart). Resolved once for each language and kept: a page has some sixty of them,
/// and fluent takes 0.3 µs for each.
pub fn words(locale: Locale, key: &'static str) -> Words {
    let place = (locale, key.as_ptr().addr(), key.len());
    if let Some(known) = NEAR.with_borrow(|near| near.get(&place).copied()) {
        return known;
    }
    let found = known(locale, key);
    NEAR.with_borrow_mut(|near| near.insert(place, found));
    found
}

fn known(locale: Locale, key: &'static str) -> Words {
    let resolve = || Words::kept(locale, key, Args::new());
    match KNOWN.lock() {
        Ok(mut known) => *known.get_or_insert_default().entry((locale, key)).or_insert_with(resolve),
        Err(_poisoned) => resolve(),
    }
}

/// A message with arguments, not escaped. Numbers must be numbers, or plurals go wrong; sums and dates are passed as texts.
pub fn words_with(locale: Locale, key: &str, args: Args) -> String {
    let found = find(locale, key, args);
    if found == Ok(None) {
        // A reader is shown a word of the program's; whoever tests it shall not overlook that.
        debug_assert!(false, "there is no text {key}");
        tracing::error!(key, locale = locale.word(), "a text is missing");
    }
    found.ok().flatten().unwrap_or_else(|| key.to_owned())
}

/// A text that is there and wants an argument that it was not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a text wants what it was not given")]
pub struct ArgumentMissing;

/// The same for a message that need not exist.
pub fn find(locale: Locale, key: &str, mut args: Args) -> Result<Option<String>, ArgumentMissing> {
    args.extend(
        site::SITE_ARGS
            .into_iter()
            .zip(site::values(locale))
            .map(|(name, value)| (name.into(), value.into())),
    );
    for tag in [tag(locale), LOCALES.fallback()] {
        match LOCALES.lookup_single_language(tag, key, Some(&args)) {
            Ok(text) => return Ok(Some(text)),
            Err(error) if error.to_string().starts_with(CANNOT_BE_SAID) => {
                tracing::error!(key, locale = locale.word(), %error, "a text cannot be said");
                return Err(ArgumentMissing);
            }
            Err(_absent) => {}
        }
    }
    Ok(None)
}

fn tag(locale: Locale) -> &'static LanguageIdentifier {
    static TAGS: OnceLock<HashMap<Locale, LanguageIdentifier>> = OnceLock::new();
    static UNDETERMINED: OnceLock<LanguageIdentifier> = OnceLock::new();
    let tags = TAGS.get_or_init(|| {
        Locale::ALL.iter().filter_map(|locale| Some((*locale, locale.word().parse().ok()?))).collect()
    });
    tags.get(&locale).unwrap_or_else(|| UNDETERMINED.get_or_init(LanguageIdentifier::default))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
