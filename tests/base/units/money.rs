//! Sums as people type them.

use kabinet::base::{Currency, Money, SumProblem};

#[test]
fn sums_are_read_as_people_type_them() {
    for (typed, minor) in [
        ("0", 0),
        ("500", 50_000),
        (" 1 500 ", 150_000),
        ("1\u{a0}500,5", 150_050),
        ("1500.05", 150_005),
        ("0,01", 1),
        ("007", 700),
        ("100000000", 10_000_000_000),
        ("١٢", 1_200),
        ("4,37 ₽", 437),
        ("4.37\u{a0}руб.", 437),
        ("4 р.", 400),
        ("RUB 4,37", 437),
        ("₽4,37", 437),
        ("4 руб 37 коп", 437),
        ("4 руб. 37 коп.", 437),
        ("4 р. 37 к.", 437),
        ("4р37к", 437),
        ("4 рубля 37 копеек", 437),
        ("4 РУБЛЯ 37", 437),
        ("4 rubles 37", 437),
        ("4 roubles 37 kopecks", 437),
        ("4₽37", 437),
        ("4卢布37戈比", 437),
        ("4 p. 37 k.", 437),
        ("437 коп", 437),
        ("437 копеек", 437),
        ("4 руб 5 коп", 405),
        ("1 500 руб. 05 коп.", 150_005),
        ("4, 37", 437),
        ("４，３７", 437),
        ("４．３７", 437),
    ] {
        let sum = Money::read(typed, Currency::Rub).unwrap();
        assert_eq!(sum.minor, minor, "{typed}");
        assert_eq!(Money::read(&sum.typed(), Currency::Rub), Ok(sum), "{typed}");
    }
    for (typed, currency) in [
        ("500", Currency::Jpy),
        ("￥500", Currency::Jpy),
        ("$5", Currency::Usd),
        ("5 HK$", Currency::Hkd),
        ("5 kr", Currency::Sek),
        ("5 dollars 00 cents", Currency::Usd),
        ("500 ¢", Currency::Usd),
        ("£5 ", Currency::Gbp),
        ("5 pounds 0 p", Currency::Gbp),
    ] {
        assert_eq!(Money::read(typed, currency).unwrap().minor, 500, "{typed}");
    }
    assert_eq!(Money::new(150_050, Currency::Rub).typed(), "1500,50");
}

#[test]
fn what_is_no_sum_is_refused_and_nothing_is_guessed() {
    for typed in [
        "-1",
        "+1",
        "1e3",
        "0x10",
        "1.500",
        "1,500.00",
        "1.",
        ",5",
        ".",
        "1,2,3",
        "1\u{2212}",
        "∞",
        "NaN",
        "1₽₽",
        "$1",
        "₽1₽",
        "1 kr",
        "1\n2",
        "1\t2",
        "'; --",
        "1 000 000,005",
        "٫5",
        "½",
        // Two sums, or none.
        "4 37",
        "1 50",
        "12 34 567",
        "1500 500",
        "4 руб 5",
        "4 руб 370 коп",
        "4,37 коп",
        "4,3 руб 7 коп",
        "37 коп 4 руб",
        "4 руб 37 руб",
        "4 коп 37",
        "4 руб 37 коп 1",
        "4-37",
        "4:37",
        "4 dollars 37",
        "около 4,37",
        "4 рублика",
    ] {
        assert_eq!(Money::read(typed, Currency::Rub), Err(SumProblem::Wrong), "{typed:?}");
    }
    for empty in [" \u{a0}", "₽", "руб."] {
        assert_eq!(Money::read(empty, Currency::Rub), Err(SumProblem::Empty), "{empty}");
    }
    assert_eq!(Money::read("1,5", Currency::Jpy), Err(SumProblem::Wrong));
    for typed in ["100000001", "9223372036854775807", "9223372036854775808", "99999999999999999999999999"] {
        assert_eq!(Money::read(typed, Currency::Rub), Err(SumProblem::Large), "{typed}");
    }
    assert_eq!(Money::read(&"9".repeat(41), Currency::Rub), Err(SumProblem::Wrong));
}
