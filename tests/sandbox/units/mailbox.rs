//! The mailbox and its pages, asked over a socket.

use std::net::SocketAddr;

use kabinet::base::{Clock, Keys};
use kabinet::notices::{Body, Carrier, Delivery, MessageNumber, OutboxId, OutgoingMessage, Recipient};
use kabinet::sandbox::bank::{Bank, Secrets};
use kabinet::sandbox::{Inviter, Mailbox, Pages, bind, serve};

use crate::support::http::{Answer, encoded, exchange};

const HOST: &str = "127.0.0.1:8081";
const PORTAL: &str = "http://127.0.0.1:8080";

fn message(to: Recipient, body: Body) -> OutgoingMessage {
    OutgoingMessage {
        id: OutboxId::next(),
        number: MessageNumber::random(),
        to,
        body,
        queued_at: Clock::default().now(),
    }
}

fn sms(text: &str) -> OutgoingMessage {
    message(Recipient::phone("+79991234567", String::new()), Body::Sms { text: text.to_owned() })
}

/// Nobody listens there.
fn inviter() -> Inviter {
    Inviter::new("127.0.0.1:9".parse().unwrap(), "127.0.0.1:9", "secret".to_owned())
}

fn bank() -> Bank {
    let home = "http://127.0.0.1:8081/".parse().unwrap();
    Bank::in_memory(Secrets::of(&Keys::from_seed(1)), home, Clock::default()).unwrap()
}

/// The sandbox with these pages: where it listens.
fn serves(pages: Pages) -> SocketAddr {
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    actix_web::rt::spawn(serve(listener, pages).unwrap());
    address
}

/// Asks for a page under that name of the host.
async fn ask(address: SocketAddr, host: &str, method: &str, path: &str, form: &[(&str, &str)]) -> Answer {
    ask_with(address, host, "none=0", method, path, form).await
}

/// The same from a browser that has a cookie.
async fn ask_with(
    address: SocketAddr,
    host: &str,
    cookie: &str,
    method: &str,
    path: &str,
    form: &[(&str, &str)],
) -> Answer {
    let body = encoded(form);
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let request = [head.into_bytes(), body].concat();
    tokio::task::spawn_blocking(move || exchange(address, &request)).await.unwrap().unwrap()
}

async fn mailbox(folder: &tempfile::TempDir) -> Mailbox {
    Mailbox::open(&folder.path().join("deep/sandbox.db"), Clock::default()).unwrap()
}

#[tokio::test]
async fn messages_stay_when_the_program_dies_and_repeats_are_one() {
    let folder = tempfile::TempDir::new().unwrap();
    let before = mailbox(&folder).await;
    let code = sms("Код 0417");
    for _ in 0..2 {
        assert_eq!(before.deliver(&code).await, Delivery::Taken { peer_id: None });
    }
    let after = mailbox(&folder).await;
    let messages = after.messages().await.unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!((messages[0].body.as_str(), messages[0].recipient.as_str()), ("Код 0417", "+79991234567"));
    for _ in 0..505 {
        after.deliver(&sms("x")).await;
    }
    let messages = after.messages().await.unwrap();
    assert_eq!(messages.len(), 500);
}

#[actix_web::test]
async fn the_pages_show_texts_and_only_our_own_links() {
    let folder = tempfile::TempDir::new().unwrap();
    let pages = Pages {
        mailbox: mailbox(&folder).await,
        bank: bank(),
        portal: PORTAL.to_owned(),
        inviter: inviter(),
    };
    let text = format!(
        "Open {PORTAL}/confirmations/abc or http://127.0.0.1:8080.evil.example/ or javascript:alert(1) <b>"
    );
    let mail =
        Body::Mail { subject: "Hello <i>".to_owned(), text, html: "<script>alert(1)</script>".to_owned() };
    pages.mailbox.deliver(&message(Recipient::mail("anna@example.org", String::new()), mail)).await;
    pages.mailbox.deliver(&sms("Код 0417")).await;
    let address = serves(pages);
    let get = async |path: &str, host: &str| {
        let answer = ask(address, host, "GET", path, &[]).await;
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        (answer.status, answer.text())
    };
    let (status, list) = get("/messages?locale=en_US", "127.0.0.1:8081").await;
    assert_eq!(status, 200);
    assert!(
        list.contains("SMS: Код 0417") && list.contains("Hello &#60;i&#62;") && list.contains("lang=\"en\""),
        "{list}"
    );
    assert!(list.find("0417").unwrap() < list.find("Hello").unwrap(), "newest first");
    let (status, one) = get("/messages/1", "localhost:8081").await;
    assert_eq!(status, 200);
    assert!(one.contains(&format!("<a href=\"{PORTAL}/confirmations/abc\">")), "{one}");
    assert!(one.contains("href=\"/messages/1/html\"") && !one.contains("<script"), "{one}");
    // The HTML has a page that nothing in it can do anything from.
    let answer = ask(address, "localhost:8081", "GET", "/messages/1/html", &[]).await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "<script>alert(1)</script>"));
    let policy = answer.header("content-security-policy").unwrap();
    for rule in ["default-src 'none'", "script-src 'none'", "form-action 'none'", "sandbox"] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert_eq!(get("/messages/2/html", "localhost:8081").await.0, 404, "an SMS has none");
    assert_eq!(get("/messages/1/html", "evil.example").await.0, 404);
    assert!(
        !one.contains("<a href=\"http://127.0.0.1:8080.evil")
            && !one.contains("href=\"javascript")
            && !one.contains("<script")
    );
    let (_, json) = get("/messages.json", "[::1]:8081").await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json[0]["channel"], &json[0]["text"], &json[0]["html"]),
        (&"sms".into(), &"Код 0417".into(), &serde_json::Value::Null)
    );
    assert_eq!(json[1]["to"], "anna@example.org");
    for (path, host) in
        [("/messages/99", "localhost"), ("/messages/x", "localhost"), ("/messages.json", "evil.example")]
    {
        assert_eq!(get(path, host).await.0, 404, "{path} {host}");
    }
    assert_eq!(get("/style.css", "localhost").await.0, 200);
}

#[actix_web::test]
async fn an_invitation_that_the_portal_does_not_take_shows_its_form_again() {
    let folder = tempfile::TempDir::new().unwrap();
    let pages = Pages {
        mailbox: mailbox(&folder).await,
        bank: bank(),
        portal: PORTAL.to_owned(),
        inviter: inviter(),
    };
    let address = serves(pages);
    let opened = ask(address, HOST, "GET", "/invitations", &[]).await;
    let cookie = opened.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let shown = opened.text();
    let token = shown.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let post = async |token: &str| {
        let form = [("csrf", token), ("email", "anna@example.org"), ("locale", "en_US")];
        let answer = ask_with(address, HOST, &cookie, "POST", "/invitations", &form).await;
        (answer.status, answer.text())
    };
    let (status, page) = post(token).await;
    assert_eq!(status, 502);
    assert!(page.contains("value=\"anna@example.org\"") && page.contains("id=\"email-error\""), "{page}");
    assert_eq!(post("x").await.0, 403);
}
