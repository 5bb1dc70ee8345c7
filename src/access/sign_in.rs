//! Signing in: the limits before the password is looked at, and what is noted after.
//!
//! The owner's own browser has a counter of its own: strangers cannot lock the owner out, not even from the same address. All
//! other tries are counted at their address, at the login that was typed (so that an account's other names tell nothing of
//! it), and in a row at the account. Whoever has waited longest, or failed too often, is let in by a mailed link.

pub mod pages;
pub mod second_step;
pub mod unlock;

use std::time::Duration;

use diesel::result::QueryResult;

use crate::access::events::{SIGN_IN_FAILED, SIGNED_IN};
use crate::access::messages::NEW_BROWSER;
use crate::accounts::account::Account;
use crate::accounts::identifiers::login_name::LoginName;
use crate::accounts::identifiers::phone::Phone;
use crate::base::{Moment, Token, days, minutes, seconds};
use crate::credentials::standing::Standing;
use crate::credentials::{sessions, trusted_browser};
use crate::db::Tx;
use crate::limits::{Backoff, Counter, Declared, Judged, Per, RateLimit, Spent};
use crate::web::{BegunSession, NewSession};

const PER_IP: RateLimit = RateLimit::new("sign_in.per_ip", Per::IpPrefix, 30, minutes(1));
const FAILED_PER_IP: RateLimit = RateLimit::new("sign_in.failed_per_ip", Per::IpPrefix, 10, minutes(1));
const FAILED_PER_BROWSER: RateLimit =
    RateLimit::new("sign_in.failed_per_browser", Per::Browser, 10, minutes(15));
/// From unknown browsers, as the next.
const FAILED_PER_LOGIN: Backoff = Backoff {
    name: "sign_in.failed_per_login",
    per: Per::Login,
    free: 5,
    first: seconds(30),
    longest: minutes(15),
    memory: days(1),
};
/// After so many failures in a row, unknown browsers have one try a day (NIST SP 800-63B, 5.2.2).
const FAILED_PER_ACCOUNT: Backoff = Backoff {
    name: "sign_in.failed_per_account",
    per: Per::Account,
    free: 100,
    first: days(1),
    longest: days(1),
    memory: days(30),
};
pub const LIMITS: &[Declared] = &[
    PER_IP.declared(),
    FAILED_PER_IP.declared(),
    FAILED_PER_BROWSER.declared(),
    FAILED_PER_LOGIN.declared(),
    FAILED_PER_ACCOUNT.declared(),
];
/// How long a wrong password is known again.
const REPEATED_WITHIN: Duration = minutes(15);
/// From so many failures in a row on, the pause is at its longest and the owner is offered a link.
const LONG_IN_A_ROW: i64 = 10;

/// Somebody who wants in.
#[derive(Clone)]
pub struct Attempt {
    pub login: LoginName,
    /// As typed: names the counter when it can be no login of ours.
    pub typed: String,
    /// What the browser's cookie of known browsers holds.
    pub held: Option<Token>,
    /// Login and password as this browser has sent them; None where it cannot be known again.
    pub judged: Option<Judged>,
}

/// What the limits say, and whose password is to be compared.
pub enum AttemptOutcome {
    Allowed {
        account: Option<Box<Account>>,
        spent: Counters,
    },
    /// Too many failures just now.
    Denied {
        until: Moment,
        shut: Shut,
    },
}

/// Whose failures they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// This browser's, or those for this login.
    Few,
    /// Of whoever comes from the same address.
    Network,
    /// Those for this login, for long: an owner (if there is one) has been sent a way in.
    Long,
}

/// The counters on which a try was spent, none for one that came before; the last is that of the known browser, or of the account.
#[derive(Debug, Clone)]
pub struct Counters {
    pub counters: Vec<Counter>,
    pub known: bool,
}

impl Attempt {
    /// Finds the account and spends the try everywhere it counts.
    pub fn spend(&self, tx: &mut Tx) -> QueryResult<AttemptOutcome> {
        let found = trusted_browser::account_here(tx.db, &self.login, self.held.as_ref())?;
        let (account, is_known) = found.map_or((None, false), |(account, known)| (Some(account), known));
        let spelling = self.one_spelling();
        let subject = account.as_ref().map_or_else(|| spelling.clone(), subject_of);
        let browser = self.held.as_ref().filter(|_| is_known);
        let own = browser.map(|browser| format!("{subject} {}", browser.hash()));
        let own = own.map(|whose| tx.counter(FAILED_PER_BROWSER.name, &whose));
        let ip = tx.client.ip_prefix();
        let counters = own.clone().map_or_else(|| elsewhere(tx, &ip, &spelling, &subject), |own| vec![own]);
        tx.look_up(counters.iter().chain(self.judged.as_ref().map(Judged::counter)))?;
        if let Some(judged) = &self.judged
            && tx.is_repeat(judged)?
        {
            // It counted when it came first. The password is compared all the same: it may have become right since.
            let spent = Counters { counters: Vec::new(), known: false };
            return Ok(AttemptOutcome::Allowed { account: account.map(Box::new), spent });
        }
        if let Some(own) = own {
            return Ok(match tx.spend_at(&own, &FAILED_PER_BROWSER)? {
                Spent::Wait { until } => AttemptOutcome::Denied { until, shut: Shut::Few },
                Spent::Allowed => AttemptOutcome::Allowed {
                    account: account.map(Box::new),
                    spent: Counters { counters: vec![own], known: true },
                },
            });
        }
        for limit in [&PER_IP, &FAILED_PER_IP] {
            if let Spent::Wait { until } = tx.spend(limit, &ip)? {
                return Ok(AttemptOutcome::Denied { until, shut: Shut::Network });
            }
        }
        for (backoff, counted, long) in [
            (&FAILED_PER_LOGIN, &spelling, LONG_IN_A_ROW),
            (&FAILED_PER_ACCOUNT, &subject, FAILED_PER_ACCOUNT.free),
        ] {
            if let (Spent::Wait { until }, in_a_row) = tx.back_off(backoff, counted)? {
                let link_is_due = in_a_row >= long;
                if let Some(account) = account.as_ref().filter(|_| link_is_due) {
                    unlock::offer(tx, account)?;
                }
                // The account may be shut for longer than the login.
                let until = until.max(tx.paused_until(&FAILED_PER_ACCOUNT, &subject)?);
                let shut = if link_is_due { Shut::Long } else { Shut::Few };
                return Ok(AttemptOutcome::Denied { until, shut });
            }
        }
        // What counts all of them, right ones too, is not given back.
        let counters = counters.into_iter().skip(1).collect();
        Ok(AttemptOutcome::Allowed {
            account: account.map(Box::new),
            spent: Counters { counters, known: false },
        })
    }

    /// What was typed, in the one form that all its spellings share.
    pub(crate) fn one_spelling(&self) -> String {
        let LoginName { number, phone, email } = &self.login;
        let read = number.as_ref().map(|number| number.as_str().to_owned());
        let read = read.or_else(|| email.as_ref().map(|email| email.as_str().to_owned()));
        let read = read.or_else(|| phone.as_ref().map(|phone| phone.as_str().to_owned()));
        read.unwrap_or_else(|| self.typed.to_lowercase().split_whitespace().collect())
    }
}

/// What counts tries from unknown browsers: all of them at an address, then those that fail.
fn elsewhere(tx: &Tx, ip: &str, spelling: &str, subject: &str) -> Vec<Counter> {
    vec![
        tx.counter(PER_IP.name, ip),
        tx.counter(FAILED_PER_IP.name, ip),
        tx.counter(FAILED_PER_LOGIN.name, spelling),
        tx.counter(FAILED_PER_ACCOUNT.name, subject),
    ]
}

/// What is counted of an account: its number, whatever was typed to name it.
fn subject_of(account: &Account) -> String {
    account.id.as_i64().to_string()
}

/// Forgets the failures at an account from unknown browsers, whatever was typed to name it: they were about a password that is
/// no more.
pub fn reset_failures(tx: &mut Tx, account: &Account) -> QueryResult<()> {
    let email = account.email.as_ref().map(|email| email.key().as_str());
    let phone = account.phone.as_ref().map(Phone::as_str);
    let spellings = [Some(account.number.as_str()), email, phone].into_iter().flatten();
    let mut counters: Vec<Counter> =
        spellings.map(|spelling| tx.counter(FAILED_PER_LOGIN.name, spelling)).collect();
    counters.push(tx.counter(FAILED_PER_ACCOUNT.name, &subject_of(account)));
    tx.reset_failures(&counters)
}

/// Somebody who has given all that the account asks for.
pub struct Admission<'a> {
    pub account: &'a Account,
    pub spent: &'a Counters,
    /// What the browser's cookie of known browsers held.
    pub held: Option<&'a Token>,
    /// The login as it was typed.
    pub login: &'a str,
    /// No second factor is to be asked for here for a while.
    pub trusts: bool,
}

/// Somebody who is in.
#[derive(Debug)]
pub struct Entered {
    pub session: BegunSession,
    /// Whether the owner is told of it.
    pub is_told: bool,
    /// What the browser's cookie of known browsers is to hold.
    pub browser: Token,
}

/// A right password lets its owner in, or leads to the second step.
pub enum AdmitOutcome {
    In(Entered),
    /// What the browser is to hold until it gives a code.
    CodeNeeded(Token),
    /// While the password was compared, all sessions were ended or the account was blocked: what was right may not be so any more.
    TooLate,
}

/// After a right password; `rehashed` where the stored hash was dated. Where a second factor is on and this browser is not
/// trusted, nothing is given back yet.
pub fn admit(tx: &mut Tx, admission: &Admission, rehashed: Option<&str>) -> QueryResult<AdmitOutcome> {
    let account = admission.account;
    let standing = Standing::find(tx.db, account.id, admission.held, tx.now)?;
    let Some(standing) = standing.filter(|standing| standing.is_of(account)) else {
        return Ok(AdmitOutcome::TooLate);
    };
    if let Some(hash) = rehashed {
        Account::set_password_hash(tx.db, tx.keys, account.id, hash)?;
    }
    if standing.wants_code(tx.now) {
        return second_step::begin(tx, admission).map(AdmitOutcome::CodeNeeded);
    }
    succeeded(tx, admission, &standing).map(AdmitOutcome::In)
}

/// Gives back what was spent on this way in; remembers the browser, and begins the session.
/// The owner is told of a browser that was not known, or is not any more: somebody else may have signed in there meanwhile.
pub(crate) fn succeeded(tx: &mut Tx, admission: &Admission, standing: &Standing) -> QueryResult<Entered> {
    let Admission { account, spent, held, login, trusts } = *admission;
    tx.look_up_later(&spent.counters);
    let is_told = !(spent.known && standing.knows_browser());
    if is_told {
        tx.notify(account, &NEW_BROWSER)?;
    }
    refund(tx, spent)?;
    tx.record(account.id, &SIGNED_IN, "")?;
    let known = trusted_browser::remember_at(tx, account.id, held, standing)?;
    let browser = if trusts { trusted_browser::trust(tx, account.id, &known)? } else { known };
    let session = begin_session(tx, account, login, standing)?;
    Ok(Entered { session, is_told, browser })
}

/// Begins the session of somebody who is let in.
pub(crate) fn begin_session(
    tx: &mut Tx,
    account: &Account,
    login: &str,
    standing: &Standing,
) -> QueryResult<BegunSession> {
    let new = NewSession {
        account_id: account.id,
        epoch: account.epoch,
        number: &account.grouped_number(),
        login,
        time_zone: &account.time_zone,
        client: tx.client,
    };
    sessions::begin(tx, &new, standing)
}

/// A wrong password: the owner's activity log says so, unless it was sent once more. A login that nobody has costs as much.
pub fn failed(
    tx: &mut Tx,
    attempt: &Attempt,
    account: Option<&Account>,
    spent: &Counters,
) -> QueryResult<()> {
    if spent.counters.is_empty() {
        return Ok(());
    }
    if let Some(judged) = &attempt.judged {
        tx.remember_judged(judged, REPEATED_WITHIN);
    }
    let nobody = attempt.one_spelling();
    let whose = account.map(|account| account.id).ok_or(nobody.as_str());
    tx.record_failure(whose, &SIGN_IN_FAILED)
}

/// A try that was right, or was never looked at, costs nothing; what others spent stays.
pub fn refund(tx: &mut Tx, spent: &Counters) -> QueryResult<()> {
    tx.refund_attempts(&spent.counters)
}
