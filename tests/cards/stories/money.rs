//! Where the money of a verification charge is, and what its owner reads meanwhile.

use diesel::prelude::*;
use kabinet::base::{Moment, days, hours, minutes};
use kabinet::cards::expiring;
use kabinet::db::schema::accounts;
use kabinet::sandbox::bank::Fault;

use crate::cards::stories::cards::{bank_s_deeds, sum_in_the_bank_s_message};
use crate::house::{House, PASSWORD, Visitor};

const GOOD: &str = "4242424242424242";
const ANOTHER: &str = "5555555555554444";
/// Refunds are refused for two hours.
/// Charged, and the answer never comes.
const SILENT: &str = "4000000000001000";

async fn person<'h>(house: &'h House, name: &'static str) -> Visitor<'h> {
    let person = house.visitor(name);
    person.registers().await;
    person
}

async fn brings(who: &Visitor<'_>, number: &str) -> String {
    let typed =
        [("number", number), ("holder", "ANNA PETROVA"), ("expiry", "12/35"), ("security_code", "123")];
    let fields = [&typed[..], &[("password", PASSWORD)]].concat();
    who.submits_on("/cards/new", "/cards", &fields).await.is(303).location().to_owned()
}

async fn names(who: &Visitor<'_>, check: &str, sum: &str) -> u16 {
    who.posts_with_token(&check.replace("/verification", "/confirmation"), &[("sum", sum)]).await.status
}

async fn confirms(who: &Visitor<'_>, number: &str) -> String {
    let check = brings(who, number).await;
    who.house.asks_the_bank().await;
    assert_eq!(names(who, &check, &sum_in_the_bank_s_message(who.house)).await, 303);
    check
}

#[actix_web::test]
async fn a_form_that_is_sent_again_after_success_leads_to_the_same_page() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    let page = anna.opens("/cards/new").await;
    let card = [("number", GOOD), ("holder", "ANNA PETROVA"), ("expiry", "12/35"), ("security_code", "123")];
    let first = anna.sends(&page, "/cards", &card).await.is(303).location().to_owned();
    house.asks_the_bank().await;
    names(&anna, &first, &sum_in_the_bank_s_message(&house)).await;
    house.asks_the_bank().await;
    anna.sends(&page, "/cards", &card).await.goes_to(&first);
    assert_eq!((house.count("cards"), bank_s_deeds(&house)), (1, vec!["charged", "refunded"]));
}

#[actix_web::test]
async fn nothing_can_be_named_before_the_charge() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    let check = brings(&anna, GOOD).await;
    let page = anna.opens(&check).await;
    assert!(page.form_to(&check.replace("/verification", "/confirmation")).is_none(), "{}", page.text());
    for sum in ["1,01", "4,37", "9,99"] {
        assert_eq!(names(&anna, &check, sum).await, 303);
    }
    assert_eq!(house.count("cards WHERE status = 'verifying' AND tries_left = 3"), 1, "no try is spent");
}

#[actix_web::test]
async fn a_sum_is_read_as_people_write_it() {
    let house = House::open().await;
    for write in
        [|sum: &str| sum.replace(',', "."), |sum: &str| format!("  {sum} "), |sum: &str| sum.to_owned()]
    {
        let anna = person(&house, "Anna").await;
        let check = brings(&anna, GOOD).await;
        house.asks_the_bank().await;
        let sum = sum_in_the_bank_s_message(&house);
        for nonsense in ["", "много", "4,3,7", "-1", "4242 4242 4242 4242"] {
            let answer = anna
                .posts_with_token(&check.replace("/verification", "/confirmation"), &[("sum", nonsense)])
                .await
                .is(422);
            assert!(!answer.text().contains("4242 4242"), "a number in the wrong field is not shown again");
        }
        assert_eq!(names(&anna, &check, &write(&sum)).await, 303);
        assert!(anna.opens(&check).await.says("Подтверждена"), "{sum}");
    }
}

#[actix_web::test]
async fn a_sum_can_be_named_after_its_return_but_not_after_two_days() {
    let house = House::open().await;
    let (anna, vera) = (person(&house, "Anna").await, person(&house, "Vera").await);
    let first = brings(&anna, GOOD).await;
    house.asks_the_bank().await;
    let sum = sum_in_the_bank_s_message(&house);
    let second = brings(&vera, ANOTHER).await;
    house.asks_the_bank().await;
    let other_sum = sum_in_the_bank_s_message(&house);
    house.passes(hours(47) + minutes(59));
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged", "charged", "refunded", "refunded"]);
    anna.signs_in_again().await;
    vera.signs_in_again().await;
    names(&anna, &first, &sum).await;
    assert!(anna.opens(&first).await.says("Подтверждена"));
    house.passes(minutes(2));
    names(&vera, &second, &other_sum).await;
    house.asks_the_bank().await;
    assert!(vera.opens(&second).await.says("За двое суток сумму не ввели"));
    assert_eq!(house.count("cards WHERE status = 'confirmed'"), 1);
}

#[actix_web::test]
async fn the_money_of_a_blocked_account_comes_back() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    brings(&anna, GOOD).await;
    house.asks_the_bank().await;
    house.writes(|db| diesel::update(accounts::table).set(accounts::status.eq("blocked")).execute(db)).await;
    house.runs_maintenance().await;
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"]);
}

#[actix_web::test]
async fn a_card_that_expires_is_announced_a_month_ahead_and_once() {
    const NEW_YEAR_2036: i64 = 2_082_758_400_000_000;
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    confirms(&anna, GOOD).await;
    let before = house.letters_to(&anna.phone).await.len();
    let ends = Moment::from_micros(NEW_YEAR_2036);
    for (ahead, told) in [(32, 0), (30, 1), (29, 0)] {
        house.passes(ends.before(days(ahead)).since(house.now()));
        let announced = house.state().txs.write(expiring::announce).await.unwrap();
        assert_eq!(announced, told, "{ahead} days ahead");
    }
    let letters = house.letters_to(&anna.phone).await;
    assert!(letters.len() == before + 1 && letters[before].text.contains("12/35"), "{letters:?}");
}

#[actix_web::test]
async fn another_card_takes_the_place_of_the_one_that_is_unbound() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    let first = confirms(&anna, GOOD).await;
    let second = confirms(&anna, ANOTHER).await;
    let default = || house.database.lines("SELECT last_four AS line FROM cards WHERE is_default");
    assert_eq!(default(), ["4242"]);
    anna.submits(&first.replace("/verification", "/removal"), &[("password", PASSWORD)])
        .await
        .goes_to("/cards");
    assert_eq!(default(), ["4444"]);
    anna.submits(&second.replace("/verification", "/removal"), &[("password", PASSWORD)])
        .await
        .goes_to("/cards");
    assert!(default().is_empty() && anna.opens("/cards").await.says("Отвязана"));
}

#[actix_web::test]
async fn a_bank_that_is_away_when_the_money_is_to_go_back_is_asked_until_it_answers() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    let check = confirms(&anna, GOOD).await;
    for fault in [Fault::LostAfter, Fault::NotSent, Fault::LostBefore] {
        house.line_to_the_bank(fault);
        house.asks_the_bank().await;
        let page = anna.opens(&check).await;
        assert!(
            page.says("Банк пока не отвечает") && !page.says("Вернули деньги на карту"),
            "{fault:?}: {}",
            page.text()
        );
        house.passes(minutes(1));
    }
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"], "it has done it, and nobody here knows");
    house.line_to_the_bank(Fault::None);
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"]);
    assert!(anna.opens(&check).await.says("Вернули деньги на карту"));
}

#[actix_web::test]
async fn while_nobody_knows_of_a_charge_the_page_says_that_it_is_being_made() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    let check = brings(&anna, SILENT).await;
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged"], "it has, but its answer never came");
    let page = anna.opens(&check).await;
    assert!(page.says("Просим банк списать") && !page.says("не списали"), "{}", page.text());
    assert!(page.form_to(&check.replace("/verification", "/confirmation")).is_none());
    house.passes(minutes(1));
    house.asks_the_bank().await;
    assert!(anna.opens(&check).await.says("Списали небольшую сумму"));
    assert_eq!(bank_s_deeds(&house), ["charged"]);
}
