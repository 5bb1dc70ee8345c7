//! A card is bound, checked by a small charge, and the money comes back.

use futures_util::future::join_all;
use kabinet::base::{hours, minutes};

use crate::cards::{wrong_sum, wrong_sums};
use crate::house::{House, Visitor};
use crate::support::html::Page;

const NUMBER: &str = "4242 4242 4242 4242";
const CARD: [(&str, &str); 4] =
    [("number", NUMBER), ("holder", "ANNA PETROVA"), ("expiry", "12/35"), ("security_code", "123")];

async fn binds(anna: &Visitor<'_>) -> String {
    binds_number(anna, NUMBER).await
}

/// Through the form, as far as the page of the check. Its path.
pub async fn binds_number(anna: &Visitor<'_>, number: &str) -> String {
    let card = CARD.map(|(name, value)| (name, if name == "number" { number } else { value }));
    let answer = anna.submits_on("/cards/new", "/cards", &card).await;
    let check = answer.is(303).location().to_owned();
    assert!(check.starts_with("/cards/") && check.ends_with("/verification"), "{check}");
    check
}

/// As the bank's message has it: `4,37`.
pub fn sum_in_the_bank_s_message(house: &House) -> String {
    let journal = house.bank().journal().unwrap();
    let charged = journal.iter().rfind(|line| line.event == "charged").unwrap();
    format!("{},{:02}", charged.minor / 100, charged.minor % 100)
}

pub(super) fn bank_s_deeds(house: &House) -> Vec<&'static str> {
    let moved = |event: &&str| matches!(*event, "charged" | "refunded");
    house.bank().journal().unwrap().into_iter().map(|line| line.event).filter(moved).collect()
}

fn holds_no_secret(page: &Page) {
    for secret in ["4242424242424242", NUMBER, "value=\"123\""] {
        assert!(!page.text().contains(secret), "{secret}");
    }
}

#[actix_web::test]
async fn a_card_is_bound_by_naming_the_sum() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    assert!(anna.opens("/cards").await.says("Привязанных карт пока нет"));
    let check = binds(&anna).await;
    house.asks_the_bank().await;
    let page = anna.opens(&check).await;
    assert!(page.says("Где мои деньги?") && page.says("Вернём деньги на карту"), "{}", page.text());
    holds_no_secret(&page);
    let sum = sum_in_the_bank_s_message(&house);
    assert!(!page.says(&sum), "whoever reads the page does not learn the sum");
    let place = check.replace("/verification", "/confirmation");
    let wrong = wrong_sum(&sum);
    let missed = anna.submits_on(&check, &place, &[("sum", &wrong)]).await.is(422).page();
    assert!(
        missed.says("Осталось 2 попытки") && missed.value("sum").as_ref() == Some(&wrong),
        "{}",
        missed.text()
    );
    // Sent again, by a reload or in another spelling, it costs nothing more.
    for again in [wrong.clone(), wrong.replace(',', "."), format!("{} коп", wrong.replace(',', ""))] {
        let page = anna.submits_on(&check, &place, &[("sum", &again)]).await.is(422).page();
        assert!(page.says("Осталось 2 попытки"), "{}", page.text());
    }
    anna.submits_on(&check, &place, &[("sum", &sum)]).await.goes_to(&check.replace("/verification", ""));
    assert!(anna.opens(&check).await.says("Подтверждена"));
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"], "back at once");
    assert!(anna.opens(&check).await.says("Вернули деньги на карту"));
    let list = anna.opens("/cards").await;
    assert!(list.says("Visa •••• 4242") && list.says("основная"), "{}", list.text());
}

#[actix_web::test]
async fn mistakes_stand_at_their_fields_and_the_number_never_comes_back() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let wrong = [
        ("number", "4242 4242 4242 4241"),
        ("holder", "5555 5555 5555 4444"),
        ("expiry", "01/20"),
        ("security_code", "12"),
    ];
    let page = anna.submits_on("/cards/new", "/cards", &wrong).await.is(422).page();
    for field in ["number", "holder", "expiry", "security_code"] {
        assert!(page.is_invalid(field), "{field}: {}", page.text());
    }
    for secret in ["4242 4242 4242 4241", "5555 5555 5555 4444"] {
        assert!(!page.text().contains(secret), "{secret}");
    }
    assert_eq!(page.value("expiry").as_deref(), Some("01/20"), "what is no secret is kept");
    assert_eq!((house.count("cards"), bank_s_deeds(&house).len()), (0, 0));
}

#[actix_web::test]
async fn of_50_posts_of_one_form_one_card_comes() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let page = anna.opens("/cards/new").await;
    for answer in join_all((0..50).map(|_| anna.sends(&page, "/cards", &CARD))).await {
        answer.is(303);
    }
    house.asks_the_bank().await;
    assert_eq!((house.count("cards"), bank_s_deeds(&house)), (1, vec!["charged"]));
}

#[actix_web::test]
async fn of_50_guesses_at_once_three_are_judged() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = binds(&anna).await;
    house.asks_the_bank().await;
    let (page, place) = (anna.opens(&check).await, check.replace("/verification", "/confirmation"));
    let sums: Vec<String> = wrong_sums(&sum_in_the_bank_s_message(&house)).take(50).collect();
    let fields: Vec<_> = sums.iter().map(|sum| [("sum", sum.as_str())]).collect();
    let answers = join_all(fields.iter().map(|sum| anna.sends(&page, &place, sum))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 422).count(), 2, "the third ends it");
    assert_eq!(
        house.count("cards WHERE status = 'failed' AND failure = 'tries-spent' AND tries_left = 0"),
        1
    );
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"], "returned all the same");
    let again = anna.sends(&page, &place, &[("sum", &sum_in_the_bank_s_message(&house))]).await;
    again.goes_to(&check.replace("/verification", ""));
    assert_eq!(house.count("cards WHERE status = 'confirmed'"), 0);
}

#[actix_web::test]
async fn an_unbound_card_gets_its_money_back() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = binds(&anna).await;
    house.asks_the_bank().await;
    let place = check.replace("/verification", "/removal");
    assert!(anna.opens(&place).await.says("ещё не вернулась"));
    anna.submits(&place, &[]).await.goes_to("/cards");
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"]);
    assert!(anna.opens(&check).await.says("Вернули деньги на карту"));
}

#[actix_web::test]
async fn whoever_does_nothing_has_the_money_back_within_a_day() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    binds(&anna).await;
    house.asks_the_bank().await;
    house.passes(hours(19) + minutes(50));
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged"]);
    house.passes(minutes(11));
    house.asks_the_bank().await;
    assert_eq!(bank_s_deeds(&house), ["charged", "refunded"]);
}

#[actix_web::test]
async fn somebody_else_s_card_is_not_there() {
    let house = House::open().await;
    let (anna, eve) = (house.visitor("Anna"), house.visitor("Eve"));
    anna.registers().await;
    eve.registers().await;
    let check = binds(&anna).await;
    let card = check.trim_end_matches("/verification");
    for path in [card.to_owned(), check.clone(), format!("{card}/removal")] {
        eve.gets(&path).await.is(404);
    }
    for path in ["removal", "default", "confirmation"] {
        eve.posts_with_token(&format!("{card}/{path}"), &[("sum", "1,00")]).await.is(404);
    }
    assert_eq!(house.count("cards WHERE status = 'verifying' AND tries_left = 3"), 1);
}

#[actix_web::test]
async fn a_sum_that_cannot_be_read_or_cannot_have_been_charged_costs_no_try() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = binds(&anna).await;
    house.asks_the_bank().await;
    let place = check.replace("/verification", "/confirmation");
    for (typed, said) in [
        ("0,99", "от 1 до 9,99 ₽"),
        ("10", "от 1 до 9,99 ₽"),
        ("437", "от 1 до 9,99 ₽"),
        ("37 коп", "от 1 до 9,99 ₽"),
        ("4", "В этой сумме всегда есть копейки"),
        ("4 руб", "В этой сумме всегда есть копейки"),
        ("4,00", "В этой сумме всегда есть копейки"),
        ("-3", "В этой сумме всегда есть копейки"),
        ("-0,37", "от 1 до 9,99 ₽"),
        ("-437", "от 1 до 9,99 ₽"),
        ("--4,37", "Не удалось прочитать сумму"),
        ("4 37", "Не удалось прочитать сумму"),
        ("4 руб 5", "Не удалось прочитать сумму"),
        ("четыре", "Не удалось прочитать сумму"),
        ("", "Введите сумму из сообщения банка"),
    ] {
        let page = anna.submits_on(&check, &place, &[("sum", typed)]).await.is(422).page();
        assert!(page.says(said) && page.says("Осталось 3 попытки"), "{typed}: {}", page.text());
        assert!(typed.is_empty() || page.says("Попытка не потрачена"), "{typed}: {}", page.text());
    }
    let sum = sum_in_the_bank_s_message(&house);
    let (whole, part) = sum.split_once(',').unwrap();
    let words = format!("{whole} руб {part} коп");
    anna.submits_on(&check, &place, &[("sum", &words)]).await.goes_to(&check.replace("/verification", ""));
    assert!(anna.opens(&check).await.says("Подтверждена"));
}

/// Where the page asks for it.
async fn names_the_sum(anna: &Visitor<'_>, check: &str) {
    let (page, place) = (anna.opens(check).await, check.replace("/verification", "/confirmation"));
    if page.form_to(&place).is_some() {
        let sum = sum_in_the_bank_s_message(anna.house);
        anna.sends(&page, &place, &[("sum", &sum)]).await.is(303);
    }
}

/// While a card waits for something, its next step is what the page offers first.
#[actix_web::test]
async fn another_card_is_no_loud_button_while_one_is_being_checked() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let adds = |page: &Page| {
        let before = page.source.split("href=\"/cards/new\"").next().unwrap();
        before.rsplit("class=\"").next().unwrap().trim_end_matches("\" ").to_owned()
    };
    assert_eq!(adds(&anna.opens("/cards").await), "button");
    let check = binds(&anna).await;
    let page = anna.opens("/cards").await;
    assert_eq!(
        (adds(&page).as_str(), page.link("Продолжить добавление").unwrap().href),
        ("button quiet", check.clone())
    );
    house.asks_the_bank().await;
    let page = anna.opens("/cards").await;
    assert_eq!(
        (adds(&page).as_str(), page.link("Ввести сумму").unwrap().href),
        ("button quiet", check.clone())
    );
    names_the_sum(&anna, &check).await;
    assert_eq!(adds(&anna.opens("/cards").await), "button");
}

/// Whenever it is looked at, and whatever came first: the sum or the money.
#[actix_web::test]
async fn the_steps_of_a_charge_stand_in_the_order_of_their_times() {
    for enters_after in [0, 5, 30, 60] {
        let house = House::open().await;
        let anna = house.visitor("Anna");
        anna.registers().await;
        let check = binds(&anna).await;
        let mut seen = 0;
        for hour in (0..65).step_by(5) {
            if hour == enters_after {
                names_the_sum(&anna, &check).await;
            }
            let page = anna.opens(&check).await;
            let track = page.source.split("class=\"track\"").nth(1).unwrap_or_default();
            let track = track.split("</ol>").next().unwrap();
            let times: Vec<&str> =
                track.split("datetime=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
            assert!(times.is_sorted(), "after {hour} hours: {times:?} in {}", page.text());
            seen = seen.max(times.len());
            house.asks_the_bank().await;
            house.passes(hours(5));
            anna.signs_in_again().await;
        }
        assert!(seen >= 2, "{enters_after}");
    }
}

/// A line ends beside a card, not in it.
#[actix_web::test]
async fn a_card_is_not_broken_across_lines() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let check = binds(&anna).await;
    house.asks_the_bank().await;
    names_the_sum(&anna, &check).await;
    let mut found = 0;
    let said = check.replace("/verification", "");
    for path in
        [said.as_str(), &check, "/cards", "/cabinet", "/security/activity", &format!("{said}/removal")]
    {
        let page = anna.opens(path).await;
        assert!(!page.source.contains(" ••••") && !page.source.contains("•••• "), "{path}: {}", page.source);
        found += page.source.matches("\u{a0}••••\u{a0}").count();
    }
    assert!(found >= 6, "{found}");
}
