//! What the database must not tell to whoever reads it.

use kabinet::base::{Clock, minutes};
use kabinet::portal::{Portal, PortalError};

use crate::house::{House, PASSWORD, code_in, link_in, settings_of};
use crate::support::database::Database;
use crate::support::process::Workdir;

#[actix_web::test]
async fn no_password_code_token_or_cookie_stands_in_the_database() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let form = anna.opens("/registration/password").await;
    let rejected = "neverno-9-povtoreno";
    let fields = [("password", rejected), ("again", "neverno-7-povtoreno"), ("email", "anna@example.org")];
    anna.sends(&form, "/registration/password", &fields).await.is(422);
    anna.thinks_up(PASSWORD, "anna@example.org").await.goes_to("/registration/done");
    let number = anna.account_number().await;
    anna.in_another_browser().signs_in(&number, "chuzhoj-4-parol").await.is(422);
    anna.in_another_browser().signs_in("anna-tajnyj-login", "chuzhoj-4-parol").await.is(422);
    house.passes(minutes(6));
    anna.submits("/email", &[("email", "anna@example.org"), ("password", "chuzhoj-5-parol")]).await.is(422);
    let promised = house.database.bytes();
    let letter = house.letter_to("anna@example.org").await;
    let (code, link) = (code_in(&letter, 6), link_in(&letter));
    let mut canaries = vec![
        PASSWORD.to_owned(),
        rejected.to_owned(),
        "chuzhoj-4-parol".to_owned(),
        "chuzhoj-5-parol".to_owned(),
    ];
    canaries.push("anna-tajnyj-login".to_owned());
    canaries.push(link.rsplit('/').next().unwrap().to_owned());
    canaries.extend([format!("\"code\":\"{code}\""), format!("code {code}"), format!("Код: {code}")]);
    for cookie in ["sid-dev", "reg-dev", "browser-dev"] {
        let value = anna.cookie(cookie).unwrap();
        canaries.push(value[value.len() - 43..].to_owned());
    }
    for bytes in [promised, house.database.bytes()] {
        assert!(holds(&bytes, "anna@example.org") && holds(&bytes, &anna.phone), "the dump can be read");
        for canary in &canaries {
            assert!(!holds(&bytes, canary), "{canary} stands in the database");
        }
    }
}

#[actix_web::test]
async fn a_promised_message_lies_sealed_until_it_is_sent_and_is_wiped_then() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let sealed = house.database.lines(match house.database {
        Database::Sqlite(_) => "SELECT hex(content) AS line FROM outbox",
        Database::Postgres { .. } => "SELECT upper(encode(content, 'hex')) AS line FROM outbox",
    });
    let code = anna.receives_code().await;
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
    assert!(sealed[0].len() > 100, "{sealed:?}");
    for secret in [format!("\"{code}\""), anna.phone.clone(), "registration".to_owned()] {
        assert!(!sealed[0].contains(&hex(&secret)), "{secret}");
    }
    assert_eq!(house.count("outbox WHERE content IS NULL AND status = 'sent'"), 1);
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[actix_web::test]
async fn the_secret_file_of_another_installation_is_refused_at_the_start() {
    let dir = Workdir::new("secrets");
    let database = Database::fresh(dir.root());
    let start = || Portal::start(settings_of(&dir, &database.url(), &[]), Clock::default());
    start().await.unwrap().stop().await;
    std::fs::rename(dir.path("secret.key"), dir.path("own.key")).unwrap();
    let refused = start().await.err().unwrap();
    assert!(matches!(refused, PortalError::AnotherSecret), "{refused}");
    assert!(refused.to_string().starts_with("KABINET_SECRET_FILE: "), "{refused}");
    std::fs::rename(dir.path("own.key"), dir.path("secret.key")).unwrap();
    start().await.unwrap().stop().await;
}
