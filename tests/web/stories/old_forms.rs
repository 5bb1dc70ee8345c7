//! A form whose page is older than a sign-in, or than the browser's cookies: shown again, filled in; nothing is done.

use super::path_of;
use crate::house::{House, PASSWORD, Visitor};
use crate::support::html::Page;
use crate::support::http::encoded;
use crate::tidy::access::{ROUTES, Route, Who};

const OLD: &str = "Страница устарела, мы обновили её";

fn forms() -> impl Iterator<Item = &'static Route> {
    ROUTES
        .iter()
        .filter(|row| row.method == "POST" && !matches!(row.who, Who::Sandbox | Who::Signer | Who::Passing))
}

/// What the database holds of everything but views and maintenance.
fn written(house: &House) -> Vec<i64> {
    let tables =
        ["accounts", "activity", "outbox", "registrations", "recoveries", "cards", "counters", "consents"];
    tables.map(|table| house.count(table)).to_vec()
}

/// Whether the page says of the form that was sent there what is true of the one that stands on it, and no more.
fn is_told_truly(page: &Page, action: &str) -> bool {
    let form = page
        .source
        .split_once(&format!("action=\"{action}\""))
        .map(|(_, rest)| rest.split("</form>").next().unwrap());
    let told = match form {
        None => page.says("Страница, с которой вы отправили форму, устарела. Ничего не сделано"),
        Some(form) if !form.contains("<label") => page.says(OLD) && page.says("нажмите кнопку ещё раз"),
        Some(form) => {
            let secrets = [
                ("type=\"password\"", "пароль"),
                ("one-time-code", "код"),
                ("cc-number", "номер карты"),
                ("name=\"answer", "ответы на вопросы"),
            ];
            let asked = page.text().split_once("Введите заново:").map(|(_, rest)| {
                let asked = rest.split('.').next().unwrap();
                asked.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>()
            });
            let asked = asked.unwrap_or_default();
            page.says(OLD)
                && secrets
                    .iter()
                    .all(|(mark, word)| form.contains(mark) == asked.iter().any(|said| said == word))
        }
    };
    told && page.title().starts_with("Ошибка: ")
}

/// Where an answer leads in the end, and what stands there.
async fn page_after(browser: &Visitor<'_>, location: &str) -> Page {
    let mut location = location.to_owned();
    for _ in 0..6 {
        let answer = browser.gets(&location).await;
        if answer.status != 303 {
            return answer.page();
        }
        location = answer.location().to_owned();
    }
    panic!("{location} goes round in circles");
}

#[actix_web::test]
async fn every_form_from_before_a_sign_in_is_shown_again_and_nothing_is_done() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    let old = anna.token().await;
    anna.signs_out().await.goes_to("/");
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    let before = written(&house);
    let mut seen = 0;
    for row in forms().filter(|row| row.who == Who::Owner || row.path == "/sign-out") {
        let path = path_of(row);
        let answer = anna.posts(&path, &encoded(&[("csrf", &old), ("name", "Анна")])).await;
        assert_eq!(answer.status, 303, "{path}");
        let page = page_after(&anna, answer.location()).await;
        // Of a card that is not there, there is no page either.
        let is_gone = row.path.starts_with("/cards/{handle}") && row.path != "/cards/{handle}/default";
        assert!(is_gone || is_told_truly(&page, &path), "{path}: {}: {}", page.title(), page.text());
        seen += 1;
    }
    assert!(seen > 20 && anna.is_signed_in().await);
    assert_eq!(written(&house), before);
    assert!(!anna.opens("/profile").await.says(OLD), "it is said once");
}

#[actix_web::test]
async fn every_form_of_a_browser_that_has_forgotten_its_cookies_is_shown_again() {
    let house = House::open().await;
    for row in forms().filter(|row| !matches!(row.who, Who::Owner | Who::Bearer) && row.path != "/sign-out") {
        let browser = house.visitor("Vera");
        let old = browser.token().await;
        browser.forgets("pre-dev");
        let before = written(&house);
        let answer =
            browser.posts(row.path, &encoded(&[("csrf", &old), ("email", "vera@example.org")])).await;
        assert_eq!(answer.status, 303, "{}", row.path);
        let page = page_after(&browser, answer.location()).await;
        assert!(is_told_truly(&page, row.path), "{}: {}: {}", row.path, page.title(), page.text());
        assert_eq!(written(&house), before, "{}", row.path);
    }
}

#[actix_web::test]
async fn what_was_typed_is_still_there_and_secrets_are_not() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    let secret = "ochen-tainoe-slovo-7";
    for (path, typed, kept) in [
        ("/profile/name", vec![("name", "Анна «Аня» П.")], vec!["name"]),
        ("/email", vec![("email", "anna@example.org"), ("password", secret)], vec!["email"]),
        (
            "/profile/phone",
            vec![("country", "RU"), ("phone", "9265550101"), ("password", secret)],
            vec!["phone"],
        ),
        ("/profile/password", vec![("current", secret), ("password", secret), ("again", secret)], vec![]),
        ("/sms-settings", vec![("least", "300")], vec!["least"]),
        (
            "/cards",
            vec![("number", "4242424242424242"), ("holder", "ANNA P"), ("security_code", "737")],
            vec!["holder"],
        ),
        ("/cards", vec![("number", "1"), ("holder", "4242 4242 4242 4242")], vec![]),
    ] {
        let old = anna.token().await;
        anna.signs_out().await.goes_to("/");
        anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
        let fields: Vec<_> = [("csrf", old.as_str())].into_iter().chain(typed.iter().copied()).collect();
        let answer = anna.posts(path, &encoded(&fields)).await.is(303);
        let draft = anna.cookie("drafts-dev").unwrap_or_default();
        assert!(!draft.contains("example") && draft.len() < 2_600);
        let page = anna.opens(answer.location()).await;
        assert!(page.says(OLD), "{path}: {}", page.text());
        for field in kept {
            let value = typed.iter().find(|(name, _)| *name == field).unwrap().1;
            assert_eq!(page.value(field).as_deref(), Some(value), "{path} {field}");
        }
        assert!(
            !page.source.contains(secret)
                && !page.source.replace(" ", "").contains("42424242")
                && !page.source.contains("737\"")
        );
        assert!(
            anna.cookie("flash-dev").is_none() && anna.cookie("drafts-dev").is_none(),
            "it is taken away"
        );
    }
    // And the form that is shown again can be sent.
    let old = anna.token().await;
    anna.signs_out().await.goes_to("/");
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    let answer = anna.posts("/profile/name", &encoded(&[("csrf", &old), ("name", "Аня")])).await;
    let page = anna.opens(answer.location()).await;
    anna.sends(&page, "/profile/name", &[]).await.goes_to("/profile");
    assert!(anna.opens("/profile").await.says("Аня"));
}

#[actix_web::test]
async fn a_form_of_another_browser_or_site_is_refused_whatever_else_is_old() {
    let house = House::open().await;
    let (anna, eve) = (house.visitor("Anna"), house.visitor("Eve"));
    let number = anna.registers().await;
    let (old, foreign) = (anna.token().await, eve.token().await);
    anna.signs_out().await.goes_to("/");
    anna.posts("/sign-in", &encoded(&[("csrf", &foreign), ("login", "eve")])).await.is(403);
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    for token in [foreign.as_str(), "x", &format!("{old}x"), &old[1..]] {
        anna.posts("/profile/name", &encoded(&[("csrf", token), ("name", "Ева")])).await.is(403);
    }
    for (header, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let fields = encoded(&[("csrf", &old), ("name", "Ева")]);
        anna.copy().sending(header, value).posts("/profile/name", &fields).await.is(403);
    }
    // Before anybody has a cookie a form without a token of ours is refused as well.
    for token in ["", "x"] {
        house.visitor("Vera").posts("/sign-in", &encoded(&[("csrf", token), ("login", "eve")])).await.is(403);
    }
}

#[actix_web::test]
async fn whoever_keeps_no_cookies_is_told_so() {
    let house = House::open().await;
    let vera = house.visitor("Vera");
    let old = vera.token().await;
    vera.forgets("pre-dev");
    let answer = vera.posts("/recovery", &encoded(&[("csrf", &old), ("email", "vera@example.org")])).await;
    vera.forgets("flash-dev");
    vera.forgets("drafts-dev");
    assert!(vera.opens(answer.location()).await.says("браузер не сохраняет cookie"));
}

/// A guest's form, sent after signing in: its page is not there any more.
#[actix_web::test]
async fn a_form_that_does_not_come_back_is_not_spoken_of_as_if_it_did() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    anna.signs_out().await.goes_to("/");
    let old = anna.token().await;
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    let fields = encoded(&[("csrf", &old), ("country", "RU"), ("phone", "9265550101")]);
    let answer = anna.posts("/registration", &fields).await.is(303);
    let page = page_after(&anna, answer.location()).await;
    assert!(is_told_truly(&page, "/registration"), "{}", page.text());
    assert!(!page.says("Введите заново"), "{}", page.text());
    // In the other languages as well.
    for (locale, title, words) in
        [("en_US", "Error: ", "Nothing was done"), ("zh_CN", "错误：", "没有执行任何操作")]
    {
        let answer = anna.posts(&format!("/security/sessions/end-others?locale={locale}"), &fields).await;
        let page = page_after(&anna, answer.is(303).location()).await;
        assert!(page.title().starts_with(title) && page.says(words), "{}: {}", page.title(), page.text());
    }
}
