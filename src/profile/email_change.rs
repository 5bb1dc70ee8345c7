//! Another e-mail address for an account: the mailed link or its code makes it the account's.

use diesel::result::QueryResult;

use crate::accounts::account::{Account, EMAIL_TAKEN};
use crate::accounts::identifiers::email::Email;
use crate::accounts::mailed_link::{self, EMAIL_CODE, LinkPurpose, LinkState, MailedLink};
use crate::accounts::revoke::{Cause, revoke};
use crate::base::{AccountId, Moment, Token, hours};
use crate::db::{Tx, violates};
use crate::limits::{Per, RateLimit, Spent};
use crate::one_time_code::CodeCheck;
use crate::profile::details;
use crate::texts::Locale;

/// Mails that an account may ask for.
pub const MAILS: RateLimit = RateLimit::new("profile.email_mails", Per::Account, 10, hours(24));

/// What became of an address that somebody has confirmed.
#[derive(Debug, PartialEq, Eq)]
pub enum ConfirmOutcome {
    /// It is the account's now.
    Confirmed,
    /// Another account has confirmed it first.
    Taken,
    /// The link is good for nothing any more.
    Dead(LinkState),
}

/// No mail was sent; it may be asked for again then. `key` is the sentence that says why; its argument is `time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Denied {
    pub until: Moment,
    pub key: &'static str,
}

/// Queues the mail that confirms an address.
pub fn ask(tx: &mut Tx, account: &Account, email: &Email, locale: Locale) -> QueryResult<Result<(), Denied>> {
    if let Spent::Wait { until } = tx.spend(&MAILS, &account.id.as_i64().to_string())? {
        return Ok(Err(Denied { until, key: "email-wait-account" }));
    }
    Ok(match mailed_link::confirm_email(tx, account, email, locale)? {
        Spent::Allowed => Ok(()),
        Spent::Wait { until } => Err(Denied { until, key: "email-wait" }),
    })
}

/// Uses a mailed link up. None when there is no such link.
pub fn use_link(tx: &mut Tx, token: &Token) -> QueryResult<Option<ConfirmOutcome>> {
    let found = MailedLink::find(tx.db, token, LinkPurpose::Email)?;
    found.map(|link| settle(tx, &link)).transpose()
}

/// Checks the code beside an account's newest link. Err: what it was instead of right.
pub fn use_code(
    tx: &mut Tx,
    account_id: AccountId,
    typed: &str,
) -> QueryResult<Result<ConfirmOutcome, CodeCheck>> {
    let Some(link) = MailedLink::open_of(tx.db, account_id, LinkPurpose::Email, tx.now)? else {
        return Ok(Err(CodeCheck::WrongStep));
    };
    let (Some(code), Some(email)) = (link.code_id, &link.email) else { return Ok(Err(CodeCheck::WrongStep)) };
    match EMAIL_CODE.check(tx, code, email.key().as_str(), typed)? {
        CodeCheck::Right => settle(tx, &link).map(Ok),
        other => Ok(Err(other)),
    }
}

/// One POST wins; the address becomes the account's in the same transaction, and its owner is told.
fn settle(tx: &mut Tx, link: &MailedLink) -> QueryResult<ConfirmOutcome> {
    // Of a blocked account nothing changes, whoever holds its mail.
    let before = Account::find(tx.db, link.account_id)?.filter(Account::is_active);
    let (Some(before), Some(email)) = (before, &link.email) else {
        return Ok(ConfirmOutcome::Dead(LinkState::Expired));
    };
    if !link.use_up(tx.db, tx.now)? {
        return Ok(ConfirmOutcome::Dead(link.state(tx.now)));
    }
    if let Some(code) = link.code_id {
        EMAIL_CODE.forget(tx.db, code)?;
    }
    match tx.savepoint(|tx| Account::set_email(tx.db, before.id, email)) {
        Ok(()) => {
            revoke(tx.db, before.id, Cause::EmailChanged, None)?;
            details::email_changed(tx, &before, email)?;
            Ok(ConfirmOutcome::Confirmed)
        }
        Err(error) if violates(&error, EMAIL_TAKEN) => {
            link.mark_taken(tx.db)?;
            Ok(ConfirmOutcome::Taken)
        }
        Err(error) => Err(error),
    }
}
