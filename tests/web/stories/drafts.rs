//! What was typed into a form that was not taken waits for whoever typed it, and for nobody else.

use kabinet::base::{hours, minutes};

use crate::house::{House, PASSWORD, Visitor};
use crate::support::http::encoded;

const NAME: (&str, &str) = ("name", "Анна «Аня» П.");
const ADDRESS: (&str, &str) = ("email", "anna.novaya@example.org");

/// The page that opens after signing in on that of an answer.
async fn signs_in_there(browser: &Visitor<'_>, location: &str, login: &str) -> String {
    let page = browser.opens(location).await;
    let right = [("login", login), ("password", PASSWORD)];
    browser.sends(&page, "/sign-in", &right).await.is(303).location().to_owned()
}

#[actix_web::test]
async fn what_was_typed_is_there_after_signing_in_whatever_has_ended_the_session() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    for (passes, why) in [(0, "не выполнен"), (31, "30 минут")] {
        let (name, address) = (anna.opens("/profile/name").await, anna.opens("/email").await);
        match passes {
            0 => {
                anna.signs_out().await.goes_to("/");
            }
            passes => house.passes(minutes(passes)),
        }
        // Two tabs.
        let answer = anna.sends(&name, "/profile/name", &[NAME]).await.asks_to_sign_in();
        let page = anna.opens(answer.location()).await;
        assert!(
            page.says("Ничего не сохранено") && page.says(why) && page.says("с тем, что вы ввели"),
            "{}",
            page.text()
        );
        let secret = [ADDRESS, ("password", "ochen-tainoe-slovo-7")];
        let answer = anna.sends(&address, "/email", &secret).await.asks_to_sign_in();
        assert!(anna.opens(answer.location()).await.says("кроме секретных полей"));
        assert!(anna.cookie("drafts-dev").unwrap().len() < 2_600);
        let there = signs_in_there(&anna, answer.location(), &number).await;
        assert_eq!(there, "/email");
        for (path, (field, value)) in [("/email", ADDRESS), ("/profile/name", NAME)] {
            let page = anna.opens(path).await;
            assert_eq!(page.value(field).as_deref(), Some(value), "{path}: {}", page.text());
            assert!(page.title().starts_with("Ошибка: ") && page.says("Ничего не сохранено"));
            assert!(!page.source.contains("tainoe"));
            assert_ne!(anna.opens(path).await.value(field).as_deref(), Some(value), "it is shown once");
        }
        assert!(anna.cookie("drafts-dev").is_none());
        anna.signs_out().await.goes_to("/");
        anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    }
}

#[actix_web::test]
async fn nobody_else_who_signs_in_there_is_shown_it() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris").calling("+79265550102"));
    let number = anna.registers().await;
    let his = boris.registers().await;
    let form = anna.opens("/profile/name").await;
    anna.signs_out().await.goes_to("/");
    let answer = anna.sends(&form, "/profile/name", &[NAME]).await.asks_to_sign_in();
    assert_eq!(signs_in_there(&anna, answer.location(), &his).await, "/profile/name");
    let page = anna.opens("/profile/name").await;
    assert_ne!(page.value("name").as_deref(), Some(NAME.1));
    assert!(anna.cookie("drafts-dev").is_none(), "nor is it kept any longer");
    // Nor is a form of hers taken for his.
    anna.sends(&form, "/profile/name", &[NAME]).await.goes_to("/profile/name");
    let page = anna.opens("/profile/name").await;
    assert!(page.says("из другого аккаунта") && page.title().starts_with("Ошибка: "), "{}", page.text());
    assert_ne!(page.value("name").as_deref(), Some(NAME.1));
    anna.signs_out().await.goes_to("/");
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    assert!(!anna.opens("/profile/name").await.source.contains("Аня"));
}

#[actix_web::test]
async fn it_waits_for_half_an_hour_and_has_its_bounds() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    let form = anna.opens("/profile/name").await;
    anna.signs_out().await.goes_to("/");
    anna.sends(&form, "/profile/name", &[("name", &"Ы".repeat(1_000))]).await.asks_to_sign_in();
    assert!(anna.cookie("drafts-dev").is_none());
    let answer = anna.sends(&form, "/profile/name", &[NAME]).await.asks_to_sign_in();
    let kept = anna.cookie("drafts-dev").unwrap();
    assert!(!kept.contains("Аня"));
    house.passes(hours(1));
    anna.keeps("drafts-dev", &kept);
    assert!(anna.opens(answer.location()).await.says("вернём вас к форме"));
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    assert!(!anna.opens("/profile/name").await.source.contains("Аня"));
    anna.keeps("drafts-dev", "AAAA");
    anna.opens("/profile/name").await;
}

#[actix_web::test]
async fn the_part_of_a_list_is_come_back_to() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    for (asked, word, there) in [
        (
            "/security/activity?topic=sign-in&before=7",
            "/security/activity%3Ftopic%3Dsign-in%26before%3D7",
            "/security/activity?topic=sign-in&before=7",
        ),
        ("/messages?before=9&locale=ru_RU&x=//evil.example", "/messages%3Fbefore%3D9", "/messages?before=9"),
        ("/messages?before=//evil.example", "/messages", "/messages"),
    ] {
        let browser = house.visitor("Anna");
        let answer = browser.gets(asked).await.asks_to_sign_in();
        assert_eq!(answer.location(), format!("/sign-in?next={word}"));
        let page = browser.opens(answer.location()).await;
        let english =
            page.links().into_iter().find(|link| link.href.contains("locale=en")).unwrap().href.clone();
        assert_eq!(signs_in_there(&browser, &english, &number).await, there);
        browser.opens(there).await;
    }
}

#[actix_web::test]
async fn nothing_is_planted_for_whoever_signs_in_next() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    let stranger = house.visitor("Stranger");
    let (page, desk) = (stranger.opens("/sign-in").await, anna.in_another_browser());
    for (path, (field, value)) in [("/email", ADDRESS), ("/profile/name", NAME)] {
        let token = page.value("csrf").unwrap();
        // A browser that has seen no form yet, and one where somebody is signed in.
        for browser in [&desk, &anna] {
            let answer = browser.posts(path, &encoded(&[("csrf", &token), (field, value)])).await;
            assert!(answer.status == 303 || answer.status == 403, "{path}: {}", answer.status);
            assert!(browser.cookie("drafts-dev").is_none(), "{path}");
        }
    }
    desk.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    for (path, (field, value)) in [("/email", ADDRESS), ("/profile/name", NAME)] {
        assert_ne!(desk.opens(path).await.value(field).as_deref(), Some(value), "{path}");
    }
}
