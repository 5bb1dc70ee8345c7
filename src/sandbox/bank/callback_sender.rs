//! Callbacks on their way to the portal: again and again until it has taken them.

use std::future::pending;
use std::time::Duration;

use diesel::dsl::min;
use diesel::prelude::*;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use tokio::time::sleep;

use super::file::callbacks;
use super::{Bank, FileError};
use crate::base::{Moment, minutes, seconds};
use crate::gateway::sandbox::{Callback, SIGNATURE};
use crate::gateway::{http_client, signature};

/// Another process may share the file.
const LOOK_EVERY: Duration = seconds(20);
/// A file that could not be read is read again so soon.
const READ_AGAIN: Duration = seconds(1);
const ANSWER_WITHIN: Duration = seconds(5);
const AT_ONCE: i64 = 20;
/// Waits after each try that failed; then it is given up.
const WAITS: [Duration; 7] =
    [seconds(1), seconds(5), seconds(20), minutes(1), minutes(5), minutes(15), minutes(60)];

/// A message that is due: its row, the operation, the tries so far.
pub type DueCallback = (i64, String, i32);

pub struct DueCallbacks {
    pub now: Vec<DueCallback>,
    /// When the first of all is due.
    pub next: Option<Moment>,
}

pub struct CallbackSender {
    bank: Bank,
    client: Client,
    /// Where the portal takes callbacks.
    portal: String,
}

impl CallbackSender {
    pub fn new(bank: Bank, portal: String) -> Result<CallbackSender, String> {
        Ok(CallbackSender { bank, client: http_client(ANSWER_WITHIN)?, portal })
    }

    /// Runs until it is dropped.
    pub async fn run(self) {
        loop {
            match self.bank.run_blocking(Bank::due_callbacks).await {
                Ok(due) if due.now.is_empty() => self.rest(due.next).await,
                Ok(due) => {
                    for callback in due.now {
                        self.send(callback).await;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the sandbox bank's callbacks cannot be read");
                    sleep(READ_AGAIN).await;
                }
            }
        }
    }

    /// Until something is written, or the next is due.
    async fn rest(&self, next: Option<Moment>) {
        let next = async {
            match next {
                Some(next) => self.bank.clock.until(next).await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = self.bank.written.notified() => {}
            () = next => {}
            () = sleep(LOOK_EVERY) => {}
        }
    }

    async fn send(&self, (id, operation, tries): DueCallback) {
        let body = serde_json::to_vec(&Callback { operation }).unwrap_or_default();
        let signed = signature::sign(&self.bank.secrets.callbacks, &body, self.bank.clock.now());
        let request = self
            .client
            .post(&self.portal)
            .header(CONTENT_TYPE, "application/json")
            .header(SIGNATURE, signed)
            .body(body);
        let taken = request.send().await.is_ok_and(|answer| answer.status().is_success());
        let noted = self.bank.run_blocking(move |bank| bank.record_attempt(id, tries, taken)).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "a callback of the sandbox bank may come again");
        }
    }
}

impl Bank {
    /// What is due, the longest waiting first.
    pub fn due_callbacks(&self) -> Result<DueCallbacks, FileError> {
        let now = self.clock.now();
        self.file.transaction(|db| {
            let due = callbacks::table
                .filter(callbacks::due_at.le(now))
                .order(callbacks::due_at)
                .limit(AT_ONCE)
                .select((callbacks::id, callbacks::operation, callbacks::tries))
                .load(db)?;
            Ok(DueCallbacks { now: due, next: callbacks::table.select(min(callbacks::due_at)).first(db)? })
        })
    }

    fn record_attempt(&self, id: i64, tries: i32, taken: bool) -> Result<(), FileError> {
        let wait = usize::try_from(tries).ok().and_then(|tries| WAITS.get(tries)).filter(|_wait| !taken);
        let retry_at: Option<Moment> = wait.map(|wait| self.clock.now().after(*wait));
        let row = callbacks::table.find(id);
        self.file.transaction(|db| match retry_at {
            Some(at) => diesel::update(row)
                .set((callbacks::due_at.eq(at), callbacks::tries.eq(tries + 1)))
                .execute(db)
                .map(drop),
            None => diesel::delete(row).execute(db).map(drop),
        })
    }
}
