//! What else is typed of a card: the name and the code.

use kabinet::gateway::{Brand, CodeProblem, Holder, HolderProblem, SecurityCode};

#[test]
fn a_name_that_is_a_number_is_refused() {
    for name in
        ["IVAN IVANOV", "Иван Иванов", "ANNE-MARIE O'NEIL", "MR. J. SMITH 3", "李小龍", "JOSÉ  GARCÍA"]
    {
        assert!(Holder::read(name).is_ok(), "{name}");
    }
    assert_eq!(Holder::read(" IVAN\u{a0} IVANOV ").unwrap().as_str(), "IVAN IVANOV");
    for (name, problem) in [
        ("", HolderProblem::Empty),
        ("4242 4242 4242 4242", HolderProblem::Number),
        ("IVAN 4242424242424242", HolderProblem::Number),
        ("４２４２４２４２", HolderProblem::Number),
        ("123", HolderProblem::Characters),
        ("IVAN <b>", HolderProblem::Characters),
        ("IVAN\u{202e}", HolderProblem::Characters),
        ("...", HolderProblem::Characters),
    ] {
        assert_eq!(Holder::read(name), Err(problem), "{name}");
    }
    assert_eq!(Holder::read(&"A".repeat(51)), Err(HolderProblem::Long));
}

#[test]
fn a_code_has_three_digits() {
    assert_eq!(SecurityCode::read(" １23 ", Some(Brand::Mir)).unwrap().digits(), "123");
    for (text, problem) in [
        ("", CodeProblem::Empty),
        ("12", CodeProblem::Length),
        ("1234", CodeProblem::Length),
        ("123456789012", CodeProblem::Length),
        ("12a", CodeProblem::Characters),
    ] {
        assert_eq!(SecurityCode::read(text, None).unwrap_err(), problem, "{text}");
    }
}
