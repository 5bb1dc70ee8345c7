//! From the landing page into the cabinet, out, and in again by account number, the way people do it: in Chromium with
//! JavaScript off, in lynx and in w3m; with real mail, real SMS, and on two instances.

use std::time::Duration;

use crate::support::browser::Browser;
use crate::support::chromium::chromium;
use crate::support::database::needs_postgres;
use crate::support::lynx::Lynx;
use crate::support::peers::{Smsc, Smtp, digits};
use crate::support::person::{Codes, PASSWORD, find_number, grouped};
use crate::support::portal::{Portal, mailed_code_in, mailed_link_in};
use crate::support::w3m::W3m;

const JOURNEY: Duration = Duration::from_secs(120);

#[test]
fn chromium_without_javascript_goes_all_the_way_with_real_sms_and_mail() {
    let (smtp, smsc) = (Smtp::start(), Smsc::start());
    let portal = Portal::with().mail_through(&smtp).sms_through(&smsc).start();
    let codes = smsc.journal_path();
    let url = portal.url("");
    let seen = chromium(
        "journey",
        &[("portal", &url), ("codes", &codes), ("email", "anna@example.com"), ("phone", "+79165550011")],
        JOURNEY,
    );
    let number = digits(seen["number"].as_str().unwrap());
    assert_eq!(number.len(), 12);
    let mail = smtp.mail_to("anna@example.com");
    assert_eq!(
        (&mail["tls"], &mail["user"]),
        (&true.into(), &"kabinet".into()),
        "over STARTTLS and with the password"
    );
    let mut anna = portal.browser();
    assert_eq!(anna.signs_in(&number, PASSWORD).status, 303);
    anna.submits("/email/code", &[("code", &mailed_code_in(&mail))]).is(303);
    assert_eq!(
        portal.browser().signs_in("Anna@Example.com ", PASSWORD).location(),
        "/cabinet",
        "the address works as a login"
    );
}

#[test]
fn chromium_finds_no_accessibility_violation_in_russian() {
    every_page_is_accessible("ru_RU", "+79165550021");
}

#[test]
fn chromium_finds_no_accessibility_violation_in_english() {
    every_page_is_accessible("en_US", "+79165550022");
}

#[test]
fn chromium_finds_no_accessibility_violation_in_chinese() {
    every_page_is_accessible("zh_CN", "+79165550023");
}

fn every_page_is_accessible(locale: &str, phone: &str) {
    let portal = Portal::start();
    let codes = format!("http://{}/messages.json", portal.sandbox_address());
    let url = portal.url("");
    let options = [("portal", url.as_str()), ("codes", &codes), ("locale", locale), ("phone", phone)];
    let seen = chromium("accessible", &options, Duration::from_secs(330));
    assert!(seen["pages"].as_u64().unwrap() >= 50);
}

#[test]
fn chromium_needs_two_requests_and_under_14_kilobytes_for_the_first_visit() {
    let portal = Portal::start();
    let seen = chromium("first-visit", &[("portal", &portal.url(""))], Duration::from_secs(60));
    assert!(seen["total"].as_u64().unwrap() < 14 * 1024);
}

#[test]
fn lynx_goes_all_the_way() {
    let (smtp, smsc) = (Smtp::start(), Smsc::start());
    let portal = Portal::with().mail_through(&smtp).sms_through(&smsc).start();
    let phone = "+79165550031";
    let mut lynx = Lynx::opens(&portal.url("/?locale=ru_RU"));
    lynx.sees("Перейти к Алипэй");
    lynx.presses("Go to My Alipay");
    lynx.sees("Войдите");
    lynx.presses("Регистрация");
    lynx.sees("Шаг 1");
    lynx.fills("text entry field", 0, "8 (916) 555-00-31");
    lynx.presses("Получить код");
    let sent = lynx.sees("Введите код из SMS");
    assert!(!sent.text.contains("песочниц"), "this message went to a real centre:\n{}", sent.text);
    lynx.fills("text entry field", 0, &smsc.code_for(phone));
    lynx.presses("Продолжить");
    lynx.sees("Agree");
    lynx.ticks();
    lynx.presses("Agree");
    lynx.presses("Yes");
    lynx.sees("Придумайте пароль");
    lynx.fills("password entry field", 0, PASSWORD);
    lynx.fills("password entry field", 1, PASSWORD);
    lynx.presses("Создать аккаунт");
    let done = lynx.sees("Аккаунт создан");
    let number = find_number(&done.text).unwrap();
    lynx.presses("В личный кабинет");
    assert_eq!(find_number(&lynx.sees("Операций пока нет").text).unwrap(), number);
    lynx.presses("Выйти");
    lynx.presses("Go to My Alipay");
    lynx.fills("text entry field", 0, &grouped(&number));
    lynx.fills("password entry field", 0, PASSWORD);
    lynx.presses("Войти");
    lynx.sees(&grouped(&number));
    lynx.sees("Операций пока нет");
}

#[test]
fn w3m_goes_all_the_way() {
    let (smtp, smsc) = (Smtp::start(), Smsc::start());
    let portal = Portal::with().mail_through(&smtp).sms_through(&smsc).start();
    let phone = "+79165550041";
    let w3m = W3m::opens(&portal.url("/?locale=ru_RU#main"));
    w3m.sees("Перейти к Алипэй");
    // Where the skip link leads.
    assert!(w3m.line().contains("Деньги ждут"), "the skip link ends on «{}»", w3m.line());
    w3m.presses("Go to My Alipay", "[Войти]");
    w3m.presses("Регистрация", "[Получить код]");
    w3m.fills("Номер телефона", "+7 916 555-00-41", false);
    w3m.presses("Получить код", "Код, 4 цифры");
    w3m.fills("Код, 4 цифры", &smsc.code_for(phone), false);
    w3m.presses("Продолжить", "[Agree]");
    w3m.ticks();
    w3m.presses("Agree", "[Yes]");
    w3m.presses("Yes", "Придумайте пароль");
    w3m.fills("Не короче 8 символов", PASSWORD, true);
    w3m.fills("Пароль ещё раз", PASSWORD, true);
    w3m.presses("Создать аккаунт", "Аккаунт создан");
    let number = find_number(&w3m.screen()).unwrap();
    w3m.presses("В личный кабинет", "Операций пока нет");
    w3m.presses("Выйти", "Go to My Alipay");
    w3m.presses("Go to My Alipay", "[Войти]");
    w3m.fills("Логин", &number, false);
    w3m.fills("Пароль", PASSWORD, true);
    w3m.presses("Войти", "Операций пока нет");
    w3m.sees(&grouped(&number));
}

#[test]
fn the_mailed_link_is_burnt_by_nobody_but_the_person_who_presses_the_button() {
    let smtp = Smtp::start();
    let portal = Portal::with().mail_through(&smtp).start();
    let person = portal.registers_in(portal.browser(), &portal, "boris@example.com");
    let link = mailed_link_in(&smtp.mail_to("boris@example.com"));
    let mut scanner: Browser = portal.browser();
    for _ in 0..5 {
        scanner.get(&link).is(200);
        scanner.ask("HEAD", &link, &[], None);
    }
    assert_eq!(
        portal.browser().signs_in("boris@example.com", &person.password).status,
        422,
        "not confirmed by looking"
    );
    let mut boris = portal.browser();
    let page = boris.opens(&link);
    let form = page.form_to(&link).unwrap();
    assert_eq!(form.captions, ["Confirm"]);
    assert!(matches!(boris.sends(&link, &form, &[]).status, 200 | 303));
    assert_eq!(portal.browser().signs_in("boris@example.com", &person.password).location(), "/cabinet");
}

mod postgres_only {
    use super::*;

    #[test]
    fn chromium_goes_on_at_the_second_instance_with_the_session_of_the_first() {
        needs_postgres();
        let first = Portal::start();
        let second = Portal::with().beside(&first).prepared();
        // Chromium goes there by that instance's own address.
        let own = second.url("");
        let mut second = second.setting("KABINET_PUBLIC_URL", &own);
        second.restart();
        let codes = format!("http://{}/messages.json", first.sandbox_address());
        let (url, other) = (first.url(""), second.url(""));
        let seen = chromium("journey", &[("portal", &url), ("second", &other), ("codes", &codes)], JOURNEY);
        assert_eq!(digits(seen["number"].as_str().unwrap()).len(), 12);
    }

    #[test]
    fn a_session_begun_on_one_instance_goes_on_on_the_other() {
        needs_postgres();
        let smsc = Smsc::start();
        let first = Portal::with().sms_through(&smsc).start();
        let second = Portal::with().beside(&first).start();
        let mut anna = first.browser();
        let phone = crate::support::person::phone();
        anna.gives_phone(&phone).goes_to("/registration/code");
        let mut anna = anna.at(second.listen());
        anna.gives_code(&smsc.code_for(&phone)).goes_to("/registration/privacy");
        let mut anna = anna.at(first.listen());
        anna.agrees().goes_to("/registration/version");
        let mut anna = anna.at(second.listen());
        anna.says_yes().goes_to("/registration/password");
        anna.thinks_up(PASSWORD, "").goes_to("/registration/done");
        let mut anna = anna.at(first.listen());
        assert!(anna.is_signed_in());
        anna.signs_out().goes_to("/");
        assert!(!anna.at(second.listen()).is_signed_in(), "signed out on one is signed out on both");
        assert_eq!(smsc.messages_to(&phone).len(), 1, "one message, from one of the two");
    }
}
