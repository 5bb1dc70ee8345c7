//! What ends when something happens to an account: one table for all rooms, printed by a test.
//!
//! The things that end belong to higher rooms, each with a file that makes them and moves them on. This file alone, beside
//! them, writes to their tables, and only ends: so a change of address need not know of every room that mails a link.

use diesel::prelude::*;

use super::ended_session::{self, SessionEnd};
use super::mailed_link::{LinkPurpose, MailedLink};
use crate::base::{AccountId, Token};
use crate::db::Db;
use crate::db::schema::{accounts, invitations, phone_changes, recoveries, trusted_browsers};
use crate::listed_enum;

listed_enum! {
    /// What has happened to an account.
    Cause {
        PasswordChanged,
        /// By account recovery.
        PasswordReset,
        EmailChanged,
        EmailRemoved,
        PhoneChanged,
        PhoneRemoved,
        SecondFactorOff,
        Blocked,
        Closed,
    }
}

/// What can end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// All of them, and those that a slow request is about to begin on the strength of an older check.
    Sessions,
    /// The browsers in which the owner has signed in before, but the one that asks.
    OtherBrowsers,
    AllBrowsers,
    /// The wish not to be asked for a second factor, in every browser.
    BrowserTrust,
    /// Mailed links and codes that would confirm an address.
    EmailConfirmations,
    /// Links that make a browser known where strangers have shut the sign-in.
    UnlockLinks,
    /// The code that a new phone waits for.
    PhoneCode,
    Invitations,
    Recoveries,
}

/// Of a recovery: the states that can go on, and the one that it ends in. The states' own file has a test for these.
pub const OPEN_RECOVERIES: [&str; 3] = ["asked", "questions", "password"];
pub const ENDED_RECOVERY: &str = "replaced";
/// The same of an invitation.
pub const OPEN_INVITATIONS: [&str; 4] = ["mailed", "privacy", "password", "questions"];
pub const ENDED_INVITATION: &str = "replaced";

impl Cause {
    /// The table.
    #[rustfmt::skip]
    pub const fn ends(self) -> &'static [Ends] {
        use Ends::*;
        match self {
            Cause::PasswordChanged => &[Sessions, OtherBrowsers, EmailConfirmations, UnlockLinks, PhoneCode, Recoveries],
            Cause::PasswordReset   => &[Sessions, AllBrowsers,   EmailConfirmations, UnlockLinks, PhoneCode, Recoveries],
            Cause::EmailChanged    => &[                         EmailConfirmations, UnlockLinks,            Recoveries],
            Cause::EmailRemoved    => &[                         EmailConfirmations, UnlockLinks,            Recoveries],
            Cause::PhoneChanged    => &[                                             UnlockLinks, PhoneCode, Recoveries],
            Cause::PhoneRemoved    => &[                                             UnlockLinks, PhoneCode, Recoveries],
            Cause::SecondFactorOff => &[BrowserTrust],
            Cause::Blocked         => &[Sessions, AllBrowsers,   EmailConfirmations, UnlockLinks, PhoneCode, Recoveries, Invitations],
            Cause::Closed          => &[Sessions, AllBrowsers,   EmailConfirmations, UnlockLinks, PhoneCode, Recoveries, Invitations],
        }
    }
}

/// Ends what this cause ends, in the caller's transaction. `kept`: the browser that asks, where it stays known.
pub fn revoke(db: &mut Db, id: AccountId, cause: Cause, kept: Option<&Token>) -> QueryResult<()> {
    cause.ends().iter().try_for_each(|what| end(db, id, cause, *what, kept))
}

fn end(db: &mut Db, id: AccountId, cause: Cause, what: Ends, kept: Option<&Token>) -> QueryResult<()> {
    let browsers = trusted_browsers::table.filter(trusted_browsers::account_id.eq(id));
    match what {
        Ends::Sessions => {
            diesel::update(accounts::table.find(id))
                .set(accounts::epoch.eq(accounts::epoch + 1))
                .execute(db)?;
            let why = match cause {
                Cause::Blocked | Cause::Closed => SessionEnd::Account,
                _ => SessionEnd::Password,
            };
            return ended_session::end_all(db, id, None, why);
        }
        Ends::OtherBrowsers => {
            let kept = kept.map(Token::hash).unwrap_or_default();
            diesel::delete(browsers.filter(trusted_browsers::token_hash.ne(kept))).execute(db)
        }
        Ends::AllBrowsers => diesel::delete(browsers).execute(db),
        Ends::BrowserTrust => {
            let none =
                (trusted_browsers::factor_until.eq(None::<i64>), trusted_browsers::handle.eq(None::<String>));
            diesel::update(browsers).set(none).execute(db)
        }
        Ends::EmailConfirmations => MailedLink::replace_open(db, id, LinkPurpose::Email),
        Ends::UnlockLinks => MailedLink::replace_open(db, id, LinkPurpose::Unlock),
        Ends::PhoneCode => diesel::delete(phone_changes::table.find(id)).execute(db),
        Ends::Invitations => {
            let open = invitations::table
                .filter(invitations::account_id.eq(id))
                .filter(invitations::status.eq_any(OPEN_INVITATIONS));
            diesel::update(open).set(invitations::status.eq(ENDED_INVITATION)).execute(db)
        }
        Ends::Recoveries => {
            let open = recoveries::table
                .filter(recoveries::account_id.eq(id))
                .filter(recoveries::status.eq_any(OPEN_RECOVERIES));
            diesel::update(open).set(recoveries::status.eq(ENDED_RECOVERY)).execute(db)
        }
    }?;
    Ok(())
}
