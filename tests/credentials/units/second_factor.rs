//! A code of either kind in one field.

use kabinet::credentials::second_factor::Code;

#[test]
fn one_field_takes_either_code_as_people_type_it() {
    for typed in ["041726", " 041 726 ", "041-726", "０４１７２６"] {
        assert!(matches!(Code::read(typed), Some(Code::App(digits)) if digits == "041726"), "{typed}");
    }
    for typed in ["abcd-efgh-jk", "ABCD EFGH JK", "0123-4567-89"] {
        assert!(matches!(Code::read(typed), Some(Code::Backup(_))), "{typed}");
    }
    for typed in ["", "04172", "0417261", "04172a", "abcd-efgh-j", "abcd-efgh-u0"] {
        assert!(Code::read(typed).is_none(), "{typed}");
    }
}
