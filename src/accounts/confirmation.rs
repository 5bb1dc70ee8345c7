//! Mailed confirmations of an address: a link whose page has one button, and a short code for another browser.
//!
//! Scanners open links; only the button's POST uses one up. A newer mail replaces the older. The token stands in the table
//! as a hash, the code is computed.

use std::time::Duration;

use diesel::prelude::*;

use crate::accounts::account::{Account, AccountStatus};
use crate::accounts::identifiers::email::Email;
use crate::base::{AccountId, Keys, Moment, Purpose, Token, digits, hours, random_bytes};
use crate::db::Db;
use crate::db::schema::confirmations;
use crate::limits::{self, Limit, Spent};
use crate::notices::{self, Notice, Says};
use crate::texts::Locale;
use crate::{row_id, text_enum};

row_id! {
    /// The row of one mailed confirmation.
    ConfirmationId
}

text_enum! {
    /// What has become of a confirmation.
    ConfirmationStatus { Open => "open", Used => "used", Replaced => "replaced", Taken => "taken" }
}

text_enum! {
    /// What a confirmation is for.
    ConfirmationPurpose { Email => "email", Unlock => "unlock" }
}

pub const CODE_DIGITS: u32 = 6;
const LASTS: Duration = hours(24);
const TRIES: i32 = 3;
const KEPT_AFTER: Duration = hours(24);
const CLEANED_AT_ONCE: i64 = 1_000;
/// The word for a link that is good for nothing any more.
pub const OVER: &str = "expired";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = confirmations)]
pub struct Confirmation {
    pub id: ConfirmationId,
    status: ConfirmationStatus,
    pub account_id: AccountId,
    /// What it confirms; None when it is about no address.
    pub email: Option<Email>,
    pub(crate) nonce: Vec<u8>,
    pub tries_left: i32,
    expires_at: Moment,
}

/// Mails to one address, whoever asks for them: nobody is to be flooded through us.
const MAILS_TO_ONE: Limit = Limit { most: 5, within: hours(24) };

/// Promises the mail that confirms an address, unless too many went there. When the address is another account's, its owner is told instead, and
/// the page shows no difference.
pub fn ask(
    db: &mut Db,
    keys: &Keys,
    now: Moment,
    account: &Account,
    email: &Email,
    locale: Locale,
    link: &dyn Fn(&str) -> String,
) -> QueryResult<Spent> {
    let counter =
        format!("mail:to:{}", keys.name(Purpose::Counters, &[b"mail to", email.key().as_str().as_bytes()]));
    if let Spent::Wait { until } = limits::spend(db, &counter, MAILS_TO_ONE, now)? {
        return Ok(Spent::Wait { until });
    }
    replace_open(db, account.id)?;
    let (token, nonce) = (Token::random(), random_bytes::<16>());
    let new = NewConfirmation {
        purpose: ConfirmationPurpose::Email,
        account_id: account.id,
        email: Some(email),
        lasts: LASTS,
    };
    insert(db, &token, &nonce, &new, now)?;
    let owner = Account::email_owner(db, email)?.filter(|owner| *owner != account.id);
    let says = match owner {
        Some(_) => Says::AddressTaken { url: link("/sign-in") },
        None => Says::ConfirmEmail {
            account: account.grouped_number(),
            url: link(&format!("/confirmations/{}", token.as_str())),
            code: code(keys, account.id, &nonce),
        },
    };
    // Each of the two finds it among what they were sent, and only theirs.
    let account_id = Some(owner.unwrap_or(account.id).as_i64());
    let notice = Notice { to: email.into(), account_id, locale, says };
    notices::post(db, keys, now, &notice).map(|_number| Spent::Allowed)
}

/// A link about to be mailed.
pub(crate) struct NewConfirmation<'a> {
    pub purpose: ConfirmationPurpose,
    pub account_id: AccountId,
    /// The address that it confirms, when it is about one.
    pub email: Option<&'a Email>,
    pub lasts: Duration,
}

pub(crate) fn insert(
    db: &mut Db,
    token: &Token,
    nonce: &[u8],
    new: &NewConfirmation,
    now: Moment,
) -> QueryResult<()> {
    diesel::insert_into(confirmations::table)
        .values((
            confirmations::id.eq(ConfirmationId::next()),
            confirmations::token_hash.eq(token.hash()),
            confirmations::purpose.eq(new.purpose),
            confirmations::status.eq(ConfirmationStatus::Open),
            confirmations::account_id.eq(new.account_id),
            confirmations::email.eq(new.email),
            confirmations::nonce.eq(nonce),
            confirmations::tries_left.eq(TRIES),
            confirmations::expires_at.eq(now.after(new.lasts)),
            confirmations::created_at.eq(now),
        ))
        .execute(db)
        .map(|_rows| ())
}

impl Confirmation {
    /// The newest confirmation of an address that an account waits for.
    pub fn open_of(db: &mut Db, account_id: AccountId, now: Moment) -> QueryResult<Option<Confirmation>> {
        Confirmation::open_for(db, account_id, ConfirmationPurpose::Email, now)
    }

    /// The newest link of one purpose that can still be used.
    pub(crate) fn open_for(
        db: &mut Db,
        account_id: AccountId,
        purpose: ConfirmationPurpose,
        now: Moment,
    ) -> QueryResult<Option<Confirmation>> {
        confirmations::table
            .filter(confirmations::account_id.eq(account_id))
            .filter(confirmations::purpose.eq(purpose))
            .filter(confirmations::status.eq(ConfirmationStatus::Open))
            .filter(confirmations::expires_at.gt(now))
            .order(confirmations::id.desc())
            .select(Confirmation::as_select())
            .first(db)
            .optional()
    }

    /// What a mailed link of this purpose leads to. Changes nothing.
    pub fn of_link(
        db: &mut Db,
        token: &Token,
        purpose: ConfirmationPurpose,
    ) -> QueryResult<Option<Confirmation>> {
        confirmations::table
            .filter(confirmations::token_hash.eq(token.hash()))
            .filter(confirmations::purpose.eq(purpose))
            .select(Confirmation::as_select())
            .first(db)
            .optional()
    }

    /// The state's word for the page: open, used, replaced, taken, expired.
    pub fn state(&self, now: Moment) -> &'static str {
        match self.status {
            ConfirmationStatus::Open if self.expires_at <= now => OVER,
            status => status.word(),
        }
    }

    /// The same, for the page of the account that it belongs to.
    pub fn state_for(&self, account: &Account, now: Moment) -> &'static str {
        match self.state(now) {
            state if state == ConfirmationStatus::Open.word() && account.status != AccountStatus::Active => {
                OVER
            }
            state => state,
        }
    }

    pub fn masked_email(&self) -> String {
        self.email.as_ref().map_or_else(String::new, Email::masked)
    }

    /// Uses a link up; false when somebody was first or it is dead.
    pub(crate) fn use_up(&self, db: &mut Db, now: Moment) -> QueryResult<bool> {
        let open = confirmations::table
            .find(self.id)
            .filter(confirmations::status.eq(ConfirmationStatus::Open))
            .filter(confirmations::expires_at.gt(now));
        Ok(diesel::update(open).set(confirmations::status.eq(ConfirmationStatus::Used)).execute(db)? == 1)
    }
}

fn replace_open(db: &mut Db, account_id: AccountId) -> QueryResult<()> {
    let open = confirmations::table
        .filter(confirmations::account_id.eq(account_id))
        .filter(confirmations::purpose.eq(ConfirmationPurpose::Email))
        .filter(confirmations::status.eq(ConfirmationStatus::Open));
    diesel::update(open)
        .set(confirmations::status.eq(ConfirmationStatus::Replaced))
        .execute(db)
        .map(|_rows| ())
}

pub fn code(keys: &Keys, account_id: AccountId, nonce: &[u8]) -> String {
    digits(keys.number(Purpose::Codes, &[b"email", &account_id.as_i64().to_be_bytes(), nonce]), CODE_DIGITS)
}

/// Deletes confirmations a day after they ran out.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over = confirmations::table.filter(confirmations::expires_at.lt(now.before(KEPT_AFTER)));
    let over: Vec<ConfirmationId> = over.select(confirmations::id).limit(CLEANED_AT_ONCE).load(db)?;
    diesel::delete(confirmations::table.filter(confirmations::id.eq_any(over))).execute(db).map(|_rows| ())
}
