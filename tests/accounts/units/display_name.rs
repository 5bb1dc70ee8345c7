//! What may stand on pages and in messages as a name.

use kabinet::accounts::identifiers::display_name::{NAME_MAX_CHARS, NameProblem, parse};

#[test]
fn names_of_people_are_taken_as_they_are() {
    for name in [
        "Анна",
        "Анна-Мария О’Коннор",
        "А. С. Пушкин",
        "А.С.Пушкин",
        "J.R.R.Tolkien",
        "Dr. Who",
        "李小龙",
        "Ян 2",
        "Ё",
        "إيمان",
        "Anna K.",
        "Zoë",
        "Иван (Ваня)",
    ] {
        assert_eq!(parse(name).as_deref(), Ok(name));
    }
    assert_eq!(parse("  Анна   Каренина\u{a0} ").as_deref(), Ok("Анна Каренина"));
    assert_eq!(parse("И\u{306}ван").as_deref(), Ok("Йван"));
}

#[test]
fn what_is_no_name_is_refused() {
    for (typed, problem) in [
        ("", NameProblem::Empty),
        ("   ", NameProblem::Empty),
        ("…!", NameProblem::Empty),
        ("123", NameProblem::Empty),
        ("4242 4242 4242 4242", NameProblem::Number),
        ("Анна 4242-4242-4242-4242", NameProblem::Number),
        ("Anna ４２４２４２４２４２４２４２４２", NameProblem::Number),
        ("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢ Анна", NameProblem::Number),
        ("https://evil.example", NameProblem::Link),
        ("Приз на evil.com", NameProblem::Link),
        ("evil.com/login Анна", NameProblem::Link),
        ("www.evil.example", NameProblem::Link),
        ("ｅｖｉｌ．ｃｏｍ", NameProblem::Link),
        ("деньги.рф", NameProblem::Link),
        ("Анна t.me.", NameProblem::Link),
        ("anna@example.org", NameProblem::Link),
        ("Анна\nBcc: x", NameProblem::Characters),
        ("Анна\u{202e}", NameProblem::Characters),
        ("А\u{200b}нна", NameProblem::Characters),
        ("Анна\0", NameProblem::Characters),
    ] {
        assert_eq!(parse(typed), Err(problem), "{typed:?}");
    }
    assert!(parse(&"я".repeat(NAME_MAX_CHARS)).is_ok());
    assert_eq!(parse(&"я".repeat(NAME_MAX_CHARS + 1)), Err(NameProblem::Long));
    assert_eq!(parse(&" ".repeat(5_000)), Err(NameProblem::Long));
}
