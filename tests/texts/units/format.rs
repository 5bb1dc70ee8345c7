//! Sums and moments in the reader's language.

use kabinet::base::{Currency, Moment, Money};
use kabinet::texts::{Locale, deadline, iso, list, moment, money, month, range, sum, time_of_day, when};

#[test]
fn sums_and_moments_read_as_people_write_them() {
    let large = Money::new(123_450, Currency::Rub);
    assert_eq!(money(Locale::Ru, large), "1\u{a0}234,50\u{a0}₽");
    assert_eq!(money(Locale::En, large), "₽1,234.50");
    assert_eq!(money(Locale::En, Money::new(500, Currency::Jpy)), "JP¥500");
    // The books keep kopecks; a gift or a limit is named without zeros.
    let whole = Money::new(30_000, Currency::Rub);
    assert_eq!(
        (money(Locale::Ru, whole), sum(Locale::Ru, whole)),
        ("300,00\u{a0}₽".into(), "300\u{a0}₽".into())
    );
    assert_eq!(sum(Locale::En, whole), "₽300");
    let (least, most) = (Money::new(100, Currency::Rub), Money::new(999, Currency::Rub));
    assert_eq!(range(Locale::Ru, least, most), ("1".into(), "9,99\u{a0}₽".into()));
    assert_eq!(range(Locale::En, least, most), ("₽1".into(), "₽9.99".into()));
    assert_eq!(range(Locale::ZhCn, least, most), ("₽1".into(), "₽9.99".into()));
    let at = Moment::from_micros(1_795_363_500_000_000); // 2026-11-22T16:05:00Z
    assert_eq!(moment(Locale::Ru, "Europe/Moscow", at), "22 ноября 2026\u{a0}г. в 19:05\u{a0}(МСК)");
    // Behind «до» and «после» alike, on the same day and on another.
    assert_eq!(deadline(Locale::Ru, "Europe/Moscow", at), "22 ноября 2026\u{a0}г., 19:05\u{a0}(МСК)");
    assert_eq!(when(Locale::Ru, "Europe/Moscow", at, at), "19:05\u{a0}(МСК)");
    assert_eq!(moment(Locale::En, "Europe/London", at), "22 November 2026 at 16:05\u{a0}(UTC)");
    assert_eq!(time_of_day(Locale::ZhCn, "Asia/Shanghai", at), "00:05");
    assert_eq!(iso(at), "2026-11-22T16:05:00Z");
    assert_eq!(month(Locale::Ru, "2026-11"), "ноябрь 2026\u{a0}г.");
    assert_eq!(month(Locale::En, "2026-11"), "November 2026");
    assert_eq!(month(Locale::ZhCn, "2026-11"), "2026年11月");
    assert_eq!(month(Locale::En, "draft"), "draft");
}

#[test]
fn lists_end_with_and_in_the_language_of_the_reader() {
    let brands = ["Visa", "MasterCard", "UnionPay"];
    assert_eq!(list(Locale::Ru, &brands), "Visa, MasterCard и UnionPay");
    assert_eq!(list(Locale::En, &brands), "Visa, MasterCard and UnionPay");
    assert_eq!(list(Locale::ZhCn, &brands), "Visa、MasterCard 和 UnionPay");
    assert_eq!((list(Locale::Ru, &brands[..1]), list(Locale::Ru, &[])), ("Visa".to_owned(), String::new()));
}
