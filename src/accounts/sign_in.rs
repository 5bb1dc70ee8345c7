//! Signing in: the limits before the password is looked at, and what is noted after.
//!
//! Failures are counted where the one who fails is: at the address, at the device that is known to the account, and, for
//! unknown devices together, at the account (or at the name, when there is no such account, so that the answers are the same). The
//! owner's own browser has a counter of its own: strangers cannot lock the owner out.

use std::time::Duration;

use diesel::result::QueryResult;

use super::account::{Account, AccountId};
use super::device;
use super::login_name::LoginName;
use crate::base::{Keys, Moment, Purpose, Token, days, minutes, seconds};
use crate::db::Db;
use crate::web::limits::{self, Limit, Pause, Spent};

const ADDRESS: Limit = Limit { most: 30, within: minutes(1) };
const ADDRESS_FAILED: Limit = Limit { most: 10, within: minutes(1) };
const KNOWN_DEVICE: Limit = Limit { most: 10, within: minutes(15) };
const UNKNOWN_DEVICES: Pause = Pause { free: 5, first: seconds(30), longest: minutes(15), memory: days(1) };
/// After so many failures in a row, unknown devices are shut out until a day has been quiet (NIST SP 800-63B, 5.2.2).
const MOST_IN_A_ROW: i64 = 100;
const SHUT_FOR: Duration = days(1);

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
    Open { account: Option<Account>, spent: Counters },
    Shut { until: Moment },
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
    pub fn spend(&self, db: &mut Db, keys: &Keys, now: Moment) -> QueryResult<Gate> {
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
                Spent::Allowed => Gate::Open { account, spent: Counters { failed, own, known: true } },
            });
        }
        let own = name("account", &subject);
        Ok(match limits::spend_with_pause(db, &own, UNKNOWN_DEVICES, now)? {
            (Spent::Wait { until }, _) => Gate::Shut { until },
            (Spent::Allowed, in_a_row) if in_a_row > MOST_IN_A_ROW => Gate::Shut { until: now.after(SHUT_FOR) },
            (Spent::Allowed, _) => Gate::Open { account, spent: Counters { failed, own, known: false } },
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

/// After a right password: gives back what was spent on this way in, and nothing else; remembers the browser.
pub fn succeeded(db: &mut Db, spent: &Counters, account_id: AccountId, device: &Token, now: Moment) -> QueryResult<()> {
    limits::give_back(db, &spent.failed)?;
    if spent.known {
        limits::forget(db, &spent.own)?;
    } else {
        limits::give_back(db, &spent.own)?;
    }
    device::remember(db, account_id, device, now)
}
