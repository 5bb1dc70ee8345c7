//! The steps of an invitation, as a grid.

use kabinet::access::invitation::status::{InvitationEvent, InvitationStatus};

#[test]
fn the_whole_grid() {
    let grid: Vec<String> = InvitationStatus::ALL
        .iter()
        .flat_map(|status| InvitationEvent::ALL.iter().map(move |event| (status, event)))
        .filter_map(|(status, event)| {
            status.after(*event).map(|next| format!("{status:?} --{event:?}--> {next:?}"))
        })
        .collect();
    assert_eq!(
        grid,
        [
            "Mailed --Confirmed--> Privacy",
            "Mailed --Superseded--> Replaced",
            "Privacy --Agreed--> Password",
            "Privacy --Superseded--> Replaced",
            "Password --PasswordChosen--> Questions",
            "Password --Superseded--> Replaced",
            "Questions --QuestionsChosen--> Done",
            "Questions --Superseded--> Replaced",
        ]
    );
}
