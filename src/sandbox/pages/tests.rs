use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body};

use super::*;
use crate::base::{Clock, Keys};
use crate::notices::{Body, Carrier, Delivery, MessageNumber, OutboxId, OutgoingMessage, Recipient};
use crate::sandbox::bank::Secrets;

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
    message(Recipient::Phone("+79991234567".to_owned()), Body::Sms { text: text.to_owned() })
}

/// Nobody listens there.
fn inviter() -> Inviter {
    Inviter::new("127.0.0.1:9".parse().unwrap(), "127.0.0.1:9", "secret".to_owned())
}

fn bank() -> Bank {
    let home = "http://127.0.0.1:8081/".parse().unwrap();
    Bank::in_memory(Secrets::of(&Keys::from_seed(1)), home, Clock::default()).unwrap()
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
    let letters = after.letters().await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].body.as_str(), letters[0].recipient.as_str()), ("Код 0417", "+79991234567"));
    for _ in 0..505 {
        after.deliver(&sms("x")).await;
    }
    let letters = after.letters().await.unwrap();
    assert_eq!(letters.len(), 500);
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
    pages.mailbox.deliver(&message(Recipient::Mail("anna@example.org".to_owned()), mail)).await;
    pages.mailbox.deliver(&sms("Код 0417")).await;
    let app = init_service(App::new().wrap(headers(PORTAL)).configure(|app| routes(app, &pages))).await;
    let get = async |path: &str, host: &str| {
        let request = TestRequest::get().uri(path).insert_header(("host", host)).to_request();
        let answer = call_service(&app, request).await;
        let csp = answer.headers().contains_key("content-security-policy");
        assert!(csp, "{path}");
        let status = answer.status();
        (status, String::from_utf8(read_body(answer).await.to_vec()).unwrap())
    };
    let (status, list) = get("/messages?locale=en_US", "127.0.0.1:8081").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        list.contains("SMS: Код 0417") && list.contains("Hello &#60;i&#62;") && list.contains("lang=\"en\""),
        "{list}"
    );
    assert!(list.find("0417").unwrap() < list.find("Hello").unwrap(), "newest first");
    let (status, one) = get("/messages/1", "localhost:8081").await;
    assert_eq!(status, StatusCode::OK);
    assert!(one.contains(&format!("<a href=\"{PORTAL}/confirmations/abc\">")), "{one}");
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
        assert_eq!(get(path, host).await.0, StatusCode::NOT_FOUND, "{path} {host}");
    }
    assert_eq!(get("/style.css", "localhost").await.0, StatusCode::OK);
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
    let app = init_service(App::new().wrap(headers(PORTAL)).configure(|app| routes(app, &pages))).await;
    let host = ("host", "127.0.0.1:8081");
    let shown =
        call_service(&app, TestRequest::get().uri("/invitations").insert_header(host).to_request()).await;
    let cookie =
        shown.headers().get("set-cookie").unwrap().to_str().unwrap().split(';').next().unwrap().to_owned();
    let shown = String::from_utf8(read_body(shown).await.to_vec()).unwrap();
    let token = shown.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let post = async |token: &str| {
        let form = [("csrf", token), ("email", "anna@example.org"), ("locale", "en_US")];
        let request = TestRequest::post()
            .uri("/invitations")
            .insert_header(host)
            .insert_header(("cookie", cookie.as_str()));
        let request = request.set_form(form);
        let answer = call_service(&app, request.to_request()).await;
        let status = answer.status();
        (status, String::from_utf8(read_body(answer).await.to_vec()).unwrap())
    };
    let (status, page) = post(token).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(page.contains("value=\"anna@example.org\"") && page.contains("id=\"email-error\""), "{page}");
    assert_eq!(post("x").await.0, StatusCode::FORBIDDEN);
}
