//! The way in for an owner whose account strangers have tried too often: a link by mail, or by SMS where there is no
//! address, that makes one browser known. It proves nothing else: the password is still asked for.

pub mod pages;

use std::time::Duration;

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::mailed_link::{LinkPurpose, MailedLink, NewLink};
use crate::base::{Keys, Moment, Purpose, Token, days, hours, minutes};
use crate::credentials::trusted_browser;
use crate::db::Db;
use crate::limits::{self, Limit, Spent};
use crate::notices::{self, Notice, Says};

const LASTS: Duration = minutes(30);
/// Strangers who go on failing cannot make us write to the owner without end.
const LINKS_BY_MAIL: Limit = Limit { most: 1, within: hours(1) };
const LINKS_BY_SMS: Limit = Limit { most: 3, within: days(1) };

/// Promises the link, unless one is on its way.
pub fn offer(
    db: &mut Db,
    keys: &Keys,
    now: Moment,
    account: &Account,
    link: &dyn Fn(&str) -> String,
) -> QueryResult<()> {
    if MailedLink::open_of(db, account.id, LinkPurpose::Unlock, now)?.is_some() {
        return Ok(());
    }
    let (to, limit) = match (&account.email, &account.phone) {
        (Some(email), _) => (email.into(), LINKS_BY_MAIL),
        (None, Some(phone)) => (phone.into(), LINKS_BY_SMS),
        (None, None) => return Ok(()),
    };
    let counter =
        format!("unlock:{}", keys.name(Purpose::Counters, &[b"unlock", &account.id.as_i64().to_be_bytes()]));
    if limits::spend(db, &counter, limit, now)? != Spent::Allowed {
        return Ok(());
    }
    let new = NewLink { purpose: LinkPurpose::Unlock, account_id: account.id, email: None, lasts: LASTS };
    let token = new.create(db, now)?;
    let says = Says::Unlock { url: link(&format!("/unlock/{}", token.as_str())) };
    let notice = Notice { to, account_id: Some(account.id.as_i64()), locale: account.locale, says };
    notices::post(db, keys, now, &notice).map(|_number| ())
}

/// What a link leads to. Changes nothing.
pub fn find(db: &mut Db, token: &Token) -> QueryResult<Option<MailedLink>> {
    MailedLink::find(db, token, LinkPurpose::Unlock)
}

/// Uses the link up and makes a browser known to the account: what its cookie is to hold. None when the link is dead.
pub fn follow(db: &mut Db, token: &Token, held: Option<&Token>, now: Moment) -> QueryResult<Option<Token>> {
    let Some(found) = find(db, token)? else { return Ok(None) };
    if !found.use_up(db, now)? {
        return Ok(None);
    }
    trusted_browser::remember(db, found.account_id, held, now).map(Some)
}
