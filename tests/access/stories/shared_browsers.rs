//! A browser that people share. What one account was given there is worth nothing at another, and is turned over when somebody else
//! comes in, whichever way they come.

use kabinet::base::minutes;
use kabinet::web::TRUSTED_BROWSER;

use crate::house::{ANOTHER_PASSWORD, House, PASSWORD, Visitor, link_in};
use crate::profile::stories::profile::owner;

const ANNA: &str = "anna@example.org";
const BORIS: &str = "boris@example.org";
const WRONG: &str = "wrong-password";

#[derive(Debug, Clone, Copy)]
enum Way {
    Password,
    Code,
    UnlockLink,
    Registration,
    Invitation,
}

const WAYS: [Way; 5] = [Way::Password, Way::Code, Way::UnlockLink, Way::Registration, Way::Invitation];

/// What the browser holds.
fn held(browser: &Visitor<'_>) -> String {
    browser.cookie(browser.house.state().cookies.name(TRUSTED_BROWSER)).unwrap()
}

async fn forgets_limits(house: &House) {
    house.writes(|db| diesel::RunQueryDsl::execute(diesel::sql_query("DELETE FROM counters"), db)).await;
}

fn letters_about_a_new_device(letters: &[String]) -> usize {
    letters.iter().filter(|text| text.contains("с устройства, которого мы раньше не видели")).count()
}

async fn told(house: &House, email: &str) -> usize {
    let texts: Vec<String> = house.letters_to(email).await.iter().map(|letter| letter.text.clone()).collect();
    letters_about_a_new_device(&texts)
}

/// Somebody else comes in at that browser.
async fn comes_in(house: &House, browser: &Visitor<'_>, way: Way) {
    let boris = || async { owner(house, "Boris", BORIS).await };
    match way {
        Way::Password => {
            boris().await;
            browser.signs_in(BORIS, PASSWORD).await.goes_to("/cabinet");
        }
        Way::Code => {
            let guarded = boris().await.guards_the_account().await;
            browser.signs_in(BORIS, PASSWORD).await.goes_to("/sign-in/code");
            let fields = [("code", guarded.paper[0].as_str()), ("remember", "yes")];
            browser.submits("/sign-in/code", &fields).await.goes_to("/cabinet");
        }
        Way::UnlockLink => {
            boris().await;
            for _ in 0..10 {
                house.visitor("Eve").signs_in(BORIS, WRONG).await.is(422);
                house.passes(minutes(15));
            }
            house.visitor("Eve").signs_in(BORIS, WRONG).await.is(422);
            house.visitor("Eve").signs_in(BORIS, WRONG).await.is(429);
            let link = link_in(&house.letter_to(BORIS).await);
            assert!(link.starts_with("/unlock/"), "{link}");
            browser.submits(&link, &[]).await.goes_to("/sign-in");
            return;
        }
        Way::Registration => {
            let boris = browser.copy().calling("+79169998877");
            boris.registers().await;
            let name = house.state().cookies.name(TRUSTED_BROWSER);
            browser.keeps(name, &held(&boris));
            return;
        }
        Way::Invitation => {
            house.invites(BORIS).await;
            browser.accepts_up_to_the_questions(&house.invitation_to(BORIS).await).await;
            browser.sends_questions().await.goes_to("/registration/done");
        }
    }
    browser.signs_out().await.goes_to("/");
}

/// Five tries at Anna's account are free, and the sixth waits: as of anybody who was never there.
async fn guesses_as_a_stranger(house: &House, browser: &Visitor<'_>, said: &str) {
    forgets_limits(house).await;
    for guess in 0..5 {
        browser.signs_in(ANNA, &format!("{WRONG}-{guess}")).await.is(422);
    }
    assert_eq!(browser.signs_in(ANNA, WRONG).await.status, 429, "{said}");
    // And so does everybody: these tries count where strangers' do.
    assert_eq!(house.visitor("Eve").signs_in(ANNA, WRONG).await.status, 429, "{said}");
    forgets_limits(house).await;
}

#[actix_web::test]
async fn whoever_comes_in_turns_the_browser_over_whichever_way_they_come() {
    for way in WAYS {
        let house = House::open().await;
        let anna = owner(&house, "Anna", ANNA).await;
        let guarded = anna.guards_the_account().await;
        anna.signs_out().await.goes_to("/");
        anna.signs_in(ANNA, PASSWORD).await.goes_to("/sign-in/code");
        let fields = [("code", guarded.paper[0].as_str()), ("remember", "yes")];
        anna.submits("/sign-in/code", &fields).await.goes_to("/cabinet");
        anna.signs_out().await.goes_to("/");
        let (before, hers) = (anna.copy(), held(&anna));
        assert_eq!(house.count("trusted_browsers"), 1);

        comes_in(&house, &anna, way).await;
        assert_ne!(held(&anna), hers, "{way:?}: a token of their own");
        let of_anna = house.count("trusted_browsers b WHERE b.account_id = (SELECT MIN(id) FROM accounts)");
        assert_eq!(of_anna, 0, "{way:?}: the row is gone");
        guesses_as_a_stranger(&house, &anna, &format!("{way:?}: what the other was given")).await;
        guesses_as_a_stranger(&house, &before, &format!("{way:?}: what Anna was given")).await;

        let so_far = told(&house, ANNA).await;
        anna.signs_in(ANNA, PASSWORD).await.goes_to("/sign-in/code");
        anna.submits("/sign-in/code", &[("code", guarded.paper[1].as_str())]).await.goes_to("/cabinet");
        assert_eq!(told(&house, ANNA).await, so_far + 1, "{way:?}: she hears of it");
    }
}

#[actix_web::test]
async fn the_first_owner_of_a_shared_browser_is_a_stranger_to_the_second() {
    let house = House::open().await;
    owner(&house, "Anna", ANNA).await;
    let boris = owner(&house, "Boris", BORIS).await;
    boris.signs_out().await.goes_to("/");
    // Anna signs in at Boris's browser, once.
    let copy = boris.copy();
    boris.signs_in(ANNA, PASSWORD).await.goes_to("/cabinet");
    boris.signs_out().await.goes_to("/");
    guesses_as_a_stranger(&house, &copy, "what Boris had before").await;
    let so_far = told(&house, ANNA).await;
    copy.signs_in(ANNA, PASSWORD).await.goes_to("/cabinet");
    assert_eq!(told(&house, ANNA).await, so_far + 1, "she hears of it");
    // Boris comes back: the browser is his, and no longer hers.
    boris.signs_in(BORIS, PASSWORD).await.goes_to("/cabinet");
    boris.signs_out().await.goes_to("/");
    guesses_as_a_stranger(&house, &boris, "what Boris has now").await;
}

#[actix_web::test]
async fn a_new_password_or_a_way_back_in_makes_no_browser_known_that_is_somebody_else_s() {
    let house = House::open().await;
    let (anna, boris) = (owner(&house, "Anna", ANNA).await, owner(&house, "Boris", BORIS).await);
    let name = house.state().cookies.name(TRUSTED_BROWSER);
    anna.keeps(name, &held(&boris));
    let new = "крыша 9 верблюд алтын";
    let fields = [("current", PASSWORD), ("password", new), ("again", new)];
    anna.submits("/profile/password", &fields).await.goes_to("/profile/password/changed");
    assert_eq!(house.count("trusted_browsers"), 1, "Boris's alone");
    anna.signs_out().await.goes_to("/");
    guesses_as_a_stranger(&house, &anna, "after a new password").await;

    boris.signs_out().await.goes_to("/");
    let restored = boris.copy();
    restored.restores_by_mail(ANNA).await;
    assert_eq!(house.count("trusted_browsers"), 1, "Boris's alone");
    guesses_as_a_stranger(&house, &restored, "after a way back in").await;
    let so_far = told(&house, ANNA).await;
    restored.signs_in(ANNA, ANOTHER_PASSWORD).await.goes_to("/cabinet");
    assert_eq!(told(&house, ANNA).await, so_far + 1);
}

#[actix_web::test]
async fn the_cabinet_names_the_sign_in_before_this_one_and_no_other() {
    let house = House::open().await;
    let (anna, at_work) = (house.visitor("Anna"), house.visitor("Anna at work"));
    let number = anna.registers().await;
    assert!(!anna.opens("/cabinet").await.says("Прошлый вход"), "there was none");
    house.passes(minutes(120));
    at_work.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    assert!(!at_work.opens("/cabinet").await.says("Прошлый вход"), "its own is no earlier one");
    let first = house.now();
    house.passes(minutes(1_800));
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    let cabinet = anna.opens("/cabinet").await;
    assert!(cabinet.says("Прошлый вход") && cabinet.says("(МСК)"), "{}", cabinet.text());
    assert_eq!(cabinet.source.matches("Прошлый вход").count(), 1);
    let shown =
        kabinet::texts::deadline(kabinet::texts::Locale::Ru, "Europe/Moscow", first).replace("\u{a0}", " ");
    assert!(cabinet.says(&shown), "{shown}: {}", cabinet.text());
}
