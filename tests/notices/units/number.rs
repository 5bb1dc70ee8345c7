//! Message numbers as people read them out and type them.

use kabinet::notices::MessageNumber;

#[test]
fn a_number_is_read_in_any_spelling() {
    for typed in [
        "7Q3KM-0F9TX",
        "7q3km0f9tx",
        " 7Q3 KM-OF9 TX ",
        "7q3кm–of9тх",
        "７Ｑ３ＫＭ０Ｆ９ＴＸ",
        "7Q3KM\u{2011}0F9TX\u{200e}",
    ] {
        assert_eq!(MessageNumber::read(typed).unwrap().as_str(), "7Q3KM-0F9TX", "{typed}");
    }
    assert_eq!(MessageNumber::read("il0oL-IlOo0").unwrap().as_str(), "11001-11000");
    for typed in [
        "",
        "-",
        "7Q3KM-0F9T",
        "7Q3KM-0F9TXX",
        "7Q3KM-0F9TU",
        "7Q3KM_0F9TX",
        "7Q3KM'0F9TX",
        "письмо",
        "7Q3KM-0F9T\0",
    ] {
        assert_eq!(MessageNumber::read(typed), None, "{typed}");
    }
    assert_eq!(MessageNumber::read(&" ".repeat(70)), None);
    let number = MessageNumber::random();
    assert_eq!(MessageNumber::read(number.as_str()), Some(number));
}

#[test]
fn numbers_can_be_read_out() {
    let number = MessageNumber::random();
    let (first, last) = number.as_str().split_once('-').unwrap();
    assert_eq!((first.len(), last.len()), (5, 5));
    assert!(!number.as_str().contains(['I', 'L', 'O', 'U']));
    assert_ne!(number, MessageNumber::random());
}
