//! Signing in: the limits before the password is looked at, and what is noted after.
//!
//! The owner's own browser has a counter of its own: strangers cannot lock the owner out, not even from the same address. All
//! other tries are counted at their address, at the name that was typed (so that an account's other names tell nothing of
//! it), and in a row at the account. Whoever has waited longest, or failed too often, is let in by a mailed link.

pub mod pages;
pub mod second_step;
pub mod unlock;

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::identifiers::login_name::LoginName;
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::telling::{Occasion, tell};
use crate::base::{Client, Keys, Moment, Purpose, Token, days, minutes, seconds};
use crate::credentials::trusted_browser;
use crate::db::Db;
use crate::limits::{self, Limit, Pause, Spent};
use crate::notices::Changed;

const ADDRESS: Limit = Limit { most: 30, within: minutes(1) };
const ADDRESS_FAILED: Limit = Limit { most: 10, within: minutes(1) };
const KNOWN_DEVICE: Limit = Limit { most: 10, within: minutes(15) };
const UNKNOWN_DEVICES: Pause = Pause { free: 5, first: seconds(30), longest: minutes(15), memory: days(1) };
/// From so many failures in a row on, the pause is at its longest and the owner is offered a link.
const LONG_IN_A_ROW: i64 = 10;
/// After so many failures in a row, unknown devices have one try a day (NIST SP 800-63B, 5.2.2).
const IN_A_ROW: Pause = Pause { free: 100, first: days(1), longest: days(1), memory: days(30) };

/// Somebody who wants in.
#[derive(Clone)]
pub struct Attempt {
    pub name: LoginName,
    /// As typed: names the counter when it can be no name of ours.
    pub typed: String,
    pub device: Option<Token>,
    pub address_unit: String,
}

/// What the limits say, and whose password is to be compared.
pub enum Gate {
    Open {
        account: Option<Box<Account>>,
        spent: Counters,
    },
    /// Too many failures just now. With `link`, an owner (if there is one) has been sent a way in.
    Shut {
        until: Moment,
        link: bool,
    },
}

/// The counters on which a try was spent.
#[derive(Debug, Clone)]
pub struct Counters {
    pub(crate) names: Vec<String>,
    pub(crate) known: bool,
}

impl Attempt {
    /// Finds the account and spends the try everywhere it counts.
    pub fn spend(
        &self,
        db: &mut Db,
        keys: &Keys,
        now: Moment,
        link: &dyn Fn(&str) -> String,
    ) -> QueryResult<Gate> {
        let name = |kind: &str, what: &str| counter(keys, kind, what);
        let account = Account::find_by_login(db, &self.name)?;
        let subject =
            account.as_ref().map_or_else(|| self.one_spelling(), |account| account.id.as_i64().to_string());
        if let Some(device) = self.known_device(db, account.as_ref())? {
            let own = name("device", &format!("{subject} {}", device.hash()));
            return Ok(match limits::spend(db, &own, KNOWN_DEVICE, now)? {
                Spent::Wait { until } => Gate::Shut { until, link: false },
                Spent::Allowed => Gate::Open {
                    account: account.map(Box::new),
                    spent: Counters { names: vec![own], known: true },
                },
            });
        }
        let (address, failed) = (name("address", &self.address_unit), name("failed", &self.address_unit));
        for (counter, limit) in [(&address, ADDRESS), (&failed, ADDRESS_FAILED)] {
            if let Spent::Wait { until } = limits::spend(db, counter, limit, now)? {
                return Ok(Gate::Shut { until, link: false });
            }
        }
        let (typed, row) = (name("name", &self.one_spelling()), name("row", &subject));
        for (counter, pause, long) in
            [(&typed, UNKNOWN_DEVICES, LONG_IN_A_ROW), (&row, IN_A_ROW, IN_A_ROW.free)]
        {
            if let (Spent::Wait { until }, in_a_row) = limits::spend_with_pause(db, counter, pause, now)? {
                let link_is_due = in_a_row >= long;
                if let Some(account) = account.as_ref().filter(|_| link_is_due) {
                    unlock::offer(db, keys, now, account, link)?;
                }
                // The account may be shut for longer than the name.
                let until = until.max(limits::paused_until(db, &row, now)?);
                return Ok(Gate::Shut { until, link: link_is_due });
            }
        }
        Ok(Gate::Open {
            account: account.map(Box::new),
            spent: Counters { names: vec![failed, typed, row], known: false },
        })
    }

    /// What was typed, in the one form that all its spellings share.
    fn one_spelling(&self) -> String {
        let LoginName { number, phone, email } = &self.name;
        let read = number.as_ref().map(|number| number.as_str().to_owned());
        let read = read.or_else(|| email.as_ref().map(|email| email.as_str().to_owned()));
        let read = read.or_else(|| phone.as_ref().map(|phone| phone.as_str().to_owned()));
        read.unwrap_or_else(|| self.typed.to_lowercase().split_whitespace().collect())
    }

    fn known_device(&self, db: &mut Db, account: Option<&Account>) -> QueryResult<Option<&Token>> {
        let (Some(account), Some(device)) = (account, &self.device) else { return Ok(None) };
        Ok(trusted_browser::is_known(db, account.id, device)?.then_some(device))
    }
}

fn counter(keys: &Keys, kind: &str, what: &str) -> String {
    format!("in:{kind}:{}", keys.name(Purpose::Counters, &[kind.as_bytes(), what.as_bytes()]))
}

/// Forgets the failures at an account from unknown browsers, whatever was typed to name it: they were about a password that is
/// no more.
pub fn forgive(db: &mut Db, keys: &Keys, account: &Account) -> QueryResult<()> {
    let email = account.email.as_ref().map(|email| email.key().as_str());
    let phone = account.phone.as_ref().map(Phone::as_str);
    for spelling in [Some(account.number.as_str()), email, phone].into_iter().flatten() {
        limits::forget(db, &counter(keys, "name", spelling))?;
    }
    limits::forget(db, &counter(keys, "row", &account.id.as_i64().to_string()))
}

/// Somebody who has given all that the account asks for, and where.
pub struct Entry<'a> {
    pub account: &'a Account,
    pub spent: &'a Counters,
    /// What the browser's cookie of known devices held.
    pub held: Option<&'a Token>,
    pub on: &'a Occasion,
    /// No second factor is to be asked for here for a while.
    pub trusts: bool,
}

/// A right password lets its owner in, or leads to the second step.
pub enum Admitted {
    /// What the browser's cookie of known devices is to hold.
    In(Token),
    /// What the browser is to hold until it gives a code.
    Code(Token),
    /// While the password was compared, all sessions were ended or the account was blocked: what was right may not be so any more.
    Late,
}

/// After a right password, with its fresh PHC string where the stored one was dated. Where a second factor is on and this browser
/// is not trusted, nothing is given back yet.
pub fn admit(db: &mut Db, keys: &Keys, entry: &Entry, fresh_phc: Option<&str>) -> QueryResult<Admitted> {
    if !entry.account.is_still_valid(db)? {
        return Ok(Admitted::Late);
    }
    if let Some(phc) = fresh_phc {
        Account::set_password_hash(db, keys, entry.account.id, phc)?;
    }
    if second_step::is_wanted(db, entry.account.id, entry.held, entry.on.now)? {
        return second_step::begin(db, entry.account, entry.spent, entry.on.now).map(Admitted::Code);
    }
    succeeded(db, keys, entry).map(Admitted::In)
}

/// Gives back what was spent on this way in; remembers the browser, and returns what its cookie is to hold.
/// The owner is told of a browser that was not known.
pub(crate) fn succeeded(db: &mut Db, keys: &Keys, entry: &Entry) -> QueryResult<Token> {
    let Entry { account, spent, on, .. } = entry;
    give_back(db, spent)?;
    if !spent.known {
        tell(db, keys, on.now, account, &on.change(account, Changed::Device, ""))?;
    }
    journal::note(db, account.id, EventKind::SignedIn, "", &on.from, on.now)?;
    let known = trusted_browser::remember(db, account.id, entry.held, on.now)?;
    if entry.trusts { trusted_browser::trust(db, account.id, &known, &on.from, on.now) } else { Ok(known) }
}

/// A wrong password: the owner's journal says so. A name that nobody has costs as much.
pub fn failed(
    db: &mut Db,
    keys: &Keys,
    attempt: &Attempt,
    account: Option<&Account>,
    from: &Client,
    now: Moment,
) -> QueryResult<()> {
    let nobody = attempt.one_spelling();
    let whose = account.map(|account| account.id).ok_or(nobody.as_str());
    journal::note_failure(db, keys, whose, EventKind::SignInFailed, from, now)
}

/// A try that was right, or was never looked at, costs nothing; what others spent stays.
pub fn give_back(db: &mut Db, spent: &Counters) -> QueryResult<()> {
    spent.names.iter().try_for_each(|name| limits::give_back(db, name))
}
