//! A shopper binds a card, reads the sum in the bank's message, names it, and has the money back: in lynx, in w3m and in Chromium without
//! JavaScript; with Stripe's API as the gateway; on PostgreSQL between two instances.

use std::time::Duration;

use crate::cards::wrong_sum;
use crate::support::browser::Browser;
use crate::support::lynx::{Lynx, Screen};
use crate::support::peers::Localstripe;
use crate::support::person::PASSWORD;
use crate::support::portal::{Portal, SOON};
use crate::support::process::{eventually, finished};
use crate::support::site::Site;
use crate::support::w3m::W3m;

const ANNA: &str = "anna@example.com";
const HOLDER: &str = "ANNA PETROVA";

/// Signed in, at the list of cards.
#[track_caller]
fn at_the_cards(site: &Site) -> Lynx {
    site.registers(ANNA);
    let mut lynx = Lynx::opens(&site.url("/sign-in?locale=ru_RU"));
    lynx.fills("text entry field", 0, ANNA);
    lynx.fills("password entry field", 0, PASSWORD);
    lynx.presses("Войти");
    lynx.sees("Операций пока нет");
    lynx.presses("Карты");
    lynx.sees("Банковские карты");
    lynx
}

/// From the list of cards to the page of the check.
#[track_caller]
fn binds(lynx: &mut Lynx, number: &str) {
    lynx.presses("Добавить карту");
    for (nth, text) in [number, "12/35", "123", HOLDER].into_iter().enumerate() {
        lynx.fills("text entry field", nth, text);
    }
    lynx.presses("Сохранить");
    lynx.sees("Где мои деньги?");
}

/// Presses «Обновить» until the page says so.
#[track_caller]
fn refreshes_until(lynx: &mut Lynx, words: &str) -> Screen {
    eventually(&format!("«{words}»"), SOON, || {
        let screen = lynx.screen();
        if screen.text.contains(words) {
            return Some(screen);
        }
        lynx.presses("Обновить");
        None
    })
}

/// `4,37` out of «Списание 4,37 ₽ · KABINET CHECK».
#[track_caller]
fn sum_in(text: &str, verb: &str) -> String {
    let rest = text.split(&format!("{verb} ")).nth(1).unwrap_or_else(|| panic!("no «{verb}» in:\n{text}"));
    let sum: String = rest.chars().take_while(|letter| letter.is_ascii_digit() || *letter == ',').collect();
    assert!(matches!(sum.split_once(','), Some((_, cents)) if cents.len() == 2), "{sum}");
    sum
}

/// Walks to the bank in the same browser, reads the newest message, and comes back by lynx's own "left".
#[track_caller]
fn reads_the_sum(lynx: &mut Lynx, card: &str) -> String {
    let check = lynx.screen();
    // Each instance has a sandbox of its own over the one bank.
    let bank =
        check.text.split(['[', ']', ' ']).find(|word| word.starts_with("http://") && word.ends_with("/bank"));
    lynx.presses(bank.unwrap_or_else(|| panic!("no way to the bank:\n{}", check.text)));
    lynx.sees("Банк песочницы");
    lynx.presses(card);
    let told = lynx.sees("Сообщения банка по карте");
    lynx.goes_back();
    lynx.goes_back();
    assert_eq!(lynx.screen().text, check.text, "back where the sum is asked for");
    sum_in(&told.text, "Списание")
}

#[test]
fn lynx_binds_a_card_reads_the_sum_at_the_bank_names_it_and_has_the_money_back() {
    let site = Site::start();
    let mut lynx = at_the_cards(&site);
    lynx.sees("Привязанных карт пока нет");
    binds(&mut lynx, "4242 4242 4242 4242");
    // Nobody presses «Обновить»: the page has waited for the bank.
    let page = lynx.sees("Введите сумму").text;
    assert!(page.contains("Вернём деньги на карту") && !page.contains("4242 4242"), "{page}");
    let sum = reads_the_sum(&mut lynx, "Visa •••• 4242");
    lynx.fills("text entry field", 0, &wrong_sum(&sum));
    lynx.presses("Подтвердить");
    lynx.sees("Осталось 2 попытки");
    lynx.fills("text entry field", 0, &sum);
    lynx.presses("Подтвердить");
    lynx.sees("Подтверждена");
    let returned = lynx.sees("Вернули деньги на карту");
    assert!(returned.text.contains(&sum), "which sum:\n{}", returned.text);
    site.mail(ANNA, "Карта подтверждена");
    site.mail(ANNA, "Проверочная сумма возвращена");
    site.was_served_by_all();
}

#[test]
fn w3m_binds_a_card_names_the_sum_and_has_the_money_back() {
    let site = Site::start();
    site.registers(ANNA);
    let w3m = W3m::opens(&site.url("/sign-in?locale=ru_RU"));
    w3m.fills("Логин", ANNA, false);
    w3m.fills("Пароль", PASSWORD, true);
    w3m.presses("Войти", "Операций пока нет");
    w3m.presses("Карты", "Привязанных карт пока нет");
    w3m.presses("Добавить карту", "Имя держателя");
    w3m.fills("Номер карты", "4242424242424242", false);
    w3m.fills("Имя держателя", HOLDER, false);
    w3m.fills("Срок действия", "12/35", false);
    w3m.fills("Код безопасности", "123", false);
    w3m.presses("Сохранить", "Где мои деньги?");
    w3m_refreshes_until(&w3m, "Введите сумму");
    w3m.fills("Списанная сумма", &site.charged("4242"), false);
    w3m.presses("Подтвердить", "Подтверждена");
    w3m_refreshes_until(&w3m, "Вернули деньги на карту");
    site.was_served_by_all();
}

#[track_caller]
fn w3m_refreshes_until(w3m: &W3m, words: &str) {
    eventually(&format!("«{words}»"), SOON, || {
        if w3m.screen().contains(words) {
            return Some(());
        }
        w3m.presses("Обновить", "Где мои деньги?");
        None
    });
}

#[test]
fn lynx_refuses_a_charge_at_the_bank_s_page_and_says_yes_to_the_next() {
    let site = Site::start();
    let mut lynx = at_the_cards(&site);
    binds(&mut lynx, "4000 0000 0000 3220");
    refreshes_until(&mut lynx, "Перейти на страницу банка");
    lynx.presses("Перейти на страницу банка");
    assert!(lynx.sees("Подтвердите списание").text.contains("KABINET CHECK"));
    lynx.presses("Отказаться");
    lynx.sees("Где мои деньги?");
    refreshes_until(&mut lynx, "не подтвердили на странице банка");
    lynx.sees("мы ничего не списали");
    site.mail(ANNA, "Карта не привязана");
    lynx.presses("Карты");
    binds(&mut lynx, "4000 0000 0000 3220");
    refreshes_until(&mut lynx, "Перейти на страницу банка");
    lynx.presses("Перейти на страницу банка");
    lynx.presses("Подтвердить");
    refreshes_until(&mut lynx, "Введите сумму");
    lynx.fills("text entry field", 0, &site.charged("3220"));
    lynx.presses("Подтвердить");
    lynx.sees("Подтверждена");
    refreshes_until(&mut lynx, "Вернули деньги на карту");
}

#[test]
fn lynx_meets_a_declined_card_prefers_another_and_unbinds_it() {
    let site = Site::start();
    let mut lynx = at_the_cards(&site);
    binds(&mut lynx, "4000 0000 0000 9995");
    refreshes_until(&mut lynx, "Банк не принял карту");
    lynx.sees("мы ничего не списали");
    for (number, four) in [("4242 4242 4242 4242", "4242"), ("5555 5555 5555 4444", "4444")] {
        lynx.presses("Карты");
        binds(&mut lynx, number);
        refreshes_until(&mut lynx, "Введите сумму");
        lynx.fills("text entry field", 0, &site.charged(four));
        lynx.presses("Подтвердить");
        lynx.sees("Подтверждена");
    }
    lynx.presses("Карты");
    lynx.sees("Visa •••• 4242 · основная");
    lynx.presses("Сделать основной");
    lynx.sees("MasterCard •••• 4444 · основная");
    // The newest stands first.
    lynx.presses("MasterCard •••• 4444");
    lynx.presses("Отвязать карту");
    lynx.sees("Отвязать карту?");
    lynx.presses("Отвязать карту");
    lynx.sees("Отвязана");
    lynx.sees("Visa •••• 4242 · основная");
    site.mail(ANNA, "Карта отвязана");
    site.mails(ANNA, "Проверочная сумма возвращена", 2);
}

#[test]
fn chromium_without_javascript_binds_confirms_at_the_bank_prefers_and_unbinds() {
    let site = Site::start();
    site.registers(ANNA);
    site.chromium("cards", &[("email", ANNA)]);
    site.mails(ANNA, "Проверочная сумма возвращена", 2);
    site.mail(ANNA, "Карта отвязана");
}

/// What Stripe calls back with.
const SECRET: &str = "whsec_kabinet_test_secret";

#[track_caller]
fn enters(anna: &mut Browser, number: &str) -> String {
    let card = [("number", number), ("holder", HOLDER), ("expiry", "12/35"), ("security_code", "123")];
    anna.submits_on("/cards/new", "/cards", &card).is(303).location().to_owned()
}

#[test]
fn with_stripe_a_card_is_bound_by_naming_the_sum_and_the_money_is_back() {
    let stripe = Localstripe::start();
    let portal = Portal::with()
        .set("KABINET_GATEWAY_URL", &stripe.url())
        .set("KABINET_GATEWAY_WEBHOOK_SECRET", SECRET)
        .start();
    stripe.calls_back(&portal.url("/gateway/callbacks"), SECRET);
    let mut anna = portal.registers().browser;
    assert!(!anna.opens("/cards/new").says("песочниц"), "its test cards are of no use here");
    let check = enters(&mut anna, "4242 4242 4242 4242");
    let confirmation = check.replace("/verification", "/confirmation");
    eventually("the charge", SOON, || anna.opens(&check).form_to(&confirmation));
    let charged = stripe.list("payment_intents");
    let minor = charged[0]["amount"].as_i64().unwrap();
    assert_eq!((charged.len(), &charged[0]["status"]), (1, &"succeeded".into()));
    let sum = format!("{},{:02}", minor / 100, minor % 100);
    anna.submits_on(&check, &confirmation, &[("sum", &sum)]).goes_to(&check.replace("/verification", ""));
    assert!(anna.opens(&check).says("Подтверждена"));
    eventually("the return", SOON, || anna.opens(&check).says("Вернули деньги на карту").then_some(()));
    let back: Vec<i64> =
        stripe.list("refunds").iter().map(|refund| refund["amount"].as_i64().unwrap()).collect();
    assert_eq!(back, [minor]);
    let declined = enters(&mut anna, "4000 0000 0000 0341");
    eventually("the refusal", SOON, || anna.opens(&declined).says("мы ничего не списали").then_some(()));
    // Not even taken in.
    let card = [
        ("number", "4000 0000 0000 0002"),
        ("holder", HOLDER),
        ("expiry", "12/35"),
        ("security_code", "123"),
    ];
    let refused = anna.submits_on("/cards/new", "/cards", &card).is(422).page();
    assert!(refused.says("Деньги не списаны") && !refused.source.contains("0000 0002"), "{}", refused.text());
    let taken =
        stripe.list("payment_intents").iter().filter(|intent| intent["status"] == "succeeded").count();
    assert_eq!((taken, stripe.list("refunds").len()), (1, 1));
    let heard = "kabinet_events_total{event=\"gateway_callback\"} ";
    eventually("a webhook", SOON, || portal.metrics().text().contains(heard).then_some(()));
    let checked = finished(&mut portal.command(&["ledger", "audit"]), Duration::from_secs(60));
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
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
    let asked = refreshes_until(&mut lynx, "Списанная сумма").text;
    assert!(asked.contains("Visa •••• 4242"), "{asked}");
}
