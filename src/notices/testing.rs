//! For tests of this room and of the worker: a database each, and notices to post.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::card_news::{CardEvent, CardNotice, MoneyStuck};
use super::change::{Change, Changed};
use super::notice::{Kind, Notice, Says, To};
use super::number::MessageNumber;
use super::outbox;
use super::status::Status;
use crate::base::{Clock, Keys};
use crate::config::DatabaseUrl;
use crate::db::schema::outbox as table;
use crate::db::{Store, migrate};
use crate::texts::Locale;

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

    pub async fn post(&self, notice: &Notice) -> MessageNumber {
        let (keys, now, notice) = (self.keys.clone(), self.clock.now(), notice.clone());
        self.store.write(move |db| outbox::post(db, &keys, now, &notice)).await.unwrap()
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

pub fn code_to(phone: &str) -> Notice {
    let says = Says::RegistrationCode { code: "0417".to_owned() };
    Notice { to: To::Phone(phone.to_owned()), account_id: None, locale: Locale::Ru, says }
}

pub fn mail_to(address: &str) -> Notice {
    Notice {
        to: To::Mail(address.to_owned()),
        account_id: Some(1),
        locale: Locale::Ru,
        says: example(Kind::AddressTaken),
    }
}

/// One of each kind.
pub fn example(kind: Kind) -> Says {
    let url = "https://pay.example.org/confirmations/a_b-c".to_owned();
    let account = "1234 5678 9012".to_owned();
    let address = "203.0.113.7".to_owned();
    match kind {
        Kind::RegistrationCode => Says::RegistrationCode { code: "0417".to_owned() },
        Kind::AlreadyRegistered => Says::AlreadyRegistered { url },
        Kind::ConfirmEmail => Says::ConfirmEmail { account, url, code: "041726".to_owned() },
        Kind::AddressTaken => Says::AddressTaken { url },
        Kind::Unlock => Says::Unlock { url },
        Kind::EmailChanged => changed(Changed::Email),
        Kind::EmailRemoved => changed(Changed::EmailRemoved),
        Kind::PhoneCode => Says::PhoneCode { code: "0417".to_owned() },
        Kind::PhoneTaken => Says::PhoneTaken { url },
        Kind::PhoneChanged => changed(Changed::Phone),
        Kind::PhoneRemoved => changed(Changed::PhoneRemoved),
        Kind::PasswordChanged => changed(Changed::Password),
        Kind::SmsSettingsChanged => changed(Changed::SmsSettings),
        Kind::NewDevice => changed(Changed::Device),
        Kind::FactorOn => changed(Changed::FactorOn),
        Kind::FactorOff => changed(Changed::FactorOff),
        Kind::RecoveryCodesMade => changed(Changed::RecoveryCodesMade),
        Kind::RecoveryCodeUsed => changed(Changed::RecoveryCodeUsed),
        Kind::Recovery => Says::Recovery { account, address, url, code: "041726".to_owned() },
        Kind::RecoveryCode => Says::RecoveryCode { code: "0417".to_owned() },
        Kind::RecoveryByMail => Says::RecoveryByMail { url },
        Kind::PasswordReset => changed(Changed::PasswordReset),
        Kind::Invite => {
            let page = "https://pay.example.org/invitation/code".to_owned();
            Says::Invite { account, url, page, code: "041726".to_owned() }
        }
        Kind::AlreadyInvited => Says::AlreadyInvited { account, url },
        Kind::QuestionsChanged => changed(Changed::Questions),
        Kind::CardCharged => card(CardEvent::Charged),
        Kind::CardConfirmed => card(CardEvent::Confirmed),
        Kind::CardFailed => card(CardEvent::Failed),
        Kind::CardReturned => card(CardEvent::Returned),
        Kind::CardUnbound => card(CardEvent::Unbound),
        Kind::CardExpiring => card(CardEvent::Expiring),
        Kind::MoneyStuck => Says::MoneyStuck(MoneyStuck {
            account,
            card: "Visa ··4242".to_owned(),
            sum: "4,37 ₽".to_owned(),
            since: "23 ноября 2026 г. в 19:05".to_owned(),
            by: "24 ноября 2026 г. в 18:05".to_owned(),
            reason: "no answer in time".to_owned(),
            url,
        }),
    }
}

fn card(what: CardEvent) -> Says {
    Says::Card(CardNotice {
        what,
        account: "1234 5678 9012".to_owned(),
        card: "Visa ··4242".to_owned(),
        sum: "4,37 ₽".to_owned(),
        by: "23 ноября 2026 г. в 19:05".to_owned(),
        reason: "Банк отклонил карту.".to_owned(),
        url: "https://pay.example.org/confirmations/a_b-c".to_owned(),
    })
}

fn changed(what: Changed) -> Says {
    Says::Changed(Change {
        what,
        account: "1234 5678 9012".to_owned(),
        value: "a***@example.org".to_owned(),
        left: 9,
        moment: "22 ноября 2026 г. в 19:05".to_owned(),
        address: "203.0.113.7".to_owned(),
        url: "https://pay.example.org/confirmations/a_b-c".to_owned(),
    })
}
