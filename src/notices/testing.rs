//! For tests of the rooms: a database each, and examples of messages.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::message::Message;
use super::recipient::Channel;
use crate::config::DatabaseUrl;
use crate::db::{Store, migrate};

/// Where links of test messages lead.
pub const SITE: &str = "https://pay.example.org";

/// A fresh database: a file, or one of its own on the server that KABINET_TEST_DATABASE names.
pub struct TestDb {
    pub store: Store,
    _folder: TempDir,
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
        TestDb { store, _folder: folder }
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
