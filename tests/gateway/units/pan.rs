//! Card numbers: how they are read, and what is wrong with the others.

use kabinet::base::Keys;
use kabinet::gateway::{Brand, Pan, PanProblem};
use proptest::prelude::*;

/// With the check digit of ISO/IEC 7812 behind it.
fn with_check_digit(body: &str) -> String {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let digits = body.chars().rev().map(|digit| digit.to_digit(10).unwrap());
    let sum: u32 =
        digits.enumerate().map(|(place, digit)| if place % 2 == 0 { doubled(digit) } else { digit }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// A number that its brand may have: prefix, length, digits, check digit.
fn numbers() -> impl Strategy<Value = (Brand, String)> {
    let visa = (Just(Brand::Visa), Just("4".to_owned()), prop::sample::select(vec![16_usize, 18, 19]));
    let old = (Just(Brand::Mastercard), (51..=55_u32).prop_map(|n| n.to_string()), Just(16));
    let new = (Just(Brand::Mastercard), (2221..=2720_u32).prop_map(|n| n.to_string()), Just(16));
    let mir = (Just(Brand::Mir), (2200..=2204_u32).prop_map(|n| n.to_string()), 16..=19_usize);
    let union = (
        Just(Brand::Unionpay),
        prop::sample::select(vec!["62", "81"]).prop_map(str::to_owned),
        16..=19_usize,
    );
    let any = prop_oneof![visa, old, new, mir, union];
    (any, "[0-9]{18}").prop_map(|((brand, prefix, length), noise)| {
        let body = format!("{prefix}{noise}");
        (brand, with_check_digit(&body[..length - 1]))
    })
}

proptest! {
    #[test]
    fn any_grouping_reads_as_the_same_number(
        (brand, number) in numbers(),
        gaps in prop::collection::vec(prop::sample::select(vec!["", " ", "-", "\u{a0}", "\u{202f}", "–", "  "]), 19)
    ) {
        let grouped: String = number.chars().zip(&gaps).map(|(digit, gap)| format!("{digit}{gap}")).collect();
        let pan = Pan::read(&grouped).unwrap();
        prop_assert_eq!(pan.digits(), &number);
        prop_assert_eq!(pan.brand(), brand);
        prop_assert_eq!(pan.last_four(), &number[number.len() - 4..]);
        let shown = format!("{pan:?}");
        prop_assert!(!shown.contains(&number[4..8]), "{}", shown);
    }

    #[test]
    fn one_wrong_digit_is_found((brand, number) in numbers(), at in 4_usize..16, step in 1_u8..10) {
        let mut wrong = number.clone().into_bytes();
        wrong[at] = b'0' + (wrong[at] - b'0' + step) % 10;
        let wrong = String::from_utf8(wrong).unwrap();
        match Pan::read(&wrong) {
            // Some of these are issued so: the cardholder is asked.
            Ok(pan) => prop_assert!(brand == Brand::Unionpay && pan.is_unsure()),
            Err(problem) => prop_assert_eq!((problem, brand == Brand::Unionpay), (PanProblem::Checksum, false)),
        }
    }

    #[test]
    fn nothing_that_is_typed_breaks_it(text in any::<String>()) {
        let _ = Pan::read(&text);
    }
}

#[test]
fn lengths_belong_to_brands() {
    for (prefix, lengths) in [
        ("4", &[16, 18, 19][..]),
        ("51", &[16]),
        ("55", &[16]),
        ("2221", &[16]),
        ("2720", &[16]),
        ("2200", &[16, 17, 18, 19]),
        ("2204", &[16, 17, 18, 19]),
        ("62", &[16, 17, 18, 19]),
        ("81", &[16, 17, 18, 19]),
    ] {
        for length in 12..=19 {
            let number = with_check_digit(&format!("{prefix:0<width$}", width = length - 1));
            let read = Pan::read(&number).map(|pan| pan.digits().len());
            assert_eq!(
                read,
                if lengths.contains(&length) { Ok(length) } else { Err(PanProblem::Length) },
                "{number}"
            );
        }
    }
    for prefix in ["0", "1", "2199", "2205", "2220", "2721", "3400", "50", "56", "61", "63", "80", "82", "9"]
    {
        let number = with_check_digit(&format!("{prefix:0<15}"));
        assert_eq!(Pan::read(&number).unwrap_err(), PanProblem::UnknownBrand, "{number}");
    }
}

#[test]
fn each_mistake_has_its_name() {
    for (text, problem) in [
        ("", PanProblem::Empty),
        (" \u{a0}-", PanProblem::Empty),
        ("4242 4242 4242 424x", PanProblem::Characters),
        ("IVAN IVANOV", PanProblem::Characters),
        ("42", PanProblem::Length),
        ("4242 4242 4242 4242 4242", PanProblem::Length),
        ("4242 4242 4242 4241", PanProblem::Checksum),
    ] {
        assert_eq!(Pan::read(text).unwrap_err(), problem, "{text}");
    }
    assert_eq!(Pan::read(&" ".repeat(90)).unwrap_err(), PanProblem::Empty);
    assert_eq!(Pan::read(&format!("4{}2", " ".repeat(90))).unwrap_err(), PanProblem::Length);
    assert_eq!(Pan::read("\u{202d}４２４２ ４２４２ ４２４２ ４２４２\u{202c}").unwrap().last_four(), "4242");
}

#[test]
fn a_fingerprint_is_the_same_for_a_number_and_needs_the_key() {
    let of = |number: &str, seed| Pan::read(number).unwrap().fingerprint(&Keys::from_seed(seed));
    assert_eq!(of("4242424242424242", 1), of("4242 4242 4242 4242", 1));
    assert_ne!(of("4242424242424242", 1), of("4242424242424242", 2));
    assert_ne!(of("4242424242424242", 1), of("5555555555554444", 1));
}
