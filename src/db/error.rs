//! What can go wrong between the program and its database.

use diesel::result::{DatabaseErrorKind, Error};

use crate::base::LogThrottle;

/// Why a read or write gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The write queue is full, others changed the same rows at each try, or something holds the database: the caller may
    /// try again in a moment. Nothing was changed.
    #[error("too much is written at once")]
    Busy,
    /// No connection, no room, or the program is shutting down. Nothing was changed.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// The answer to a COMMIT did not come: nobody knows whether it was done.
    #[error("the database did not say whether it has written")]
    Unanswered,
    #[error(transparent)]
    Query(#[from] Error),
}

impl StoreError {
    /// A line for the log, once a minute: of what passes by itself, and of what does not.
    pub fn log(&self, what: &str) {
        static PASSING: LogThrottle = LogThrottle::new();
        static LASTING: LogThrottle = LogThrottle::new();
        let throttle = if matches!(self, StoreError::Query(_)) { &LASTING } else { &PASSING };
        if let Some(left_out) = throttle.next_line() {
            tracing::error!(error = %self, left_out, "{what}");
        }
    }
}

/// Whether an error gives reason to look whether the database is in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Suspicion {
    None,
    /// The database refuses what it should take: a table may be missing, or a right.
    Statement,
    /// A page cannot be read.
    Page(String),
}

const UNREADABLE: [&str; 5] =
    ["is malformed", "is not a database", "disk I/O error", "invalid page in block", "could not read block"];

impl StoreError {
    pub(super) fn suspicion(&self) -> Suspicion {
        let said = match self {
            StoreError::Query(Error::DatabaseError(DatabaseErrorKind::Unknown, info)) => info.message(),
            StoreError::Unavailable(said) => said,
            _ => return Suspicion::None,
        };
        if UNREADABLE.iter().any(|words| said.contains(words)) {
            return Suspicion::Page(said.replace('\n', " "));
        }
        if matches!(self, StoreError::Query(_)) { Suspicion::Statement } else { Suspicion::None }
    }

    /// The error of a statement that was not committed.
    pub(super) fn of(error: Error) -> StoreError {
        match Trouble::of(&error) {
            Trouble::Contention => StoreError::Busy,
            Trouble::Outage | Trouble::Disconnected => StoreError::Unavailable(error.to_string()),
            Trouble::Own => StoreError::Query(error),
        }
    }
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

/// So many connections, one after the other, may turn out to be cut before whoever waits is told.
pub(super) const CONNECTIONS_TRIED: u32 = 5;

/// What a failed statement says of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Others are in the way: the same transaction may succeed when it is run again.
    Contention,
    /// The connection is gone.
    Disconnected,
    /// The database is there and cannot do it now: no room, starting up, a standby.
    Outage,
    /// The statement itself.
    Own,
}

/// SQLite's words, then PostgreSQL's.
const CONTENTION: [&str; 5] = [
    "database is locked",
    "database table is locked",
    "database schema is locked",
    "deadlock detected",
    "due to lock timeout",
];
const DISCONNECTED: [&str; 9] = [
    // The plan of a prepared statement is of the connection: a fresh one makes a new plan.
    "cached plan must not change result type",
    "terminating connection",
    "server closed the connection",
    "no connection to the server",
    "connection to client lost",
    "could not receive data from server",
    "could not send data to server",
    "SSL connection has been closed",
    "SSL SYSCALL error",
];
const OUTAGE: [&str; 20] = [
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "unable to open database file",
    "out of memory",
    "No space left on device",
    "could not extend file",
    "could not write",
    "could not access file",
    "is starting up",
    "is shutting down",
    "in recovery mode",
    "not accepting commands",
    "not yet accepting connections",
    "read-only transaction",
    "conflict with recovery",
    "too many clients",
    "remaining connection slots",
    "due to statement timeout",
    "due to user request",
];

/// PostgreSQL's words in Russian, Chinese, German, French and Spanish, for servers whose language the portal's role may not choose.
const CONTENTION_ELSEWHERE: [&str; 10] = [
    "обнаружена взаимоблокировка",
    "из-за тайм-аута блокировки",
    "检测到死锁",
    "由于锁超时",
    "Verklemmung (Deadlock) entdeckt",
    "wegen Zeitüberschreitung einer Sperre",
    "interblocage (deadlock) détecté",
    "délai écoulé pour l'obtention des verrous",
    "detectado un deadlock",
    "tiempo de espera de candados",
];
const OUTAGE_ELSEWHERE: [&str; 25] = [
    "выполнение оператора отменено",
    "не удалось увеличить файл",
    "не удалось записать",
    "На устройстве не осталось свободного места",
    "нехватка памяти",
    "由于语句执行超时",
    "由于用户请求",
    "由于与恢复操作冲突",
    "无法扩展文件",
    "内存用尽",
    "wegen Zeitüberschreitung der Anfrage",
    "wegen Benutzeraufforderung",
    "wegen Konflikt mit der Wiederherstellung",
    "nicht erweitern:",
    "Speicher aufgebraucht",
    "délai écoulé pour l'exécution",
    "à la demande de l'utilisateur",
    "conflit avec la restauration",
    "n'a pas pu étendre le fichier",
    "mémoire épuisée",
    "tiempo de espera de sentencias",
    "debido a una petición del usuario",
    "conflicto con la recuperación",
    "no se pudo extender el archivo",
    "memoria agotada",
];

impl Trouble {
    pub(super) fn of(error: &Error) -> Trouble {
        let Error::DatabaseError(kind, info) = error else {
            return match error {
                Error::BrokenTransactionManager => Trouble::Disconnected,
                // diesel rolls a failed COMMIT back by itself.
                Error::RollbackErrorOnCommit { commit_error, .. } => Trouble::of(commit_error),
                _ => Trouble::Own,
            };
        };
        let says = |words: &[&str]| words.iter().any(|words| info.message().contains(words));
        match kind {
            DatabaseErrorKind::SerializationFailure => Trouble::Contention,
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                Trouble::Disconnected
            }
            DatabaseErrorKind::ReadOnlyTransaction => Trouble::Outage,
            DatabaseErrorKind::Unknown if says(&CONTENTION) || says(&CONTENTION_ELSEWHERE) => {
                Trouble::Contention
            }
            DatabaseErrorKind::Unknown if says(&DISCONNECTED) => Trouble::Disconnected,
            DatabaseErrorKind::Unknown if says(&OUTAGE) || says(&OUTAGE_ELSEWHERE) => Trouble::Outage,
            _ => Trouble::Own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(kind: DatabaseErrorKind, message: &str) -> Trouble {
        Trouble::of(&Error::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn what_passes_by_itself_is_no_fault_of_the_statement() {
        let unknown = |message| trouble(DatabaseErrorKind::Unknown, message);
        for (message, right) in [
            ("database is locked", Trouble::Contention),
            ("canceling statement due to lock timeout", Trouble::Contention),
            ("deadlock detected", Trouble::Contention),
            ("database or disk is full", Trouble::Outage),
            ("could not extend file \"base/5/1\": No space left on device", Trouble::Outage),
            ("the database system is starting up", Trouble::Outage),
            ("sorry, too many clients already", Trouble::Outage),
            ("canceling statement due to statement timeout", Trouble::Outage),
            ("terminating connection due to administrator command", Trouble::Disconnected),
            ("server closed the connection unexpectedly", Trouble::Disconnected),
            ("no such table: sessions", Trouble::Own),
            ("database disk image is malformed", Trouble::Own),
        ] {
            assert_eq!(unknown(message), right, "{message}");
        }
        // A value may say anything.
        assert_eq!(trouble(DatabaseErrorKind::UniqueViolation, "database is locked"), Trouble::Own);
        assert_eq!(trouble(DatabaseErrorKind::SerializationFailure, ""), Trouble::Contention);
        assert_eq!(Trouble::of(&Error::NotFound), Trouble::Own);
    }

    /// What diesel knows by its code or by the connection, it knows in any language; these it does not.
    #[test]
    fn a_server_that_speaks_another_language_is_understood() {
        for (message, right) in [
            ("выполнение оператора отменено из-за тайм-аута блокировки", Trouble::Contention),
            ("обнаружена взаимоблокировка", Trouble::Contention),
            ("выполнение оператора отменено из-за тайм-аута", Trouble::Outage),
            (
                "не удалось увеличить файл \"base/5/1\": На устройстве не осталось свободного места",
                Trouble::Outage,
            ),
            ("由于锁超时，取消语句操作", Trouble::Contention),
            ("由于语句执行超时，正在取消查询命令", Trouble::Outage),
            ("storniere Anfrage wegen Zeitüberschreitung einer Sperre", Trouble::Contention),
            ("Verklemmung (Deadlock) entdeckt", Trouble::Contention),
            ("storniere Anfrage wegen Zeitüberschreitung der Anfrage", Trouble::Outage),
            (
                "annulation de la requête à cause du délai écoulé pour l'obtention des verrous",
                Trouble::Contention,
            ),
            ("no se pudo extender el archivo «base/5/1»: ", Trouble::Outage),
            ("отношение \"sessions\" не существует", Trouble::Own),
            ("Relation »sessions« existiert nicht", Trouble::Own),
        ] {
            assert_eq!(trouble(DatabaseErrorKind::Unknown, message), right, "{message}");
        }
        // "Terminating connection" in whatever language: the connection is gone.
        assert_eq!(
            trouble(DatabaseErrorKind::ClosedConnection, "закрытие подключения"),
            Trouble::Disconnected
        );
    }

    #[test]
    fn damage_is_told_from_other_errors() {
        let suspicion = |kind, said: &str| {
            StoreError::of(Error::DatabaseError(kind, Box::new(said.to_owned()))).suspicion()
        };
        let unknown = |said| suspicion(DatabaseErrorKind::Unknown, said);
        for said in [
            "database disk image is malformed",
            "disk I/O error",
            "invalid page in block 3 of relation base/16384/16421",
            "could not read block 3 in file \"base/16384/16421\": Input/output error",
        ] {
            assert!(matches!(unknown(said), Suspicion::Page(_)), "{said}");
        }
        // In any language.
        for said in ["no such table: sessions", "отношение \"sessions\" не существует"] {
            assert_eq!(unknown(said), Suspicion::Statement, "{said}");
        }
        for said in ["database is locked", "database or disk is full", "server closed the connection"] {
            assert_eq!(unknown(said), Suspicion::None, "{said}");
        }
        assert_eq!(suspicion(DatabaseErrorKind::UniqueViolation, "disk I/O error"), Suspicion::None);
    }
}
