//! The app's codes: how they begin, and that each is good once.

use diesel::prelude::*;
use kabinet::base::{AccountId, minutes, seconds};
use kabinet::credentials::totp::{FirstCode, turn_on, use_code};
use kabinet::db::schema::totp_secrets;

use crate::house::{Owner, code_at};

#[actix_web::test]
async fn the_app_reads_the_same_secret_as_the_person() {
    let anna = Owner::new().await;
    let secret = anna.begins().await;
    let uri = secret.uri("Мой: Pay & Co", &anna.account).unwrap();
    let groups = secret.groups();
    assert_eq!((groups.len(), groups.concat().len()), (8, 32));
    assert!(uri.starts_with("otpauth://totp/"), "{uri}");
    assert!(uri.contains(&format!("secret={}", groups.concat())), "{uri}");
    assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
    let bytes = totp_rs::Secret::try_from_base32(groups.concat()).unwrap();
    assert_eq!(totp_rs::Totp::from_url(&uri).unwrap().secret().as_bytes(), bytes.as_bytes());
    assert!(!format!("{secret:?}").contains(&groups[0]));
}

#[actix_web::test]
async fn a_first_code_turns_it_on_and_does_not_work_again() {
    let anna = Owner::new().await;
    let secret = anna.begins().await;
    let code = code_at(&secret, anna.now());
    let id = anna.account.id;
    let turns = async |code: &str| {
        let code = code.to_owned();
        anna.writes(move |tx| turn_on(tx, id, &code)).await
    };
    assert_eq!(turns("000").await, FirstCode::Wrong);
    assert_eq!(turns(&code).await, FirstCode::Right);
    assert_eq!(turns(&code).await, FirstCode::WrongStep);
    assert!(!anna.uses_app_code(&code).await);
    anna.house.passes(seconds(30));
    let next = code_at(&secret, anna.now());
    assert!(anna.uses_app_code(&next).await);
    assert!(!anna.uses_app_code(&next).await);
    assert!(!anna.uses_app_code(&code).await, "a step before the last one");
}

#[actix_web::test]
async fn of_64_uses_of_one_code_at_two_instances_one_succeeds() {
    let anna = Owner::new().await;
    let (secret, _codes) = anna.turns_on().await;
    anna.house.passes(seconds(30));
    let (id, code) = (anna.account.id, code_at(&secret, anna.now()));
    let instances = anna.two_instances();
    let uses = (0..64).map(|place: usize| {
        let code = code.clone();
        instances[place % 2].write(move |tx| use_code(tx, id, &code))
    });
    let right = futures_util::future::join_all(uses)
        .await
        .into_iter()
        .filter(|right| matches!(right, Ok(true)))
        .count();
    assert_eq!(right, 1);
}

#[actix_web::test]
async fn a_secret_that_nobody_confirms_is_forgotten_and_stays_until_then() {
    let anna = Owner::new().await;
    let first = anna.begins().await.groups();
    assert_eq!(anna.begins().await.groups(), first);
    assert!(!anna.uses_app_code(&code_at(&anna.begins().await, anna.now())).await, "it is not on yet");
    anna.house.passes(minutes(60));
    assert_ne!(anna.begins().await.groups(), first);
}

#[actix_web::test]
async fn the_secret_lies_in_its_row_sealed_for_its_account_alone() {
    let anna = Owner::new().await;
    let secret = anna.begins().await;
    let id = anna.account.id;
    let row = totp_secrets::table.find(id).select(totp_secrets::secret);
    let sealed: Vec<u8> = anna.house.reads(move |db| row.first(db)).await;
    let bytes = totp_rs::Secret::try_from_base32(secret.groups().concat()).unwrap().as_bytes().to_vec();
    assert!(!sealed.windows(8).any(|part| bytes.windows(8).any(|secret| secret == part)));
    let opens = |id: AccountId| {
        let aad = format!("totp_secrets/{}/secret", id.as_i64());
        anna.house.keys.open_sealed(&aad, &sealed).is_ok_and(|opened| *opened == bytes)
    };
    assert!(opens(id));
    assert!(!opens(AccountId::next()));
}
