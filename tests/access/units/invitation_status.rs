//! The steps of an invitation, as a grid.

use kabinet::access::invitation::status::{InvitationEvent, InvitationStatus};
use kabinet::accounts::revoke::{ENDED_INVITATION, OPEN_INVITATIONS};

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

#[test]
fn what_is_revoked_is_what_another_one_would_replace() {
    let replaced = |status: &&InvitationStatus| {
        status.after(InvitationEvent::Superseded) == Some(InvitationStatus::Replaced)
    };
    let open: Vec<&str> = InvitationStatus::ALL.iter().filter(replaced).map(|status| status.word()).collect();
    assert_eq!(open, OPEN_INVITATIONS);
    assert_eq!(InvitationStatus::Replaced.word(), ENDED_INVITATION);
}
