//! What an owner does to the account.

use crate::accounts::activity::{ActivityEvent, Topic};

pub const NAME_CHANGED: ActivityEvent = ActivityEvent::new("name-changed", Topic::Changes);
pub const LANGUAGE_CHANGED: ActivityEvent = ActivityEvent::new("language-changed", Topic::Changes);
pub const TIME_ZONE_CHANGED: ActivityEvent = ActivityEvent::new("time-zone-changed", Topic::Changes);
/// Detail: the new address, whole: only its owner reads it.
pub const EMAIL_CHANGED: ActivityEvent = ActivityEvent::new("email-changed", Topic::Changes);
pub const EMAIL_REMOVED: ActivityEvent = ActivityEvent::new("email-removed", Topic::Changes);
/// Detail: the new phone, the same.
pub const PHONE_CHANGED: ActivityEvent = ActivityEvent::new("phone-changed", Topic::Changes);
pub const PHONE_REMOVED: ActivityEvent = ActivityEvent::new("phone-removed", Topic::Changes);
pub const PASSWORD_CHANGED: ActivityEvent = ActivityEvent::new("password-changed", Topic::Changes);
/// Detail: the browser.
pub const SESSION_ENDED: ActivityEvent = ActivityEvent::new("session-ended", Topic::SignIns);
pub const BROWSER_FORGOTTEN: ActivityEvent = ActivityEvent::new("browser-forgotten", Topic::Changes);
