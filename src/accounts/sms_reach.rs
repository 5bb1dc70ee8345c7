//! Whether an SMS may go to a phone at all: only to the countries of `KABINET_SMS_COUNTRIES`, and only within the budget.

use diesel::result::QueryResult;

use crate::accounts::identifiers::phone::Phone;
use crate::base::{Moment, days};
use crate::db::Tx;
use crate::one_time_code::sms_limits::{self, Denied};

impl Tx<'_> {
    /// Whether SMS go to where this number, as it was stored, belongs.
    pub fn reaches(&self, phone: &str) -> bool {
        Phone::from_stored(phone).is_some_and(|phone| phone.is_served(self.sms_countries))
    }

    /// Spends one message that anybody may cause. Returns from when on the next one may be asked for. Forms refuse numbers that are
    /// not served before; one may have been taken before the setting was changed.
    pub fn spend_sms(&mut self, phone: &Phone) -> QueryResult<Result<Moment, Denied>> {
        if !phone.is_served(self.sms_countries) {
            return Ok(Err(Denied::NotServed { until: self.now.after(days(1)) }));
        }
        sms_limits::spend(self, phone.as_str())
    }
}
