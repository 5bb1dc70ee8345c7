//! What ends when something happens to an account, in one table.

use kabinet::accounts::revoke::Cause;

#[test]
fn what_ends_when() {
    let table: Vec<String> =
        Cause::ALL.iter().map(|cause| format!("{cause:?}: {:?}", cause.ends())).collect();
    assert_eq!(
        table,
        [
            "PasswordChanged: [Sessions, OtherBrowsers, EmailConfirmations, UnlockLinks, PhoneCode, Recoveries]",
            "PasswordReset: [Sessions, AllBrowsers, EmailConfirmations, UnlockLinks, PhoneCode, Recoveries]",
            "EmailChanged: [EmailConfirmations, UnlockLinks, Recoveries]",
            "EmailRemoved: [EmailConfirmations, UnlockLinks, Recoveries]",
            "PhoneChanged: [UnlockLinks, PhoneCode, Recoveries]",
            "PhoneRemoved: [UnlockLinks, PhoneCode, Recoveries]",
            "SecondFactorOff: [BrowserTrust]",
            "Blocked: [Sessions, AllBrowsers, EmailConfirmations, UnlockLinks, PhoneCode, Recoveries, Invitations]",
            "Closed: [Sessions, AllBrowsers, EmailConfirmations, UnlockLinks, PhoneCode, Recoveries, Invitations]",
        ]
    );
}
