//! Mailed confirmations of an address: a link whose page has one button, and a short code for another browser.
//!
//! Scanners open links; only the button's POST uses one up. A newer mail replaces the older. The token stands in the table
//! as a hash, the code is computed.

use std::time::Duration;

use diesel::prelude::*;

use super::account::{Account, AccountId, EMAIL_TAKEN};
use super::email::Email;
use crate::base::{Keys, Moment, Purpose, Token, digits, hours, random_bytes, same};
use crate::db::schema::confirmations;
use crate::db::{Db, taken};
use crate::notices::{self, Notice, Says, To};
use crate::texts::Locale;
use crate::{row_id, text_enum};

row_id! {
    /// The row of one mailed confirmation.
    ConfirmationId
}

text_enum! {
    /// What has become of a confirmation.
    ConfirmationStatus { Open => "open", Used => "used", Replaced => "replaced" }
}

text_enum! {
    /// What a confirmation is for.
    ConfirmationPurpose { Email => "email" }
}

pub const CODE_DIGITS: u32 = 6;
const LASTS: Duration = hours(24);
const TRIES: i32 = 3;
const KEPT_AFTER: Duration = hours(24);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = confirmations)]
pub struct Confirmation {
    pub id: ConfirmationId,
    status: ConfirmationStatus,
    pub account_id: AccountId,
    /// As its owner typed it.
    pub email: String,
    email_key: String,
    nonce: Vec<u8>,
    pub tries_left: i32,
    expires_at: Moment,
}

/// What became of a link or code.
#[derive(Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The address is the account's now; masked.
    Address(String),
    Missed {
        left: i32,
    },
    Spent,
    /// Used, replaced or too old: the state says which.
    Dead(&'static str),
    /// Another account has confirmed this address first.
    Taken,
    Unknown,
}

/// Promises the mail that confirms an address. When the address is another account's, its owner is told instead, and
/// the page shows no difference.
pub fn ask(
    db: &mut Db,
    keys: &Keys,
    now: Moment,
    account: &Account,
    email: &Email,
    locale: Locale,
    link: &dyn Fn(&str) -> String,
) -> QueryResult<()> {
    replace_open(db, account.id)?;
    let token = Token::random();
    let nonce = random_bytes::<16>().to_vec();
    diesel::insert_into(confirmations::table)
        .values((
            confirmations::id.eq(ConfirmationId::next()),
            confirmations::token_hash.eq(token.hash()),
            confirmations::purpose.eq(ConfirmationPurpose::Email),
            confirmations::status.eq(ConfirmationStatus::Open),
            confirmations::account_id.eq(account.id),
            confirmations::email.eq(email.as_str()),
            confirmations::email_key.eq(email.key().as_str()),
            confirmations::nonce.eq(&nonce),
            confirmations::tries_left.eq(TRIES),
            confirmations::expires_at.eq(now.after(LASTS)),
            confirmations::created_at.eq(now),
        ))
        .execute(db)?;
    let says = match Account::email_owner(db, email)? {
        Some(owner) if owner != account.id => Says::AddressTaken { url: link("/sign-in") },
        _ => Says::ConfirmEmail {
            account: account.grouped_number(),
            url: link(&format!("/confirmations/{}", token.as_str())),
            code: code(keys, account.id, &nonce),
        },
    };
    let account_id = matches!(says, Says::ConfirmEmail { .. }).then(|| account.id.as_i64());
    let notice = Notice { to: To::Mail(email.as_str().to_owned()), account_id, locale, says };
    notices::post(db, keys, now, &notice).map(|_number| ())
}

impl Confirmation {
    /// The newest confirmation that an account waits for.
    pub fn open_of(db: &mut Db, account_id: AccountId, now: Moment) -> QueryResult<Option<Confirmation>> {
        confirmations::table
            .filter(confirmations::account_id.eq(account_id))
            .filter(confirmations::status.eq(ConfirmationStatus::Open))
            .filter(confirmations::expires_at.gt(now))
            .order(confirmations::id.desc())
            .select(Confirmation::as_select())
            .first(db)
            .optional()
    }

    /// What a mailed link leads to. Changes nothing.
    pub fn of_link(db: &mut Db, token: &Token) -> QueryResult<Option<Confirmation>> {
        confirmations::table
            .filter(confirmations::token_hash.eq(token.hash()))
            .select(Confirmation::as_select())
            .first(db)
            .optional()
    }

    /// The state's word for the page: open, used, replaced, expired.
    pub fn state(&self, now: Moment) -> &'static str {
        match self.status {
            ConfirmationStatus::Open if self.expires_at <= now => "expired",
            status => status.word(),
        }
    }

    pub fn masked_email(&self) -> String {
        Email::parse(&self.email).map_or_else(|_damaged| String::new(), |email| email.masked())
    }

    /// Uses the link up.
    pub fn use_link(db: &mut Db, token: &Token, now: Moment) -> QueryResult<Confirmed> {
        match Confirmation::of_link(db, token)? {
            Some(found) => found.settle(db, now),
            None => Ok(Confirmed::Unknown),
        }
    }

    /// Judges the code of an account's newest confirmation; the try is spent first.
    pub fn use_code(db: &mut Db, keys: &Keys, account_id: AccountId, typed: &str, now: Moment) -> QueryResult<Confirmed> {
        let Some(found) = Confirmation::open_of(db, account_id, now)? else { return Ok(Confirmed::Unknown) };
        let open = confirmations::table.find(found.id).filter(confirmations::tries_left.gt(0));
        if diesel::update(open).set(confirmations::tries_left.eq(confirmations::tries_left - 1)).execute(db)? != 1 {
            return Ok(Confirmed::Spent);
        }
        if same(code(keys, account_id, &found.nonce).as_bytes(), typed.as_bytes()) {
            return found.settle(db, now);
        }
        Ok(match found.tries_left - 1 {
            0 => Confirmed::Spent,
            left => Confirmed::Missed { left },
        })
    }

    /// One POST wins; the address becomes the account's in the same transaction.
    fn settle(&self, db: &mut Db, now: Moment) -> QueryResult<Confirmed> {
        let open = confirmations::table
            .find(self.id)
            .filter(confirmations::status.eq(ConfirmationStatus::Open))
            .filter(confirmations::expires_at.gt(now));
        if diesel::update(open).set(confirmations::status.eq(ConfirmationStatus::Used)).execute(db)? != 1 {
            return Ok(Confirmed::Dead(self.state(now)));
        }
        match db.transaction(|db| Account::set_email(db, self.account_id, &self.email, &self.email_key)) {
            Ok(()) => Ok(Confirmed::Address(self.masked_email())),
            Err(error) if taken(&error, EMAIL_TAKEN) => Ok(Confirmed::Taken),
            Err(error) => Err(error),
        }
    }
}

fn replace_open(db: &mut Db, account_id: AccountId) -> QueryResult<()> {
    let open = confirmations::table
        .filter(confirmations::account_id.eq(account_id))
        .filter(confirmations::status.eq(ConfirmationStatus::Open));
    diesel::update(open).set(confirmations::status.eq(ConfirmationStatus::Replaced)).execute(db).map(|_rows| ())
}

fn code(keys: &Keys, account_id: AccountId, nonce: &[u8]) -> String {
    digits(keys.number(Purpose::Codes, &[b"email", &account_id.as_i64().to_be_bytes(), nonce]), CODE_DIGITS)
}

/// Deletes confirmations a day after they ran out.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    diesel::delete(confirmations::table.filter(confirmations::expires_at.lt(now.before(KEPT_AFTER)))).execute(db).map(|_rows| ())
}
