//! What happens to the cards of an account. Detail: the card's name.

use crate::accounts::activity::{ActivityEvent, Topic};

pub const CARD_ADDED: ActivityEvent = ActivityEvent::new("card-added", Topic::Changes);
pub const CARD_CONFIRMED: ActivityEvent = ActivityEvent::new("card-confirmed", Topic::Changes);
pub const CARD_FAILED: ActivityEvent = ActivityEvent::new("card-failed", Topic::Changes);
pub const CARD_DROPPED: ActivityEvent = ActivityEvent::new("card-dropped", Topic::Changes);
pub const CARD_UNBOUND: ActivityEvent = ActivityEvent::new("card-unbound", Topic::Changes);
