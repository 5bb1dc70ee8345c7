//! The way in for an owner whose account strangers have tried too often: a link by mail, or by SMS where there is no
//! address, that makes one browser known. It proves nothing else: the password is still asked for.

pub mod pages;

use std::time::Duration;

use diesel::result::QueryResult;

use crate::access::messages;
use crate::accounts::account::Account;
use crate::accounts::mailed_link::{LinkPurpose, MailedLink, NewLink};
use crate::base::{Token, days, hours, minutes};
use crate::credentials::trusted_browser;
use crate::db::{Db, Tx};
use crate::limits::{Declared, Per, RateLimit, Spent};

const LIFETIME: Duration = minutes(30);
/// Strangers who go on failing cannot make us write to the owner without end.
const LINKS_BY_MAIL: RateLimit = RateLimit::new("sign_in.unlock_mails", Per::Account, 1, hours(1));
const LINKS_BY_SMS: RateLimit = RateLimit::new("sign_in.unlock_sms", Per::Account, 3, days(1));
pub const LIMITS: &[Declared] = &[LINKS_BY_MAIL.declared(), LINKS_BY_SMS.declared()];

/// Queues the link, unless one is on its way.
pub fn offer(tx: &mut Tx, account: &Account) -> QueryResult<()> {
    let id = account.id;
    if MailedLink::open_of(tx.db, id, LinkPurpose::Unlock, tx.now)?.is_some() {
        return Ok(());
    }
    let (to, limit) = match (&account.email, &account.phone) {
        (Some(email), _) => (email.into(), &LINKS_BY_MAIL),
        (None, Some(phone)) if tx.reaches(phone.as_str()) => (phone.into(), &LINKS_BY_SMS),
        (None, _) => return Ok(()),
    };
    if tx.spend(limit, &id.as_i64().to_string())? != Spent::Allowed {
        return Ok(());
    }
    let new = NewLink { purpose: LinkPurpose::Unlock, account_id: id, email: None, lifetime: LIFETIME };
    let token = new.create(tx.db, tx.now)?;
    tx.notify_at(to, account, &messages::unlock(&token))
}

/// What a link leads to. Changes nothing.
pub fn find(db: &mut Db, token: &Token) -> QueryResult<Option<MailedLink>> {
    MailedLink::find(db, token, LinkPurpose::Unlock)
}

/// Uses the link up and makes a browser known to the account: what its cookie is to hold. None when the link is dead.
pub fn follow(tx: &mut Tx, token: &Token, held: Option<&Token>) -> QueryResult<Option<Token>> {
    let Some(found) = find(tx.db, token)? else { return Ok(None) };
    if !found.use_up(tx.db, tx.now)? {
        return Ok(None);
    }
    trusted_browser::remember(tx, found.account_id, held).map(Some)
}
