//! What happens to what proves the person.

use crate::accounts::activity::{ActivityEvent, Topic};

pub const QUESTIONS_CHANGED: ActivityEvent = ActivityEvent::new("questions-changed", Topic::Changes);
/// The first ones.
pub const QUESTIONS_SET: ActivityEvent = ActivityEvent::new("questions-set", Topic::Changes);
pub const FACTOR_ON: ActivityEvent = ActivityEvent::new("factor-on", Topic::Changes);
pub const FACTOR_OFF: ActivityEvent = ActivityEvent::new("factor-off", Topic::Changes);
pub const BACKUP_CODES_MADE: ActivityEvent = ActivityEvent::new("backup-codes-made", Topic::Changes);
pub const BACKUP_CODE_USED: ActivityEvent = ActivityEvent::new("backup-code-used", Topic::SignIns);
/// All sessions, or all but the one that ends them.
pub const SESSIONS_ENDED: ActivityEvent = ActivityEvent::new("sessions-ended", Topic::SignIns);
