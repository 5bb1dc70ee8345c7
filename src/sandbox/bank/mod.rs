//! The sandbox bank: a card gateway with its own file, its own rules, and pages for the cardholder.
//!
//! The rules are `Bank`: plain calls, no socket. `api` serves them to the portal, `pages` to people, `callback_sender` sends callbacks;
//! `FaultyGateway` is the bank without a network, for tests that break the line wherever they like.

mod api;
mod callback_sender;
mod cards;
mod charges;
mod confirmations;
mod faulty_gateway;
mod file;
mod hosted;
mod numbers;
mod pages;
mod record;
mod refunds;
#[cfg(test)]
mod storm_tests;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel::prelude::*;
use url::Url;
use zeroize::Zeroizing;

pub(super) use api::routes as api_routes;
pub use callback_sender::CallbackSender;
pub use cards::Details;
pub use faulty_gateway::{Call, Fault, FaultyGateway};
pub use hosted::{CardPage, PageState};
pub use numbers::{NUMBERS, Script};
pub(super) use pages::routes as page_routes;
pub use record::JournalLine;

use crate::base::{Clock, Keys, Purpose, Token, hex};
use crate::config::GatewayUrl;

#[derive(Debug, thiserror::Error)]
pub enum BankError {
    #[error("cannot make the folder of the bank: {0}")]
    Folder(#[from] std::io::Error),
    #[error("cannot open the bank: {0}")]
    Open(#[from] diesel::ConnectionError),
    #[error("the bank does not answer: {0}")]
    Query(#[from] diesel::result::Error),
    #[error("the bank is not to be had")]
    Gone,
}

/// What only the portal and its sandbox know.
#[derive(Clone)]
pub struct Secrets {
    /// Tells card numbers apart without keeping them.
    numbers: Zeroizing<[u8; 32]>,
    /// Lets the portal in.
    pub api: Zeroizing<String>,
    /// Makes the tokens of the sandbox's forms. The same after a restart: a page that is open stays of use.
    forms: Zeroizing<[u8; 32]>,
    /// Signs callbacks.
    pub callbacks: Vec<u8>,
}

impl Secrets {
    pub fn of(keys: &Keys) -> Secrets {
        Secrets {
            numbers: Zeroizing::new(keys.mac(Purpose::Sandbox, &[b"numbers"])),
            api: Zeroizing::new(keys.keyed_hash(Purpose::Sandbox, &[b"api"])),
            forms: Zeroizing::new(keys.mac(Purpose::Sandbox, &[b"forms"])),
            callbacks: keys.keyed_hash(Purpose::Sandbox, &[b"callbacks"]).into_bytes(),
        }
    }

    /// How the portal reaches a bank at that address.
    pub fn gateway(&self, home: &Url) -> GatewayUrl {
        GatewayUrl::new(crate::gateway::sandbox::NAME, home.clone(), &self.api)
    }

    fn fingerprint(&self, number: &str) -> String {
        keyed(&self.numbers, number)
    }

    fn form_token(&self, browser: &Token) -> String {
        keyed(&self.forms, browser.as_str())
    }
}

fn keyed(key: &[u8; 32], text: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    // HMAC takes keys of any length.
    let Ok(mut mac) = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    hex(&mac.finalize().into_bytes())
}

/// An answer, and how it delay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    pub what: T,
    pub delay: ResponseDelay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseDelay {
    AtOnce,
    After(Duration),
    /// It is lost: an error of the server's comes instead.
    Lost,
}

impl<T> Answer<T> {
    fn at_once(what: T) -> Answer<T> {
        Answer { what, delay: ResponseDelay::AtOnce }
    }
}

/// The bank. Clones share one connection; several processes may share the file.
#[derive(Clone)]
pub struct Bank {
    db: Arc<Mutex<SqliteConnection>>,
    secrets: Secrets,
    home: Url,
    clock: Clock,
}

impl Bank {
    /// Opens the file, or makes it. `home` is the address under which cardholders find the bank.
    pub fn open(path: &Path, secrets: Secrets, home: Url, clock: Clock) -> Result<Bank, BankError> {
        Ok(Bank { db: Arc::new(Mutex::new(file::open(path)?)), secrets, home, clock })
    }

    /// A bank that forgets everything when it goes. For simulations of thousands of runs.
    pub fn in_memory(secrets: Secrets, home: Url, clock: Clock) -> Result<Bank, BankError> {
        Bank::open(Path::new(":memory:"), secrets, home, clock)
    }

    /// What stands in the forms of one browser.
    pub(super) fn form_token(&self, browser: &Token) -> String {
        self.secrets.form_token(browser)
    }

    /// One transaction: all of it, or nothing.
    fn with<T>(&self, work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>) -> Result<T, BankError> {
        let mut db = self.db.lock().map_err(|_poisoned| BankError::Gone)?;
        Ok(db.immediate_transaction(work)?)
    }

    /// The same off the request threads.
    async fn off<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Bank) -> Result<T, BankError> + Send + 'static,
    ) -> Result<T, BankError> {
        let bank = self.clone();
        tokio::task::spawn_blocking(move || work(&bank)).await.map_err(|_stopped| BankError::Gone)?
    }
}
