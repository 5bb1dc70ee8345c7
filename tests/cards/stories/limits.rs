//! Limits against testing stolen cards: a refusal reaches no gateway, and whoever is declined learns nothing but that.

use futures_util::future::join_all;
use kabinet::base::{Token, days, hours, minutes};
use kabinet::cards::gateway_job;

use crate::cards::stories::cards::{bank_s_deeds, sum_in_the_bank_s_message};
use crate::cards::wrong_sums;
use crate::house::{House, PASSWORD, Visitor};
use crate::support::html::Page;
use crate::support::http::Answer;
use crate::support::person::{find_number, grouped};

pub const GOOD: &str = "4242424242424242";
pub const ANOTHER: &str = "5555555555554444";
const NO_FUNDS: &str = "4000000000009995";
const STOLEN: &str = "4000000000009979";
/// A good check digit; the sandbox bank knows no such card.
pub const UNKNOWN: &str = "4111111111111111";

pub fn typed(number: &str) -> [(&str, &str); 5] {
    [
        ("number", number),
        ("holder", "ANNA PETROVA"),
        ("expiry", "12/35"),
        ("security_code", "123"),
        ("password", PASSWORD),
    ]
}

pub async fn brings(who: &Visitor<'_>, number: &str) -> Answer {
    hands_in(who, &typed(number)).await
}

/// By the form; where none is offered, by one that is made by hand.
pub async fn hands_in(who: &Visitor<'_>, fields: &[(&str, &str)]) -> Answer {
    let page = who.opens("/cards/new").await;
    if page.form_to("/cards").is_some() {
        return who.sends(&page, "/cards", fields).await;
    }
    let key = Token::random();
    let keyed: Vec<(&str, &str)> = fields.iter().copied().chain([("key", key.as_str())]).collect();
    who.posts_with_token("/cards", &keyed).await
}

/// Brings it, as far as the bank goes with it. The path of its page.
pub async fn binds(who: &Visitor<'_>, number: &str) -> String {
    let check = brings(who, number).await.is(303).location().to_owned();
    who.house.asks_the_bank().await;
    check
}

pub async fn unbinds(who: &Visitor<'_>, check: &str) {
    who.submits(&check.replace("/verification", "/removal"), &[("password", PASSWORD)])
        .await
        .goes_to("/cards");
    who.house.asks_the_bank().await;
}

/// Three wrong sums.
async fn fails_to_name(who: &Visitor<'_>, check: &str) {
    let place = check.replace("/verification", "/confirmation");
    for sum in wrong_sums(&sum_in_the_bank_s_message(who.house)).take(3) {
        who.submits_on(check, &place, &[("sum", &sum)]).await;
    }
    let page = who.opens(check).await;
    assert!(page.says("Не привязана") && page.says("Эту карту мы заблокировали на"), "{}", page.text());
    assert!(page.says("г., ") && page.says("(МСК)"), "until when: {}", page.text());
    who.house.asks_the_bank().await;
}

pub async fn person<'h>(house: &'h House, name: &'static str) -> Visitor<'h> {
    let person = house.visitor(name);
    person.registers().await;
    person
}

/// Cards that were handed to the bank, whatever it said.
pub fn handed_over(house: &House) -> usize {
    let tokens = |event: &&str| matches!(*event, "tokenized");
    house.bank().journal().unwrap().into_iter().map(|line| line.event).filter(tokens).count()
}

/// Time passes, and the sessions with it.
async fn passes(house: &House, people: &[&Visitor<'_>], time: std::time::Duration) {
    house.passes(time);
    for person in people {
        person.signs_in_again().await;
    }
}

#[actix_web::test]
async fn an_account_brings_three_cards_a_day_and_ten_a_month() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    for day in 0..4 {
        let allowed = if day < 3 { 3 } else { 1 };
        for nth in 0..allowed {
            let form = anna.opens("/cards/new").await;
            assert_eq!(form.says("Сегодня осталась одна попытка"), nth == allowed - 1, "{}", form.text());
            let check = binds(&anna, GOOD).await;
            unbinds(&anna, &check).await;
        }
        // What is shut is said before anything is typed, and until when.
        let form = anna.opens("/cards/new").await;
        let (why, until) =
            if day < 3 { ("За сутки", "г., ") } else { ("За тридцать дней", "г., ") };
        assert!(form.says(why) && form.says(until) && form.says("(МСК)"), "{}", form.text());
        assert!(form.form_to("/cards").is_none(), "{}", form.text());
        let before = handed_over(&house);
        let refused = brings(&anna, GOOD).await.is(429);
        assert!(refused.header("retry-after").is_some());
        let refused = refused.page();
        assert!(refused.says(why) && refused.says("Деньги не списаны"), "{}", refused.text());
        assert_eq!((before, handed_over(&house)), (3 * day + allowed, before), "nothing reaches the bank");
        passes(&house, &[&anna], days(1) + minutes(1)).await;
    }
    brings(&anna, GOOD).await.is(429);
    passes(&house, &[&anna], days(27)).await;
    binds(&anna, GOOD).await;
}

#[actix_web::test]
async fn of_many_accounts_at_once_three_bring_a_number_within_a_month() {
    let house = House::open().await;
    let mut all = Vec::new();
    for _ in 0..8 {
        all.push(person(&house, "Somebody").await);
    }
    let answers = join_all(all.iter().map(|who| brings(who, GOOD))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 303).count(), 3);
    assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 5);
    assert_eq!((handed_over(&house), house.count("cards")), (3, 3));
    // Whoever is one of the three may bring it again; the others not before the month is over.
    let one = all.iter().zip(&answers).find(|(_, answer)| answer.status == 303).unwrap();
    let other = all.iter().zip(&answers).find(|(_, answer)| answer.status == 429).unwrap().0;
    house.asks_the_bank().await;
    unbinds(one.0, one.1.location()).await;
    binds(one.0, GOOD).await;
    passes(&house, &[other], days(29)).await;
    brings(other, GOOD).await.is(429);
    passes(&house, &[other], days(2)).await;
    brings(other, GOOD).await.is(303);
}

#[actix_web::test]
async fn a_number_that_was_declined_three_times_in_a_day_rests() {
    let house = House::open().await;
    let (anna, vera) = (person(&house, "Anna").await, person(&house, "Vera").await);
    for who in [&anna, &anna, &vera] {
        binds(who, STOLEN).await;
        house.passes(minutes(1));
    }
    assert_eq!(house.count("cards WHERE failure = 'declined'"), 3);
    let before = handed_over(&house);
    brings(&vera, STOLEN).await.is(429);
    assert_eq!(handed_over(&house), before);
    passes(&house, &[&vera], hours(25)).await;
    binds(&vera, STOLEN).await;
}

/// Unbound while the bank is deciding: the refusal counts against the number, and in the breaker, all the same.
#[actix_web::test]
async fn a_decline_counts_though_its_card_was_unbound_meanwhile() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    let check = brings(&anna, STOLEN).await.is(303).location().to_owned();
    let (now, gateway) = (house.now(), house.gateway_access().gateway.clone());
    let due = house.reads(move |db| gateway_job::due(db, now, 9)).await;
    let claimed = house.state().txs.write(move |tx| gateway_job::claim(tx, due[0])).await.unwrap().unwrap();
    claimed.ask(gateway.as_ref()).await;
    anna.submits(&check.replace("/verification", "/removal"), &[("password", PASSWORD)])
        .await
        .goes_to("/cards");
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), Vec::<&str>::new());
    assert_eq!(house.count("cards WHERE status = 'unbound' AND failure = 'declined'"), 1);
    assert!(anna.opens(&check).await.says("Добавление отменено"));
}

#[actix_web::test]
async fn three_wrong_sums_rest_a_number_for_a_day_and_three_failed_binds_for_a_month() {
    let house = House::open().await;
    let (anna, vera) = (person(&house, "Anna").await, person(&house, "Vera").await);
    for _ in 0..3 {
        let check = binds(&anna, GOOD).await;
        fails_to_name(&anna, &check).await;
        let before = handed_over(&house);
        for who in [&anna, &vera] {
            brings(who, GOOD).await.is(429);
        }
        assert_eq!(handed_over(&house), before);
        passes(&house, &[&anna, &vera], days(9)).await;
    }
    // The first failure is a month old by now, and forgotten; what follows from the third is not.
    for _ in 0..2 {
        passes(&house, &[&vera], days(9)).await;
        house.runs_maintenance().await;
        brings(&vera, GOOD).await.is(429);
    }
    passes(&house, &[&vera], days(4)).await;
    binds(&vera, GOOD).await;
}

#[actix_web::test]
async fn two_forms_at_once_bring_one_card() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    let (one, other) = (anna.opens("/cards/new").await, anna.opens("/cards/new").await);
    let (good, another) = (typed(GOOD), typed(ANOTHER));
    let both = join_all([anna.sends(&one, "/cards", &good), anna.sends(&other, "/cards", &another)]).await;
    let places: Vec<&str> = both.iter().map(|answer| answer.location()).collect();
    assert_eq!(places[0], places[1], "both lead to the one that is being checked");
    assert_eq!((handed_over(&house), house.count("cards")), (1, 1));
}

#[actix_web::test]
async fn mistakes_that_are_found_here_cost_no_attempt() {
    let house = House::open().await;
    let anna = person(&house, "Anna").await;
    for _ in 0..12 {
        brings(&anna, "4242424242424241").await.is(422);
        let mut wrong = typed(GOOD);
        wrong[2] = ("expiry", "01/20");
        anna.submits_on("/cards/new", "/cards", &wrong).await.is(422);
    }
    assert_eq!((handed_over(&house), house.count("counters WHERE name LIKE 'card:%'")), (0, 0));
    binds(&anna, GOOD).await;
}

/// Of the last fifty cards so many were declined; then there are some that no bank has seen.
pub fn cards_of_the_past(house: &House, declined: usize) {
    for nth in 0..60 {
        let (status, failure, brand) = match nth {
            _ if nth < declined => ("failed", "'declined'", "NULL"),
            _ if nth < 50 => ("unbound", "NULL", "'visa'"),
            _ => ("failed", "'not-entered'", "NULL"),
        };
        house.database.executes(&format!(
            "INSERT INTO cards (id, handle, account_id, form_key, status, failure, brand, gateway, entry_operation, is_hosted, \
             is_default, tries_left, locale, ip, user_agent, attempts, expiry_told, created_at, ended_at) \
             SELECT {nth} + 1, 'h{nth}', id, 'f{nth}', '{status}', {failure}, {brand}, 'sandbox', {nth}, FALSE, FALSE, 3, 'ru', '', '', \
             0, FALSE, 1, 1 FROM accounts"
        ));
    }
}

#[actix_web::test]
async fn while_many_are_declined_cards_are_taken_one_a_minute() {
    // The one that is bound first pushes the oldest, which was declined, out of the fifty.
    for (declined, shut) in [(20, false), (22, true)] {
        let house = House::open().await;
        let anna = person(&house, "Anna").await;
        cards_of_the_past(&house, declined);
        let check = binds(&anna, GOOD).await;
        unbinds(&anna, &check).await;
        if !shut {
            binds(&anna, ANOTHER).await;
            continue;
        }
        let before = handed_over(&house);
        brings(&anna, ANOTHER).await.is(429);
        assert_eq!(handed_over(&house), before);
        house.passes(minutes(1));
        binds(&anna, ANOTHER).await;
    }
}

/// Without what differs from card to card: its name in addresses, its last digits, the account's number, the form's token.
fn without_names(page: &Page, check: &str, four: &str) -> String {
    let handle = check.split('/').nth(2).unwrap();
    let token = page.value("csrf").unwrap_or_default();
    let number = grouped(&find_number(&page.text()).unwrap());
    page.source
        .replace(handle, "HANDLE")
        .replace(&number, "NUMBER")
        .replace('\u{a0}', " ")
        .replace(&format!("•••• {four}"), "•••• FOUR")
        .replace(&token, "TOKEN")
}

#[actix_web::test]
async fn whoever_is_declined_reads_the_same_whatever_the_bank_said() {
    let house = House::open().await;
    let (mut pages, mut letters) = (Vec::new(), Vec::new());
    for number in [NO_FUNDS, STOLEN, "4000000000000127", "4000000000000069"] {
        let who = person(&house, "Somebody").await;
        let (check, four) = (binds(&who, number).await, &number[12..]);
        pages.push(without_names(&who.opens(&check).await, &check, four));
        let handle = check.split('/').nth(2).unwrap();
        letters.push(house.letter_to(&who.phone).await.text.replace(handle, "HANDLE").replace(four, "FOUR"));
    }
    assert!(pages[0].contains("Банк не принял карту") && !pages[0].contains("insufficient"), "{}", pages[0]);
    for (page, letter) in pages.iter().zip(&letters) {
        assert_eq!((page, letter), (&pages[0], &letters[0]));
    }
    let said = house.database.lines("SELECT decline AS line FROM card_verifications ORDER BY id");
    assert_eq!(said, ["insufficient-funds", "stolen", "wrong-code", "expired"], "for staff");
    let vera = person(&house, "Vera").await;
    let page = brings(&vera, UNKNOWN).await.is(422).page();
    assert!(page.says("Банк не принял карту") && !page.source.contains(UNKNOWN), "{}", page.text());
    let said = house
        .database
        .lines("SELECT decline || ' ' || decline_code AS line FROM cards WHERE decline IS NOT NULL");
    assert_eq!(said, ["no-such-card no-such-card"]);
}

/// The sum stands in no message while it can still be named: whoever has a stolen card reads no statement of it.
#[actix_web::test]
async fn the_sum_is_told_only_when_it_can_be_named_no_more() {
    let house = House::open().await;
    let (anna, vera) = (person(&house, "Anna").await, person(&house, "Vera").await);
    let check = binds(&anna, GOOD).await;
    let sum = sum_in_the_bank_s_message(&house);
    house.passes(hours(20) + minutes(1));
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"]);
    anna.signs_in_again().await;
    let letters = house.letters_to(&anna.phone).await;
    assert!(letters.iter().any(|letter| letter.text.contains("вернули проверочную сумму")), "{letters:?}");
    for text in letters.iter().map(|letter| letter.text.clone()).chain([anna.opens(&check).await.source]) {
        assert!(!text.contains(&sum) && !text.contains(&sum.replace(',', ".")), "{sum} in {text}");
    }
    vera.signs_in_again().await;
    let check = binds(&vera, ANOTHER).await;
    let sum = sum_in_the_bank_s_message(&house);
    unbinds(&vera, &check).await;
    assert!(
        house.letters_to(&vera.phone).await.iter().any(|letter| letter.text.contains(&sum)),
        "now it may be told"
    );
}
