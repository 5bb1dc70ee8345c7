//! Money that does not move: the shopper reads the truth, the operator hears of it, and it is back in the end.

use kabinet::base::{hours, minutes};
use kabinet::cards::stuck_money;
use kabinet::sandbox::bank::Fault;

use crate::cards::stories::cards::{bank_s_deeds, binds_number, sum_in_the_bank_s_message};
use crate::house::{House, Visitor};
use crate::support::html::Page;

const OPERATOR: &str = "operator@example.org";

async fn anna(house: &House) -> Visitor<'_> {
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna
}

/// Signed in anew: hours have gone by.
async fn returns_to(anna: &Visitor<'_>, check: &str) -> Page {
    anna.signs_in_again().await;
    anna.opens(check).await
}

async fn stuck(house: &House) -> Vec<String> {
    let now = house.now();
    house.reads(move |db| stuck_money::stuck(db, now)).await.iter().map(ToString::to_string).collect()
}

#[actix_web::test]
async fn a_refund_that_the_bank_refuses_for_hours_is_told_of_and_comes_in_the_end() {
    let house = House::open().await;
    let anna = anna(&house).await;
    let check = binds_number(&anna, "4000 0000 0000 6009").await;
    house.asks_the_bank().await;
    let (sum, place) = (sum_in_the_bank_s_message(&house), check.replace("/verification", "/confirmation"));
    anna.submits_on(&check, &place, &[("sum", &sum)]).await.goes_to(&check.replace("/verification", ""));
    for _ in 0..9 {
        house.asks_the_bank().await;
        house.alerts_the_operator().await;
        house.passes(minutes(11));
        let page = anna.opens(&check).await;
        assert!(
            page.says("Возвращаем деньги") && page.says("не принял возврат") && page.says("на карту до "),
            "{}",
            page.text()
        );
    }
    let mails = house.letters_to(OPERATOR).await;
    assert_eq!(mails.len(), 1, "told once");
    assert!(mails[0].text.contains("refund-later") && mails[0].text.contains(&sum), "{}", mails[0].text);
    assert!(!anna.opens(&check).await.says("refund-later"), "the exact reason is for staff");
    assert!(stuck(&house).await[0].contains("refund-later"));
    house.passes(minutes(30));
    house.asks_the_bank().await;
    assert!(returns_to(&anna, &check).await.says("Вернули деньги на карту"));
    assert_eq!((bank_s_deeds(&house), stuck(&house).await.len()), (vec!["charged", "refunded"], 0));
}

#[actix_web::test]
async fn a_bank_that_is_away_when_the_money_is_due_is_asked_until_it_is_back() {
    let house = House::open().await;
    let anna = anna(&house).await;
    let check = binds_number(&anna, "4242 4242 4242 4242").await;
    house.asks_the_bank().await;
    house.line_to_the_bank(Fault::NotSent);
    house.passes(hours(20));
    house.asks_the_bank().await;
    assert!(returns_to(&anna, &check).await.says("Банк пока не отвечает"));
    house.alerts_the_operator().await;
    assert!(house.letters_to(OPERATOR).await.is_empty(), "not at the first hitch");
    for _ in 0..26 {
        house.passes(minutes(10));
        house.asks_the_bank().await;
        house.alerts_the_operator().await;
    }
    assert!(returns_to(&anna, &check).await.says("мы опаздываем"));
    assert_eq!(house.letters_to(OPERATOR).await.len(), 1);
    house.line_to_the_bank(Fault::None);
    house.passes(minutes(11));
    house.asks_the_bank().await;
    assert!(anna.opens(&check).await.says("Вернули деньги на карту"));
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"]);
}
