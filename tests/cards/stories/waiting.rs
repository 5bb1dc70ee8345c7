//! Back from the bank, and pages that wait for its word: nobody has to press «Обновить».

use futures_util::future::join;
use kabinet::app::OWN_PAGES;
use kabinet::base::{minutes, seconds};
use kabinet::sandbox::bank::Fault;
use url::Url;

use super::cards::{bank_s_deeds, binds_number, sum_in_the_bank_s_message};
use crate::house::{House, Visitor};
use crate::support::html::Page;

const ASKS_AT_THE_BANK: &str = "4000 0000 0000 3220";
/// A page waits for as long as the story takes, not for a clock.
const LONG: [(&str, &str); 1] = [("KABINET_CARD_WAIT_SECONDS", "60")];

/// The pages of the portal that somebody has looked at so far.
fn views(house: &House) -> usize {
    house.answers().iter().filter(|answer| answer.status == 200).count()
}

/// What the bank is asked while a page waits.
async fn sees_once_the_bank_has_answered(anna: &Visitor<'_>, path: &str, words: &str) {
    let (page, ()) = join(anna.opens(path), anna.house.asks_the_bank()).await;
    assert!(page.says(words), "«{words}»: {}", page.text());
}

#[actix_web::test]
async fn a_card_is_bound_in_four_views_and_nobody_asks_again() {
    let house = House::with(&LONG).await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.keeps_answers();
    anna.opens("/cards").await;
    let check = binds_number(&anna, "4242 4242 4242 4242").await;
    sees_once_the_bank_has_answered(&anna, &check, "Введите сумму").await;
    let place = check.replace("/verification", "/confirmation");
    // The form of the page that is open already.
    let body = [("sum", sum_in_the_bank_s_message(&house))];
    let fields: Vec<(&str, &str)> = body.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = house.answers().last().unwrap().clone().page();
    anna.sends(&page, &place, &fields).await.goes_to(&check.replace("/verification", ""));
    sees_once_the_bank_has_answered(&anna, &check, "Вернули деньги на карту").await;
    assert_eq!((views(&house), bank_s_deeds(&house)), (4, vec!["charged", "refunded"]));
}

#[actix_web::test]
async fn back_from_the_bank_the_page_waits_for_its_word() {
    let house = House::with(&LONG).await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = binds_number(&anna, ASKS_AT_THE_BANK).await;
    sees_once_the_bank_has_answered(&anna, &check, "Перейти на страницу банка").await;
    // Nothing comes before its owner has been there: this page does not wait.
    let page = anna.opens(&check).await;
    assert!(page.says("Банк просит подтвердить"), "{}", page.text());
    let back = says_yes_at_the_bank(&house, &page);
    let waiting = anna.gets(&back).await.is(303).location().to_owned();
    house.passes(seconds(5));
    sees_once_the_bank_has_answered(&anna, &waiting, "Введите сумму").await;
}

/// On the bank's page, where the check leads; the path to which the bank sends the browser back.
fn says_yes_at_the_bank(house: &House, check: &Page) -> String {
    let links = check.links().into_iter().map(|link| link.href);
    let asked =
        links.filter_map(|href| Url::parse(&href).ok()).find(|url| url.path().contains("/confirmations/"));
    let asked = asked.unwrap_or_else(|| panic!("no way to the bank: {}", check.text()));
    let url = house.bank().confirm(asked.path().rsplit('/').next().unwrap(), true).unwrap().unwrap();
    let back = Url::parse(&url).unwrap().path().to_owned();
    assert!(OWN_PAGES.is_return(&back), "{back}");
    back
}

#[actix_web::test]
async fn whoever_has_been_at_the_bank_is_not_sent_there_again() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = binds_number(&anna, ASKS_AT_THE_BANK).await;
    house.asks_the_bank().await;
    let page = anna.opens(&check.replace("/verification", "/return")).await;
    assert!(page.says("Ждём ответ банка") && !page.says("Банк просит подтвердить"), "{}", page.text());
    assert!(page.says("Перейти на страницу банка"), "who has not answered there still can");
    // In another language it is the same page.
    let page = anna.opens(&check.replace("/verification", "/waiting?locale=en_US")).await;
    assert!(page.says("waiting for the bank’s answer"), "{}", page.text());
}

/// Every address to which a page of the bank sends a browser.
#[actix_web::test]
async fn a_bank_s_form_leads_to_the_card_and_touches_no_cookie() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = binds_number(&anna, ASKS_AT_THE_BANK).await;
    house.asks_the_bank().await;
    let handle = check.split('/').nth(2).unwrap();
    let sessions = house.count("sessions");
    let long = format!("PaRes={}&MD=1", "eNrVWVmTqsgS/iuGPY4eEUFlcaJmBLKIbApI4QNKbLKJyCL++lug".repeat(600));
    for pattern in OWN_PAGES.returns {
        let path = pattern.replace("{handle}", handle);
        for body in ["", "PaRes=eNrVWV&MD=42&TermUrl=x", "a=%zz&\0", "{\"cres\":1}", &long] {
            // With this browser's cookies, with none, and with some that nobody believes.
            let stranger = house.visitor("Nobody");
            let crooked = house.visitor("Nobody").sending("cookie", "kabinet=1; kabinet=2; locale=??");
            for who in [anna.copy(), stranger, crooked] {
                let who =
                    who.sending("origin", "https://acs.example").sending("sec-fetch-site", "cross-site");
                let who = who.sending("content-type", "multipart/form-data; boundary=x");
                let answer = who.posts(&path, body.as_bytes()).await;
                assert!(
                    answer.headers("set-cookie").is_empty(),
                    "{path}: {:?}",
                    answer.headers("set-cookie")
                );
                answer.goes_to(&format!("/cards/{handle}/waiting"));
            }
        }
        // Whatever stands in the address is no way elsewhere.
        for made_up in ["x.y", "%0d%0aset-cookie:a=b", "..%2f..%2fhelp", "%2f%2fevil.example", "%d1%8f"] {
            let path = pattern.replace("{handle}", made_up);
            let answer = anna.posts(&path, b"MD=1").await;
            assert!(answer.status == 404 || answer.location() == "/cards", "{path}: {}", answer.status);
        }
    }
    let by_link = anna.gets(&check.replace("/verification", "/return?payment_intent=pi_1&x=%zz")).await;
    by_link.goes_to(&format!("/cards/{handle}/waiting"));
    assert_eq!(house.count("sessions"), sessions, "no session was begun, changed or ended");
    assert!(anna.opens("/cards").await.says("Visa •••• 3220"), "still signed in");
    assert_eq!(bank_s_deeds(&house), Vec::<&str>::new(), "and nothing was believed");
}

#[actix_web::test]
async fn a_page_waits_only_where_a_word_can_come_soon() {
    let house = House::with(&LONG).await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = binds_number(&anna, "4242 4242 4242 4242").await;
    house.line_to_the_bank(Fault::LostBefore);
    house.asks_the_bank().await;
    house.passes(minutes(1));
    house.asks_the_bank().await;
    // The bank has not answered for a minute: the page says so at once. Otherwise this story would not end.
    let page = anna.opens(&check).await;
    assert!(page.says("Просим банк"), "{}", page.text());
    assert_eq!(house.gateway_access().waiting.count(), 0);
    house.line_to_the_bank(Fault::None);
    house.passes(minutes(1));
    house.asks_the_bank().await;
    // The sum is its owner's to type: there is nothing to wait for.
    assert!(anna.opens(&check).await.says("Введите сумму"));
    // A portal that stops keeps nobody.
    house.gateway_access().waiting.close();
    let second = house.visitor("Boris");
    second.registers().await;
    let check = binds_number(&second, "5555 5555 5555 4444").await;
    assert!(second.opens(&check).await.says("Просим банк"));
}
