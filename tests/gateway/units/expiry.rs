//! The month until whose end a card is good.

use jiff::Timestamp;
use kabinet::base::Moment;
use kabinet::gateway::{Expiry, ExpiryProblem};

fn at(text: &str) -> Moment {
    Moment::from_micros(text.parse::<Timestamp>().unwrap().as_microsecond())
}

#[test]
fn the_spellings_that_people_use() {
    let now = at("2026-11-22T10:00:00Z");
    for text in [
        "12/27",
        "12 / 27",
        "12/2027",
        "12-27",
        "12.27",
        "12 27",
        "1227",
        "122027",
        "１２／２７",
        " 12/27 ",
        "2027-12",
        "2027/12",
        "202712",
    ] {
        assert_eq!(Expiry::read(text, now), Ok(Expiry::new(12, 2027).unwrap()), "{text}");
    }
    assert_eq!(Expiry::read("1/27", now).unwrap().to_string(), "01/27");
    for text in ["13/27", "0/27", "00/27", "13/2027", "1327", "2027/13", "202713", "27/12/2027", "99 27"] {
        let wrong =
            if text.matches('/').count() > 1 { ExpiryProblem::Unreadable } else { ExpiryProblem::Month };
        assert_eq!(Expiry::read(text, now), Err(wrong), "{text}");
    }
    for text in ["12", "12/7", "12/127", "12/27/1", "x/27", "1/2٫7", "1/1999", "13/1999"] {
        assert_eq!(Expiry::read(text, now), Err(ExpiryProblem::Unreadable), "{text}");
    }
    assert_eq!(Expiry::read(" ", now), Err(ExpiryProblem::Empty));
    assert_eq!(Expiry::read("11/47", now), Err(ExpiryProblem::Far));
}

#[test]
fn a_card_is_good_until_its_month_is_over_everywhere() {
    let month = Expiry::new(11, 2026).unwrap();
    assert!(!month.is_past(at("2026-11-30T23:59:59Z")));
    assert!(!month.is_past(at("2026-12-01T11:59:00Z")), "in Hawaii it is still November");
    assert!(month.is_past(at("2026-12-01T12:00:01Z")));
    assert_eq!(Expiry::read("11/26", at("2026-12-02T00:00:00Z")), Err(ExpiryProblem::Past));
    assert_eq!(month.ends_at(), at("2026-12-01T00:00:00Z"));
    assert_eq!(Expiry::new(12, 2026).unwrap().ends_at(), at("2027-01-01T00:00:00Z"));
}
