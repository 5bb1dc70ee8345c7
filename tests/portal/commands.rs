//! The program from its operator's chair: settings, commands, signals, health, metrics, logs.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::support::browser::{Browser, FORM};
use crate::support::database::{needs_postgres, needs_sqlite};
use crate::support::peers::{Smsc, Smtp};
use crate::support::person::{Codes, PASSWORD};
use crate::support::portal::{Portal, SOON, code_in, mailed_code_in, mailed_link_in};
use crate::support::process::{eventually, finished};

/// The exit code and everything printed.
pub fn outcome(command: &mut Command) -> (Option<i32>, String) {
    let output = finished(command, Duration::from_secs(20));
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn a_bad_setting_is_named_and_nothing_starts() {
    let portal = Portal::with().prepared();
    for (name, value) in [
        ("KABINET_LISTEN", "everywhere"),
        ("KABINET_LISTEN", "127.0.0.1"),
        ("KABINET_PUBLIC_URL", "pay.example.org"),
        ("KABINET_PUBLIC_URL", "ftp://127.0.0.1"),
        ("KABINET_PUBLIC_URL", "http://pay.example.org"),
        ("KABINET_DATABASE_URL", "mysql://root:hunter2@localhost/x"),
        ("KABINET_DATABASE_URL", "postgres:x.db"),
        ("KABINET_SMTP_URL", "smtp://user:hunter2@mail.example.org"),
        ("KABINET_SMTP_URL", "mail.example.org:25"),
        ("KABINET_MAIL_FROM", "nobody"),
        ("KABINET_MAIL_FROM", "a\r\nb@example.org"),
        ("KABINET_SMS_URL", "http://127.0.0.1"),
        ("KABINET_SMS_URL", "smpp://kabinet:hunter2-hunter2@127.0.0.1:2775"),
        ("KABINET_GATEWAY_URL", "https://hunter2@api.stripe.com"),
        ("KABINET_GATEWAY_URL", "stripe+http://hunter2@api.stripe.com"),
        ("KABINET_GATEWAY_URL", "paypal+https://hunter2@api.example.org"),
        ("KABINET_GATEWAY_WEBHOOK_SECRET", "hunter2"),
        ("KABINET_CARD_ENTRY", "here"),
        ("KABINET_OPERATOR_MAIL", "nobody"),
        ("KABINET_SANDBOX", "perhaps"),
        ("KABINET_SANDBOX_LISTEN", "0.0.0.0:8081"),
        ("KABINET_TRUSTED_PROXIES", "localhost"),
        ("KABINET_BRAND", "a\u{202e}b"),
        ("KABINET_HASH_WAIT_SECONDS", "0"),
        ("KABINET_HASH_WAIT_SECONDS", "61"),
        ("KABINET_CARD_WAIT_SECONDS", "61"),
        ("KABINET_LOG", "kabinet=shout=loud"),
        ("KABINET_LOG_FORMAT", "xml"),
        ("KABINET_METRICS_LISTEN", "9090"),
    ] {
        let (code, said) = outcome(portal.command(&[]).env(name, value));
        assert!(code.is_some_and(|code| code != 0), "{name}={value} was taken: {said}");
        assert!(said.contains(name), "{name}={value} is not named in: {said}");
        assert!(!said.contains("hunter2"), "a password is repeated: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    assert!(!portal.dir.path("secret.key").exists(), "nothing was begun");
}

#[test]
fn the_sandbox_never_opens_on_a_public_site() {
    let portal = Portal::with()
        .set("KABINET_PUBLIC_URL", "https://pay.example.org")
        .set("KABINET_SANDBOX", "on")
        .prepared();
    let (code, said) = outcome(&mut portal.command(&[]));
    assert!(code != Some(0) && said.contains("KABINET_SANDBOX"), "{said}");
    let mut needed = Vec::new();
    for (name, value) in [
        ("KABINET_SMTP_URL", "smtps://mail.example.org"),
        ("KABINET_SMS_URL", "smpp://kabinet:secret@sms.example.org"),
        ("KABINET_GATEWAY_URL", "stripe+https://sk_test_1@api.stripe.com"),
    ] {
        let portal = Portal::with().set("KABINET_PUBLIC_URL", "https://pay.example.org").prepared();
        let (code, said) = outcome(portal.command(&[]).envs(needed.iter().copied()));
        assert!(code != Some(0) && said.contains(name), "{said}");
        needed.push((name, value));
    }
}

#[test]
fn an_address_that_is_taken_is_named() {
    let first = Portal::start();
    let second = Portal::with().prepared();
    let taken = first.listen().to_string();
    let (code, said) = outcome(second.command(&[]).env("KABINET_LISTEN", &taken));
    assert!(code != Some(0) && said.contains("KABINET_LISTEN") && said.contains(&taken), "{said}");
}

#[test]
fn a_database_that_is_not_there_is_named() {
    let portal = Portal::with().prepared();
    let nowhere = "postgres://kabinet:hunter2@127.0.0.1:1/kabinet";
    let (code, said) = outcome(portal.command(&["migrate"]).env("KABINET_DATABASE_URL", nowhere));
    assert!(code != Some(0) && said.contains("KABINET_DATABASE_URL") && !said.contains("hunter2"), "{said}");
}

#[test]
fn unknown_commands_and_help() {
    let portal = Portal::with().prepared();
    let (code, said) = outcome(&mut portal.command(&["--help"]));
    assert!(code == Some(0) && said.contains("migrate"), "{said}");
    let (code, said) = outcome(&mut portal.command(&["fly"]));
    assert!(code.is_some_and(|code| code != 0) && said.contains("fly"), "{said}");
}

#[test]
fn migrate_prepares_the_database_and_does_nothing_the_second_time() {
    let mut portal = Portal::with().prepared();
    for _ in 0..2 {
        let (code, said) = outcome(&mut portal.command(&["migrate"]));
        assert_eq!(code, Some(0), "{said}");
    }
    assert!(portal.database.tables().contains(&"accounts".to_owned()));
    portal.restart();
    portal.registers();
    let (code, said) = outcome(&mut portal.command(&["migrate"]));
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn without_settings_it_keeps_its_data_in_the_folder_where_it_was_started() {
    let portal = Portal::with().prepared();
    let mut command = portal.command(&["migrate"]);
    for name in ["KABINET_DATABASE_URL", "KABINET_SECRET_FILE", "KABINET_SANDBOX_FILE"] {
        command.env_remove(name);
    }
    let (code, said) = outcome(&mut command);
    assert_eq!(code, Some(0), "{said}");
    assert!(portal.dir.path("data/kabinet.db").exists());
}

#[test]
fn the_master_key_is_readable_by_its_owner_alone_and_another_key_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let mut portal = Portal::start();
    portal.registers();
    let file = portal.dir.path("secret.key");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    portal.kill();
    let other = portal.dir.path("other.key").display().to_string();
    let (code, said) = outcome(portal.command(&[]).env("KABINET_SECRET_FILE", &other));
    assert!(code != Some(0) && said.contains("KABINET_SECRET_FILE"), "a key that does not fit: {said}");
}

#[test]
fn the_start_says_what_to_open() {
    let portal = Portal::start();
    let log = portal.log();
    assert!(log.contains(&portal.url("")), "{log}");
    assert!(log.contains(&portal.sandbox_address().to_string()), "{log}");
}

#[test]
fn sigterm_lets_the_request_in_hand_finish_and_ends_well() {
    let mut portal = Portal::start();
    let anna = portal.registers();
    let mut late = portal.browser();
    let form = late.opens("/sign-in").form_to("/sign-in").unwrap();
    let body = form.filled(&[("login", &anna.number), ("password", PASSWORD)]);
    let request = late.request("POST", "/sign-in", &[FORM, ("expect", "100-continue")], Some(&body));
    let mut stream = TcpStream::connect(portal.listen()).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream.write_all(&request[..request.len() - body.len()]).unwrap();
    let mut asks_for_the_body = [0; 25];
    stream.read_exact(&mut asks_for_the_body).unwrap();
    assert_eq!(&asks_for_the_body, b"HTTP/1.1 100 Continue\r\n\r\n");
    portal.is_told_to_stop();
    eventually("the beginning of the end", SOON, || portal.log().contains("stopping").then_some(()));
    stream.write_all(&body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 303 ") && answer.contains("location: /cabinet\r\n"), "{answer}");
    let status = portal.ends_within(Duration::from_secs(15)).expect("it ends within 15 seconds");
    assert_eq!(status.code(), Some(0), "{}", portal.log());
    portal.restart();
    portal.browser().signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
}

#[test]
fn health_and_metrics_answer_where_they_should() {
    let portal = Portal::start();
    for path in ["/health/live", "/health/ready"] {
        portal.browser().get(path).is(200);
        Browser::new(portal.listen()).from("").get(path).is(200);
    }
    portal.registers();
    let metrics = portal.metrics().is(200).text();
    let numbers = metrics.lines().filter(|line| !line.starts_with('#') && line.rsplit(' ').next().is_some());
    assert!(numbers.count() >= 5, "{metrics}");
    assert!(metrics.contains("# TYPE") && metrics.contains("kabinet"), "{metrics}");
    portal.browser().get("/metrics").is(404);
}

fn lines(portal: &Portal) -> Vec<Value> {
    let log = portal.log();
    let all = log.lines().filter(|line| line.starts_with('{'));
    all.map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

#[test]
fn the_number_on_the_error_page_is_found_in_the_structured_log() {
    let portal = Portal::start();
    let page = portal.browser().get("/nowhere").is(404).page();
    let text = page.text();
    let id = text.split("Номер запроса:").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    assert!(id.len() >= 8, "{id}");
    let line = eventually("a line of the log", SOON, || {
        lines(&portal).into_iter().find(|line| line.to_string().contains(&id))
    });
    assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
    let quiet = Portal::with().set("KABINET_LOG", "info").start();
    let page = quiet.browser().get("/nowhere").is(404).page();
    assert!(!page.says("Номер запроса"), "no page has a number that is in no log: {}", page.text());
    let answered = || lines(&portal).iter().filter(|line| line["message"] == "answered").count();
    let before = answered();
    portal.browser().get("/nowhere%0a%7b%22level%22%3a%22forged%22%7d%1b%5b31m").is(404);
    eventually("its line of the log", SOON, || (answered() > before).then_some(()));
    // Refused before it reaches the application; whatever it left in the log stands there before the next line.
    portal.browser().ask("GET", "/nowhere", &[("user-agent", "x\u{1b}[31m")], None).is(400);
    portal.browser().get("/nowhere").is(404);
    eventually("the line after it", SOON, || (answered() > before + 1).then_some(()));
    assert!(lines(&portal).iter().all(|line| line["level"] != "forged"));
    assert!(!portal.log().contains('\u{1b}'), "an escape sequence in the log");
}

#[test]
fn no_secret_is_found_in_the_log_or_in_the_database() {
    let (smtp, smsc) = (Smtp::start(), Smsc::start());
    let portal = Portal::with()
        .mail_through(&smtp)
        .sms_through(&smsc)
        .set("KABINET_LOG", "debug,kabinet=trace")
        .start();
    let canary = "kanareyka-poyot-8-utrom";
    let mut anna = portal.browser();
    let phone = crate::support::person::phone();
    anna.registers_up_to("/registration/password", &phone, &smsc);
    anna.thinks_up(canary, "petya@example.com").goes_to("/registration/done");
    let mail = smtp.mail_to("petya@example.com");
    let token = mailed_link_in(&mail).replace("/confirmations/", "");
    anna.get(&format!("/confirmations/{token}")).is(200);
    anna.submits("/email/code", &[("code", &mailed_code_in(&mail))]).is(303);
    anna.signs_out().goes_to("/");
    portal.browser().signs_in("petya@example.com", "kanareyka-wrong-4").is(422);
    anna.signs_in(&phone, canary).goes_to("/cabinet");
    let mut secrets = vec![
        canary.to_owned(),
        "kanareyka-wrong-4".to_owned(),
        token,
        "letter-box".to_owned(),
        ":secret@".to_owned(),
    ];
    secrets.extend(anna.cookies.iter().filter(|(name, _)| name != "locale").map(|(_, value)| value.clone()));
    portal.has_sent_everything(SOON);
    let (log, bytes) = (portal.log(), portal.database.bytes());
    let stored = String::from_utf8_lossy(&bytes);
    for secret in secrets {
        assert!(!log.contains(&secret), "«{secret}» is in the log");
        assert!(!stored.contains(&secret), "«{secret}» is in the database");
    }
    assert!(stored.contains(&phone), "the scan sees the database at all");
    assert!(log.contains("\"route\":\"/sign-in\""), "and the log");
}

#[test]
fn codes_are_found_neither_in_the_log_nor_in_a_column() {
    let smsc = Smsc::start();
    let portal = Portal::with().sms_through(&smsc).set("KABINET_LOG", "debug,kabinet=trace").start();
    // Four digits turn up by chance; not three times in a row.
    let found = (0..3).filter(|_| {
        let phone = crate::support::person::phone();
        portal.browser().gives_phone(&phone).goes_to("/registration/code");
        let code = smsc.code_for(&phone);
        assert_eq!(code, code_in(&smsc.messages_to(&phone)[0]));
        portal.has_sent_everything(SOON);
        let alone =
            |text: &str| text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == code);
        let columns = ["token_hash", "status", "phone"].map(|column| {
            portal
                .database
                .lines(&format!("SELECT CAST({column} AS TEXT) AS line FROM registrations"))
                .join(" ")
        });
        assert!(columns[2].contains(&phone) && portal.log().contains("/registration"), "{columns:?}");
        alone(&portal.log()) || alone(&columns.join(" "))
    });
    assert!(found.count() < 3, "the codes are written down");
}

#[test]
fn numbers_at_the_gateway_want_a_gateway_with_a_page_for_them() {
    let portal = Portal::with().set("KABINET_CARD_ENTRY", "hosted_redirect").prepared();
    let (code, said) =
        outcome(portal.command(&[]).env("KABINET_GATEWAY_URL", "stripe+http://sk_test@127.0.0.1:9"));
    assert!(
        code.is_some_and(|code| code != 0) && said.contains("KABINET_CARD_ENTRY") && said.contains("stripe"),
        "{said}"
    );
    assert!(!portal.dir.path("secret.key").exists(), "nothing was begun");
}

#[test]
fn staff_see_what_is_stuck_and_why_cards_were_refused() {
    let portal = Portal::start();
    let list = |what: &str| outcome(&mut portal.command(&["cards", what]));
    assert_eq!(list("stuck"), (Some(0), "No money is stuck.\n".to_owned()));
    let mut anna = portal.registers().browser;
    let mut binds = |number| {
        let card =
            [("number", number), ("holder", "ANNA PETROVA"), ("expiry", "12/35"), ("security_code", "123")];
        anna.submits_on("/cards/new", "/cards", &card).is(303).location().to_owned()
    };
    binds("4000 0000 0000 9995");
    let refused = eventually("a refusal", SOON, || {
        Some(list("refused").1).filter(|said| said.contains("insufficient-funds"))
    });
    assert!(refused.contains("Visa •••• 9995") && !refused.contains("ANNA"), "{refused}");
    let check = binds("4000 0000 0000 6009");
    eventually("a charge", SOON, || anna.opens(&check).says("Списанная сумма").then_some(()));
    anna.submits(&check.replace("/verification", "/removal"), &[]).goes_to("/cards");
    let (code, said) = eventually("a refund that is refused", SOON, || {
        Some(list("stuck")).filter(|(code, _)| *code == Some(1))
    });
    assert!(
        said.contains("returning") && said.contains("refund-later") && said.contains("Visa •••• 6009"),
        "{code:?} {said}"
    );
    assert!(portal.metrics().text().contains("kabinet_verifications_stuck 0"), "not for an hour yet");
}

mod postgres_only {
    use super::*;

    #[test]
    fn several_instances_may_start_at_once_on_an_empty_database() {
        needs_postgres();
        let first = Portal::with().prepared();
        let mut instances: Vec<Portal> = (0..3).map(|_| Portal::with().beside(&first).prepared()).collect();
        instances.iter_mut().for_each(Portal::launch);
        for instance in &mut instances {
            eventually("a ready instance", SOON, || {
                assert!(instance.is_running(), "{}", instance.log());
                instance
                    .browser()
                    .tries("GET", "/health/ready", &[], None)
                    .filter(|answer| answer.status == 200)
            });
        }
    }

    #[test]
    fn it_is_not_ready_while_the_database_is_away_and_comes_back_with_it() {
        needs_postgres();
        let portal = Portal::start();
        let mut anna = portal.registers();
        let (name, server) = portal.database.at_a_server();
        let psql = |sql: &str| {
            let (code, said) =
                outcome(Command::new("psql").args(["--quiet", "--dbname", server, "--command", sql]));
            assert_eq!(code, Some(0), "{said}");
        };
        psql(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        psql(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
        eventually("not ready", SOON, || (portal.browser().get("/health/ready").status == 503).then_some(()));
        portal.browser().get("/health/live").is(200);
        let status = anna.browser.get("/cabinet").status;
        assert!(matches!(status, 500 | 503), "the page of an account without a database answered {status}");
        psql(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
        eventually("ready again", SOON, || {
            (portal.browser().get("/health/ready").status == 200).then_some(())
        });
        assert!(anna.browser.is_signed_in(), "the session is still there");
    }
}

mod sqlite_only {
    use super::*;

    #[test]
    fn after_sigterm_the_journal_is_folded_into_the_file() {
        needs_sqlite();
        let mut portal = Portal::start();
        portal.registers();
        let journal = format!("{}-wal", portal.database.file().display());
        assert!(std::fs::metadata(&journal).unwrap().len() > 0, "there is something to fold");
        portal.is_told_to_stop();
        portal.ends_within(SOON).expect("it ends in time");
        assert_eq!(std::fs::metadata(&journal).map_or(0, |file| file.len()), 0);
        portal.restart();
        assert_eq!(portal.database.count("SELECT COUNT(*) AS count FROM accounts"), 1);
    }
}
