//! What becomes of messages when the mail server or the SMS centre has its troubles: found out soon, said in the log, and nothing lost.

use std::time::Duration;

use crate::faults::line::{Fault, Line};
use crate::faults::mail_server::MailServer;
use crate::faults::sms_centre::SmsCentre;
use crate::support::person::{PASSWORD, phone};
use crate::support::portal::{Portal, SOON};
use crate::support::process::eventually;

const RETRIED_WITHIN: Duration = Duration::from_secs(60);
/// A silent centre is found out within ten seconds; the machine may be slow.
const FOUND_OUT_WITHIN: Duration = Duration::from_secs(12);

fn sms_over(line: &Line) -> Portal {
    Portal::with().set("KABINET_SMS_URL", &SmsCentre::url_at(line.listen())).start()
}

#[track_caller]
fn is_taken(centre: &SmsCentre, phone: &str, limit: Duration) {
    eventually(&format!("an SMS to {phone}"), limit, || (centre.taken_for(phone) > 0).then_some(()));
}

#[test]
fn a_centre_that_has_forgotten_the_bind_is_bound_to_anew_and_the_message_goes_out_right_after() {
    let centre = SmsCentre::start();
    let portal = Portal::with().set("KABINET_SMS_URL", &SmsCentre::url_at(centre.listen())).start();
    eventually("a bind", SOON, || (centre.binds() == 1).then_some(()));
    // Invalid command, wrong state of the bind, bind failed, a wrong password, a wrong name.
    for (nth, status) in [0x03, 0x04, 0x0D, 0x0E, 0x0F].into_iter().enumerate() {
        centre.forgets_its_binds(status);
        let phone = phone();
        portal.browser().gives_phone(&phone).goes_to("/registration/code");
        is_taken(&centre, &phone, Duration::from_secs(6));
        assert_eq!((centre.taken_for(&phone), centre.binds()), (1, nth + 2), "status {status:#04x}");
    }
    assert!(portal.log().contains("refused 0x00000004"), "the log says why");
}

#[test]
fn a_centre_that_never_knows_anybody_is_not_asked_without_end() {
    let centre = SmsCentre::start();
    let portal = Portal::with().set("KABINET_SMS_URL", &SmsCentre::url_at(centre.listen())).start();
    eventually("a bind", SOON, || (centre.binds() == 1).then_some(()));
    centre.never_knows_anybody(0x04);
    centre.forgets_its_binds(0x04);
    portal.browser().gives_phone(&phone()).goes_to("/registration/code");
    std::thread::sleep(Duration::from_secs(10));
    assert!((2..12).contains(&centre.binds()), "{} binds", centre.binds());
}

#[test]
fn a_silent_line_is_found_out_within_ten_seconds_and_the_queue_goes_on() {
    let centre = SmsCentre::start();
    let line = Line::to(centre.listen());
    let portal = sms_over(&line);
    eventually("a bind", SOON, || (centre.binds() == 1).then_some(()));
    // Nobody asks for anything.
    line.has(Fault::Swallow);
    let lost = || portal.log().contains("the connection to the SMS centre is lost").then_some(());
    eventually("a portal that has noticed", FOUND_OUT_WITHIN, lost);
    line.has(Fault::None);
    eventually("another bind", RETRIED_WITHIN, || (centre.binds() >= 2).then_some(()));
    // A message is on its way.
    let noticed = || portal.log().matches("is silent").count() + portal.log().matches("is lost").count();
    let before = noticed();
    line.has(Fault::Swallow);
    let during = phone();
    portal.browser().gives_phone(&during).goes_to("/registration/code");
    eventually("a portal that has noticed", FOUND_OUT_WITHIN, || (noticed() > before).then_some(()));
    line.has(Fault::None);
    is_taken(&centre, &during, RETRIED_WITHIN);
    let after = phone();
    portal.browser().gives_phone(&after).goes_to("/registration/code");
    is_taken(&centre, &after, SOON);
}

#[test]
fn a_centre_that_answers_no_message_is_left_within_ten_seconds() {
    let centre = SmsCentre::start();
    let portal = Portal::with().set("KABINET_SMS_URL", &SmsCentre::url_at(centre.listen())).start();
    eventually("a bind", SOON, || (centre.binds() == 1).then_some(()));
    centre.is_silent(true);
    let phone = phone();
    portal.browser().gives_phone(&phone).goes_to("/registration/code");
    eventually("another bind", FOUND_OUT_WITHIN, || (centre.binds() >= 2).then_some(()));
    centre.is_silent(false);
    is_taken(&centre, &phone, RETRIED_WITHIN);
    assert_eq!(centre.taken_for(&phone), 1);
}

#[test]
fn a_slow_line_delivers_once_and_a_cut_one_is_made_anew() {
    let centre = SmsCentre::start();
    let line = Line::to(centre.listen());
    let portal = sms_over(&line);
    eventually("a bind", SOON, || (centre.binds() == 1).then_some(()));
    line.has(Fault::Delay(Duration::from_millis(800)));
    let slowly = phone();
    portal.browser().gives_phone(&slowly).goes_to("/registration/code");
    // The answer is as slow as the message was: only when it has come is the message sent.
    let sent = || (portal.database.lines("SELECT status AS line FROM outbox") == ["sent"]).then_some(());
    eventually("the centre's answer", SOON, sent);
    line.has(Fault::Cut);
    let during = phone();
    portal.browser().gives_phone(&during).goes_to("/registration/code");
    std::thread::sleep(Duration::from_secs(1));
    line.has(Fault::None);
    is_taken(&centre, &during, RETRIED_WITHIN);
    assert_eq!(centre.taken_for(&slowly), 1);
}

fn mail_through(server: &MailServer) -> Portal {
    Portal::with().set("KABINET_SMTP_URL", &server.url()).start()
}

fn adds_address(portal: &Portal, email: &str) {
    let mut anna = portal.registers();
    anna.browser.submits("/email", &[("email", email), ("password", PASSWORD)]).goes_to("/email/code");
}

/// What the table of messages says of the last mail: its state, and why.
fn last_mail(portal: &Portal) -> Option<(String, String)> {
    let line = "SELECT status || '|' || COALESCE(failure, '') AS line FROM outbox WHERE channel = 'mail' ORDER BY id";
    let last = portal.database.lines(line).pop()?;
    last.split_once('|').map(|(status, failure)| (status.to_owned(), failure.to_owned()))
}

#[test]
fn a_strict_server_lets_the_portal_in_by_its_public_name_its_address_or_the_setting() {
    let server = MailServer::start();
    let portal = mail_through(&server);
    adds_address(&portal, "anna@example.org");
    eventually("the mail", SOON, || (server.taken_for("anna@example.org") == 1).then_some(()));
    assert_eq!(server.hellos(), ["[127.0.0.1]"]);
    let named = Portal::with()
        .set("KABINET_SMTP_URL", &server.url())
        .set("KABINET_SMTP_HELLO", "mail.example.org")
        .start();
    adds_address(&named, "boris@example.org");
    eventually("the mail", SOON, || (server.taken_for("boris@example.org") == 1).then_some(()));
    assert_eq!(server.hellos().last().map(String::as_str), Some("mail.example.org"));
}

/// What is our own fault, or passes, is no bad address: it is said where it is looked for, and the mail waits.
#[test]
fn a_refusal_of_us_is_told_and_the_mail_waits_until_it_is_mended() {
    let server = MailServer::start();
    let portal = mail_through(&server);
    for (nth, (command, answer, kept)) in [
        ("EHLO", "550 5.7.1 Access denied: bad HELO", "not let in 550 5.7.1 Access denied: bad HELO"),
        ("EHLO", "504 need a fully-qualified hostname", "not let in 504 need a fully-qualified hostname"),
        ("MAIL", "550 5.1.8 <no-reply@localhost> unknown domain", "not let in 550 5.1.8 … unknown domain"),
        ("MAIL", "553 5.7.1 Sender rejected", "not let in 553 5.7.1 Sender rejected"),
        ("RCPT", "554 5.7.1 Relay access denied", "not let in 554 5.7.1 Relay access denied"),
        ("RCPT", "451 4.7.1 Greylisted", "put off 451 4.7.1 Greylisted"),
        (".", "452 4.3.1 No space", "put off 452 4.3.1 No space"),
        (".", "550 5.7.26 unauthenticated", "not let in 550 5.7.26 unauthenticated"),
    ]
    .into_iter()
    .enumerate()
    {
        server.refuses(command, answer);
        let email = format!("anna{nth}@example.org");
        adds_address(&portal, &email);
        let waiting = || last_mail(&portal).filter(|(status, failure)| status == "queued" && failure == kept);
        eventually(&format!("a mail that waits: {kept}"), SOON, waiting);
        eventually("the refusal in the log", SOON, || portal.log().contains(kept).then_some(()));
        server.is_mended();
        eventually("the mail", RETRIED_WITHIN, || (server.taken_for(&email) == 1).then_some(()));
    }
}

#[test]
fn a_refusal_of_the_reader_or_the_letter_is_final_and_names_nobody() {
    let server = MailServer::start();
    let portal = mail_through(&server);
    for (nth, (command, answer, kept)) in [
        ("RCPT", "550 5.1.1 <EMAIL>: no such user here", "refused 550 5.1.1 … no such user here"),
        ("RCPT", "550 no such user: EMAIL", "refused 550 no such user: …"),
        (
            ".",
            "554 5.6.0 no thanks for http://x.example/confirmations/y",
            "refused 554 5.6.0 no thanks for …",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("vera{nth}@example.org");
        server.refuses(command, &answer.replace("EMAIL", &email));
        adds_address(&portal, &email);
        let dead = || last_mail(&portal).filter(|(status, failure)| status == "failed" && failure == kept);
        eventually(&format!("a dead letter: {kept}"), SOON, dead);
        eventually("the refusal in the log", SOON, || portal.log().contains(kept).then_some(()));
        assert!(!portal.log().contains(&email), "the log names an address");
        assert_eq!(server.taken_for(&email), 0);
    }
}
