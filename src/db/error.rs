//! What can go wrong between the program and its database.

use diesel::result::{DatabaseErrorKind, Error};

/// Why a read or write gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The write queue is full, or others changed the same rows at each try: the caller may try again in a moment. Nothing was
    /// changed.
    #[error("too much is written at once")]
    Busy,
    /// No connection, or the program is shutting down.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    #[error(transparent)]
    Query(#[from] Error),
}

/// Why the database could not be opened at the start.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the database {place}: {cause}")]
pub struct StartError {
    pub place: String,
    pub cause: String,
}

/// Whether an error says that a unique value is taken. `columns` is the constraint's name on PostgreSQL and the column's
/// on SQLite, which does not name constraints: (`accounts_phone_is_one`, `accounts.phone`).
pub fn violates(error: &Error, constraint: (&str, &str)) -> bool {
    let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) = error else { return false };
    info.constraint_name() == Some(constraint.0) || info.message().contains(constraint.1)
}

/// The error of a job that has seen another instance's work half a step too late: the write queue runs it again.
pub fn retry() -> Error {
    let what = "what was read has changed since".to_owned();
    Error::DatabaseError(DatabaseErrorKind::SerializationFailure, Box::new(what))
}

/// Whether running the same transaction again may succeed.
pub(super) fn is_transient(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        Error::DatabaseError(_, info) => {
            let text = info.message();
            text.contains("database is locked")
                || text.contains("deadlock detected")
                || text.contains("database table is locked")
        }
        _ => false,
    }
}

/// Whether the connection itself is gone.
pub(super) fn is_disconnected(error: &Error) -> bool {
    match error {
        Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
            _,
        ) => true,
        Error::BrokenTransactionManager => true,
        Error::DatabaseError(_, info) => {
            let text = info.message();
            text.contains("terminating connection")
                || text.contains("server closed the connection")
                || text.contains("no connection to the server")
        }
        _ => false,
    }
}
