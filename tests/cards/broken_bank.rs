//! Gateways over sockets that break in every way, while a card is entered in every way: the shopper reads the same, and pays nothing.

use std::net::{SocketAddr, TcpListener};

use crate::cards::stories::bank_away::{spent, tries};
use crate::cards::stories::limits::person;
use crate::gateway::faults::{NO_ANSWERS, answers};
use crate::house::House;

/// More than a day's attempts.
const TRIES: usize = 4;

async fn is_tried_at(address: SocketAddr, gateway: &str, entry: &str, said: &str) {
    let url = format!("{gateway}+http://sk_test_1@{address}?timeout=1");
    let house = House::with(&[("KABINET_GATEWAY_URL", &url), ("KABINET_CARD_ENTRY", entry)]).await;
    let anna = person(&house, "Anna").await;
    for _ in 0..TRIES {
        let refused = tries(&anna, entry != "direct").await.is(422).page();
        for words in ["Нет связи с банком", "Деньги не списаны", "попытка не считается"]
        {
            assert!(refused.says(words), "{said}:\n{}", refused.text());
        }
    }
    assert_eq!(spent(&house), Vec::<String>::new(), "{said}");
    assert_eq!(
        house.count("cards WHERE failure = 'bank-away' AND fingerprint IS NULL AND spent IS NULL"),
        i64::try_from(TRIES).unwrap()
    );
}

async fn breaks_in_any_way(gateway: &str, entry: &str) {
    for bytes in NO_ANSWERS {
        is_tried_at(answers(bytes).0, gateway, entry, &String::from_utf8_lossy(bytes)).await;
    }
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    is_tried_at(closed, gateway, entry, "no connection").await;
}

#[actix_web::test]
async fn a_bank_that_breaks_in_any_way_costs_nobody_an_attempt() {
    breaks_in_any_way("sandbox", "direct").await;
}

#[actix_web::test]
async fn a_bank_that_breaks_before_it_has_opened_its_page_costs_nobody_an_attempt() {
    breaks_in_any_way("sandbox", "hosted_redirect").await;
}

#[actix_web::test]
async fn stripe_that_breaks_in_any_way_costs_nobody_an_attempt() {
    breaks_in_any_way("stripe", "direct").await;
}
