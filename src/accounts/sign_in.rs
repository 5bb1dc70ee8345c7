//! Signing in: the limits before the password is looked at, and what is noted after.
//!
//! Failures are counted where the one who fails is: at the address, at the device that is known to the account, and, for
//! unknown devices together, at the account (or at the name, when there is no such account, so that the answers are the same). The
//! owner's own browser has a counter of its own: strangers cannot lock the owner out.

use diesel::result::QueryResult;

use super::account::Account;
use super::device;
use super::login_name::LoginName;
use super::unlock;
use crate::base::{Keys, Moment, Purpose, Token, days, minutes, seconds};
use crate::db::Db;
use crate::notices::{self, Notice, Says, To};
use crate::texts;
use crate::web::limits::{self, Limit, Pause, Spent};

const ADDRESS: Limit = Limit { most: 30, within: minutes(1) };
const ADDRESS_FAILED: Limit = Limit { most: 10, within: minutes(1) };
const KNOWN_DEVICE: Limit = Limit { most: 10, within: minutes(15) };
const UNKNOWN_DEVICES: Pause = Pause { free: 5, first: seconds(30), longest: minutes(15), memory: days(1) };
/// After so many failures in a row, unknown devices are shut out until a day has been quiet or the owner follows a mailed
/// link (NIST SP 800-63B, 5.2.2).
const MOST_IN_A_ROW: i64 = 100;

/// Somebody who wants in.
#[derive(Clone)]
pub struct Attempt {
    pub name: LoginName,
    /// As typed: names the counter when there is no such account.
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
    /// Too many failures just now.
    Shut {
        until: Moment,
    },
    /// Too many failures in a row: only browsers that are known, or are made so by a mailed link, get in.
    Locked {
        until: Moment,
    },
}

/// The counters on which a try was spent.
#[derive(Debug, Clone)]
pub struct Counters {
    failed: String,
    own: String,
    known: bool,
}

impl Attempt {
    /// Spends the try everywhere it counts, then finds the account.
    pub fn spend(&self, db: &mut Db, keys: &Keys, now: Moment, link: &dyn Fn(&str) -> String) -> QueryResult<Gate> {
        let name =
            |kind: &str, what: &str| format!("in:{kind}:{}", keys.name(Purpose::Counters, &[kind.as_bytes(), what.as_bytes()]));
        let failed = name("failed", &self.address_unit);
        for (counter, limit) in [(name("address", &self.address_unit), ADDRESS), (failed.clone(), ADDRESS_FAILED)] {
            if let Spent::Wait { until } = limits::spend(db, &counter, limit, now)? {
                return Ok(Gate::Shut { until });
            }
        }
        let account = Account::named(db, &self.name)?;
        let subject = account.as_ref().map_or_else(|| self.nobodys_name(), |account| account.id.as_i64().to_string());
        if let Some(device) = self.known_device(db, account.as_ref())? {
            let own = name("device", &format!("{subject} {}", device.hash()));
            return Ok(match limits::spend(db, &own, KNOWN_DEVICE, now)? {
                Spent::Wait { until } => Gate::Shut { until },
                Spent::Allowed => Gate::Open { account: account.map(Box::new), spent: Counters { failed, own, known: true } },
            });
        }
        let own = name("account", &subject);
        Ok(match limits::spend_with_pause(db, &own, UNKNOWN_DEVICES, now)? {
            (_, in_a_row) if in_a_row > MOST_IN_A_ROW => {
                if let Some(account) = &account {
                    unlock::offer(db, keys, now, account, link)?;
                }
                Gate::Locked { until: now.after(UNKNOWN_DEVICES.memory) }
            }
            (Spent::Wait { until }, _) => Gate::Shut { until },
            (Spent::Allowed, _) => Gate::Open { account: account.map(Box::new), spent: Counters { failed, own, known: false } },
        })
    }

    /// A name in the one form that all its spellings share.
    fn nobodys_name(&self) -> String {
        let LoginName { number, phone, email } = &self.name;
        let read = number.as_ref().map(|number| number.as_str().to_owned());
        let read = read.or_else(|| email.as_ref().map(|email| email.as_str().to_owned()));
        let read = read.or_else(|| phone.as_ref().map(|phone| phone.as_str().to_owned()));
        read.unwrap_or_else(|| self.typed.to_lowercase().split_whitespace().collect())
    }

    fn known_device(&self, db: &mut Db, account: Option<&Account>) -> QueryResult<Option<&Token>> {
        let (Some(account), Some(device)) = (account, &self.device) else { return Ok(None) };
        Ok(device::is_known(db, account.id, device)?.then_some(device))
    }
}

/// A right password, and where it was typed.
pub struct Entry<'a> {
    pub account: &'a Account,
    pub spent: &'a Counters,
    /// What the browser's cookie of known devices held.
    pub held: Option<&'a Token>,
    pub address: &'a str,
    pub sign_in_url: &'a str,
}

/// Gives back what was spent on this way in, and nothing else; remembers the browser, and returns what its cookie is to hold.
/// The owner is told by mail of a browser that was not known.
pub fn succeeded(db: &mut Db, keys: &Keys, entry: &Entry, now: Moment) -> QueryResult<Token> {
    let Entry { account, spent, .. } = entry;
    limits::give_back(db, &spent.failed)?;
    if spent.known {
        limits::forget(db, &spent.own)?;
    } else {
        limits::give_back(db, &spent.own)?;
        tell_of_new_device(db, keys, entry, now)?;
    }
    device::remember(db, account.id, entry.held, now)
}

fn tell_of_new_device(db: &mut Db, keys: &Keys, entry: &Entry, now: Moment) -> QueryResult<()> {
    let account = entry.account;
    let Some(email) = &account.email else { return Ok(()) };
    let says = Says::NewDevice {
        account: account.grouped_number(),
        moment: texts::moment(account.locale, &account.time_zone, now),
        address: entry.address.to_owned(),
        url: entry.sign_in_url.to_owned(),
    };
    let notice = Notice { to: To::Mail(email.clone()), account_id: Some(account.id.as_i64()), locale: account.locale, says };
    notices::post(db, keys, now, &notice).map(|_number| ())
}
