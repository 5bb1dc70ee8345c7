//! What this room tells people.

use crate::accounts::messages::CHANGE_PASSWORD;
use crate::notices::SimpleMessage;

pub const QUESTIONS_CHANGED: SimpleMessage = SimpleMessage::new("questions-changed", CHANGE_PASSWORD);
/// The first ones.
pub const QUESTIONS_SET: SimpleMessage = SimpleMessage::new("questions-set", CHANGE_PASSWORD);
pub const FACTOR_ON: SimpleMessage = SimpleMessage::new("factor-on", CHANGE_PASSWORD);
pub const FACTOR_OFF: SimpleMessage = SimpleMessage::new("factor-off", CHANGE_PASSWORD);
pub const BACKUP_CODES_MADE: SimpleMessage = SimpleMessage::new("backup-codes-made", CHANGE_PASSWORD);

/// `left`: codes that can still be used.
pub fn backup_code_used(left: i64) -> SimpleMessage {
    SimpleMessage::new("backup-code-used", CHANGE_PASSWORD).with("left", left)
}

#[cfg(test)]
pub(crate) fn examples() -> Vec<crate::notices::testing::Example> {
    [QUESTIONS_SET, QUESTIONS_CHANGED, FACTOR_ON, FACTOR_OFF, BACKUP_CODES_MADE, backup_code_used(9)]
        .map(crate::notices::testing::by_both)
        .into()
}
