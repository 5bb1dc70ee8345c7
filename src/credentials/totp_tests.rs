use crate::base::seconds;
use crate::credentials::testing::{Owner, code_at};
use crate::db::Store;

use super::*;

/// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
#[test]
fn the_codes_are_those_of_the_rfc() {
    let authenticator = TotpSecret::of(b"12345678901234567890").unwrap();
    for (second, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        let at = Moment::from_micros(second * 1_000_000);
        assert_eq!(authenticator.step_of(code, at), Some(second / 30), "{second}");
        for near in [at.before(seconds(30)), at.after(seconds(30))] {
            assert_eq!(authenticator.step_of(code, near), Some(second / 30), "one step beside {second}");
        }
        for far in [at.before(seconds(60)), at.after(seconds(60))] {
            assert_ne!(authenticator.step_of(code, far), Some(second / 30), "two steps beside {second}");
        }
    }
    for wrong in ["", "28708", "2870822", "28708a", "+28708", "287083"] {
        assert_eq!(authenticator.step_of(wrong, Moment::from_micros(59_000_000)), None, "{wrong}");
    }
}

#[tokio::test]
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

#[tokio::test]
async fn a_first_code_turns_it_on_and_does_not_work_again() {
    let anna = Owner::new().await;
    let secret = anna.begins().await;
    let code = code_at(&secret, anna.now());
    let (keys, now, id, first) = (anna.db.keys.clone(), anna.now(), anna.account.id, code.clone());
    let turn = move |code: String| {
        let keys = keys.clone();
        move |db: &mut Db| turn_on(db, &keys, id, &code, now)
    };
    assert_eq!(anna.db.store.write(turn("000".to_owned())).await.unwrap(), TurnedOn::Missed);
    assert_eq!(anna.db.store.write(turn(first.clone())).await.unwrap(), TurnedOn::Yes);
    assert_eq!(anna.db.store.write(turn(first)).await.unwrap(), TurnedOn::Elsewhere);
    assert!(!anna.uses_app_code(&code).await);
    anna.db.clock.advance(seconds(30));
    let next = code_at(&secret, anna.now());
    assert!(anna.uses_app_code(&next).await);
    assert!(!anna.uses_app_code(&next).await);
    assert!(!anna.uses_app_code(&code).await, "a step before the last one");
}

#[tokio::test]
async fn of_64_uses_of_one_code_at_two_instances_one_succeeds() {
    let anna = Owner::new().await;
    let (secret, _codes) = anna.turns_on().await;
    anna.db.clock.advance(seconds(30));
    let (keys, now, id) = (anna.db.keys.clone(), anna.now(), anna.account.id);
    let code = code_at(&secret, now);
    let instances = [anna.db.store.clone(), Store::open(&anna.db.url).unwrap()];
    let uses = (0..64).map(|place: usize| {
        let (keys, code) = (keys.clone(), code.clone());
        instances[place % 2].write(move |db| use_code(db, &keys, id, &code, now))
    });
    let right = futures_util::future::join_all(uses)
        .await
        .into_iter()
        .filter(|right| matches!(right, Ok(true)))
        .count();
    assert_eq!(right, 1);
}

#[tokio::test]
async fn a_secret_that_nobody_confirms_is_forgotten_and_stays_until_then() {
    let anna = Owner::new().await;
    let first = anna.begins().await.groups();
    assert_eq!(anna.begins().await.groups(), first);
    assert!(!anna.uses_app_code(&code_at(&anna.begins().await, anna.now())).await, "it is not on yet");
    anna.db.clock.advance(WAITS);
    assert_ne!(anna.begins().await.groups(), first);
}

#[tokio::test]
async fn the_secret_lies_in_its_row_sealed_for_its_account_alone() {
    let (anna, keys) = (Owner::new().await, crate::base::Keys::from_seed(1));
    let secret = anna.begins().await;
    let id = anna.account.id;
    let sealed = anna.db.store.read(move |db| row(db, id)).await.unwrap().unwrap();
    let bytes = secret.0.secret().as_bytes().to_vec();
    assert!(!sealed.secret.windows(8).any(|part| bytes.windows(8).any(|secret| secret == part)));
    assert!(open(&keys, id, &sealed).is_some());
    assert!(open(&keys, AccountId::next(), &sealed).is_none());
}
