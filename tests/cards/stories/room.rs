//! Limits that keep testers of stolen cards out, and let an office, a trial and the owner of an odd number in.

use kabinet::gateway::Pan;
use kabinet::sandbox::bank::TEST_CARDS;

use super::limits::{ANOTHER, UNKNOWN, binds, brings, handed_over, hands_in, person, typed, unbinds};
use crate::house::House;

/// An office behind one address binds as many cards as it has people; a tester of stolen cards is stopped, with whatever accounts.
#[actix_web::test]
async fn an_address_has_twenty_cards_declined_a_day_and_any_that_are_charged() {
    let house = House::open().await;
    let network = |nth: usize| format!("[2001:db8:7:7::{nth}]");
    let good: Vec<&str> = TEST_CARDS
        .iter()
        .map(|(number, _)| *number)
        .filter(|number| {
            number.starts_with("40000000000070")
                || number.starts_with("42")
                || number.starts_with("55")
                || number.starts_with("22")
        })
        .collect();
    for nth in 0..12 {
        // Each number belongs to three accounts.
        binds(&person(&house, "Somebody").await.from(&network(nth)), good[nth % good.len()]).await;
    }
    let of_address = || house.count("counters WHERE name LIKE 'cards.ip:%' AND count > 0");
    assert_eq!(of_address(), 0, "what was charged does not count");
    let thief = person(&house, "Eve").await.from(&network(90));
    for _ in 0..2 {
        // The same number again tells nothing about another one.
        brings(&thief, UNKNOWN).await.is(422);
    }
    assert_eq!(house.count("counters WHERE name LIKE 'cards.ip:%' AND count = 1"), 1);
    for nth in 0..19 {
        let eve = person(&house, "Eve").await.from(&network(nth));
        brings(&eve, &unknown_to_the_bank(nth)).await.is(422);
    }
    let before = handed_over(&house);
    let last = person(&house, "Eve").await;
    let here = last.clone().from(&network(99));
    let form = here.opens("/cards/new").await;
    assert!(form.says("Из вашей сети") && form.form_to("/cards").is_none(), "{}", form.text());
    brings(&here, ANOTHER).await.is(429);
    assert_eq!(handed_over(&house), before);
    // The way that the page names.
    binds(&last.from("[2001:db8:7:8::1]"), "4000000000008005").await;
}

/// A good check digit; the sandbox bank knows no such card.
fn unknown_to_the_bank(nth: usize) -> String {
    let numbers = (0..10).map(|check| format!("41111111110{nth:04}{check}"));
    numbers.into_iter().find(|number| Pan::read(number).is_ok()).unwrap()
}

/// The table of the README, tried by one person in one afternoon.
#[actix_web::test]
async fn where_the_bank_is_the_sandbox_all_test_cards_can_be_tried() {
    let house = House::with(&[("KABINET_CARD_LIMITS", "trial")]).await;
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(person(&house, "Anna").await);
    }
    for anna in &people {
        for (number, _) in TEST_CARDS {
            let mut fields = typed(number).to_vec();
            fields.push(("number_checked", "yes"));
            let answer = hands_in(anna, &fields).await;
            assert_ne!(answer.status, 429, "{number}: {}", answer.page().text());
            if answer.status == 303 {
                let check = answer.location().to_owned();
                house.asks_the_bank().await;
                if anna.opens(&check).await.says("Отвязать карту") {
                    unbinds(anna, &check).await;
                }
            }
        }
    }
}

#[actix_web::test]
async fn a_unionpay_number_whose_check_digit_is_wrong_is_asked_about_and_not_called_mistyped() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    let number = "6200 0000 0000 0022";
    let asked = brings(&anna, number).await.is(422).page();
    assert!(
        asked.says("У некоторых карт UnionPay так и бывает") && !asked.says("опечатка"),
        "{}",
        asked.text()
    );
    assert_eq!((handed_over(&house), house.count("cards")), (0, 0), "it costs no attempt");
    let with = |number: &'static str, changed: &'static str, to: &'static str| {
        let mut fields =
            typed(number).map(|(name, value)| (name, if name == changed { to } else { value })).to_vec();
        fields.push(("number_checked", "yes"));
        fields
    };
    // What else is wrong does not take the question away, nor the answer to it; another number is another question.
    let mut page = asked;
    for (typed, changed, to, is_ticked) in
        [(number, "expiry", "99", true), (number, "number", "", true), ("6200 0000 0000 0033", "", "", false)]
    {
        page = anna.sends(&page, "/cards", &with(typed, changed, to)).await.is(422).page();
        assert!(page.value("number_asked").is_some(), "{typed} {changed}: {}", page.text());
        assert_eq!(page.source.contains("value=\"yes\" checked"), is_ticked, "{typed} {changed}");
    }
    page = anna.sends(&page, "/cards", &with(number, "", "")).await.is(422).page();
    assert_eq!((handed_over(&house), house.count("cards")), (0, 0));
    anna.sends(&page, "/cards", &with(number, "", "")).await.is(303);
    house.asks_the_bank().await;
    assert!(anna.opens("/cards").await.says("UnionPay •••• 0022"));
    // Others have no such cards: theirs is mistyped, whatever is ticked.
    let vera = person(&house, "Vera").await;
    let mut fields = typed("4242424242424241").to_vec();
    fields.push(("number_checked", "yes"));
    assert!(hands_in(&vera, &fields).await.is(422).page().says("опечатка"));
}
