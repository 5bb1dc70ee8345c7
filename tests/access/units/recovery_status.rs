//! The states of an account recovery, as a grid.

use kabinet::access::recovery::status::{RecoveryEvent, RecoveryStatus};
use kabinet::accounts::revoke::{ENDED_RECOVERY, OPEN_RECOVERIES};

#[test]
fn the_whole_grid() {
    let grid: Vec<String> = RecoveryStatus::ALL
        .iter()
        .flat_map(|status| RecoveryEvent::ALL.iter().map(move |event| (status, event)))
        .filter_map(|(status, event)| {
            status.after(*event).map(|next| format!("{status:?} --{event:?}--> {next:?}"))
        })
        .collect();
    assert_eq!(
        grid,
        [
            "Asked --VerifiedWithQuestions--> Questions",
            "Asked --VerifiedByMail--> Password",
            "Asked --VerifiedBySms--> Support",
            "Asked --Superseded--> Replaced",
            "Questions --Answered--> Password",
            "Questions --AnswersSpent--> Closed",
            "Questions --Superseded--> Replaced",
            "Password --PasswordSet--> Done",
            "Password --Superseded--> Replaced",
        ]
    );
}

#[test]
fn what_is_revoked_is_what_another_one_would_replace() {
    let replaced =
        |status: &&RecoveryStatus| status.after(RecoveryEvent::Superseded) == Some(RecoveryStatus::Replaced);
    let open: Vec<&str> = RecoveryStatus::ALL.iter().filter(replaced).map(|status| status.word()).collect();
    assert_eq!(open, OPEN_RECOVERIES);
    assert_eq!(RecoveryStatus::Replaced.word(), ENDED_RECOVERY);
}
