//! The number is typed on the bank's own page: the portal never sees it.

use futures_util::future::join_all;
use kabinet::base::minutes;
use kabinet::gateway::sandbox::CardDetails;
use url::Url;

use crate::cards::stories::cards::{bank_s_deeds, sum_in_the_bank_s_message};
use crate::house::{House, Visitor};

const NUMBER: &str = "4242424242424242";

async fn open() -> House {
    House::with(&[("KABINET_CARD_ENTRY", "hosted_redirect")]).await
}

/// As far as the page that leads to the bank. Its path.
async fn begins(anna: &Visitor<'_>) -> String {
    anna.submits_on("/cards/new", "/cards", &[]).await.is(303).location().to_owned()
}

/// Where the page leads: the bank's own page.
async fn bank_page_of(anna: &Visitor<'_>, check: &str) -> Url {
    let page = anna.opens(check).await;
    let link = page.links().into_iter().map(|link| link.href).find(|href| href.contains("/bank/pages/"));
    Url::parse(&link.unwrap_or_else(|| panic!("no way to the bank:\n{}", page.text()))).unwrap()
}

fn types_at_the_bank(house: &House, url: &Url, number: &str) {
    let page = house.bank().page(url.path().rsplit('/').next().unwrap()).unwrap().unwrap();
    let card = CardDetails {
        number: number.to_owned().into(),
        holder: "ANNA PETROVA".to_owned(),
        month: 12,
        year: 2035,
        code: "123".to_owned().into(),
    };
    assert!(house.bank().enter(&page, &card).unwrap());
}

#[actix_web::test]
async fn a_card_is_bound_whose_number_the_portal_never_sees() {
    let house = open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let form = anna.opens("/cards/new").await;
    assert!(form.says("на странице банка") && form.value("number").is_none(), "{}", form.text());
    let check = begins(&anna).await;
    let bank = bank_page_of(&anna, &check).await;
    types_at_the_bank(&house, &bank, NUMBER);
    house.passes(minutes(1));
    house.asks_the_bank().await;
    assert!(anna.opens(&check).await.says("Visa •••• 4242"));
    let (sum, place) = (sum_in_the_bank_s_message(&house), check.replace("/verification", "/confirmation"));
    anna.submits_on(&check, &place, &[("sum", &sum)]).await.goes_to(&check.replace("/verification", ""));
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"]);
    let list = anna.opens("/cards").await;
    assert!(
        list.says("ANNA PETROVA") && list.says("по 12/35 включительно") && list.says("основная"),
        "{}",
        list.text()
    );
}

#[actix_web::test]
async fn a_number_that_is_sent_to_the_portal_all_the_same_is_not_looked_at() {
    let house = open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let card =
        [("number", NUMBER), ("holder", "ANNA PETROVA"), ("expiry", "12/35"), ("security_code", "123")];
    let form = anna.opens("/cards/new").await;
    let key = form.value("key").unwrap();
    let body: Vec<(&str, &str)> = card.into_iter().chain([("key", key.as_str())]).collect();
    let check = anna.posts_with_token("/cards", &body).await.is(303).location().to_owned();
    house.asks_the_bank().await;
    assert!(anna.opens(&check).await.says("страниц"));
    assert_eq!(
        house.count("cards WHERE fingerprint IS NOT NULL OR holder IS NOT NULL OR token IS NOT NULL"),
        0
    );
    assert!(house.bank().journal().unwrap().is_empty());
}

#[actix_web::test]
async fn a_page_that_is_left_or_never_filled_in_ends_the_entry_and_no_money_moves() {
    let house = open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = begins(&anna).await;
    let url = bank_page_of(&anna, &check).await;
    let page = house.bank().page(url.path().rsplit('/').next().unwrap()).unwrap().unwrap();
    house.bank().give_up(&page).unwrap();
    house.passes(minutes(1));
    house.asks_the_bank().await;
    assert!(anna.opens(&check).await.says("до банка не дошли"));
    let second = begins(&anna).await;
    assert_ne!(second, check, "another try");
    house.passes(minutes(29));
    house.asks_the_bank().await;
    assert!(anna.opens(&second).await.says("Ждём"));
    house.passes(minutes(2));
    house.asks_the_bank().await;
    assert!(anna.opens(&second).await.says("до банка не дошли"));
    house.passes(minutes(2));
    house.asks_the_bank().await;
    assert_eq!(
        (house.count("card_verifications"), house.count("cards WHERE next_at IS NOT NULL")),
        (0, 0),
        "nothing is left to do"
    );
}

#[actix_web::test]
async fn a_card_that_is_bound_already_is_told_so_and_forgotten_at_the_gateway() {
    let house = open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = begins(&anna).await;
    types_at_the_bank(&house, &bank_page_of(&anna, &check).await, NUMBER);
    house.passes(minutes(1));
    house.asks_the_bank().await;
    let (sum, place) = (sum_in_the_bank_s_message(&house), check.replace("/verification", "/confirmation"));
    anna.submits_on(&check, &place, &[("sum", &sum)]).await.goes_to(&check.replace("/verification", ""));
    house.asks_the_bank().await;
    let again = begins(&anna).await;
    types_at_the_bank(&house, &bank_page_of(&anna, &again).await, NUMBER);
    house.passes(minutes(1));
    house.asks_the_bank().await;
    let page = anna.opens(&again).await;
    assert!(page.says("уже привязана") && page.says("Они на вашей карте"), "{}", page.text());
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"], "one verification charge");
    house.asks_the_bank().await;
    assert_eq!(house.count("cards WHERE token IS NOT NULL"), 1, "the second one is forgotten");
}

#[actix_web::test]
async fn what_is_typed_at_the_bank_after_the_card_was_given_up_here_is_forgotten() {
    let house = open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = begins(&anna).await;
    let url = bank_page_of(&anna, &check).await;
    anna.submits(&check.replace("/verification", "/removal"), &[]).await.goes_to("/cards");
    types_at_the_bank(&house, &url, NUMBER);
    for _ in 0..3 {
        house.passes(minutes(16));
        house.asks_the_bank().await;
    }
    assert_eq!(
        house.count(
            "cards WHERE status = 'unbound' AND token IS NULL AND next_at IS NULL AND last_four = '4242'"
        ),
        1
    );
    assert_eq!(
        (house.count("card_verifications"), bank_s_deeds(&house).len()),
        (0, 0),
        "and nothing is charged"
    );
}

#[actix_web::test]
async fn of_50_posts_of_one_form_one_page_comes() {
    let house = open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let page = anna.opens("/cards/new").await;
    for answer in join_all((0..50).map(|_| anna.sends(&page, "/cards", &[]))).await {
        answer.is(303);
    }
    assert_eq!(house.count("cards WHERE entry_url IS NOT NULL"), 1);
}
