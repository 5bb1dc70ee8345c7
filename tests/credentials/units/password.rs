//! Each rule alone, all rules at once, and texts that only a machine would type.

use kabinet::accounts::identifiers::email::Email;
use kabinet::accounts::identifiers::phone::Phone;
use kabinet::credentials::password::PasswordProblem::*;
use kabinet::credentials::password::{Argument, Context, PASSWORD_MAX_CHARS, PasswordProblem, check, normal};
use proptest::prelude::*;

/// The estimator sees a password in pieces of this length.
const PIECE: usize = 32;

fn problems(password: &str) -> Vec<PasswordProblem> {
    check(password, password, &Context { brand: "Alipay", ..Context::default() })
}

/// What the rule of digits says.
fn digits(password: &str) -> Vec<PasswordProblem> {
    let of_digits =
        |problem: &PasswordProblem| matches!(problem, NoDigit | DigitsRepeat(_) | DigitsSequence(_));
    problems(password).into_iter().filter(of_digits).collect()
}

fn repeat(pair: &str) -> PasswordProblem {
    DigitsRepeat(pair.to_owned())
}

fn sequence(pair: &str) -> PasswordProblem {
    DigitsSequence(pair.to_owned())
}

#[test]
fn good_passwords_are_taken() {
    for password in [
        "correct horse battery 7 staple",
        "Zebra-Kettle-5-Marsh",
        "лиловый трамвай 9 едет",
        "Кижуч+Абажур=3",
        "蓝色大象在图书馆读7本书",
        "🦔 носит 7 яблок 🍎",
        "👨\u{200d}👩\u{200d}👧 любят арбуз 5",
        "x7Kp-vq2Rw-m9Tz",
        " leading and trailing 4 ",
        "tR9bV0wQ1905kz",
    ] {
        assert_eq!(problems(password), [], "{password:?}");
    }
}

#[test]
fn length_counts_characters_of_the_normal_form() {
    assert_eq!(problems("xK7-vqR"), [Short, Weak]);
    assert!(!problems("xK7-vqRz").contains(&Short));
    let longest: String =
        "Zebra-Kettle-5-Marsh, и ещё немного ... ".chars().cycle().take(PASSWORD_MAX_CHARS).collect();
    assert_eq!(problems(&longest), []);
    assert_eq!(problems(&format!("{longest}ж")), [Long]);
    // й of two code points is one character.
    assert_eq!(normal("и\u{306}").chars().count(), 1);
    let composed = "ежик5и\u{306}"; // six after normalisation, seven before
    assert!(problems(composed).contains(&Short));
}

#[test]
fn nothing_typed_is_one_problem() {
    assert_eq!(check("", "", &Context::default()), [Empty]);
    assert_eq!(check("", "x", &Context::default()), [Empty]);
}

#[test]
fn digits_neither_run_in_sequence_nor_repeat() {
    let found = |pair: &str| digits(&format!("ab{pair}cd"));
    for a in 0..10_i32 {
        for b in 0..10_i32 {
            let pair = format!("{a}{b}");
            let expected = match (a - b).abs() {
                0 => vec![repeat(&pair)],
                1 => vec![sequence(&pair)],
                _ => vec![],
            };
            assert_eq!(found(&pair), expected, "{pair}");
        }
    }
    assert_eq!(found("1a1"), []);
    assert_eq!(found("1 2"), []);
    assert_eq!(found("19 90 09"), []);
    assert_eq!(found("7112"), [repeat("11"), sequence("12")]);
    assert_eq!(found("321"), [sequence("32")]);
    assert_eq!(digits("11"), [repeat("11")]);
    assert_eq!(digits("a21"), [sequence("21")]);
    for none in ["without any", "１９", "٣", "Ⅶ", "½"] {
        assert_eq!(digits(none), [NoDigit], "{none:?}");
    }
    assert_eq!(digits("１１7"), [], "only Arabic digits of ASCII are digits here");
}

#[test]
fn common_and_weak_passwords_are_refused() {
    for password in [
        "password",
        "password1",
        "Password1905",
        "trustno1",
        "1qaz2wsx",
        "пароль90",
        "Gfhjkm1970",
        "parol83",
        "йцукен58",
        "зфыыцщкв5",
    ] {
        assert!(problems(password).contains(&Common), "{password:?}: {:?}", problems(password));
    }
    for password in [
        "password1234567",
        "p@ssw0rd5",
        "qwerty90!",
        "пароль!9!",
        "gfhjkm-gfhjkm-5",
        "наташа-1983",
        "aaaaaaaaaa5",
        "13.05.1983",
        "abcdefgh5",
    ] {
        assert!(problems(password).contains(&Weak), "{password:?}: {:?}", problems(password));
    }
}

#[test]
fn one_strong_piece_makes_a_long_password_strong() {
    let dull = "a".repeat(PIECE);
    assert!(!problems(&format!("{dull}Zebra-Kettle-5-Marsh")).contains(&Weak));
    assert!(!problems(&format!("Zebra-Kettle-5-Marsh{dull}")).contains(&Weak));
    assert!(problems(&format!("{dull}{dull}{dull}5")).contains(&Weak));
}

#[test]
fn all_broken_rules_are_named_at_once() {
    assert_eq!(
        check("112", "113", &Context::default()),
        [Short, repeat("11"), sequence("12"), Weak, AgainDiffers]
    );
    assert_eq!(problems("monkey"), [Short, NoDigit, Common, Weak]);
    assert_eq!(problems("alipay"), [Short, NoDigit, Weak, Personal]);
}

#[test]
fn what_is_the_persons_own_is_refused() {
    let email = Email::parse("Vasilisa.Zhuravleva@kontora.example").unwrap();
    let phone = Phone::parse("RU", "8 916 290-58-36").unwrap();
    let context =
        Context { name: Some("Пётр Ли"), email: Some(&email), phone: Some(&phone), brand: "Alipay" };
    let found = |password: &str| check(password, password, &context).contains(&Personal);
    for password in [
        "мой-Петр-лиловый-5",
        "моё пётр лиловое 5",
        "lilac Petr kettle 5",
        "lilac gtnh kettle 5",
        "lilac VASILISA kettle 5",
        "lilac zhuravleva kettle 5",
        "vasilisa.zhuravleva 5 lilac",
        "lilac AliPay kettle 5",
        "lilac фдшзфн kettle 5",
        "kettle 290-58-36 lilac",
        "kettle290 58 36lilac",
        "kettle-905836-lilac",
    ] {
        assert!(found(password), "{password:?}");
    }
    for password in
        ["lilac kettle 5 marsh", "lilac 05836 kettle marsh", "литейный абажур 5", "kontor 5 lilac kettle"]
    {
        assert!(!found(password), "{password:?}");
    }
    // What is known of the person counts for nothing in the estimate either.
    assert!(check("V@silis@-8", "V@silis@-8", &context).contains(&Weak));
    assert!(check("89162905836", "89162905836", &context).contains(&Weak));
}

#[test]
fn unseen_characters_are_refused_and_emoji_are_not() {
    for c in [
        '\0', '\t', '\r', '\n', '\u{7f}', '\u{202e}', '\u{200b}', '\u{feff}', '\u{ad}', '\u{e000}',
        '\u{2028}',
    ] {
        assert_eq!(problems(&format!("Zebra-Kettle{c}-5-Marsh")), [Control], "{c:?}");
    }
    assert_eq!(problems("Zebra-Kettle 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}-5-Marsh"), []);
}

#[test]
fn the_second_field_holds_the_same_password_in_any_unicode_form() {
    let context = Context::default();
    assert_eq!(check("Zebra-Kettle-5-Café", "Zebra-Kettle-5-Cafe\u{301}", &context), []);
    for again in ["", "zebra-kettle-5-café", "Zebra-Kettle-5-Café ", "Zebra-Kettle-5-Cafe"] {
        assert_eq!(check("Zebra-Kettle-5-Café", again, &context), [AgainDiffers], "{again:?}");
    }
}

#[test]
fn every_problem_knows_its_sentence_and_field() {
    assert_eq!(Short.argument(), Some(("min", Argument::Number(8))));
    assert_eq!(Long.argument(), Some(("max", Argument::Number(128))));
    assert_eq!(repeat("11").argument(), Some(("pair", Argument::Text("11"))));
    assert_eq!(Weak.argument(), None);
    assert_eq!((AgainDiffers.field(), Weak.field()), ("again", "password"));
    let all = [
        Empty,
        Short,
        Long,
        Control,
        NoDigit,
        repeat(""),
        sequence(""),
        Common,
        Weak,
        Personal,
        AgainDiffers,
    ];
    assert!(all.iter().all(|problem| problem.key().starts_with("password-")));
}

/// What makes the estimator slow, at the length of a whole form. No limit of time: other work on the machine would break it.
#[test]
fn hostile_texts_are_judged_too() {
    for text in [
        "a",
        "4@8({[</369&#!1/|0$5+7%2",
        "1",
        "é",
        "qwertyuiop",
        "я",
        "\u{202e}",
        "13.5.13",
        "😀",
        "password",
    ] {
        assert!(problems(&text.repeat(16_384 / text.len())).contains(&Long), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_breaks_it(password in any::<String>(), again in any::<String>(), name in any::<String>(), brand in any::<String>()) {
        let context = Context { name: Some(&name), brand: &brand, ..Context::default() };
        let found = check(&password, &again, &context);
        prop_assert_eq!(found.contains(&AgainDiffers), !password.is_empty() && normal(&password) != normal(&again));
    }

    #[test]
    fn random_ones_of_a_password_manager_are_taken(password in "([a-zA-Z]{3}[0-9]-){4}[a-zA-Z]{3}") {
        prop_assert_eq!(problems(&password), vec![]);
    }

    #[test]
    fn the_normal_form_is_stable(password in any::<String>()) {
        let once = normal(&password);
        prop_assert_eq!(normal(&once), once);
    }
}
