//! Whoever has to sign in arrives where they were going.

use kabinet::app::OWN_PAGES;
use kabinet::base::{hours, minutes};

use super::path_of;
use crate::house::{ANOTHER_PASSWORD, House, PASSWORD};
use crate::tidy::access::{ROUTES, Route, Who};

fn own(method: &'static str) -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(move |row| row.method == method && row.who == Who::Owner)
}

#[actix_web::test]
async fn a_page_that_is_come_back_to_is_one_that_only_opens_for_whoever_is_signed_in() {
    let mut pages: Vec<&str> = own("GET").map(|row| row.path).collect();
    let mut known = OWN_PAGES.pages.to_vec();
    pages.sort_unstable();
    known.sort_unstable();
    assert_eq!(known, pages);
    // To some of them the bank's pages send forms.
    let others = ROUTES.iter().filter(|row| row.who != Who::Owner);
    for row in others.filter(|row| row.who != Who::Passing || row.method == "GET") {
        assert_eq!(OWN_PAGES.read(&path_of(row)), None, "{}", row.path);
    }
}

#[actix_web::test]
async fn every_page_of_an_account_opens_after_signing_in_even_after_a_mistyped_password() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    for row in own("GET") {
        let (path, browser) = (path_of(row), house.visitor("Anna"));
        let sign_in = browser.gets(&path).await.asks_to_sign_in().location().to_owned();
        assert_eq!(sign_in, format!("/sign-in?next={path}"));
        let page = browser.opens(&sign_in).await;
        assert!(page.says("Эта страница — часть личного кабинета"), "{}", page.text());
        let other = page.form_to("/sign-in").unwrap();
        let wrong = browser.posts("/sign-in", &other.filled(&[("login", &number), ("password", "")])).await;
        let right = [("login", number.as_str()), ("password", PASSWORD)];
        browser.sends(&wrong.is(422).page(), "/sign-in", &right).await.goes_to(&path);
        // The other tab.
        browser.posts("/sign-in", &other.filled(&right)).await.goes_to(&path);
    }
}

#[actix_web::test]
async fn the_second_step_leads_there_as_well_and_so_does_another_language() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    let phone = anna.in_another_browser();
    let page = phone.opens("/cards").await;
    let english = page.links().into_iter().find(|link| link.href.contains("locale=en")).unwrap().href.clone();
    let page = phone.opens(&english).await;
    let fields = [("login", guarded.number.as_str()), ("password", PASSWORD)];
    let step = phone.sends(&page, "/sign-in", &fields).await.goes_to("/sign-in/code?next=/cards");
    let page = phone.opens(step.location()).await;
    let wrong = phone.sends(&page, "/sign-in/code", &[("code", "000000")]).await.is(422).page();
    let code = [("code", guarded.paper[0].as_str())];
    phone.sends(&wrong, "/sign-in/code", &code).await.goes_to("/cards");
}

#[actix_web::test]
async fn whoever_has_forgotten_the_password_comes_to_the_wanted_page_all_the_same() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with("anna@example.org").await;
    for by_link in [true, false] {
        house.passes(minutes(60));
        let far = anna.in_another_browser();
        let form = far.opens("/messages").await;
        let forgotten =
            form.links().into_iter().find(|link| link.href.starts_with("/recovery")).unwrap().href;
        let action = forgotten.replace("&amp;", "&");
        far.submits(&action, &[("email", "anna@example.org")]).await.goes_to("/recovery/code");
        if by_link {
            far.follows_recovery("anna@example.org").await.goes_to("/recovery/password");
        } else {
            let code = far.reads_code_of("anna@example.org").await;
            far.gives_recovery_code(&code).await.goes_to("/recovery/password");
        }
        let password = if by_link { ANOTHER_PASSWORD } else { PASSWORD };
        let sign_in = far.makes_up(password).await.is(303).location().to_owned();
        assert_eq!(sign_in, "/sign-in?next=/messages");
        let fields = [("login", "anna@example.org"), ("password", password)];
        far.submits_on(&sign_in, "/sign-in", &fields).await.goes_to("/messages");
    }
}

#[actix_web::test]
async fn nobody_is_sent_elsewhere() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    for next in [
        "//evil.example",
        "https://evil.example/cards",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/cards/../help",
        "/cards\r\nX: y",
        "/sign-out",
        "/help",
        "/cards?x=1",
    ] {
        let browser = house.visitor("Anna");
        let fields = [("login", number.as_str()), ("password", PASSWORD), ("next", next)];
        browser.posts_with_token("/sign-in", &fields).await.goes_to("/cabinet");
        let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        browser.gets(&format!("/sign-in?next={query}")).await.goes_to("/cabinet");
    }
}

#[actix_web::test]
async fn every_form_without_a_session_says_that_nothing_was_saved_and_leads_back_to_its_page() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    for row in own("POST") {
        let (path, browser) = (path_of(row), house.visitor("Anna"));
        let answer = browser.posts_with_token(&path, &[("name", "Анна")]).await.asks_to_sign_in();
        let next = OWN_PAGES.of_form(&path);
        assert_eq!(answer.location(), format!("/sign-in?next={next}&unsaved=yes"));
        let page = browser.opens(answer.location()).await;
        assert!(page.says("Ничего не сохранено"), "{}", page.text());
        let right = [("login", number.as_str()), ("password", PASSWORD)];
        browser.sends(&page, "/sign-in", &right).await.goes_to(next);
    }
}

#[actix_web::test]
async fn why_a_session_has_ended_is_said() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    let reads = async |browser: &crate::house::Visitor<'_>, words: &str| {
        let answer = browser.posts_with_token("/profile/name", &[("name", "Анна")]).await.asks_to_sign_in();
        let page = browser.opens(answer.location()).await;
        assert!(page.says("Ничего не сохранено") && page.says(words), "{words}: {}", page.text());
    };
    let other = house.visitor("Anna");
    other.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    anna.submits_on("/security", "/security/sessions/end-others", &[]).await.goes_to("/security");
    reads(&other, "завершили из другого браузера").await;
    let copy = anna.copy();
    anna.signs_out().await.goes_to("/");
    reads(&copy, "Вы вышли из личного кабинета").await;
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    other.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    let new = [("current", PASSWORD), ("password", "sosna-shumit-4"), ("again", "sosna-shumit-4")];
    anna.submits("/profile/password", &new).await.goes_to("/profile/password/changed");
    reads(&other, "пароль изменили").await;
    house.passes(minutes(31));
    reads(&anna, "30 минут").await;
    anna.signs_in(&number, "sosna-shumit-4").await.goes_to("/cabinet");
    for _ in 0..36 {
        house.passes(minutes(20));
        anna.gets("/help").await.is(200);
    }
    reads(&anna, "не дольше 12 часов").await;
    house.passes(hours(24 * 7));
    reads(&anna, "не дольше 12 часов").await;
}

#[actix_web::test]
async fn whoever_is_inside_is_not_shown_a_sign_in() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    for path in ["/sign-in", "/registration", "/sign-in/code"] {
        anna.gets(path).await.goes_to("/cabinet");
    }
    anna.gets("/sign-in?next=/cards").await.goes_to("/cards");
    let go = anna.opens("/").await.link("Go to My Alipay").unwrap().href;
    anna.gets(&go).await.goes_to("/cabinet");
}

/// The form of another tab, sent after somebody has signed in in the first one.
#[actix_web::test]
async fn the_form_of_another_tab_leads_on_without_a_word_unless_it_names_somebody_else() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris").calling("+79265550102"));
    let number = anna.registers().await;
    let his = boris.registers().await;
    let phone = anna.phone.clone();
    for (login, is_told) in
        [(number.as_str(), false), (phone.as_str(), false), (his.as_str(), true), ("x", true)]
    {
        for wanted in ["/cabinet", "/cards"] {
            let browser = house.visitor("Anna");
            let tab = browser.opens(&format!("/sign-in?next={wanted}")).await;
            browser.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
            let fields = [("login", login), ("password", "whatever")];
            browser.sends(&tab, "/sign-in", &fields).await.goes_to(wanted);
            let page = browser.opens(wanted).await;
            assert_eq!(page.says("Вы уже вошли"), is_told, "{login}: {}", page.text());
        }
    }
}

/// A link in the reader's language stays in it over the sign-in page.
#[actix_web::test]
async fn the_language_of_a_link_is_kept_by_whoever_has_to_sign_in_first() {
    let house = House::open().await;
    let stranger = house.visitor("Stranger");
    stranger.gets("/cards/new?locale=en_US").await.goes_to("/sign-in?next=/cards/new");
    assert_eq!(stranger.opens("/sign-in").await.headings(), ["Sign in to your account"]);
}
