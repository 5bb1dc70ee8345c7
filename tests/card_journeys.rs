//! A card is bound, checked and unbound the way people do it: in lynx, in w3m, in Chromium with JavaScript off; through the sandbox bank
//! and through Stripe's API; on PostgreSQL between two instances.

use std::time::Duration;

use serde_json::Value;

use crate::support::browser::Browser;
use crate::support::lynx::Lynx;
use crate::support::peers::Localstripe;
use crate::support::person::PASSWORD;
use crate::support::portal::{Portal, SOON};
use crate::support::process::{eventually, finished};
use crate::support::site::Site;
use crate::support::w3m::W3m;

const ANNA: &str = "anna@example.com";
const RETURNED: &str = "Проверочная сумма возвращена";

/// What the bank's newest message to the card's holder says that it took: `4,37`.
#[track_caller]
fn sum_at_the_bank(site: &Site, four: &str) -> String {
    eventually("the bank's message", SOON, || {
        let messages = bank_s(site, "/bank/messages.json");
        let charge = messages.into_iter().find(|line| line["event"] == "charged" && line["last_four"] == four)?;
        Some(written(charge["minor"].as_i64().unwrap()))
    })
}

fn written(minor: i64) -> String {
    format!("{},{:02}", minor / 100, minor % 100)
}

fn bank_s(site: &Site, path: &str) -> Vec<Value> {
    let address = site.sandbox("").trim_start_matches("http://").parse().unwrap();
    Browser::new(address).get(path).is(200).json().as_array().unwrap().clone()
}

/// What has moved at the bank, and where: `charged`, `refunded`.
fn moved(site: &Site) -> Vec<String> {
    let events = bank_s(site, "/bank/journal.json").into_iter().map(|line| line["event"].as_str().unwrap().to_owned());
    events.filter(|event| event == "charged" || event == "refunded").collect()
}

/// «Обновить» until the page says so.
#[track_caller]
fn refreshes_until(lynx: &mut Lynx, words: &str) -> String {
    for _ in 0..40 {
        let screen = lynx.screen();
        if screen.text.contains(words) {
            return screen.text;
        }
        std::thread::sleep(Duration::from_millis(300));
        lynx.presses("Обновить");
    }
    panic!("lynx never shows «{words}»:\n{}", lynx.screen().text);
}

#[track_caller]
fn binds(lynx: &mut Lynx, number: &str) {
    types(lynx, number);
    lynx.sees("Проверка карты");
}

#[track_caller]
fn types(lynx: &mut Lynx, number: &str) {
    lynx.presses("Карты");
    lynx.sees("Банковские карты");
    lynx.presses("Добавить карту");
    for (nth, text) in [number, "ANNA PETROVA", "12/35", "123"].into_iter().enumerate() {
        lynx.fills("text entry field", nth, text);
    }
    lynx.presses("Сохранить");
}

fn ledger_is_in_order(portal: &Portal) {
    let checked = finished(&mut portal.command(&["ledger", "check"]), Duration::from_secs(30));
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn lynx_binds_a_card_by_the_sum_in_the_bank_s_message_and_the_money_is_back() {
    let site = Site::start();
    site.registers(ANNA);
    let mut lynx = site.lynx(ANNA);
    lynx.presses("Карты");
    lynx.sees("не привязана ни одна карта");
    binds(&mut lynx, "4242 4242-4242 4242");
    let asked = refreshes_until(&mut lynx, "Списанная сумма");
    assert!(asked.contains("Вернём до") && !asked.contains("4242 4242"), "{asked}");
    // The bank's message, read where the page says that it is.
    let mut bank = Lynx::opens(&site.sandbox("/bank?locale=ru_RU"));
    bank.presses("Visa •••• 4242");
    let sum = sum_at_the_bank(&site, "4242");
    bank.sees(&format!("Списание {sum}"));
    lynx.fills("text entry field", 0, "0,10");
    lynx.presses("Подтвердить");
    lynx.sees("Осталось 2 попытки");
    lynx.fills("text entry field", 0, &sum);
    lynx.presses("Подтвердить");
    lynx.sees("Подтверждена, ею можно платить");
    let back = refreshes_until(&mut lynx, "Возвращено на карту");
    assert!(back.contains(&sum), "{back}");
    bank.presses("Обновить");
    bank.sees(&format!("Возврат {sum}"));
    for subject in ["Проверьте карту: назовите сумму", "Карта подтверждена", RETURNED] {
        site.mail(ANNA, subject);
    }
    lynx.presses("Отвязать карту");
    lynx.sees("Отвязать карту?");
    lynx.presses("Отвязать карту");
    assert!(lynx.sees("Банковские карты").text.contains("Отвязана"));
    site.mail(ANNA, "Карта отвязана");
    assert_eq!(moved(&site), ["charged", "refunded"]);
    site.was_served_by_all();
}

#[test]
fn lynx_says_yes_and_no_on_the_bank_s_own_page() {
    let site = Site::start();
    site.registers(ANNA);
    let mut lynx = site.lynx(ANNA);
    binds(&mut lynx, "4000 0000 0000 3220");
    refreshes_until(&mut lynx, "Перейти на страницу банка");
    lynx.presses("Перейти на страницу банка");
    lynx.sees("Подтвердите списание");
    lynx.presses("Подтвердить");
    refreshes_until(&mut lynx, "Списанная сумма");
    lynx.fills("text entry field", 0, &sum_at_the_bank(&site, "3220"));
    lynx.presses("Подтвердить");
    refreshes_until(&mut lynx, "Возвращено на карту");
    types(&mut lynx, "4000 0000 0000 3220");
    let known = lynx.sees("Эта карта уже привязана");
    assert!(!known.text.contains("3220"), "{}", known.text);
    lynx.presses("Все карты");
    lynx.presses("Подробнее");
    lynx.presses("Отвязать карту");
    lynx.presses("Отвязать карту");
    binds(&mut lynx, "4000 0000 0000 3220");
    refreshes_until(&mut lynx, "Перейти на страницу банка");
    lynx.presses("Перейти на страницу банка");
    lynx.presses("Отказаться");
    let refused = refreshes_until(&mut lynx, "не подтвердили");
    assert!(refused.contains("Они на вашей карте"), "{refused}");
    assert_eq!(moved(&site), ["charged", "refunded"]);
}

#[test]
fn w3m_binds_a_card_and_has_the_money_back() {
    let site = Site::start();
    site.registers(ANNA);
    let w3m = W3m::opens(&site.url("/sign-in?locale=ru_RU"));
    w3m.fills("Номер аккаунта", ANNA, false);
    w3m.fills("Пароль", PASSWORD, true);
    w3m.presses("Войти", "Операций пока нет");
    w3m.presses("Карты", "Банковские карты");
    w3m.presses("Добавить карту", "Новая карта");
    for (label, text) in [
        ("Номер карты", "5555555555554444"),
        ("Имя держателя", "ANNA PETROVA"),
        ("Срок действия", "1235"),
        ("Три цифры на обороте", "123"),
    ] {
        w3m.fills(label, text, false);
    }
    w3m.presses("Сохранить", "Проверка карты");
    let sum = sum_at_the_bank(&site, "4444");
    w3m.presses("Обновить", "Списанная сумма");
    w3m.fills("Списанная сумма", &sum, false);
    w3m.presses("Подтвердить", "Подтверждена, ею можно платить");
    site.mail(ANNA, RETURNED);
    w3m.presses("Обновить", "Возвращено на карту");
}

#[test]
fn chromium_without_javascript_binds_cards_and_chooses_between_them() {
    let site = Site::start();
    site.registers(ANNA);
    let seen = site.chromium("cards", &[("email", ANNA), ("password", PASSWORD)]);
    assert_eq!(seen["bound"], 2);
    eventually("both charges back", SOON, || (moved(&site).iter().filter(|event| *event == "refunded").count() == 2).then_some(()));
}

/// Stripe's API by somebody else: the same pages, another gateway.
#[test]
fn a_card_is_bound_through_stripe_and_its_webhooks() {
    let (stripe, secret) = (Localstripe::start(), "whsec_kabinet_test_secret");
    let portal = Portal::with().set("KABINET_GATEWAY_URL", &stripe.url()).set("KABINET_GATEWAY_WEBHOOK_SECRET", secret).start();
    stripe.calls_back(&portal.url("/gateway/callbacks"), secret);
    let mut anna = portal.registers().browser;
    let card = |number| [("number", number), ("holder", "ANNA PETROVA"), ("expiry", "12/35"), ("security_code", "123")];
    let check = anna.submits_on("/cards/new", "/cards", &card("4242 4242 4242 4242")).is(303).location().to_owned();
    let charged = eventually("a charge at Stripe", SOON, || stripe.list("payment_intents").pop());
    eventually("a page that asks for the sum", SOON, || anna.opens(&check).says("Списанная сумма").then_some(()));
    let sum = written(charged["amount"].as_i64().unwrap());
    let place = check.replace("/check", "/confirmation");
    anna.submits_on(&check, &place, &[("sum", &sum)]).goes_to(&check);
    assert!(anna.opens(&check).says("Подтверждена, ею можно платить"));
    eventually("the money back", SOON, || anna.opens(&check).says("Возвращено на карту").then_some(()));
    let refunds = stripe.list("refunds");
    assert_eq!((refunds.len(), &refunds[0]["amount"]), (1, &charged["amount"]));
    // Taken in, and declined when it is charged.
    let declined = anna.submits_on("/cards/new", "/cards", &card("4000 0000 0000 0341")).is(303).location().to_owned();
    eventually("a refusal", SOON, || anna.opens(&declined).says("Банк не принял карту").then_some(()));
    assert!(anna.opens(&declined).says("Они на вашей карте"));
    // Not even taken in.
    let refused = anna.submits_on("/cards/new", "/cards", &card("4000 0000 0000 0002")).is(422).page();
    assert!(refused.says("Деньги не списаны") && !refused.text().contains("0002"), "{}", refused.text());
    assert_eq!(stripe.list("refunds").len(), 1);
    ledger_is_in_order(&portal);
}

/// The number is typed at the bank, in lynx.
#[test]
fn lynx_types_the_card_on_the_bank_s_own_page() {
    let portal = Portal::with().set("KABINET_CARD_ENTRY", "hosted_redirect").start();
    let anna = portal.registers();
    let mut lynx = Lynx::opens(&portal.url("/sign-in?locale=ru_RU"));
    lynx.fills("text entry field", 0, &anna.number);
    lynx.fills("password entry field", 0, PASSWORD);
    lynx.presses("Войти");
    lynx.presses("Карты");
    lynx.presses("Добавить карту");
    assert!(!lynx.sees("на странице банка").text.contains("Номер карты\n"));
    lynx.presses("Добавить карту");
    lynx.presses("Перейти на страницу банка");
    lynx.sees("Вы на странице банка");
    for (nth, text) in ["4242424242424242", "ANNA PETROVA", "12/35", "123"].into_iter().enumerate() {
        lynx.fills("text entry field", nth, text);
    }
    lynx.presses("Сохранить");
    let asked = refreshes_until(&mut lynx, "Списанная сумма");
    assert!(asked.contains("Visa ··4242"), "{asked}");
    ledger_is_in_order(&portal);
}
