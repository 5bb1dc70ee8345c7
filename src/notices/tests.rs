//! The outbox's promises, one by one; those that need the worker are tested beside it.

use diesel::prelude::*;
use diesel::result::Error;

use super::notice::{Body, Channel, Kind, Notice, To, Unusable, write};
use super::number::MessageNumber;
use super::outbox::{self, Claim, Outcome};
use super::status::Status;
use super::testing::{TestDb, code_to, example, mail_to};
use crate::base::{days, hours, minutes, seconds};
use crate::db::StoreError;
use crate::db::schema::outbox as table;
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
async fn a_message_is_promised_only_with_what_it_tells_about() {
    let db = TestDb::new();
    let (keys, now) = (db.keys.clone(), db.clock.now());
    let post = move |db: &mut crate::db::Db| {
        outbox::post(db, &keys, now, &code_to("+79991234567"))?;
        Err::<(), _>(Error::RollbackTransaction)
    };
    assert!(matches!(db.store.write(post).await, Err(StoreError::Query(Error::RollbackTransaction))));
    assert!(claimed(&db, Channel::Sms).await.is_empty());
}

#[tokio::test]
async fn the_table_does_not_tell_who_was_told_what() {
    let db = TestDb::new();
    let number = db.post(&code_to("+79991234567")).await;
    db.post(&mail_to("anna.k@example.org")).await;
    let (masked, sealed): (Vec<String>, Vec<Option<Vec<u8>>>) = db
        .store
        .read(|db| {
            let rows =
                table::table.order(table::id).select((table::recipient_masked, table::content)).load(db)?;
            Ok(rows.into_iter().unzip())
        })
        .await
        .unwrap();
    assert_eq!(masked, ["+7********67", "a***@example.org"]);
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
    let number = db.post(&code_to("+79991234567")).await;
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
    db.post(&code_to("+79991234567")).await;
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
        numbers.push(db.post(&code_to("+79991234567")).await);
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
    let (code, mail) = (db.post(&code_to("+79991234567")).await, db.post(&mail_to("anna@example.org")).await);
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

#[test]
fn every_kind_can_be_said_in_every_language() {
    let number = MessageNumber::random();
    for locale in Locale::ALL {
        for kind in Kind::ALL {
            let says = example(*kind);
            let sms = write(&number, *locale, &To::Phone("+79991234567".to_owned()), &says);
            let mail = write(&number, *locale, &To::Mail("anna@example.org".to_owned()), &says);
            let (by_sms, by_mail) = match kind {
                Kind::RegistrationCode | Kind::AlreadyRegistered => (true, false),
                Kind::PhoneCode | Kind::PhoneTaken => (true, false),
                Kind::EmailChanged | Kind::EmailRemoved | Kind::PhoneChanged | Kind::PhoneRemoved => {
                    (true, true)
                }
                Kind::PasswordChanged | Kind::SmsSettingsChanged => (true, true),
                Kind::RecoveryCode | Kind::RecoveryByMail => (true, false),
                Kind::Unlock | Kind::NewDevice | Kind::PasswordReset | Kind::QuestionsChanged => (true, true),
                Kind::FactorOn | Kind::FactorOff | Kind::RecoveryCodesMade | Kind::RecoveryCodeUsed => {
                    (true, true)
                }
                Kind::CardCharged | Kind::CardConfirmed | Kind::CardFailed => (true, true),
                Kind::CardReturned | Kind::CardUnbound | Kind::CardExpiring => (true, true),
                _ => (false, true),
            };
            assert_eq!((sms.is_ok(), mail.is_ok()), (by_sms, by_mail), "{}", kind.word());
            if let Ok(Body::Sms { text }) = sms {
                assert!(text.contains("Alipay"), "{text}");
                assert!(text.contains("0417") || text.contains("a_b-c"), "{text}");
                assert!(!text.contains("sms-") && !text.contains("{ $"), "{text}");
            }
            if let Ok(Body::Mail { subject, text, html }) = mail {
                assert!(text.contains(number.as_str()) && html.contains(number.as_str()), "{text}");
                assert!(
                    text.contains(" https://pay.example.org/check\n")
                        && html.contains("\"https://pay.example.org/check\""),
                    "{text}"
                );
                assert!(text.contains("https://pay.example.org/confirmations/a_b-c\n"), "{text}");
                assert!(
                    text.contains(&subject) && !text.contains("mail-") && !text.contains("{ $"),
                    "{text}"
                );
                assert!(
                    !html.contains("src=") && !html.contains("<link") && !html.contains("<script"),
                    "{html}"
                );
            }
        }
    }
}

#[test]
fn recipients_and_texts_that_carriers_would_misread_are_refused() {
    let number = MessageNumber::random();
    let unusable = |to: To, kind: Kind| write(&number, Locale::Ru, &to, &example(kind)).err().unwrap();
    for phone in ["", "79991234567", "+7999\r\n123456", "+7999123456789012", "+٧٩٩٩١٢٣٤٥٦٧"] {
        assert_eq!(
            unusable(To::Phone(phone.to_owned()), Kind::RegistrationCode),
            Unusable("unusable recipient"),
            "{phone}"
        );
    }
    for address in ["a@b.c\r\nBcc: all@example.org", "a\0@b.c", "a\u{202e}@b.c"] {
        assert_eq!(
            unusable(To::Mail(address.to_owned()), Kind::AddressTaken),
            Unusable("unusable recipient"),
            "{address}"
        );
    }
    let says = super::Says::Unlock { url: "https://x\r\nDATA".to_owned() };
    assert!(write(&number, Locale::Ru, &To::Mail("a@b.c".to_owned()), &says).is_err());
    assert!(write(&number, Locale::Ru, &To::Phone("+79991234567".to_owned()), &says).is_err());
    let notice =
        Notice { to: To::Mail("anna@example.org".to_owned()), account_id: None, locale: Locale::Ru, says };
    assert_eq!(format!("{notice:?}"), "Notice(unlock)");
}
