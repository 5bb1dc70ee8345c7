//! Backup codes as people type them.

use kabinet::credentials::backup_code::{BackupCode, COUNT, fresh};

#[test]
fn a_code_is_read_as_people_type_it() {
    let code = BackupCode::read("01ab-cdef-gh").unwrap();
    assert_eq!(code.shown(), "01ab-cdef-gh");
    for typed in ["01abcdefgh", " OIAB CDEF GH ", "ol-ab-cd-ef-gh"] {
        assert_eq!(BackupCode::read(typed), Some(code.clone()), "{typed}");
    }
    for typed in ["", "01ab-cdef-g", "01ab-cdef-ghj", "u1ab-cdef-gh", "ж1ab-cdef-gh", "01ab_cdef_gh"] {
        assert_eq!(BackupCode::read(typed), None, "{typed}");
    }
}

#[test]
fn ten_codes_all_differ_and_are_read_back() {
    let codes = fresh();
    assert_eq!(codes.len(), COUNT);
    for (place, code) in codes.iter().enumerate() {
        assert_eq!(BackupCode::read(&code.shown()).as_ref(), Some(code));
        assert!(!codes.iter().skip(place + 1).any(|other| other == code));
    }
}
