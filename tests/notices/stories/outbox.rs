//! The outbox's promises, one by one; those that need the worker are told beside it.

use diesel::prelude::*;
use diesel::result::Error;
use kabinet::base::{days, hours, minutes, seconds};
use kabinet::db::schema::{counters, outbox as table};
use kabinet::db::{StoreError, Tx};
use kabinet::notices::outbox::{self, Claim, Outcome};
use kabinet::notices::{Channel, Status};
use kabinet::texts::Locale;

use crate::house::{House, MASKED_MAIL, MASKED_PHONE, Posting, code_to, mail_to};

async fn claimed(house: &House, channel: Channel) -> Vec<Claim> {
    let now = house.now();
    let due = house.reads(move |db| outbox::due(db, now, channel, 20)).await;
    house.writes(move |db| outbox::claim(db, now, seconds(30), &due)).await
}

async fn finish(house: &House, claim: &Claim, outcome: Outcome) -> bool {
    let (now, id, attempt) = (house.now(), claim.id, claim.attempt);
    house.writes(move |db| outbox::finish(db, now, id, attempt, &outcome)).await
}

async fn receipt(house: &House, peer_id: &'static str, arrived: bool) -> bool {
    let now = house.now();
    house.writes(move |db| outbox::receipt(db, now, peer_id, arrived)).await
}

#[actix_web::test]
async fn a_message_is_queued_only_with_what_it_tells_about() {
    let house = House::open().await;
    let post = |tx: &mut Tx| {
        let Posting { to, message, .. } = code_to("+79991234567");
        tx.queue_message(to, None, Locale::Ru, &message)?;
        Err::<(), _>(Error::RollbackTransaction)
    };
    assert!(matches!(
        house.state().txs.write(post).await,
        Err(StoreError::Query(Error::RollbackTransaction))
    ));
    assert!(claimed(&house, Channel::Sms).await.is_empty());
}

#[actix_web::test]
async fn the_table_does_not_tell_who_was_told_what() {
    let house = House::open().await;
    let number = house.post(code_to("+79991234567")).await;
    house.post(mail_to("anna.k@example.org")).await;
    let (masked, sealed): (Vec<String>, Vec<Option<Vec<u8>>>) = house
        .reads(|db| {
            let rows =
                table::table.order(table::id).select((table::recipient_masked, table::content)).load(db)?;
            Ok(rows.into_iter().unzip())
        })
        .await;
    assert_eq!(masked, [MASKED_PHONE, MASKED_MAIL]);
    for content in sealed.into_iter().flatten() {
        let text = String::from_utf8_lossy(&content).into_owned();
        assert!(!text.contains("0417") && !text.contains("1234567") && !text.contains("anna"));
    }
    let claim = claimed(&house, Channel::Sms).await.pop().unwrap();
    assert!(finish(&house, &claim, Outcome::Sent { peer_id: None }).await);
    assert!(!house.message(&number).await.has_content, "wiped once it was handed over");
}

#[actix_web::test]
async fn a_claim_that_has_lapsed_is_another_workers() {
    let house = House::open().await;
    let number = house.post(code_to("+79991234567")).await;
    let dead = claimed(&house, Channel::Sms).await.pop().unwrap();
    assert!(claimed(&house, Channel::Sms).await.is_empty(), "it is being sent");

    house.passes(seconds(31));
    let heir = claimed(&house, Channel::Sms).await.pop().unwrap();
    assert_eq!((heir.id, heir.attempt), (dead.id, 2));
    assert!(
        !finish(&house, &dead, Outcome::Failed { class: "no answer".to_owned() }).await,
        "too late to say anything"
    );
    assert!(finish(&house, &heir, Outcome::Sent { peer_id: None }).await);
    assert_eq!(house.message(&number).await.status, Status::Sent);
}

#[actix_web::test]
async fn only_one_of_two_that_saw_the_same_message_gets_it() {
    let house = House::open().await;
    house.post(code_to("+79991234567")).await;
    let now = house.now();
    let due = house.reads(move |db| outbox::due(db, now, Channel::Sms, 20)).await;
    let again = due.clone();
    let first = house.writes(move |db| outbox::claim(db, now, seconds(30), &due)).await;
    let second = house.writes(move |db| outbox::claim(db, now, seconds(30), &again)).await;
    assert_eq!((first.len(), second.len()), (1, 0));
}

#[actix_web::test]
async fn receipts_end_the_newest_sent_message_of_their_id() {
    let house = House::open().await;
    assert!(!receipt(&house, "7", true).await, "nothing is sent yet");
    let mut numbers = Vec::new();
    for _ in 0..2 {
        numbers.push(house.post(code_to("+79991234567")).await);
        let claim = claimed(&house, Channel::Sms).await.pop().unwrap();
        finish(&house, &claim, Outcome::Sent { peer_id: Some("7".to_owned()) }).await;
    }
    assert!(receipt(&house, "7", true).await);
    assert!(receipt(&house, "7", false).await);
    assert!(!receipt(&house, "7", false).await, "each message ends once");
    assert_eq!(house.message(&numbers[1]).await.status, Status::Delivered);
    assert_eq!(house.message(&numbers[0]).await.status, Status::Undelivered);
}

#[actix_web::test]
async fn what_waited_in_vain_fails_and_what_ended_is_forgotten() {
    let house = House::open().await;
    let maintain = async || {
        let now = house.now();
        house.writes(move |db| outbox::delete_expired(db, now)).await;
    };
    let (code, mail) =
        (house.post(code_to("+79991234567")).await, house.post(mail_to("anna@example.org")).await);
    house.passes(minutes(11));
    maintain().await;
    let row = house.message(&code).await;
    assert_eq!(
        (row.status, row.failure.as_deref(), row.has_content),
        (Status::Failed, Some("too late"), true)
    );
    assert_eq!(house.message(&mail).await.status, Status::Queued, "a mail is of use for longer");
    house.passes(hours(72));
    maintain().await;
    assert_eq!(house.message(&mail).await.status, Status::Failed);
    house.passes(days(31));
    maintain().await;
    assert!(!house.message(&mail).await.has_content);
    house.passes(days(91));
    maintain().await;
    let left: i64 = house.reads(|db| table::table.count().get_result(db)).await;
    assert_eq!(left, 0);
}

#[actix_web::test]
async fn a_decoy_leaves_nothing_behind() {
    let house = House::open().await;
    let decoy = |tx: &mut Tx| {
        let Posting { to, message, .. } = mail_to("anna@example.org");
        tx.queue_decoy(to, Locale::Ru, &message)
    };
    house.state().txs.write(decoy).await.unwrap();
    assert!(claimed(&house, Channel::Mail).await.is_empty());
    let counters: i64 = house.reads(|db| counters::table.count().get_result(db)).await;
    assert_eq!(counters, 0);
}
