//! From an invitation by mail to an account, and back into it after its password is forgotten, in text browsers and in Chromium.

use std::time::Duration;

use serde_json::Value;

use crate::support::chromium::chromium;
use crate::support::lynx::Lynx;
use crate::support::person::{PASSWORD, find_number, grouped};
use crate::support::portal::{Portal, SOON, mailed_code_in};
use crate::support::process::eventually;
use crate::support::w3m::W3m;

const ANOTHER: &str = "tuman-rastayal-nad-5-rekoy";
const VERA: &str = "vera@example.com";

/// The newest of so many mails.
fn mail(portal: &Portal, address: &str, count: usize) -> Value {
    eventually(&format!("mail {count} to {address}"), SOON, || {
        let mails = portal.mails_to(address);
        (mails.len() == count).then(|| mails.last().unwrap().clone())
    })
}

fn link(portal: &Portal, mail: &Value, beginning: &str) -> String {
    let text = mail["text"].as_str().unwrap();
    let start = text.find(&portal.url(beginning)).unwrap_or_else(|| panic!("no link in «{text}»"));
    text[start..].split_whitespace().next().unwrap().to_owned()
}

#[test]
fn lynx_takes_over_an_account_by_mail_forgets_the_password_and_gets_back_in() {
    let portal = Portal::start();
    let mut sandbox = Lynx::opens(&format!("http://{}/?locale=ru_RU", portal.sandbox_address()));
    sandbox.presses("Пригласить в кабинет");
    sandbox.fills("text entry field", 0, VERA);
    sandbox.presses("Invite");
    let mut lynx = Lynx::opens(&format!("{}?locale=ru_RU", link(&portal, &mail(&portal, VERA, 1), "/invitations/")));
    lynx.sees("Ваш аккаунт готов");
    lynx.presses("Confirm");
    lynx.ticks();
    lynx.presses("Agree");
    lynx.fills("password entry field", 0, PASSWORD);
    lynx.fills("password entry field", 1, PASSWORD);
    lynx.presses("Продолжить");
    lynx.sees("Контрольные вопросы");
    let answers = ["Ivan Kuzmich", "mannaya kasha", "Tosha"];
    for (place, answer) in answers.iter().enumerate() {
        lynx.chooses(place, place + 1);
        lynx.fills("text entry field", place, answer);
    }
    lynx.presses("Отправить");
    let done = lynx.sees("Аккаунт создан");
    assert!(done.text.contains("Вам подарок"), "{}", done.text);
    let number = find_number(&done.text).unwrap();
    lynx.presses("В личный кабинет");
    lynx.presses("Выйти");
    lynx.presses("Go to My Alipay");
    lynx.presses("Забыли пароль?");
    lynx.fills("text entry field", 0, VERA);
    lynx.presses("Восстановить");
    lynx.sees("Если такой адрес у нас есть, письмо придёт");
    lynx.fills("text entry field", 0, &mailed_code_in(&mail(&portal, VERA, 2)));
    lynx.presses("Продолжить");
    lynx.sees("Ответьте на контрольные вопросы");
    for (place, answer) in answers.iter().enumerate() {
        lynx.fills("text entry field", place, &answer.to_uppercase());
    }
    lynx.presses("Продолжить");
    lynx.sees("Новый пароль");
    lynx.fills("password entry field", 0, ANOTHER);
    lynx.fills("password entry field", 1, ANOTHER);
    lynx.presses("Сменить пароль");
    lynx.sees("Пароль изменён");
    lynx.fills("text entry field", 0, VERA);
    lynx.fills("password entry field", 0, ANOTHER);
    lynx.presses("Войти");
    lynx.sees(&grouped(&number));
}

#[test]
fn w3m_gets_back_in_by_the_mailed_link() {
    let portal = Portal::start();
    let mut person = portal.registers_in(portal.browser(), &portal, "boris@example.com");
    let confirmation = mailed_code_in(&mail(&portal, "boris@example.com", 1));
    person.browser.submits("/email/code", &[("code", &confirmation)]).is(303);
    let w3m = W3m::opens(&portal.url("/sign-in?locale=ru_RU"));
    w3m.presses("Забыли пароль?", "[Восстановить]");
    w3m.fills("Адрес электронной почты", "boris@example.com", false);
    w3m.presses("Восстановить", "Проверьте почту");
    // The second said that the address is the account's now.
    let link = link(&portal, &mail(&portal, "boris@example.com", 3), "/recovery/links/");
    let w3m = W3m::opens(&format!("{link}?locale=ru_RU"));
    w3m.presses("Продолжить", "[Сменить пароль]");
    w3m.fills("Не короче 8 символов", ANOTHER, true);
    w3m.fills("Пароль ещё раз", ANOTHER, true);
    w3m.presses("Сменить пароль", "Пароль изменён");
    assert_eq!(portal.browser().signs_in("boris@example.com", PASSWORD).status, 422);
    assert_eq!(portal.browser().signs_in("boris@example.com", ANOTHER).location(), "/cabinet");
    assert!(!person.browser.is_signed_in(), "the old session has ended");
}

#[test]
fn chromium_finds_no_violation_on_the_way_in_without_a_password() {
    let portal = Portal::start();
    let codes = format!("http://{}/messages.json", portal.sandbox_address());
    for locale in ["ru_RU", "en_US", "zh_CN"] {
        let options = [("portal", portal.url("")), ("codes", codes.clone()), ("locale", locale.to_owned())];
        let options: Vec<(&str, &str)> = options.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let seen = chromium("access", &options, Duration::from_secs(240));
        assert!(seen["pages"].as_u64().unwrap() >= 28, "{seen}");
    }
}
