//! Messages that no room sends: posted by hand, and watched in their rows.

use std::borrow::Cow;
use std::time::Duration;

use diesel::prelude::*;
use kabinet::base::{AccountId, hours, minutes};
use kabinet::db::Db;
use kabinet::db::schema::outbox as table;
use kabinet::notices::{Message, MessageNumber, Recipient, Status};
use kabinet::texts::Locale;

use super::House;

pub const MASKED_PHONE: &str = "+7 ••• •••-45-67";
pub const MASKED_MAIL: &str = "a•••@example.org";

/// What a row of the outbox says.
#[derive(Debug, PartialEq, Eq)]
pub struct MessageRow {
    pub status: Status,
    pub attempts: i32,
    pub failure: Option<String>,
    pub has_content: bool,
}

impl House {
    pub async fn post(&self, posting: Posting) -> MessageNumber {
        let Posting { to, account_id, message } = posting;
        self.transacts(move |tx| tx.queue_message(to.clone(), account_id, Locale::Ru, &message)).await
    }

    pub async fn message(&self, number: &MessageNumber) -> MessageRow {
        let number = number.clone();
        let read = move |db: &mut Db| {
            table::table
                .filter(table::number.eq(number.as_str()))
                .select((table::status, table::attempts, table::failure, table::content))
                .first::<(Status, i32, Option<String>, Option<Vec<u8>>)>(db)
        };
        let (status, attempts, failure, content) = self.reads(read).await;
        MessageRow { status, attempts, failure, has_content: content.is_some() }
    }

    /// Waits until a row is in a state.
    pub async fn reaches(&self, number: &MessageNumber, status: Status) -> MessageRow {
        for _ in 0..1_200 {
            let row = self.message(number).await;
            if row.status == status {
                return row;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("not {} but {:?}", status.word(), self.message(number).await);
    }
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
    Posting { to: Recipient::phone(phone, MASKED_PHONE.to_owned()), account_id: None, message }
}

/// A mail that lives for three days.
pub fn mail_to(email: &str) -> Posting {
    let message =
        TestMessage { kind: "address-taken", lifetime: hours(72), path: Some("/sign-in"), code: None };
    Posting {
        to: Recipient::mail(email, MASKED_MAIL.to_owned()),
        account_id: Some(AccountId::from_i64(1)),
        message,
    }
}
