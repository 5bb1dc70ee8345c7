//! What people choose first: the passwords that are tried first on every account of the world, and Russian words.
//!
//! `common_passwords.txt`, sorted, lower case: the 3000 most used passwords of a public research list of ten million, and the
//! 3000 most used of those that keep all our other rules (8 characters, a digit, no run of digits) and are not one of the
//! former with digits behind. `common_words_ru.txt`, the most used first: what a Russian reader takes instead. Each word is
//! looked for as it is written, as it comes out on a keyboard left in English (`пароль` → `gfhjkm`), and in Latin letters (`parol`).

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

static PASSWORDS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

static RUSSIAN: LazyLock<Vec<String>> =
    LazyLock::new(|| include_str!("common_words_ru.txt").lines().flat_map(spellings).collect());

/// The keys of a keyboard, in the English layout and in the Russian one.
const ENGLISH_KEYS: &str = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const RUSSIAN_KEYS: &str = "йцукенгшщзхъфывапролджэячсмитьбю";

/// The common Russian words in all three spellings, the most used first.
pub fn russian() -> &'static [String] {
    &RUSSIAN
}

/// Whether a folded text is one of the common passwords: as it is, without the digits behind it, or typed on a keyboard left
/// in Russian.
pub fn is_common(folded: &str) -> bool {
    let bare = folded.trim_end_matches(|c: char| c.is_ascii_digit());
    let english = Zeroizing::new(on_english_keys(folded));
    let english_bare = english.trim_end_matches(|c: char| c.is_ascii_digit());
    [folded, bare, &english, english_bare].into_iter().any(|text| !text.is_empty() && listed(text))
}

fn listed(text: &str) -> bool {
    PASSWORDS.binary_search(&text).is_ok() || RUSSIAN.iter().any(|word| word == text)
}

/// A text for comparison: compatibility forms as plain ones (full-width letters), lower case, ё as е.
pub fn fold(text: &str) -> Zeroizing<String> {
    // Room for the longest expansion, so that no copy is left behind by a growing buffer.
    let mut folded = Zeroizing::new(String::with_capacity(text.len() * 4));
    folded.extend(text.nfkc().flat_map(char::to_lowercase).map(|c| if c == 'ё' { 'е' } else { c }));
    folded
}

/// A folded word as it may turn up in a password: itself, on a keyboard left in English, in Latin letters. Words without
/// Cyrillic letters have one spelling.
pub fn spellings(word: &str) -> Vec<String> {
    if !word.chars().any(|c| latin(c).is_some()) {
        return vec![word.to_owned()];
    }
    let in_latin = word.chars().map(|c| latin(c).map_or_else(|| c.to_string(), str::to_owned)).collect();
    vec![word.to_owned(), on_english_keys(word), in_latin]
}

/// The same keys on an English keyboard; what is not Russian stays.
pub fn on_english_keys(text: &str) -> String {
    let key = |c: char| {
        RUSSIAN_KEYS
            .chars()
            .zip(ENGLISH_KEYS.chars())
            .find(|(russian, _)| *russian == c)
            .map_or(c, |(_, key)| key)
    };
    let mut keys = String::with_capacity(text.len());
    keys.extend(text.chars().map(key));
    keys
}

/// A Russian letter in Latin ones, as people spell their names in addresses.
fn latin(c: char) -> Option<&'static str> {
    let latin = match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' => "i",
        'й' | 'ы' => "y",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "sch",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        _ => return None,
    };
    Some(latin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_folded_and_long_enough() {
        assert_eq!(PASSWORDS.len(), 6_000);
        assert!(PASSWORDS.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(
            PASSWORDS
                .iter()
                .all(|line| line.bytes().all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase()))
        );
        let words: Vec<&str> = include_str!("common_words_ru.txt").lines().collect();
        assert!(words.len() > 500);
        assert!(
            words.iter().all(|word| word.chars().all(|c| ('а'..='я').contains(&c))),
            "lower case Cyrillic without ё"
        );
    }

    #[test]
    fn a_word_has_three_spellings() {
        assert_eq!(spellings("пароль"), ["пароль", "gfhjkm", "parol"]);
        assert_eq!(spellings("alipay"), ["alipay"]);
        assert_eq!(RUSSIAN_KEYS.chars().count(), ENGLISH_KEYS.chars().count());
    }

    #[test]
    fn common_ones_are_found_in_any_disguise() {
        for typed in [
            "password",
            "PassWord",
            "ｐａｓｓｗｏｒｄ",
            "password1905",
            "Пароль",
            "gfhjkm83",
            "ЙЦУКЕН",
            "зфыыцщкв",
            "ёлка",
        ] {
            assert_eq!(is_common(&fold(typed)), typed != "ёлка", "{typed:?}");
        }
        for typed in ["", "0", "correct horse 7", "пароль от сейфа"] {
            assert!(!is_common(&fold(typed)), "{typed:?}");
        }
    }
}
