//! What never reached the bank costs nothing: none of the counters that are spent before it is asked keeps anything of it.

use kabinet::sandbox::bank::Fault;

use crate::cards::stories::limits::{ANOTHER, GOOD, binds, brings, cards_of_the_past, person, typed};
use crate::house::{House, Visitor};
use crate::support::http::Answer;

/// What the limits of cards have counted, counter by counter.
fn spent(house: &House) -> Vec<String> {
    let counters = "SELECT name || ' ' || CAST(count AS TEXT) AS line FROM counters \
                    WHERE name LIKE 'cards.%' AND count > 0 ORDER BY name";
    house.database.lines(counters)
}

async fn tries(who: &Visitor<'_>, is_hosted: bool) -> Answer {
    let fields = typed(GOOD);
    who.submits_on("/cards/new", "/cards", if is_hosted { &[] } else { &fields }).await
}

#[actix_web::test]
async fn a_bank_that_is_away_uses_up_nobody_s_tries_however_cards_are_entered() {
    for (setting, is_hosted) in [("direct", false), ("hosted_redirect", true)] {
        let house = House::with(&[("KABINET_CARD_ENTRY", setting)]).await;
        let anna = person(&house, "Anna").await;
        house.line_to_the_bank(Fault::NotSent);
        for _ in 0..12 {
            let refused = tries(&anna, is_hosted).await.is(422).page();
            assert!(refused.says("Деньги не списаны") && refused.says("не считается"), "{}", refused.text());
        }
        assert_eq!(spent(&house), Vec::<String>::new(), "{setting}");
        house.line_to_the_bank(Fault::None);
        tries(&anna, is_hosted).await.is(303);
        assert_eq!(spent(&house).len(), 3, "{setting}: a day, a month, an address");
    }
}

#[actix_web::test]
async fn what_may_have_reached_the_bank_counts() {
    for (setting, is_hosted) in [("direct", false), ("hosted_redirect", true)] {
        let house = House::with(&[("KABINET_CARD_ENTRY", setting)]).await;
        let anna = person(&house, "Anna").await;
        house.line_to_the_bank(Fault::LostBefore);
        for _ in 0..3 {
            let refused = tries(&anna, is_hosted).await.is(422).page();
            assert!(refused.says("Деньги не списаны") && !refused.says("не считается"), "{}", refused.text());
        }
        tries(&anna, is_hosted).await.is(429);
    }
}

#[actix_web::test]
async fn whoever_did_not_reach_the_bank_is_none_of_those_who_brought_a_number() {
    let house = House::open().await;
    house.line_to_the_bank(Fault::NotSent);
    for _ in 0..4 {
        let stranger = person(&house, "Stranger").await;
        brings(&stranger, GOOD).await.is(422);
    }
    house.line_to_the_bank(Fault::None);
    let anna = person(&house, "Anna").await;
    binds(&anna, GOOD).await;
    assert_eq!(house.count("cards WHERE fingerprint IS NOT NULL"), 1);
}

#[actix_web::test]
async fn the_one_card_a_minute_is_not_used_up_either() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    cards_of_the_past(&house, 22);
    house.line_to_the_bank(Fault::NotSent);
    for _ in 0..3 {
        brings(&anna, ANOTHER).await.is(422);
    }
    house.line_to_the_bank(Fault::None);
    binds(&anna, ANOTHER).await;
    let vera = person(&house, "Vera").await;
    brings(&vera, GOOD).await.is(429);
}
