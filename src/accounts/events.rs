//! What happens to an account in this room.

use super::activity::{ActivityEvent, Topic};

pub const SMS_ON: ActivityEvent = ActivityEvent::new("sms-on", Topic::Changes);
pub const SMS_OFF: ActivityEvent = ActivityEvent::new("sms-off", Topic::Changes);
/// For those who will look at accounts from inside.
pub const STAFF_LOOKED: ActivityEvent = ActivityEvent::new("staff-looked", Topic::Staff);
