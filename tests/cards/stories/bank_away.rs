//! A bank that says nothing about a card costs nobody an attempt, whatever has reached it, and is not asked without end.

use kabinet::accounts::account::Account;
use kabinet::base::{Token, hours, minutes};
use kabinet::cards::card::Card;
use kabinet::cards::entry::{self, BindOutcome, BindRequest};
use kabinet::gateway::{Decline, sandbox};
use kabinet::sandbox::bank::Fault;
use kabinet::texts::Locale;

use crate::cards::stories::limits::{
    ANOTHER, GOOD, binds, brings, cards_of_the_past, hands_in, person, typed,
};
use crate::house::{House, Visitor};
use crate::support::http::Answer;

const AWAY: [Fault; 3] = [Fault::NotSent, Fault::LostBefore, Fault::LostAfter];
const ENTRIES: [(&str, bool); 2] = [("direct", false), ("hosted_redirect", true)];

/// What the limits of cards have counted and keep for long, counter by counter.
pub fn spent(house: &House) -> Vec<String> {
    let counters = "SELECT name || ' ' || CAST(count AS TEXT) AS line FROM counters \
                    WHERE name LIKE 'cards.%' AND name NOT LIKE 'cards.calls%' AND count > 0 ORDER BY name";
    house.database.lines(counters)
}

/// How often each of them was spent.
fn counts(house: &House) -> Vec<String> {
    spent(house).iter().map(|line| line.rsplit(' ').next().unwrap().to_owned()).collect()
}

pub async fn tries(who: &Visitor<'_>, is_hosted: bool) -> Answer {
    let fields = typed(GOOD);
    hands_in(who, if is_hosted { &[] } else { &fields }).await
}

/// A number is on its way to the bank, and nothing was heard of it yet.
async fn begins(house: &House, nth_account: i64, print: &'static str) -> Card {
    let begun = house.transacts(move |tx| {
        use diesel::prelude::*;
        use kabinet::db::schema::accounts;
        let id = accounts::table.order(accounts::id).offset(nth_account).select(accounts::id).first(tx.db)?;
        let account = Account::find(tx.db, id)?.unwrap();
        let form_key = Token::random();
        let request = BindRequest {
            account: &account,
            form_key: form_key.as_str(),
            fingerprint: Some(print),
            gateway: sandbox::NAME,
            locale: Locale::Ru,
        };
        entry::begin(tx, &request)
    });
    match begun.await {
        BindOutcome::Card(card) => *card,
        other => panic!("{other:?}"),
    }
}

async fn is_declined(house: &House, card: &Card) {
    let card = card.clone();
    house.transacts(move |tx| entry::declined(tx, &card, (Decline::Other, "no"))).await;
}

async fn hears_nothing_of(house: &House, card: &Card) {
    let card = card.clone();
    house.transacts(move |tx| entry::bank_away(tx, &card)).await;
}

#[actix_web::test]
async fn a_bank_that_is_away_uses_up_nobody_s_tries_however_cards_are_entered() {
    for ((setting, is_hosted), fault) in ENTRIES.into_iter().flat_map(|way| AWAY.map(|fault| (way, fault))) {
        let house = House::with(&[("KABINET_CARD_ENTRY", setting)]).await;
        let anna = person(&house, "Anna").await;
        house.line_to_the_bank(fault);
        for _ in 0..12 {
            let refused = tries(&anna, is_hosted).await.is(422).page();
            for words in ["Нет связи с банком", "Деньги не списаны", "попытка не считается"]
            {
                // Of the page as a whole, and once: there is nothing wrong with the number.
                assert_eq!(refused.text().matches(words).count(), 1, "{}", refused.text());
            }
            assert!(!refused.is_invalid("number"), "{}", refused.text());
        }
        assert_eq!(spent(&house), Vec::<String>::new(), "{setting}, {fault:?}");
        assert_eq!(house.count("cards WHERE fingerprint IS NOT NULL OR spent IS NOT NULL"), 0);
        house.line_to_the_bank(Fault::None);
        tries(&anna, is_hosted).await.is(303);
        assert_eq!(counts(&house), ["1"; 4], "{setting}: a day, a month, an address, in all and what failed");
    }
}

#[actix_web::test]
async fn a_form_that_is_sent_again_is_told_the_same() {
    for (setting, is_hosted) in ENTRIES {
        let house = House::with(&[("KABINET_CARD_ENTRY", setting)]).await;
        let anna = person(&house, "Anna").await;
        let (form, fields) = (anna.opens("/cards/new").await, typed(GOOD));
        let fields: &[(&str, &str)] = if is_hosted { &[] } else { &fields };
        house.line_to_the_bank(Fault::LostAfter);
        anna.sends(&form, "/cards", fields).await.is(422);
        for fault in [Fault::LostAfter, Fault::None] {
            house.line_to_the_bank(fault);
            let check = anna.sends(&form, "/cards", fields).await.is(303).location().to_owned();
            let page = anna.opens(&check).await;
            let is_told = page.says("Нет связи с банком") && page.says("попытка не считается");
            assert!(is_told, "{}", page.text());
            let list = anna.opens("/cards").await;
            assert!(list.says("Привязанных карт пока нет"), "no card was ever there: {}", list.text());
        }
        assert_eq!((spent(&house), house.count("outbox WHERE kind = 'card-failed'")), (Vec::new(), 0));
    }
}

/// Nobody who has an answer of the bank's to hide behind a silence gets more of them: silences are counted for themselves.
#[actix_web::test]
async fn a_bank_that_is_away_is_asked_twenty_times_an_hour_for_an_account_and_sixty_for_an_address() {
    let house = House::open().await;
    house.line_to_the_bank(Fault::LostBefore);
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(person(&house, "Somebody").await.from("10.9.9.9"));
    }
    for who in &people[..3] {
        for _ in 0..20 {
            tries(who, false).await.is(422);
        }
    }
    for who in [&people[0], &people[3]] {
        let refused = tries(who, false).await.is(429);
        assert!(refused.header("retry-after").is_some() && refused.page().says("Деньги не списаны"));
    }
    let asked = house.count("cards");
    tries(&people[3].clone().from("10.9.9.8"), false).await.is(422);
    assert_eq!((asked, house.count("cards")), (60, 61));
    house.passes(hours(1));
    house.line_to_the_bank(Fault::None);
    people[0].signs_in_again().await;
    tries(&people[0], false).await.is(303);
}

#[actix_web::test]
async fn whoever_heard_nothing_of_the_bank_is_none_of_those_who_brought_a_number() {
    for fault in AWAY {
        let house = House::open().await;
        house.line_to_the_bank(fault);
        for _ in 0..4 {
            let stranger = person(&house, "Stranger").await;
            brings(&stranger, GOOD).await.is(422);
        }
        house.line_to_the_bank(Fault::None);
        let anna = person(&house, "Anna").await;
        binds(&anna, GOOD).await;
        assert_eq!(house.count("cards WHERE fingerprint IS NOT NULL"), 1);
    }
}

#[actix_web::test]
async fn the_one_card_a_minute_is_not_used_up_either() {
    for fault in AWAY {
        let house = House::open().await;
        let anna = person(&house, "Anna").await;
        cards_of_the_past(&house, 22);
        house.line_to_the_bank(fault);
        for _ in 0..3 {
            brings(&anna, ANOTHER).await.is(422);
        }
        house.line_to_the_bank(Fault::None);
        binds(&anna, ANOTHER).await;
        let vera = person(&house, "Vera").await;
        brings(&vera, GOOD).await.is(429);
    }
}

#[actix_web::test]
async fn a_definite_answer_of_the_bank_counts_for_good() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    // A good check digit; the bank knows no such card.
    brings(&anna, "4111111111111111").await.is(422);
    assert_eq!((counts(&house), house.count("cards WHERE spent IS NOT NULL")), (vec!["1".to_owned(); 4], 0));
    let card = begins(&house, 0, "print").await;
    is_declined(&house, &card).await;
    hears_nothing_of(&house, &card).await;
    assert_eq!(house.count("cards WHERE failure = 'declined'"), 2, "what was heard once stands");
    assert_eq!(house.count("counters WHERE name LIKE 'cards.month:%' AND count = 2"), 1);
}

/// The program dies between spending and hearing; the worker finds the card, and gives back once.
#[actix_web::test]
async fn an_entry_whose_program_has_died_costs_nothing_ten_minutes_later() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    for print in ["one", "other"] {
        let card = begins(&house, 0, print).await;
        is_declined(&house, &card).await;
    }
    let card = begins(&house, 0, "third").await;
    house.crashes().await;
    assert_eq!(counts(&house), ["3"; 4]);
    house.passes(minutes(11));
    house.asks_the_bank().await;
    assert_eq!(counts(&house), ["2"; 4]);
    // The request was only slow: what it hears now changes nothing.
    hears_nothing_of(&house, &card).await;
    assert_eq!(counts(&house), ["2"; 4], "once");
    let page = anna.opens(&card.path()).await;
    assert!(page.says("попытка не считается"), "{}", page.text());
    binds(&anna, GOOD).await;
}

#[actix_web::test]
async fn what_is_given_up_in_another_tab_while_the_bank_is_silent_is_given_back_once() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    let card = begins(&house, 0, "print").await;
    anna.submits(&card.path().replace("/verification", "/removal"), &[]).await.goes_to("/cards");
    assert_eq!(counts(&house), ["1"; 4], "nothing was heard yet");
    for _ in 0..2 {
        hears_nothing_of(&house, &card).await;
        assert_eq!(spent(&house), Vec::<String>::new());
    }
    assert_eq!(house.count("cards WHERE status = 'unbound' AND fingerprint IS NULL"), 1);
    // A refusal counts, whatever has become of the card here.
    let card = begins(&house, 0, "print").await;
    anna.submits(&card.path().replace("/verification", "/removal"), &[]).await.goes_to("/cards");
    is_declined(&house, &card).await;
    hears_nothing_of(&house, &card).await;
    assert_eq!(counts(&house), ["1"; 4]);
    assert_eq!(house.count("cards WHERE failure = 'declined' AND fingerprint = 'print'"), 1);
}

/// Of a window that has begun since, nothing: there others have spent.
#[actix_web::test]
async fn what_was_spent_in_a_window_that_is_over_is_given_back_nowhere() {
    let house = House::open().await;
    for _ in 0..2 {
        person(&house, "Somebody").await;
    }
    let first = begins(&house, 0, "first").await;
    is_declined(&house, &first).await;
    house.passes(hours(24) - minutes(5));
    let lost = begins(&house, 0, "lost").await;
    house.passes(minutes(6));
    // From the same address, whose day has begun anew.
    let of_another = begins(&house, 1, "another").await;
    is_declined(&house, &of_another).await;
    hears_nothing_of(&house, &lost).await;
    let of_address = house.database.lines(
        "SELECT CAST(count AS TEXT) AS line FROM counters WHERE name LIKE 'cards.ip:%' ORDER BY ends_at",
    );
    assert_eq!(of_address, ["1"]);
}

#[actix_web::test]
async fn a_bank_that_goes_away_while_its_page_stands_open_costs_nothing_and_a_page_that_is_left_does() {
    for (fault, words, count) in
        [(Fault::LostBefore, "попытка не считается", 0), (Fault::None, "до банка не дошли", 4)]
    {
        let house = House::with(&[("KABINET_CARD_ENTRY", "hosted_redirect")]).await;
        let anna = person(&house, "Anna").await;
        let check = tries(&anna, true).await.is(303).location().to_owned();
        house.line_to_the_bank(fault);
        house.passes(minutes(31));
        house.asks_the_bank().await;
        house.line_to_the_bank(Fault::None);
        anna.signs_in_again().await;
        let page = anna.opens(&check).await;
        assert!(page.says(words), "{}", page.text());
        assert_eq!(spent(&house).len(), count, "{fault:?}");
    }
}
