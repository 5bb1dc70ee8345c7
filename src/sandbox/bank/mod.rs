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
mod pages;
mod record;
mod refunds;
mod test_cards;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use tokio::sync::Notify;
use url::Url;
use zeroize::Zeroizing;

pub(super) use api::routes as api_routes;
pub use callback_sender::CallbackSender;
pub use faulty_gateway::{Fault, FaultyGateway};
pub use hosted::{CardPage, PageState};
pub(super) use pages::routes as page_routes;
pub use record::JournalLine;
pub use test_cards::{Behavior, TEST_CARDS};

use crate::base::{Clock, Keys, Purpose, Token, hex, wipe_stack};
use crate::config::GatewayUrl;
use crate::gateway::sandbox::BankResponse;
use crate::sandbox::file::{File, FileError};

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

    /// Of a text in parts, so that no copy of a number is made.
    fn fingerprint(&self, parts: &[&str]) -> String {
        keyed(&self.numbers, parts)
    }

    fn form_token(&self, browser: &Token) -> String {
        keyed(&self.forms, &[browser.as_str()])
    }
}

fn keyed(key: &[u8; 32], parts: &[&str]) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    // HMAC takes keys of any length.
    let Ok(mut mac) = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(key) else {
        return String::new();
    };
    for part in parts {
        mac.update(part.as_bytes());
    }
    let print = hex(&mac.finalize().into_bytes());
    wipe_stack();
    print
}

/// What the bank says, and how long that takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub response: BankResponse,
    pub delay: ResponseDelay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseDelay {
    AtOnce,
    After(Duration),
    /// It is lost: an error of the server's comes instead.
    Lost,
}

impl Answer {
    fn at_once(response: BankResponse) -> Answer {
        Answer { response, delay: ResponseDelay::AtOnce }
    }
}

/// The bank. Clones share one connection; several processes may share the file.
#[derive(Clone)]
pub struct Bank {
    file: File,
    secrets: Secrets,
    home: Url,
    clock: Clock,
    /// Rung when something was written.
    written: Arc<Notify>,
}

impl Bank {
    /// Opens the file, or makes it. `home` is the address under which cardholders find the bank.
    pub fn open(path: &Path, secrets: Secrets, home: Url, clock: Clock) -> Result<Bank, FileError> {
        let file = File::open("bank", path, file::SETUP)?;
        Ok(Bank { file, secrets, home, clock, written: Arc::default() })
    }

    /// A bank that forgets everything when it goes. For simulations of thousands of runs.
    pub fn in_memory(secrets: Secrets, home: Url, clock: Clock) -> Result<Bank, FileError> {
        Bank::open(Path::new(":memory:"), secrets, home, clock)
    }

    /// What stands in the forms of one browser.
    pub(super) fn form_token(&self, browser: &Token) -> String {
        self.secrets.form_token(browser)
    }

    fn transaction<T>(
        &self,
        work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, FileError> {
        self.file.transaction(work).inspect(|_done| self.written.notify_one())
    }

    /// Off the request threads.
    async fn run_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Bank) -> Result<T, FileError> + Send + 'static,
    ) -> Result<T, FileError> {
        let bank = self.clone();
        self.file.run(move |_file| work(&bank)).await
    }
}
