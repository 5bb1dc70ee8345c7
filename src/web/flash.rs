//! What an answer that leads elsewhere has the next page say, and what stands in its form: a sealed cookie that the page takes away.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::csrf::Owner;
use crate::base::{Keys, in_own_letters, strip_invisible};
use crate::texts::Args;

const AAD: &str = "cookies/flash";
/// Browsers keep 4,096 bytes of a cookie, its name and attributes included.
const MAX_CHARS: usize = 3_500;
pub(super) const MINUTES: i64 = 5;
const OLD_FORM: &str = "old-form";

/// A sentence for the next page, as a text key; with the fields of a form that was sent in vain.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flash {
    key: Cow<'static, str>,
    args: Vec<(String, String)>,
    /// Something has come to a good end.
    is_good: bool,
    /// The page whose form it is, and what was typed there. Never a secret.
    page: String,
    typed: Vec<(String, String)>,
}

/// What was typed into a form, as far as it may be shown again: kept with the request, for the case that it is refused.
pub(super) struct SentForm(pub Vec<(String, String)>);

/// A form that was not taken because its page was too old, or because nobody is signed in any more: kept with the request until the
/// answer is made.
pub(super) struct OldForm {
    pub typed: Vec<(String, String)>,
    /// Whether more was typed than may be shown again.
    pub has_secrets: bool,
    /// For whom the form was made.
    pub owner: Owner,
    /// As it came: the page that was to open after signing in.
    pub next: Option<String>,
}

impl Flash {
    /// Where a step was opened out of its order, or once more.
    pub const STEP_ELSEWHERE: Flash = Flash::new("flash-step-elsewhere");

    /// Where a form that has done what it is for came once more.
    pub const DONE_ALREADY: Flash = Flash::new("flash-done-already");

    /// Where a form was sent from a page of another account.
    pub const OTHER_ACCOUNT: Flash = Flash::new("flash-other-account");

    /// Says of a form that was sent to this address that its page was too old.
    pub(super) fn of_old_form(action: &str) -> Flash {
        Flash::new(OLD_FORM).arg("action", action)
    }

    /// The address that an old form was sent to.
    pub(super) fn old_form(&self) -> Option<&str> {
        self.args.first().filter(|_| self.key == OLD_FORM).map(|(_, action)| action.as_str())
    }

    /// Whether this says that a form was not taken.
    pub(super) fn is_refusal(&self) -> bool {
        self.old_form().is_some() || self.key == Flash::OTHER_ACCOUNT.key
    }

    pub const fn new(key: &'static str) -> Flash {
        Flash {
            key: Cow::Borrowed(key),
            args: Vec::new(),
            is_good: false,
            page: String::new(),
            typed: Vec::new(),
        }
    }

    /// Says that something has come to a good end.
    pub const fn good(key: &'static str) -> Flash {
        let mut flash = Flash::new(key);
        flash.is_good = true;
        flash
    }

    /// Says nothing: what stood in a form, for its page once more.
    pub fn of_form(page: &str, typed: Vec<(String, String)>) -> Flash {
        Flash::new("").typed(page, typed)
    }

    pub(super) fn has_words(&self) -> bool {
        !self.key.is_empty()
    }

    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<String>) -> Flash {
        self.args.push((name.to_owned(), value.into()));
        self
    }

    /// Fills the form of that page in.
    #[must_use]
    pub fn typed(mut self, page: &str, typed: Vec<(String, String)>) -> Flash {
        let visible = |text: String| in_own_letters(&strip_invisible(&text)).into_owned();
        self.page = page.to_owned();
        self.typed = typed.into_iter().map(|(name, value)| (name, visible(value))).collect();
        self
    }

    /// The cookie's value. A form that is too large for one is not carried; the sentence is.
    pub(super) fn sealed(mut self, keys: &Keys) -> String {
        let seal = |flash: &Flash| {
            let json = serde_json::to_vec(flash).unwrap_or_default();
            URL_SAFE_NO_PAD.encode(keys.seal(AAD, &json))
        };
        let whole = seal(&self);
        if whole.len() <= MAX_CHARS {
            return whole;
        }
        self.typed.clear();
        seal(&self)
    }

    pub(super) fn open(cookie: &str, keys: &Keys) -> Option<Flash> {
        let json = keys.open_sealed(AAD, &URL_SAFE_NO_PAD.decode(cookie).ok()?).ok()?;
        serde_json::from_slice(&json).ok()
    }

    pub(super) fn is_good(&self) -> bool {
        self.is_good
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn args(&self) -> Args {
        self.args.iter().map(|(name, value)| (name.clone().into(), value.clone().into())).collect()
    }

    /// What was typed into a field of that page.
    pub(super) fn value(&self, page: &str, field: &str) -> Option<&str> {
        let typed = self.typed.iter().find(|(name, _)| name == field).filter(|_| self.page == page);
        typed.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{Flash, MAX_CHARS};
    use crate::base::Keys;

    #[test]
    fn what_is_carried_is_ours_and_fits_a_cookie() {
        let keys = Keys::from_seed(1);
        let typed = |letters: usize| vec![("name".to_owned(), "x".repeat(letters))];
        let small = Flash::new("flash-name").typed("/profile/name", typed(100)).sealed(&keys);
        let opened = Flash::open(&small, &keys).unwrap();
        assert_eq!(opened.value("/profile/name", "name").unwrap().len(), 100);
        assert_eq!(opened.value("/email", "name"), None);
        assert!(Flash::open(&small, &Keys::from_seed(2)).is_none());
        for wrong in ["", "AAAA", &small[1..]] {
            assert!(Flash::open(wrong, &keys).is_none());
        }
        let large = Flash::new("flash-name").typed("/profile/name", typed(9_000)).sealed(&keys);
        assert!(large.len() <= MAX_CHARS);
        assert_eq!(Flash::open(&large, &keys).unwrap().key(), "flash-name");
    }
}
