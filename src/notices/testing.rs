//! For tests of this room and of the worker: a database each, and messages to post.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::message::Message;
use super::number::MessageNumber;
use super::recipient::{Channel, Recipient};
use super::status::Status;
use crate::base::{AccountId, Clock, Keys, hours, minutes};
use crate::config::DatabaseUrl;
use crate::db::schema::outbox as table;
use crate::db::{Store, TxSource, migrate};
use crate::texts::Locale;

/// Where links of test messages lead.
pub const SITE: &str = "https://pay.example.org";

/// A fresh database: a file, or one of its own on the server that KABINET_TEST_DATABASE names.
pub struct TestDb {
    pub url: DatabaseUrl,
    pub store: Store,
    pub keys: Keys,
    pub clock: Clock,
    _folder: TempDir,
}

/// What a row says.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub status: Status,
    pub attempts: i32,
    pub failure: Option<String>,
    pub has_content: bool,
}

impl TestDb {
    pub fn new() -> TestDb {
        let folder = TempDir::new().unwrap();
        let url = match std::env::var("KABINET_TEST_DATABASE").ok().filter(|server| !server.is_empty()) {
            None => DatabaseUrl::Sqlite(folder.path().join("test.db")),
            Some(server) => DatabaseUrl::Postgres(Zeroizing::new(fresh_on(&server))),
        };
        migrate(&url).unwrap();
        let store = Store::open(&url).unwrap();
        TestDb { url, store, keys: Keys::from_seed(1), clock: Clock::stopped(), _folder: folder }
    }

    /// What transactions are begun with.
    pub fn txs(&self) -> TxSource {
        TxSource::new(self.store.clone(), self.keys.clone(), self.clock.clone(), SITE)
    }

    pub async fn post(&self, posting: Posting) -> MessageNumber {
        let Posting { to, account_id, message } = posting;
        self.txs()
            .write(move |tx| tx.queue_message(to.clone(), account_id, Locale::Ru, &message))
            .await
            .unwrap()
    }

    pub async fn row(&self, number: &MessageNumber) -> Row {
        let number = number.clone();
        let read = move |db: &mut crate::db::Db| {
            table::table
                .filter(table::number.eq(number.as_str()))
                .select((table::status, table::attempts, table::failure, table::content))
                .first::<(Status, i32, Option<String>, Option<Vec<u8>>)>(db)
        };
        let (status, attempts, failure, content) = self.store.read(read).await.unwrap();
        Row { status, attempts, failure, has_content: content.is_some() }
    }

    /// Waits until a row is in a state.
    pub async fn reaches(&self, number: &MessageNumber, status: Status) -> Row {
        for _ in 0..1_200 {
            let row = self.row(number).await;
            if row.status == status {
                return row;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("not {} but {:?}", status.word(), self.row(number).await);
    }
}

fn fresh_on(server: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("kabinet_unit_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::establish(server).unwrap();
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
    admin.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(&name);
    url.to_string()
}

/// A message to post.
pub struct Posting {
    pub to: Recipient,
    pub account_id: Option<AccountId>,
    pub message: TestMessage,
}

/// A message with texts that are another room's.
pub struct TestMessage {
    pub kind: &'static str,
    pub lifetime: Duration,
    pub path: Option<&'static str>,
    pub code: Option<&'static str>,
}

impl Message for TestMessage {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn lifetime(&self) -> Duration {
        self.lifetime
    }

    fn path(&self) -> Option<Cow<'_, str>> {
        self.path.map(Cow::Borrowed)
    }

    fn code(&self) -> Option<&str> {
        self.code
    }
}

/// An SMS that lives for ten minutes.
pub fn code_to(phone: &str) -> Posting {
    let message =
        TestMessage { kind: "registration-code", lifetime: minutes(10), path: None, code: Some("0417") };
    Posting { to: Recipient::phone(phone, "+7 *** ***-45-67".to_owned()), account_id: None, message }
}

/// A mail that lives for three days.
pub fn mail_to(email: &str) -> Posting {
    let message =
        TestMessage { kind: "address-taken", lifetime: hours(72), path: Some("/sign-in"), code: None };
    Posting {
        to: Recipient::mail(email, "a***@example.org".to_owned()),
        account_id: Some(AccountId::from_i64(1)),
        message,
    }
}

/// A message of a room, with the channels that it has texts for.
pub struct Example {
    pub message: Box<dyn Message>,
    pub channels: &'static [Channel],
}

pub fn by_sms(message: impl Message + 'static) -> Example {
    Example { message: Box::new(message), channels: &[Channel::Sms] }
}

pub fn by_mail(message: impl Message + 'static) -> Example {
    Example { message: Box::new(message), channels: &[Channel::Mail] }
}

pub fn by_both(message: impl Message + 'static) -> Example {
    Example { message: Box::new(message), channels: &[Channel::Mail, Channel::Sms] }
}
