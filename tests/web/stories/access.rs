//! Who may use which route: generated from the access table.

use actix_web::http::Method;

use crate::house::{House, link_in};
use crate::tidy::access::{ROUTES, Route, Who};

const NO_TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Never none: each kind of person has a page and a form.
fn routes(method: &str, who: Who) -> impl Iterator<Item = &'static Route> {
    let such = move |row: &&Route| row.method == method && row.who == who;
    assert!(ROUTES.iter().any(|row| such(&row)), "no {method} for {who:?}");
    ROUTES.iter().filter(such)
}

pub(super) fn path_of(row: &Route) -> String {
    row.path.replace("{token}", NO_TOKEN).replace("{handle}", NO_TOKEN).replace("{name}", "style-unknown.css")
}

#[actix_web::test]
async fn what_is_for_everybody_opens_for_everybody() {
    let house = House::open().await;
    let (anna, stranger) = (house.visitor("Anna"), house.visitor("Stranger"));
    anna.registers().await;
    for row in routes("GET", Who::Anyone).filter(|row| !row.path.contains('{')) {
        for person in [&anna, &stranger] {
            person.opens(row.path).await;
        }
    }
}

#[actix_web::test]
async fn pages_of_an_account_send_a_stranger_to_the_sign_in_page() {
    let house = House::open().await;
    for row in routes("GET", Who::Owner) {
        house.visitor("Stranger").gets(&path_of(row)).await.asks_to_sign_in();
    }
    for row in routes("POST", Who::Owner) {
        house.visitor("Stranger").posts_with_token(&path_of(row), &[]).await.asks_to_sign_in();
        house.visitor("Stranger").posts(&path_of(row), b"").await.asks_to_sign_in();
    }
}

#[actix_web::test]
async fn a_step_of_a_registration_needs_its_cookie() {
    let house = House::open().await;
    for row in routes("GET", Who::Applicant) {
        let (stranger, liar) = (house.visitor("Stranger"), house.visitor("Liar"));
        liar.keeps("reg-dev", NO_TOKEN);
        for person in [stranger, liar] {
            assert_eq!(person.opens(row.path).await.headings(), ["Регистрация"], "{}", row.path);
        }
    }
    for row in routes("POST", Who::Applicant) {
        house.visitor("Stranger").posts_with_token(row.path, &[]).await.goes_to("/registration");
    }
    assert_eq!((house.count("registrations"), house.count("outbox")), (0, 0));
}

/// A reload after a form, or a change of the language there.
#[actix_web::test]
async fn the_addresses_of_forms_lead_to_their_pages() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    for (path, page) in [
        ("/registration/messages?locale=en_US", "/registration/code"),
        ("/registration/restart?locale=ru_RU", "/registration"),
        ("/sign-out?locale=zh_CN", "/"),
    ] {
        anna.gets(path).await.goes_to(page);
        assert!(path.ends_with(&anna.cookie("locale").unwrap()));
    }
    anna.gets("/registration/code").await.is(200);
    assert_eq!(house.count("outbox"), 1, "nothing was sent, nothing was given up");
}

#[actix_web::test]
async fn a_step_back_in_needs_its_cookie() {
    let house = House::open().await;
    for row in routes("GET", Who::Returning) {
        house.visitor("Stranger").gets(row.path).await.goes_to("/recovery");
        let liar = house.visitor("Liar");
        liar.keeps("recovery-dev", NO_TOKEN);
        assert_eq!(
            liar.gets(row.path).await.is(410).page().headings(),
            ["Ссылка не действует"],
            "{}",
            row.path
        );
    }
    for row in routes("POST", Who::Returning) {
        house.visitor("Stranger").posts_with_token(row.path, &[]).await.goes_to("/recovery");
    }
}

#[actix_web::test]
async fn a_step_of_an_invitation_needs_its_cookie() {
    let house = House::open().await;
    for row in routes("GET", Who::Invited) {
        house.visitor("Stranger").gets(row.path).await.goes_to("/invitation/code");
        let liar = house.visitor("Liar");
        liar.keeps("invitation-dev", NO_TOKEN);
        liar.gets(row.path).await.goes_to("/invitation/code");
    }
    for row in routes("POST", Who::Invited) {
        house.visitor("Stranger").posts_with_token(row.path, &[]).await.goes_to("/invitation/code");
    }
    assert_eq!((house.count("accounts"), house.count("outbox")), (0, 0));
}

#[actix_web::test]
async fn a_link_with_another_secret_leads_nowhere() {
    let house = House::open().await;
    for row in routes("GET", Who::Bearer) {
        house.visitor("Stranger").gets(&path_of(row)).await.is(404);
    }
    for row in routes("POST", Who::Bearer) {
        let stranger = house.visitor("Stranger");
        let answer = stranger.posts_with_token(&path_of(row), &[]).await;
        assert!(
            answer.status == 404 || answer.location() == path_of(row),
            "{} answered {}",
            row.path,
            answer.status
        );
        assert!(stranger.cookie("browser-dev").is_none());
    }
}

#[actix_web::test]
async fn no_form_is_taken_without_the_token_of_its_own_browser() {
    let house = House::open().await;
    let (anna, eve) = (house.visitor("Anna"), house.visitor("Eve"));
    anna.registers().await;
    let foreign = eve.token().await;
    let others = house.visitor("Vera").token().await;
    for row in ROUTES
        .iter()
        .filter(|row| row.method == "POST" && !matches!(row.who, Who::Sandbox | Who::Signer | Who::Passing))
    {
        for token in ["", "csrf=", "csrf=x", &format!("csrf={foreign}")] {
            let answer = anna.posts(&path_of(row), token.as_bytes()).await;
            assert_eq!(answer.status, 403, "{} with «{token}»", row.path);
        }
        // Signing out where nobody is signed in does nothing; pages of an account are not there for strangers.
        if row.who != Who::Owner && row.path != "/sign-out" {
            // Before anybody has signed in, a form belongs to its browser just as much.
            for token in [String::new(), format!("csrf={others}")] {
                let answer = eve.posts(&path_of(row), token.as_bytes()).await;
                let expected = if row.path == "/sign-out" { 303 } else { 403 };
                assert_eq!(answer.status, expected, "{} of a stranger with «{token}»", row.path);
            }
        }
    }
    assert!(anna.is_signed_in().await);
}

#[actix_web::test]
async fn other_methods_are_refused_everywhere_and_head_is_get_without_its_body() {
    let house = House::open().await;
    let stranger = house.visitor("Stranger");
    for row in ROUTES {
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE, Method::OPTIONS] {
            let status = stranger.asks(method.clone(), &path_of(row), None).await.status;
            // Files and health have no page of their own for it.
            assert!(matches!(status, 404 | 405), "{method} {} answered {status}", row.path);
        }
    }
    for row in ROUTES.iter().filter(|row| row.method == "GET") {
        let (get, head) =
            (stranger.gets(&path_of(row)).await, stranger.asks(Method::HEAD, &path_of(row), None).await);
        assert_eq!(get.status, head.status, "{}", row.path);
    }
}

#[actix_web::test]
async fn everybody_sees_their_own_account_and_nobody_else_s() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris"));
    let hers = anna.registers().await;
    let his = boris.registers().await;
    assert_ne!(hers, his);
    anna.confirms_address("anna@example.org").await;
    boris.asks_to_confirm("boris@example.org").await;
    assert!(anna.opens("/email").await.says("anna@example.org"));
    assert!(
        anna.opens("/email/confirmed").await.says("anna@example.org"),
        "{}",
        anna.opens("/email/confirmed").await.text()
    );
    assert!(boris.opens("/email/code").await.says("boris@example.org"));
    boris.gets("/email/confirmed").await.goes_to("/email");
    anna.gets("/email/code").await.goes_to("/email/confirmed");
    // Cards have a story of their own: `cards::somebody_else_s_card_is_not_there`.
    for row in routes("GET", Who::Owner).filter(|row| !row.path.contains("{handle}")) {
        let text = boris.opens(&path_of(row)).await.text();
        let grouped = format!("{} {} {}", &hers[..4], &hers[4..8], &hers[8..]);
        assert!(
            !text.contains(&grouped) && !text.contains("anna@example.org") && !text.contains("a•••@"),
            "{}:\n{text}",
            row.path
        );
    }
    // Somebody else's link shows as little as it can, to whoever holds it.
    let link = link_in(&house.letter_to("boris@example.org").await);
    let shown = anna.opens(&link).await.text();
    assert!(shown.contains("b•••@example.org") && !shown.contains("boris@"), "{shown}");
}

/// Read aloud, the title comes first: it says that something is wrong with the form.
#[actix_web::test]
async fn the_title_of_every_form_that_is_shown_again_says_so() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris"));
    anna.registers().await;
    let mut refused = 0;
    for row in ROUTES.iter().filter(|row| row.method == "POST" && !row.path.contains('{')) {
        for person in [&anna, &boris] {
            let answer = person.posts_with_token(row.path, &[]).await;
            if answer.status == 422 {
                let title = answer.page().title();
                assert!(title.starts_with("Ошибка: "), "{}: {title}", row.path);
                refused += 1;
            }
        }
    }
    assert!(refused > 8, "{refused}");
    assert!(!anna.opens("/profile").await.title().contains("Ошибка"));
}
