//! Sums and moments in the reader's language.

use kabinet::base::{Currency, Moment, Money};
use kabinet::texts::{Locale, deadline, iso, moment, money, time_of_day, when};

#[test]
fn sums_and_moments_read_as_people_write_them() {
    let sum = Money::new(123_450, Currency::Rub);
    assert_eq!(money(Locale::Ru, sum), "1\u{a0}234,50\u{a0}₽");
    assert_eq!(money(Locale::En, sum), "₽1,234.50");
    assert_eq!(money(Locale::En, Money::new(500, Currency::Jpy)), "JP¥500");
    let at = Moment::from_micros(1_795_363_500_000_000); // 2026-11-22T16:05:00Z
    assert_eq!(moment(Locale::Ru, "Europe/Moscow", at), "22 ноября 2026\u{a0}г. в 19:05");
    // Behind «до» and «после» alike, on the same day and on another.
    assert_eq!(deadline(Locale::Ru, "Europe/Moscow", at), "22 ноября 2026\u{a0}г., 19:05\u{a0}(МСК)");
    assert_eq!(when(Locale::Ru, "Europe/Moscow", at, at), "19:05\u{a0}(МСК)");
    assert_eq!(moment(Locale::En, "Europe/London", at), "22 November 2026 at 16:05");
    assert_eq!(time_of_day(Locale::ZhCn, "Asia/Shanghai", at), "00:05");
    assert_eq!(iso(at), "2026-11-22T16:05:00Z");
}
