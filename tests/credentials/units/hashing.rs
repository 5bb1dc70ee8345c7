//! Hashes of passwords: what is right, what is dated, what waits too long.

use std::time::Duration;

use argon2::password_hash::phc::Output;
use argon2::{Algorithm, Argon2, Params, Version};
use kabinet::base::minutes;
use kabinet::credentials::hashing::{Hashers, Overload, Verdict};
use zeroize::Zeroizing;

#[tokio::test]
async fn what_would_wait_too_long_is_given_back_undone() {
    let hashers = Hashers::start(Duration::ZERO).unwrap();
    let password = || Zeroizing::new("secret".to_owned());
    assert_eq!(hashers.hash(password()).await, Err(Overload));
    assert_eq!(hashers.verify(password(), None).await, Err(Overload));
    assert_eq!(hashers.done(), 0);
}

#[tokio::test]
async fn long_passwords_differ_to_their_last_character() {
    let hashers = Hashers::start(minutes(1)).unwrap();
    let password = |end: &str| Zeroizing::new(format!("{}{end}", "пароль🔑 ".repeat(14)));
    let hash = hashers.hash(password("a")).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    let verdict =
        async |end| hashers.verify(password(end), Some(Zeroizing::new(hash.clone()))).await.unwrap();
    assert_eq!(verdict("a").await, Verdict::Right);
    assert_eq!(verdict("b").await, Verdict::Wrong);
    assert_eq!(hashers.verify(password("a"), None).await.unwrap(), Verdict::Wrong);
}

#[tokio::test]
async fn old_parameters_are_noticed_and_foreign_ones_are_bounded() {
    let hashers = Hashers::start(minutes(1)).unwrap();
    let old = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$";
    let mut out = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, Some(32)).unwrap())
        .hash_password_into(b"secret", b"somesaltsomesalt", &mut out)
        .unwrap();
    let hash = format!("{old}{}", Output::new(&out).unwrap());
    let verify = async |hash: &str| {
        hashers
            .verify(Zeroizing::new("secret".to_owned()), Some(Zeroizing::new(hash.to_owned())))
            .await
            .unwrap()
    };
    assert_eq!(verify(&hash).await, Verdict::RightButDated);
    assert_eq!(verify(&hash.replace("m=64", "m=4000000")).await, Verdict::Wrong);
    assert_eq!(verify("nonsense").await, Verdict::Wrong);
}
