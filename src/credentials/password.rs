//! What a new password must be. Every rule that it breaks is named at once, each with a sentence that says why.
//!
//! - 8 to 128 characters, counted after Unicode normalisation (NFC); spaces, emoji and any script are welcome;
//! - at least one Arabic digit (0–9), and no two neighbouring characters that are digits and equal or next to each other:
//!   11, 12 and 21 are refused, 19, 90 and 09 are fine;
//! - none of the passwords that everybody tries first, and a strength estimate of at least 3 of 4;
//! - not made of the person's own name, address or phone, or of the service's name.
//!
//! Passwords are wiped from memory after use as far as that is ours to do: the estimator keeps copies of its own.

mod words;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::Score;

use self::words::{fold, is_common, on_english_keys, russian, spellings};
use crate::accounts::identifiers::email::Email;
use crate::accounts::identifiers::phone::Phone;
use crate::base::is_invisible;

/// Characters after normalisation.
pub const PASSWORD_MIN_CHARS: usize = 8;
pub const PASSWORD_MAX_CHARS: usize = 128;
/// What a password manager is told before it makes one up (the attribute `passwordrules`). Digits that neither repeat nor follow each
/// other cannot be said there; even ones that do not repeat are such digits.
pub const MANAGER_RULES: &str = "minlength: 8; maxlength: 128; required: lower; required: upper; required: [02468]; allowed: [-]; max-consecutive: 1;";
/// The estimator's time grows much faster than its input (seconds for 100 characters chosen for it), so it is shown a
/// password in pieces of this length. One strong piece makes the whole strong.
const ESTIMATED_CHARS: usize = 32;
/// So many last digits of a phone are the person's own; fewer are chance.
const PHONE_DIGITS: usize = 6;
/// A shorter name or brand word is found in too many words.
const WORD_MIN_CHARS: usize = 3;
/// The same for parts of an address.
const ADDRESS_PART_MIN_CHARS: usize = 4;

/// What is known of the person and the service, as far as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    pub name: Option<&'a str>,
    pub email: Option<&'a Email>,
    pub phone: Option<&'a Phone>,
    /// The service's name, a setting.
    pub brand: &'a str,
}

/// A rule that a password breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Nothing was typed; the other rules are not looked at.
    Empty,
    Short,
    Long,
    /// Characters that nobody sees, and so nobody can type again.
    Control,
    NoDigit,
    /// Two equal digits side by side: the first such pair.
    DigitsRepeat(String),
    /// Two digits side by side that follow each other, up or down: the first such pair.
    DigitsSequence(String),
    Common,
    Weak,
    Personal,
    /// The second field does not hold the same password.
    AgainDiffers,
}

/// What a problem's sentence is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument<'a> {
    Number(usize),
    Text(&'a str),
}

impl PasswordProblem {
    /// The key of its sentence.
    pub const fn key(&self) -> &'static str {
        match self {
            PasswordProblem::Empty => "password-empty",
            PasswordProblem::Short => "password-short",
            PasswordProblem::Long => "password-long",
            PasswordProblem::Control => "password-control",
            PasswordProblem::NoDigit => "password-no-digit",
            PasswordProblem::DigitsRepeat(_) => "password-digits-repeat",
            PasswordProblem::DigitsSequence(_) => "password-digits-sequence",
            PasswordProblem::Common => "password-common",
            PasswordProblem::Weak => "password-weak",
            PasswordProblem::Personal => "password-personal",
            PasswordProblem::AgainDiffers => "password-again-differs",
        }
    }

    /// The field of the form that it belongs to.
    pub const fn field(&self) -> &'static str {
        match self {
            PasswordProblem::AgainDiffers => "again",
            _ => "password",
        }
    }

    /// The name and value of the sentence's argument, where it has one.
    pub fn argument(&self) -> Option<(&'static str, Argument<'_>)> {
        match self {
            PasswordProblem::Short => Some(("min", Argument::Number(PASSWORD_MIN_CHARS))),
            PasswordProblem::Long => Some(("max", Argument::Number(PASSWORD_MAX_CHARS))),
            PasswordProblem::DigitsRepeat(pair) | PasswordProblem::DigitsSequence(pair) => {
                Some(("pair", Argument::Text(pair)))
            }
            _ => None,
        }
    }
}

/// A password as it is hashed: NFC, so that two keyboards that spell é differently mean the same; nothing else is changed.
pub fn normal(password: &str) -> Zeroizing<String> {
    // NFC never more than triples UTF-8: the buffer does not grow, so no copy is left behind.
    let mut normal = Zeroizing::new(String::with_capacity(password.len() * 3));
    normal.extend(password.nfc());
    normal
}

/// Every rule that a new password breaks, in the order of the rules; none means that it may be taken.
pub fn check(password: &str, again: &str, context: &Context<'_>) -> Vec<PasswordProblem> {
    if password.is_empty() {
        return vec![PasswordProblem::Empty];
    }
    let normal_form = normal(password);
    let length = normal_form.chars().count();
    let mut problems = Vec::new();
    if length < PASSWORD_MIN_CHARS {
        problems.push(PasswordProblem::Short);
    }
    if length > PASSWORD_MAX_CHARS {
        problems.push(PasswordProblem::Long);
    }
    if normal_form.chars().any(untypable) {
        problems.push(PasswordProblem::Control);
    }
    problems.extend(digits(&normal_form));
    let folded = fold(&normal_form);
    if is_common(&folded) {
        problems.push(PasswordProblem::Common);
    }
    if is_weak(&normal_form, &folded, context) {
        problems.push(PasswordProblem::Weak);
    }
    if is_personal(&folded, context) {
        problems.push(PasswordProblem::Personal);
    }
    if normal_form != normal(again) {
        problems.push(PasswordProblem::AgainDiffers);
    }
    problems
}

/// Unseen characters, but for those that emoji and some scripts are put together with: joiners and the letters of flags.
fn untypable(c: char) -> bool {
    is_invisible(c) && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{e0020}'..='\u{e007f}')
}

/// The rule of digits: there is one, and no two side by side repeat or run in sequence.
fn digits(password: &str) -> Vec<PasswordProblem> {
    if !password.contains(|c: char| c.is_ascii_digit()) {
        return vec![PasswordProblem::NoDigit];
    }
    let pair_apart_by = |distance: u32| {
        let neighbours = password.chars().zip(password.chars().skip(1));
        let mut pairs =
            neighbours.filter_map(|(a, b)| Some((a, b, a.to_digit(10)?.abs_diff(b.to_digit(10)?))));
        pairs.find(|(_, _, apart)| *apart == distance).map(|(a, b, _)| format!("{a}{b}"))
    };
    let repeat = pair_apart_by(0).map(PasswordProblem::DigitsRepeat);
    let sequence = pair_apart_by(1).map(PasswordProblem::DigitsSequence);
    repeat.into_iter().chain(sequence).collect()
}

/// Whether the estimator finds it within 10^8 guesses, told what is known of the person, Russian words, and what the
/// password is on a keyboard left in Russian.
fn is_weak(password: &str, folded: &str, context: &Context<'_>) -> bool {
    let own = own_words(context);
    let known: Vec<&str> =
        own.iter().map(String::as_str).chain(russian().iter().map(String::as_str)).collect();
    let weak = |text: &str| {
        let chars: Zeroizing<Vec<char>> = Zeroizing::new(text.chars().take(PASSWORD_MAX_CHARS).collect());
        chars.chunks(ESTIMATED_CHARS).all(|piece| {
            let piece: Zeroizing<String> = Zeroizing::new(piece.iter().collect());
            zxcvbn::zxcvbn(&piece, &known).score() < Score::Three
        })
    };
    let english = Zeroizing::new(on_english_keys(folded));
    weak(password) || (english.as_str() != folded && weak(&english))
}

/// Whether a folded password holds something of the person's own, or the service's name.
fn is_personal(folded: &str, context: &Context<'_>) -> bool {
    let english = Zeroizing::new(on_english_keys(folded));
    let holds = |word: &String| folded.contains(word.as_str()) || english.contains(word.as_str());
    if names(context).iter().any(holds) || address_parts(context).iter().any(holds) {
        return true;
    }
    let closed_up: Zeroizing<String> = Zeroizing::new(
        folded.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '_')).collect(),
    );
    phone_end(context).is_some_and(|end| closed_up.contains(end))
}

/// The words of the person's and the service's names, in every spelling.
fn names(context: &Context<'_>) -> Vec<String> {
    let own = context.name.map(fold).unwrap_or_default();
    let brand = fold(context.brand);
    let words = own.split(|c: char| !c.is_alphanumeric()).chain(brand.split(|c: char| !c.is_alphanumeric()));
    words.filter(|word| word.chars().count() >= WORD_MIN_CHARS).flat_map(spellings).collect()
}

/// The name of the person's mailbox, whole and in parts.
fn address_parts(context: &Context<'_>) -> Vec<String> {
    let local = context.email.map(|email| fold(email.local())).unwrap_or_default();
    let parts = local.split(|c: char| !c.is_alphanumeric()).chain([local.as_str()]);
    parts.filter(|part| part.chars().count() >= ADDRESS_PART_MIN_CHARS).map(str::to_owned).collect()
}

fn phone_end<'a>(context: &Context<'a>) -> Option<&'a str> {
    let digits = context.phone?.digits();
    digits.get(digits.len().checked_sub(PHONE_DIGITS)?..)
}

/// All that the estimator should take for guessable in this person's password.
fn own_words(context: &Context<'_>) -> Vec<String> {
    let mut words = names(context);
    words.extend(address_parts(context));
    if let Some(email) = context.email {
        words.push(fold(email.as_str()).to_string());
        words.push(fold(email.domain()).to_string());
        words.extend(fold(email.domain()).split('.').map(str::to_owned));
    }
    if let Some(phone) = context.phone {
        let digits = phone.digits();
        words.push(digits.to_owned());
        // The number without its calling code, of one to three digits, and with Russia's 8 in its place.
        words.extend((1..=3).filter_map(|calling| digits.get(calling..)).map(str::to_owned));
        words.extend(digits.strip_prefix('7').map(|national| format!("8{national}")));
    }
    words
}
