//! What was promised to be sent is sent: once, exactly, and whatever happens to the one before it.

use std::time::Duration;

use serde_json::Value;

use crate::support::database::needs_postgres;
use crate::support::peers::{Smsc, Smtp, digits};
use crate::support::person::{Codes, PASSWORD, phone};
use crate::support::portal::{Portal, SOON, mailed_code_in};
use crate::support::process::eventually;

/// Long enough for a few attempts with the pauses between them.
const RETRIED_WITHIN: Duration = Duration::from_secs(150);

fn states(portal: &Portal, channel: &str) -> Vec<String> {
    portal
        .database
        .lines(&format!("SELECT status AS line FROM outbox WHERE channel = '{channel}' ORDER BY id"))
}

#[test]
fn one_poisonous_message_never_holds_up_the_rest() {
    let smsc = Smsc::start();
    let portal = Portal::with().sms_through(&smsc).start();
    for poisonous in ["+79165550101", "+79165550104", "+79165560104", "+79165570102"] {
        portal.browser().gives_phone(poisonous).goes_to("/registration/code");
    }
    for _ in 0..5 {
        let phone = phone();
        portal.browser().gives_phone(&phone).goes_to("/registration/code");
        eventually("a good message behind bad ones", Duration::from_secs(15), || smsc.newest(&phone));
    }
}

#[test]
fn an_sms_that_the_centre_throttles_is_sent_later_and_once() {
    let smsc = Smsc::start();
    let portal = Portal::with().sms_through(&smsc).start();
    let mut anna = portal.browser();
    anna.gives_phone("+79165550100").goes_to("/registration/code");
    let code = eventually("the throttled message", RETRIED_WITHIN, || smsc.newest("+79165550100"));
    anna.gives_code(&code).goes_to("/registration/privacy");
    assert_eq!(smsc.messages_to("+79165550100").len(), 1);
}

#[test]
fn an_sms_that_the_centre_refuses_for_good_ends_as_a_dead_letter() {
    let smsc = Smsc::start();
    let portal = Portal::with().sms_through(&smsc).start();
    portal.browser().gives_phone("+79165550101").goes_to("/registration/code");
    eventually("a dead letter", RETRIED_WITHIN, || {
        states(&portal, "sms").pop().filter(|state| state == "failed")
    });
    assert!(
        portal.database.lines("SELECT failure AS line FROM outbox").concat().len() > 3,
        "why it died is kept"
    );
}

#[test]
fn a_broken_connection_or_a_centre_that_restarts_loses_nothing() {
    let mut smsc = Smsc::start();
    let portal = Portal::with().sms_through(&smsc).start();
    let before = phone();
    portal.browser().gives_phone(&before).goes_to("/registration/code");
    smsc.code_for(&before);
    portal.browser().gives_phone("+79165550102").goes_to("/registration/code");
    eventually("the message whose connection was cut", RETRIED_WITHIN, || smsc.newest("+79165550102"));
    let missed = || portal.log().matches("no bind to the SMS centre").count();
    let before_that = missed();
    smsc.stop();
    let during = phone();
    portal.browser().gives_phone(&during).goes_to("/registration/code");
    eventually("a portal that misses the centre", SOON, || (missed() > before_that).then_some(()));
    smsc.resume();
    eventually("the message sent while the centre was away", RETRIED_WITHIN, || smsc.newest(&during));
    let after = phone();
    portal.browser().gives_phone(&after).goes_to("/registration/code");
    eventually("the message after it came back", SOON, || smsc.newest(&after));
    for phone in [&before, &during, &after] {
        assert_eq!(smsc.messages_to(phone).len(), 1, "{phone}");
    }
}

#[test]
fn a_centre_that_refuses_the_password_keeps_the_pages_alive_and_the_message_waiting() {
    let smsc = Smsc::start();
    let mut portal = Portal::with().set("KABINET_SMS_URL", &smsc.wrong_url()).start();
    let phone = phone();
    portal.browser().gives_phone(&phone).goes_to("/registration/code");
    eventually("an attempt to bind", SOON, || smsc.events("bind").pop());
    assert!(smsc.messages_to(&phone).is_empty());
    portal.browser().get("/").is(200);
    eventually("a line in the log", SOON, || portal.log().to_lowercase().contains("bind").then_some(()));
    assert!(!portal.log().contains("kabinet:wrong"), "the log must not name the password");
    portal.kill();
    let portal = Portal::with().sms_through(&smsc).beside(&portal).start();
    eventually("the message with the right password", RETRIED_WITHIN, || smsc.newest(&phone));
    drop(portal);
}

#[test]
fn cyrillic_and_long_messages_arrive_to_the_letter_whatever_they_are_cut_into() {
    let smsc = Smsc::start();
    let brand = "Очень длинное имя 🦊🦊🦊 с лисами и ёжиками";
    assert!(brand.chars().count() <= 40);
    let portal = Portal::with().set("KABINET_BRAND", brand).sms_through(&smsc).start();
    let anna = portal.registers_in(portal.browser(), &smsc, "");
    portal.lets_limits_pass();
    portal.browser().gives_phone(&anna.phone).goes_to("/registration/code");
    let long = eventually("the long message", SOON, || {
        Some(smsc.messages_to(&anna.phone)).filter(|all| all.len() == 2)
    });
    let text = long[1]["text"].as_str().unwrap();
    let url = portal.url("/sign-in");
    assert_eq!(text, format!("{brand} (не Ant Group): у этого номера уже есть аккаунт. Войдите: {url}"));
    assert!(long[1]["parts"].as_u64().unwrap() >= 2, "{}", long[1]);
    assert_eq!(long[1]["coding"], 8);
    assert_eq!(long[1]["to"].as_str().map(digits), Some(digits(&anna.phone)));
}

#[test]
fn messages_come_in_the_reader_s_language() {
    let smsc = Smsc::start();
    let portal = Portal::with().sms_through(&smsc).start();
    for (locale, words) in [("ru_RU", "никому"), ("en_US", "code"), ("zh_CN", "码")] {
        let phone = phone();
        portal.browser().speaks(locale).gives_phone(&phone).goes_to("/registration/code");
        smsc.code_for(&phone);
        let text = smsc.messages_to(&phone)[0]["text"].as_str().unwrap().to_owned();
        assert!(text.contains(words), "{locale}: {text}");
        assert!(
            text.encode_utf16().count() <= 70 || text.is_ascii(),
            "{locale}: one message is enough: {text}"
        );
    }
}

#[test]
fn receipts_are_asked_for_and_kept() {
    let smsc = Smsc::start();
    let portal = Portal::with().sms_through(&smsc).start();
    let good = phone();
    portal.browser().gives_phone(&good).goes_to("/registration/code");
    portal.browser().gives_phone("+79165550103").goes_to("/registration/code");
    eventually("two receipts that the portal has taken", SOON, || {
        let taken = smsc.events("receipt").into_iter().filter(|receipt| receipt["status"] == 0).count();
        (taken == 2).then_some(())
    });
    assert!(smsc.events("sms").iter().all(|sms| sms["receipt"] == true));
    let delivered = "SELECT COUNT(*) AS count FROM outbox WHERE channel = 'sms' AND delivered_at IS NOT NULL";
    eventually("the good one marked as delivered", SOON, || {
        (portal.database.count(delivered) >= 1).then_some(())
    });
    eventually("each marked as the receipt says", SOON, || {
        (states(&portal, "sms") == ["delivered", "undelivered"]).then_some(())
    });
}

fn adds_address(portal: &Portal, address: &str) -> crate::support::person::Person {
    let mut anna = portal.registers();
    anna.browser.submits("/email", &[("email", address), ("password", PASSWORD)]).goes_to("/email/code");
    anna
}

fn mail_is_whole(mail: &Value, portal: &Portal, person_speaks: &str) {
    let (text, html) = (mail["text"].as_str().unwrap(), mail["html"].as_str().unwrap());
    assert!(text.contains(person_speaks) && html.contains(person_speaks), "{text}\n{html}");
    assert!(text.contains("Ant Group") && html.contains("Ant Group"), "the notice of independence");
    assert!(text.contains(&portal.url("/confirmations/")));
    assert!(text.contains("Номер сообщения: "), "a number to ask about");
    for remote in ["<img", "<link", "<script", "url(", "src=", "@import"] {
        assert!(!html.contains(remote), "{remote} in the mail");
    }
    let other = html.split("http").skip(1).find(|link| !format!("http{link}").starts_with(&portal.url("")));
    assert_eq!(other, None, "a link to somewhere else");
}

#[test]
fn mail_goes_over_starttls_with_the_password_as_text_and_html() {
    let smtp = Smtp::start();
    let portal =
        Portal::with().mail_through(&smtp).set("KABINET_MAIL_FROM", "kabinet@pay.example.org").start();
    let mut anna = adds_address(&portal, "anna@example.com");
    let mail = smtp.mail_to("anna@example.com");
    assert_eq!(
        (&mail["tls"], &mail["user"], &mail["sender"]),
        (&true.into(), &"kabinet".into(), &"kabinet@pay.example.org".into())
    );
    assert_eq!(mail["subject"], "Подтвердите адрес электронной почты");
    for header in ["Date", "Message-ID", "MIME-Version"] {
        let names = mail["headers"].as_object().unwrap();
        assert!(names.keys().any(|name| name.eq_ignore_ascii_case(header)), "{header} is missing");
    }
    mail_is_whole(&mail, &portal, "Здравствуйте");
    anna.browser.submits("/email/code", &[("code", &mailed_code_in(&mail))]).is(303);
}

#[test]
fn a_greylisted_mail_is_tried_again_until_it_is_taken() {
    let smtp = Smtp::start();
    let portal = Portal::with().mail_through(&smtp).start();
    adds_address(&portal, "greylisted@example.com");
    eventually("the greylisted mail", RETRIED_WITHIN, || smtp.mails_to("greylisted@example.com").pop());
    assert_eq!(smtp.mails_to("greylisted@example.com").len(), 1);
}

#[test]
fn a_mail_that_is_refused_for_good_is_a_dead_letter_and_others_go_on() {
    let smtp = Smtp::start();
    let portal = Portal::with().mail_through(&smtp).start();
    adds_address(&portal, "refused@example.com");
    adds_address(&portal, "busy@example.com");
    adds_address(&portal, "drop@example.com");
    adds_address(&portal, "anna@example.com");
    smtp.mail_to("anna@example.com");
    let refused = || {
        let attempts = smtp.journal().into_iter().filter(|line| line["event"] == "attempt");
        attempts.filter(|line| line["to"] == "refused@example.com").count()
    };
    let status = "SELECT status AS line FROM outbox WHERE channel = 'mail' AND recipient_masked LIKE 'r%'";
    eventually("a dead letter", SOON, || (portal.database.lines(status) == ["failed"]).then_some(()));
    adds_address(&portal, "boris@example.com");
    smtp.mail_to("boris@example.com");
    assert_eq!(refused(), 1, "a refusal for good is not asked for again");
}

#[test]
fn mail_is_never_sent_to_a_server_that_cannot_prove_who_it_is() {
    let smtp = Smtp::start();
    let mut portal = Portal::with().set("KABINET_SMTP_URL", &smtp.url()).start();
    adds_address(&portal, "anna@example.com");
    let tried = "SELECT failure AS line FROM outbox WHERE channel = 'mail' AND failure IS NOT NULL";
    let failure = eventually("a try that has come to nothing", SOON, || portal.database.lines(tried).pop());
    assert_eq!(failure, "no connection");
    assert!(smtp.journal().is_empty(), "neither password nor mail: {:?}", smtp.journal());
    let log = portal.log();
    assert!(!log.contains("letter-box"), "the log must not name the password");
    portal.kill();
    let portal = Portal::with().mail_through(&smtp).beside(&portal).start();
    eventually("the mail, once the authority is known", RETRIED_WITHIN, || {
        smtp.mails_to("anna@example.com").pop()
    });
    drop(portal);
}

mod postgres_only {
    use super::*;

    #[test]
    fn several_instances_never_send_twice() {
        needs_postgres();
        let smsc = Smsc::start();
        let first = Portal::with().sms_through(&smsc).start();
        let second = Portal::with().beside(&first).start();
        let third = Portal::with().beside(&first).start();
        let phones: Vec<String> = (0..30).map(|_| phone()).collect();
        std::thread::scope(|scope| {
            for (portal, phones) in
                [&first, &second, &third].map(Portal::browser).into_iter().zip(phones.chunks(10))
            {
                scope.spawn(move || {
                    for (number, phone) in phones.iter().enumerate() {
                        let place = format!("10.{}.{number}.5", portal.portal.port() % 250);
                        portal.clone().from(&place).gives_phone(phone).goes_to("/registration/code");
                    }
                });
            }
        });
        first.has_sent_everything(Duration::from_secs(60));
        for phone in &phones {
            assert_eq!(smsc.messages_to(phone).len(), 1, "{phone}");
        }
        let binds = smsc.events("bind").len();
        assert!(binds >= 2, "{binds} instance took part");
    }
}
