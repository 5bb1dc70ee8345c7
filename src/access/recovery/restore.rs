//! The way back in after the link or code: the control questions, then a new password.

use diesel::prelude::*;

use crate::access::recovery::status::{RecoveryEvent, RecoveryStatus};
use crate::access::recovery::{self, Hand, Recovery};
use crate::access::sign_in;
use crate::accounts::account::Account;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::revoke::{Cause, revoke};
use crate::accounts::telling::{Occasion, tell};
use crate::base::{Keys, Moment, Token, days};
use crate::credentials::security_question::Asked;
use crate::db::Db;
use crate::db::schema::recoveries;
use crate::limits::{self, Limit, Spent};
use crate::notices::Changed;

/// Tries at the questions of an account, whatever the links.
const ANSWERS: Limit = Limit { most: 10, within: days(1) };

/// What the limits say of a try at the questions.
pub enum Answering {
    Compare {
        asked: Box<Asked>,
        left: i32,
    },
    /// Too many wrong answers for this account, whatever the link.
    Wait {
        until: Moment,
    },
    Elsewhere,
}

impl Recovery {
    /// The three questions; None when this browser is not there.
    pub fn questions(db: &mut Db, keys: &Keys, now: Moment, held: &Token) -> QueryResult<Option<Asked>> {
        let Some(found) = Recovery::at(db, held, Hand::Walker, RecoveryStatus::Questions, now)? else {
            return Ok(None);
        };
        match found.account(db)? {
            Some(account) => Asked::of(db, keys, account.id),
            None => Ok(None),
        }
    }

    /// Spends a try at the questions, before the answers are looked at.
    pub fn spend_answers(db: &mut Db, keys: &Keys, now: Moment, held: &Token) -> QueryResult<Answering> {
        let Some(found) = Recovery::at(db, held, Hand::Walker, RecoveryStatus::Questions, now)? else {
            return Ok(Answering::Elsewhere);
        };
        let Some(account) = found.account(db)? else { return Ok(Answering::Elsewhere) };
        let Some(asked) = Asked::of(db, keys, account.id)? else { return Ok(Answering::Elsewhere) };
        let counter = recovery::counter(keys, "answers", &account.id.as_i64().to_be_bytes());
        if let Spent::Wait { until } = limits::peek(db, &counter, ANSWERS, now)? {
            return Ok(Answering::Wait { until });
        }
        let open = recoveries::table
            .find(found.id)
            .filter(recoveries::status.eq(found.status))
            .filter(recoveries::answers_left.gt(0));
        if diesel::update(open).set(recoveries::answers_left.eq(recoveries::answers_left - 1)).execute(db)?
            != 1
        {
            return Ok(Answering::Elsewhere);
        }
        limits::spend(db, &counter, ANSWERS, now)?;
        Ok(Answering::Compare { asked: Box::new(asked), left: found.answers_left - 1 })
    }

    /// Notes what the comparison said: on to the password, or, after the last try, no further.
    pub fn answered(db: &mut Db, now: Moment, held: &Token, right: bool, left: i32) -> QueryResult<bool> {
        let Some(found) = Recovery::at(db, held, Hand::Walker, RecoveryStatus::Questions, now)? else {
            return Ok(false);
        };
        match (right, left) {
            (true, _) => found.advance(db, RecoveryEvent::Answered),
            (false, 0) => found.advance(db, RecoveryEvent::AnswersSpent),
            (false, _) => Ok(false),
        }
    }

    /// The account whose password this browser may set.
    pub fn at_password(db: &mut Db, now: Moment, held: &Token) -> QueryResult<Option<Account>> {
        match Recovery::at(db, held, Hand::Walker, RecoveryStatus::Password, now)? {
            Some(found) => found.account(db),
            None => Ok(None),
        }
    }

    /// Sets the password and ends what the old one had begun: sessions, known browsers, mailed links, other ways back in. Nobody is
    /// signed in by it, and a second factor stays as it is. False when this browser is not there.
    pub fn finish(db: &mut Db, keys: &Keys, on: &Occasion, held: &Token, phc: &str) -> QueryResult<bool> {
        let Some(found) = Recovery::at(db, held, Hand::Walker, RecoveryStatus::Password, on.now)? else {
            return Ok(false);
        };
        let Some(account) = found.account(db)? else { return Ok(false) };
        if !found.advance(db, RecoveryEvent::PasswordSet)? {
            return Ok(false);
        }
        Account::set_phc(db, keys, account.id, phc)?;
        revoke(db, account.id, Cause::PasswordReset, None)?;
        sign_in::forgive(db, keys, &account)?;
        journal::note(db, account.id, EventKind::PasswordReset, found.channel.word(), &on.from, on.now)?;
        journal::note(db, account.id, EventKind::SessionsEnded, "", &on.from, on.now)?;
        tell(db, keys, on.now, &account, &on.change(&account, Changed::PasswordReset, ""))?;
        Ok(true)
    }
}
