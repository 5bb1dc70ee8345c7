//! The name that the pages greet somebody by. It stands in messages too, so it must not be able to carry a message of its own.

use unicode_normalization::UnicodeNormalization;
use validator::ValidationError;

use crate::base::{has_invisible, normalize_digits, strip_bidi_marks};
use crate::text_enum;

pub const NAME_MAX_CHARS: usize = 60;
/// A longer text is refused before it is read.
const TYPED_MAX_CHARS: usize = 1_000;
/// So many digits are a card, a phone or an account, not a name.
const MAX_DIGITS: usize = 6;
/// Ends of site names that people know; `А.С.Пушкин` and `J.R.R.Tolkien` are names.
const SITES: &str = "com net org info biz ru su рф рус москва сайт онлайн me ly io \
                     cn xyz top site online shop app link click store by kz ua uk cc";

text_enum! {
    /// Why a text is no name of ours. The word is the key of its sentence.
    NameProblem {
        Empty => "name-empty",
        Long => "name-long",
        // Characters that nobody sees.
        Characters => "name-control",
        // A card or another long number.
        Number => "name-number",
        // An address on the net.
        Link => "name-link",
    }
}

/// A name as it will be shown: one form of each character, single spaces.
pub fn parse(typed: &str) -> Result<String, NameProblem> {
    if typed.chars().count() > TYPED_MAX_CHARS {
        return Err(NameProblem::Long);
    }
    let composed: String = strip_bidi_marks(typed).nfc().collect();
    if has_invisible(&composed) {
        return Err(NameProblem::Characters);
    }
    let name = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > NAME_MAX_CHARS {
        return Err(NameProblem::Long);
    }
    if normalize_digits(&name).chars().filter(char::is_ascii_digit).count() > MAX_DIGITS {
        return Err(NameProblem::Number);
    }
    if is_link(&name) {
        return Err(NameProblem::Link);
    }
    if name.chars().any(char::is_alphabetic) { Ok(name) } else { Err(NameProblem::Empty) }
}

/// The rule of a form's field.
pub fn validate(typed: &str) -> Result<(), ValidationError> {
    parse(typed).map(drop).map_err(|problem| {
        let mut broken = ValidationError::new(problem.word());
        broken.add_param("max".into(), &NAME_MAX_CHARS);
        broken
    })
}

fn is_link(name: &str) -> bool {
    let plain = name.nfkc().collect::<String>().to_lowercase();
    let words = plain.split(|c: char| c.is_whitespace() || ",;()<>\"'«»".contains(c));
    plain.contains("://") || plain.contains('@') || words.into_iter().any(is_site)
}

fn is_site(word: &str) -> bool {
    let host = word.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let host = host.trim_matches('.');
    host.starts_with("www.")
        || host
            .rsplit_once('.')
            .is_some_and(|(site, end)| !site.is_empty() && SITES.split(' ').any(|known| known == end))
}
