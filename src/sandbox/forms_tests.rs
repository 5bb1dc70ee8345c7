use actix_web::App;
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body};

use crate::base::{Clock, Keys};
use crate::sandbox::bank::Secrets;
use crate::sandbox::pages::{headers, routes};
use crate::sandbox::{Bank, Inviter, Mailbox, Pages};

const HOST: (&str, &str) = ("host", "127.0.0.1:8081");

/// Every address that takes a form, as the sources of the routes name them.
fn forms() -> Vec<String> {
    let sources = [include_str!("pages.rs"), include_str!("bank/pages.rs")];
    let mut found = Vec::new();
    for (source, scope) in sources.into_iter().zip(["", "/bank"]) {
        let posts = source.lines().filter(|line| line.contains("web::post()"));
        found.extend(posts.map(|line| format!("{scope}{}", line.split('"').nth(1).unwrap())));
    }
    assert_eq!(found.len(), 5, "{found:?}");
    found
}

/// What a browser does there.
struct Request {
    path: String,
    token: String,
    cookie: String,
    more: Vec<(&'static str, &'static str)>,
}

fn pages(folder: &tempfile::TempDir) -> Pages {
    let home = "http://127.0.0.1:8081/".parse().unwrap();
    Pages {
        mailbox: Mailbox::open(&folder.path().join("sandbox.db"), Clock::default()).unwrap(),
        bank: Bank::in_memory(Secrets::of(&Keys::from_seed(1)), home, Clock::default()).unwrap(),
        portal: "http://127.0.0.1:8080".to_owned(),
        // Nobody listens there.
        inviter: Inviter::new("127.0.0.1:9".parse().unwrap(), "127.0.0.1:9", "secret".to_owned()),
    }
}

#[actix_web::test]
async fn every_form_is_taken_from_its_own_browser_and_its_own_page_alone() {
    let folder = tempfile::TempDir::new().unwrap();
    let pages = pages(&folder);
    let app =
        init_service(App::new().wrap(headers("http://127.0.0.1:8080")).configure(|app| routes(app, &pages)))
            .await;
    let browser = async || {
        let request = TestRequest::get().uri("/invitations").insert_header(HOST).to_request();
        let shown = call_service(&app, request).await;
        let cookie = shown.headers().get("set-cookie").unwrap().to_str().unwrap().to_owned();
        assert!(cookie.ends_with("; HttpOnly; Path=/; SameSite=Lax"), "{cookie}");
        let shown = String::from_utf8(read_body(shown).await.to_vec()).unwrap();
        let token =
            shown.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        (cookie.split(';').next().unwrap().to_owned(), token)
    };
    let post = async |asked: Request| {
        let mut request = TestRequest::post().uri(&asked.path).insert_header(HOST);
        if !asked.cookie.is_empty() {
            request = request.insert_header(("cookie", asked.cookie));
        }
        for header in asked.more {
            request = request.insert_header(header);
        }
        let form = [("csrf", asked.token.as_str()), ("email", "anna@example.org"), ("locale", "en_US")];
        call_service(&app, request.set_form(form).to_request()).await.status()
    };
    let ((cookie, token), (other_cookie, other_token)) = (browser().await, browser().await);
    assert_ne!(token, other_token, "one constant for everybody");
    for path in forms() {
        let path = path.replace("{secret}", "x").replace("{reference}", "x");
        let ask = |cookie: &str, token: &str, more: &[(&'static str, &'static str)]| Request {
            path: path.clone(),
            token: token.to_owned(),
            cookie: cookie.to_owned(),
            more: more.to_vec(),
        };
        for (refused, taken) in [
            ([("origin", "https://evil.example")].as_slice(), [].as_slice()),
            (&[("origin", "http://127.0.0.1:8080")], &[("origin", "http://127.0.0.1:8081")]),
            (&[("origin", "https://127.0.0.1:8081")], &[("origin", "null")]),
            (&[("origin", "http://127.0.0.1:8081.evil.example")], &[("sec-fetch-site", "same-origin")]),
            (&[("sec-fetch-site", "cross-site")], &[("sec-fetch-site", "none")]),
            (&[("sec-fetch-site", "same-site")], &[]),
            (&[("sec-fetch-site", "cross-site"), ("origin", "null")], &[]),
        ] {
            assert_eq!(
                post(ask(&cookie, &token, refused)).await,
                StatusCode::FORBIDDEN,
                "{path} {refused:?}"
            );
            assert_ne!(post(ask(&cookie, &token, taken)).await, StatusCode::FORBIDDEN, "{path} {taken:?}");
        }
        for (cookie, token) in [
            (cookie.as_str(), other_token.as_str()),
            (&other_cookie, &token),
            ("", &token),
            (&cookie, ""),
            (&cookie, "x"),
            (&format!("{cookie}; {other_cookie}"), &token),
            (&format!("%73{}", &cookie[1..]), &token),
        ] {
            assert_eq!(post(ask(cookie, token, &[])).await, StatusCode::FORBIDDEN, "{path} {cookie} {token}");
        }
        for coding in ["gzip", "br", "deflate", "identity, BR"] {
            let status = post(ask(&cookie, &token, &[("content-encoding", coding)])).await;
            assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} {coding}");
        }
    }
}
