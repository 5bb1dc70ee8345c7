//! Another e-mail address for an account: the mailed link or its code makes it the account's.

use diesel::prelude::*;

use crate::accounts::account::{Account, AccountStatus, EMAIL_TAKEN};
use crate::accounts::confirmation::{Confirmation, ConfirmationPurpose, ConfirmationStatus, OVER, code};
use crate::accounts::revoke::{Cause, revoke};
use crate::accounts::telling::Occasion;
use crate::base::{AccountId, Keys, Token, same};
use crate::db::schema::confirmations;
use crate::db::{Db, taken};
use crate::profile::details;

/// What became of a link or code.
#[derive(Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The address is the account's now; masked.
    Address(String),
    Missed {
        left: i32,
    },
    Spent,
    /// Used, replaced, too late or too old: the state says which.
    Dead(&'static str),
    /// Another account has confirmed this address first.
    Taken,
    Unknown,
}

impl Confirmation {
    /// Uses the link up.
    pub fn use_link(db: &mut Db, keys: &Keys, token: &Token, on: &Occasion) -> QueryResult<Confirmed> {
        match Confirmation::of_link(db, token, ConfirmationPurpose::Email)? {
            Some(found) => found.settle(db, keys, on),
            None => Ok(Confirmed::Unknown),
        }
    }

    /// Judges the code of an account's newest confirmation; the try is spent first.
    pub fn use_code(
        db: &mut Db,
        keys: &Keys,
        account_id: AccountId,
        typed: &str,
        on: &Occasion,
    ) -> QueryResult<Confirmed> {
        let Some(found) = Confirmation::open_of(db, account_id, on.now)? else {
            return Ok(Confirmed::Unknown);
        };
        let open = confirmations::table.find(found.id).filter(confirmations::tries_left.gt(0));
        if diesel::update(open)
            .set(confirmations::tries_left.eq(confirmations::tries_left - 1))
            .execute(db)?
            != 1
        {
            return Ok(Confirmed::Spent);
        }
        if same(code(keys, account_id, &found.nonce).as_bytes(), typed.as_bytes()) {
            return found.settle(db, keys, on);
        }
        Ok(match found.tries_left - 1 {
            0 => Confirmed::Spent,
            left => Confirmed::Missed { left },
        })
    }

    /// One POST wins; the address becomes the account's in the same transaction, and its owner is told.
    fn settle(&self, db: &mut Db, keys: &Keys, on: &Occasion) -> QueryResult<Confirmed> {
        // Of a blocked account nothing changes, whoever holds its mail.
        let Some(before) =
            Account::find(db, self.account_id)?.filter(|account| account.status == AccountStatus::Active)
        else {
            return Ok(Confirmed::Dead(OVER));
        };
        let Some(email) = &self.email else { return Ok(Confirmed::Unknown) };
        if !self.use_up(db, on.now)? {
            return Ok(Confirmed::Dead(self.state(on.now)));
        }
        match db.transaction(|db| Account::set_email(db, self.account_id, email)) {
            Ok(()) => {
                revoke(db, self.account_id, Cause::EmailChanged, None)?;
                details::email_changed(db, keys, on, &before, email)?;
                Ok(Confirmed::Address(email.masked()))
            }
            Err(error) if taken(&error, EMAIL_TAKEN) => {
                diesel::update(confirmations::table.find(self.id))
                    .set(confirmations::status.eq(ConfirmationStatus::Taken))
                    .execute(db)?;
                Ok(Confirmed::Taken)
            }
            Err(error) => Err(error),
        }
    }
}
