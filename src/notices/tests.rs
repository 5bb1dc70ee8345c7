//! The outbox's promises, one by one; those that need the worker are tested beside it.

use diesel::prelude::*;
use diesel::result::Error;

use super::content::{Content, Unusable};
use super::message::MessageArgs;
use super::number::MessageNumber;
use super::outbox::{self, Claim, Outcome};
use super::recipient::{Channel, Recipient};
use super::status::Status;
use super::testing::{Posting, SITE, TestDb, TestMessage, code_to, mail_to};
use crate::base::{days, hours, minutes, seconds};
use crate::db::schema::outbox as table;
use crate::db::{StoreError, Tx};
use crate::texts::Locale;

async fn claimed(db: &TestDb, channel: Channel) -> Vec<Claim> {
    let now = db.clock.now();
    let due = db.store.read(move |db| outbox::due(db, now, channel, 20)).await.unwrap();
    db.store.write(move |db| outbox::claim(db, now, seconds(30), &due)).await.unwrap()
}

async fn finish(db: &TestDb, claim: &Claim, outcome: Outcome) -> bool {
    let (now, id, attempt) = (db.clock.now(), claim.id, claim.attempt);
    db.store.write(move |db| outbox::finish(db, now, id, attempt, &outcome)).await.unwrap()
}

async fn receipt(db: &TestDb, peer_id: &'static str, arrived: bool) -> bool {
    let now = db.clock.now();
    db.store.write(move |db| outbox::receipt(db, now, peer_id, arrived)).await.unwrap()
}

#[tokio::test]
async fn a_message_is_queued_only_with_what_it_tells_about() {
    let db = TestDb::new();
    let post = |tx: &mut Tx| {
        let Posting { to, message, .. } = code_to("+79991234567");
        tx.queue_message(to, None, Locale::Ru, &message)?;
        Err::<(), _>(Error::RollbackTransaction)
    };
    assert!(matches!(db.txs().write(post).await, Err(StoreError::Query(Error::RollbackTransaction))));
    assert!(claimed(&db, Channel::Sms).await.is_empty());
}

#[tokio::test]
async fn the_table_does_not_tell_who_was_told_what() {
    let db = TestDb::new();
    let number = db.post(code_to("+79991234567")).await;
    db.post(mail_to("anna.k@example.org")).await;
    let (masked, sealed): (Vec<String>, Vec<Option<Vec<u8>>>) = db
        .store
        .read(|db| {
            let rows =
                table::table.order(table::id).select((table::recipient_masked, table::content)).load(db)?;
            Ok(rows.into_iter().unzip())
        })
        .await
        .unwrap();
    assert_eq!(masked, ["+7 *** ***-45-67", "a***@example.org"]);
    for content in sealed.into_iter().flatten() {
        let text = String::from_utf8_lossy(&content).into_owned();
        assert!(!text.contains("0417") && !text.contains("1234567") && !text.contains("anna"));
    }
    let claim = claimed(&db, Channel::Sms).await.pop().unwrap();
    assert!(finish(&db, &claim, Outcome::Sent { peer_id: None }).await);
    assert!(!db.row(&number).await.has_content, "wiped once it was handed over");
}

#[tokio::test]
async fn a_claim_that_has_lapsed_is_another_workers() {
    let db = TestDb::new();
    let number = db.post(code_to("+79991234567")).await;
    let dead = claimed(&db, Channel::Sms).await.pop().unwrap();
    assert!(claimed(&db, Channel::Sms).await.is_empty(), "it is being sent");

    db.clock.advance(seconds(31));
    let heir = claimed(&db, Channel::Sms).await.pop().unwrap();
    assert_eq!((heir.id, heir.attempt), (dead.id, 2));
    assert!(
        !finish(&db, &dead, Outcome::Failed { class: "no answer".to_owned() }).await,
        "too late to say anything"
    );
    assert!(finish(&db, &heir, Outcome::Sent { peer_id: None }).await);
    assert_eq!(db.row(&number).await.status, Status::Sent);
}

#[tokio::test]
async fn only_one_of_two_that_saw_the_same_message_gets_it() {
    let db = TestDb::new();
    db.post(code_to("+79991234567")).await;
    let now = db.clock.now();
    let due = db.store.read(move |db| outbox::due(db, now, Channel::Sms, 20)).await.unwrap();
    let again = due.clone();
    let first = db.store.write(move |db| outbox::claim(db, now, seconds(30), &due)).await.unwrap();
    let second = db.store.write(move |db| outbox::claim(db, now, seconds(30), &again)).await.unwrap();
    assert_eq!((first.len(), second.len()), (1, 0));
}

#[tokio::test]
async fn receipts_end_the_newest_sent_message_of_their_id() {
    let db = TestDb::new();
    assert!(!receipt(&db, "7", true).await, "nothing is sent yet");
    let mut numbers = Vec::new();
    for _ in 0..2 {
        numbers.push(db.post(code_to("+79991234567")).await);
        let claim = claimed(&db, Channel::Sms).await.pop().unwrap();
        finish(&db, &claim, Outcome::Sent { peer_id: Some("7".to_owned()) }).await;
    }
    assert!(receipt(&db, "7", true).await);
    assert!(receipt(&db, "7", false).await);
    assert!(!receipt(&db, "7", false).await, "each message ends once");
    assert_eq!(db.row(&numbers[1]).await.status, Status::Delivered);
    assert_eq!(db.row(&numbers[0]).await.status, Status::Undelivered);
}

#[tokio::test]
async fn what_waited_in_vain_fails_and_what_ended_is_forgotten() {
    let db = TestDb::new();
    let clean = async || {
        let now = db.clock.now();
        db.store.write(move |db| outbox::clean(db, now)).await.unwrap();
    };
    let (code, mail) = (db.post(code_to("+79991234567")).await, db.post(mail_to("anna@example.org")).await);
    db.clock.advance(minutes(11));
    clean().await;
    let row = db.row(&code).await;
    assert_eq!(
        (row.status, row.failure.as_deref(), row.has_content),
        (Status::Failed, Some("too late"), true)
    );
    assert_eq!(db.row(&mail).await.status, Status::Queued, "a mail is of use for longer");
    db.clock.advance(hours(72));
    clean().await;
    assert_eq!(db.row(&mail).await.status, Status::Failed);
    db.clock.advance(days(31));
    clean().await;
    assert!(!db.row(&mail).await.has_content);
    db.clock.advance(days(91));
    clean().await;
    let left: i64 = db.store.read(|db| table::table.count().get_result(db)).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_decoy_leaves_nothing_behind() {
    let db = TestDb::new();
    let decoy = |tx: &mut Tx| {
        let Posting { to, message, .. } = mail_to("anna@example.org");
        tx.queue_decoy(to, Locale::Ru, &message)
    };
    db.txs().write(decoy).await.unwrap();
    assert!(claimed(&db, Channel::Mail).await.is_empty());
    let counters: i64 =
        db.store.read(|db| crate::db::schema::counters::table.count().get_result(db)).await.unwrap();
    assert_eq!(counters, 0);
}

#[test]
fn recipients_and_texts_that_carriers_would_misread_are_refused() {
    let number = MessageNumber::random();
    let written = |to: Recipient, site: &str| {
        let posting = match to.channel() {
            Channel::Sms => code_to(to.as_str()),
            Channel::Mail => mail_to(to.as_str()),
        };
        let link = |path: &str| format!("{site}{path}");
        let content = Content::of(to, &posting.message, MessageArgs::new(), link);
        content.write(&number, Locale::Ru, posting.message.kind).map(|_body| ())
    };
    let unusable = Err(Unusable("unusable recipient"));
    for phone in ["", "79991234567", "+7999\r\n123456", "+7999123456789012", "+٧٩٩٩١٢٣٤٥٦٧"] {
        assert_eq!(written(Recipient::phone(phone, String::new()), SITE), unusable, "{phone}");
    }
    for email in ["a@b.c\r\nBcc: all@example.org", "a\0@b.c", "a\u{202e}@b.c"] {
        assert_eq!(written(Recipient::mail(email, String::new()), SITE), unusable, "{email}");
    }
    let (mail, unusable) = (Recipient::mail("a@b.c", String::new()), Err(Unusable("unusable text")));
    assert_eq!(written(mail.clone(), SITE), Ok(()));
    assert_eq!(written(mail.clone(), "https://x\r\nDATA"), unusable);
    let unlock = |to: Recipient| {
        let message =
            TestMessage { kind: "unlock", lifetime: minutes(30), path: Some("/unlock/x"), code: None };
        let link = |path: &str| format!("https://x\r\nDATA{path}");
        Content::of(to, &message, MessageArgs::new(), link)
            .write(&number, Locale::Ru, "unlock")
            .map(|_body| ())
    };
    assert_eq!(unlock(mail), unusable);
    assert_eq!(unlock(Recipient::phone("+79991234567", String::new())), unusable);
}
