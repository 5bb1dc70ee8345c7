//! How a language is asked for.

use kabinet::texts::{Locale, from_accept_language};

#[test]
fn spellings_of_links_and_systems_are_understood() {
    for (text, locale) in [
        ("ru_RU", Some(Locale::Ru)),
        ("ru", Some(Locale::Ru)),
        ("en-GB", Some(Locale::En)),
        ("EN_us", Some(Locale::En)),
        ("zh_CN", Some(Locale::ZhCn)),
        ("zh-Hans-CN", Some(Locale::ZhCn)),
        ("ru_RU.UTF-8", Some(Locale::Ru)),
        (" ru ", Some(Locale::Ru)),
        ("de", None),
        ("", None),
        ("rux", None),
        ("ru/../x", None),
        ("русский", None),
        (&"ru_".repeat(50), None),
    ] {
        assert_eq!(Locale::read(text), locale, "{text}");
    }
}

#[test]
fn the_heaviest_known_language_wins_and_zero_means_never() {
    for (header, locale) in [
        ("en-US,en;q=0.9,ru;q=0.8", Some(Locale::En)),
        ("de, ru;q=0.5, en;q=0.7", Some(Locale::En)),
        ("de;q=1.0", None),
        ("en;q=0, zh;q=0.1", Some(Locale::ZhCn)),
        ("en;q=nonsense, ru;q=0.1", Some(Locale::Ru)),
        ("*", None),
        ("zh;q=0", None),
        ("zh;q=0, *", None),
        ("zh;Q=0", None),
        ("zh; Q = 0.000 , en;Q=0.4", Some(Locale::En)),
        ("en;Q=0.3, zh;q=0.4", Some(Locale::ZhCn)),
        // Russian is what everybody gets who has not said that it may not be.
        ("ru;q=0", Some(Locale::En)),
        ("ru;q=0, en;q=0, *;q=0.1", Some(Locale::ZhCn)),
        ("ru;q=0, en;q=0, zh;q=0", None),
        // Traditional characters: docs/decisions/texts.md.
        ("zh-TW,zh;q=0.9,en-US;q=0.8", Some(Locale::ZhCn)),
        ("zh-Hant-HK", Some(Locale::ZhCn)),
        ("en-HK,zh-HK;q=0.9", Some(Locale::En)),
        (";;;,,,", None),
    ] {
        assert_eq!(from_accept_language(header), locale, "{header}");
    }
}
