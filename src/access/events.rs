//! What happens to an account on the ways in.

use crate::accounts::activity::{ActivityEvent, Topic};

pub const REGISTERED: ActivityEvent = ActivityEvent::new("registered", Topic::SignIns);
pub const SIGNED_IN: ActivityEvent = ActivityEvent::new("signed-in", Topic::SignIns);
pub const SIGNED_OUT: ActivityEvent = ActivityEvent::new("signed-out", Topic::SignIns);
pub const SIGN_IN_FAILED: ActivityEvent = ActivityEvent::new("sign-in-failed", Topic::Failures);
pub const CODE_FAILED: ActivityEvent = ActivityEvent::new("code-failed", Topic::Failures);
pub const RECOVERY_ASKED: ActivityEvent = ActivityEvent::new("recovery-asked", Topic::Changes);
pub const PASSWORD_RESET_BY_MAIL: ActivityEvent = ActivityEvent::new("password-reset-mail", Topic::Changes);
pub const PASSWORD_RESET_BY_SMS: ActivityEvent = ActivityEvent::new("password-reset-sms", Topic::Changes);
