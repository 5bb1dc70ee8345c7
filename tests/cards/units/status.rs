//! The states of a card and of its verification charge.

use kabinet::cards::status::{CardEvent, CardStatus, VerificationEvent, VerificationStatus};

#[test]
fn the_whole_grid_of_cards() {
    let grid: Vec<String> = CardStatus::ALL
        .iter()
        .flat_map(|status| CardEvent::ALL.iter().map(move |event| (status, event)))
        .filter_map(|(status, event)| {
            status.after(*event).map(|next| format!("{status:?} --{event:?}--> {next:?}"))
        })
        .collect();
    assert_eq!(
        grid,
        [
            "Entering --Entered--> Verifying",
            "Entering --Failed--> Failed",
            "Entering --Unbound--> Unbound",
            "Verifying --Failed--> Failed",
            "Verifying --AmountConfirmed--> Confirmed",
            "Verifying --Unbound--> Unbound",
            "Confirmed --Unbound--> Unbound",
        ]
    );
}

#[test]
fn the_whole_grid_of_verification_charges() {
    let grid: Vec<String> = VerificationStatus::ALL
        .iter()
        .flat_map(|status| VerificationEvent::ALL.iter().map(move |event| (status, event)))
        .filter_map(|(status, event)| {
            status.after(*event).map(|next| format!("{status:?} --{event:?}--> {next:?}"))
        })
        .collect();
    assert_eq!(
        grid,
        [
            "Charging --Taken--> Charged",
            "Charging --Declined--> Declined",
            "Charging --Challenged--> Challenged",
            "Charging --Ended--> Cancelling",
            "Challenged --Taken--> Charged",
            "Challenged --Declined--> Declined",
            "Challenged --Ended--> Cancelling",
            "Charged --Ended--> Returning",
            "Cancelling --Taken--> Returning",
            "Cancelling --Declined--> Declined",
            "Returning --Refunded--> Returned",
        ]
    );
}

#[test]
fn money_that_was_taken_has_one_way_to_go() {
    for status in VerificationStatus::ALL.iter().filter(|status| status.was_taken()) {
        for event in VerificationEvent::ALL {
            assert!(status.after(event).is_none_or(VerificationStatus::was_taken), "{status:?} {event:?}");
        }
    }
}
