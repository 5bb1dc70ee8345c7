//! The way back in after the link or code: the security questions, then a new password.

use diesel::prelude::*;

use crate::access::events::{PASSWORD_RESET_BY_MAIL, PASSWORD_RESET_BY_SMS};
use crate::access::messages::password_reset;
use crate::access::recovery::status::{RecoveryEvent, RecoveryStatus};
use crate::access::recovery::{ANSWERS, Recovery, STEPS_LIFETIME, TokenRole};
use crate::access::sign_in;
use crate::accounts::account::Account;
use crate::accounts::identifiers::email::Email;
use crate::accounts::mailed_link::{self, MailedLink};
use crate::accounts::revoke::{Cause, revoke};
use crate::base::{Moment, Token};
use crate::credentials::events::SESSIONS_ENDED;
use crate::credentials::security_question::SecurityQuestions;
use crate::credentials::trusted_browser;
use crate::db::Tx;
use crate::db::schema::recoveries;
use crate::limits::{Judged, Spent};
use crate::notices::Channel;
use crate::texts::Locale;

/// What the limits say of a try at the questions.
pub enum AnswersOutcome {
    Compare {
        asked: Box<SecurityQuestions>,
        left: i32,
    },
    /// The same answers were wrong before.
    Repeated {
        left: i32,
    },
    /// Too many wrong answers for this account, whatever the link.
    Wait {
        until: Moment,
    },
    WrongStep,
}

/// A password that was set anew.
pub struct Restored {
    /// What the browser's cookie of known browsers is to hold from now on.
    pub browser: Option<Token>,
}

impl Recovery {
    /// For whoever only support could help: the address that the account was given and that was never confirmed.
    pub fn unconfirmed_email(tx: &mut Tx, held: &Token) -> QueryResult<Option<(Account, Email)>> {
        let Some((_, account)) = Recovery::continuing(tx, held, RecoveryStatus::Support)? else {
            return Ok(None);
        };
        let email = MailedLink::unconfirmed_email(tx.db, account.id)?.filter(|_| account.email.is_none());
        Ok(email.map(|email| (account, email)))
    }

    /// Mails there once more what confirms it: then a mail can restore the password. The address with it; None where there is none.
    pub fn confirm_email_again(
        tx: &mut Tx,
        held: &Token,
        locale: Locale,
    ) -> QueryResult<Option<(Email, Spent)>> {
        let Some((account, email)) = Recovery::unconfirmed_email(tx, held)? else { return Ok(None) };
        let spent = mailed_link::confirm_email(tx, &account, &email, locale)?;
        Ok(Some((email, spent)))
    }

    /// The row of a browser that goes on, and its account; None when it is not there.
    fn continuing(
        tx: &mut Tx,
        held: &Token,
        status: RecoveryStatus,
    ) -> QueryResult<Option<(Recovery, Account)>> {
        let Some(found) = Recovery::at(tx, held, TokenRole::Continuing, status)? else { return Ok(None) };
        Ok(found.account(tx.db)?.map(|account| (found, account)))
    }

    /// The three questions; None when this browser is not there.
    pub fn questions(tx: &mut Tx, held: &Token) -> QueryResult<Option<SecurityQuestions>> {
        match Recovery::continuing(tx, held, RecoveryStatus::Questions)? {
            Some((_, account)) => SecurityQuestions::of(tx.db, tx.keys, account.id),
            None => Ok(None),
        }
    }

    /// Spends a try at the questions, before the answers are looked at.
    pub fn spend_answers(tx: &mut Tx, held: &Token, judged: &Judged) -> QueryResult<AnswersOutcome> {
        let Some((found, account)) = Recovery::continuing(tx, held, RecoveryStatus::Questions)? else {
            return Ok(AnswersOutcome::WrongStep);
        };
        let Some(asked) = SecurityQuestions::of(tx.db, tx.keys, account.id)? else {
            return Ok(AnswersOutcome::WrongStep);
        };
        if tx.is_repeat(judged)? {
            return Ok(AnswersOutcome::Repeated { left: found.answers_left });
        }
        let subject = account.id.as_i64().to_string();
        if let Spent::Wait { until } = tx.peek(&ANSWERS, &subject)? {
            return Ok(AnswersOutcome::Wait { until });
        }
        let open = recoveries::table
            .find(found.id)
            .filter(recoveries::status.eq(found.status))
            .filter(recoveries::answers_left.gt(0));
        let one_less = recoveries::answers_left.eq(recoveries::answers_left - 1);
        if diesel::update(open).set(one_less).execute(tx.db)? != 1 {
            return Ok(AnswersOutcome::WrongStep);
        }
        tx.spend(&ANSWERS, &subject)?;
        Ok(AnswersOutcome::Compare { asked: Box::new(asked), left: found.answers_left - 1 })
    }

    /// Notes what the comparison said: on to the password, or, after the last try, no further.
    pub fn answered(tx: &mut Tx, held: &Token, judged: &Judged, right: bool, left: i32) -> QueryResult<bool> {
        if !right {
            tx.remember_judged(judged, STEPS_LIFETIME);
        }
        let found = Recovery::at(tx, held, TokenRole::Continuing, RecoveryStatus::Questions)?;
        match (found, right, left) {
            (Some(found), true, _) => found.advance(tx.db, RecoveryEvent::Answered),
            (Some(found), false, 0) => found.advance(tx.db, RecoveryEvent::AnswersSpent),
            _ => Ok(false),
        }
    }

    /// The account whose password this browser may set.
    pub fn at_password(tx: &mut Tx, held: &Token) -> QueryResult<Option<Account>> {
        Ok(Recovery::continuing(tx, held, RecoveryStatus::Password)?.map(|(_, account)| account))
    }

    /// Sets the password and ends what the old one had begun: sessions, known browsers, mailed links, other ways back in. Nobody is
    /// signed in by it, and a second factor stays as it is. The browser in which it was done is known from now on, unless it is known to
    /// somebody else: its owner has just been told of it. None when this browser is not there.
    pub fn finish(
        tx: &mut Tx,
        held: &Token,
        password_hash: &str,
        browser: Option<&Token>,
    ) -> QueryResult<Option<Restored>> {
        let Some((found, account)) = Recovery::continuing(tx, held, RecoveryStatus::Password)? else {
            return Ok(None);
        };
        if !found.advance(tx.db, RecoveryEvent::PasswordSet)? {
            return Ok(None);
        }
        Account::set_password_hash(tx.db, tx.keys, account.id, password_hash)?;
        revoke(tx.db, account.id, Cause::PasswordReset, None)?;
        sign_in::reset_failures(tx, &account)?;
        let event = match found.channel {
            Channel::Mail => &PASSWORD_RESET_BY_MAIL,
            Channel::Sms => &PASSWORD_RESET_BY_SMS,
        };
        tx.record(account.id, event, "")?;
        tx.record(account.id, &SESSIONS_ENDED, "")?;
        tx.notify(&account, &password_reset(account.email.is_some()))?;
        let is_other_s = browser.map_or(Ok(false), |held| trusted_browser::is_anybody_s(tx.db, held))?;
        let known = match is_other_s {
            true => None,
            false => Some(trusted_browser::remember(tx, account.id, browser)?),
        };
        Ok(Some(Restored { browser: known }))
    }
}
