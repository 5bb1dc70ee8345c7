//! A QR code as squares.

use kabinet::credentials::qr::squares;

#[test]
fn the_path_draws_the_corner_of_a_code_and_nothing_but_squares() {
    let drawn = squares("otpauth://totp/x").unwrap();
    assert!(drawn.path.starts_with("M4 4h7v1h-7z"), "{}", drawn.path);
    assert!(drawn.path.chars().all(|c| c.is_ascii_digit() || " Mhvz-".contains(c)));
    assert_eq!(drawn.side % 4, 1);
}
