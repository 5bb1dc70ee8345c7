//! From an invitation by mail to an account, and back into it after its password is forgotten: in text browsers and in Chromium
//! without JavaScript, through real mail and SMS; on PostgreSQL between two instances.

use std::time::Duration;

use crate::support::chromium::chromium;
use crate::support::lynx::Lynx;
use crate::support::person::{PASSWORD, find_number, grouped};
use crate::support::portal::{Portal, mailed_code_in};
use crate::support::site::Site;
use crate::support::w3m::W3m;

const ANOTHER: &str = "tuman-rastayal-nad-5-rekoy";
const VERA: &str = "vera@example.com";
const INVITED: &str = "Ваш аккаунт готов";
const RECOVERY: &str = "Восстановление доступа";
const ANSWERS: [&str; 3] = ["Ivan Kuzmich", "mannaya kasha", "Tosha"];

/// By the form of the sandbox, which stands for the marketplace.
fn invites(site: &Site, email: &str) {
    let mut sandbox = Lynx::opens(&site.sandbox("/?locale=ru_RU"));
    sandbox.presses("Пригласить в кабинет");
    sandbox.fills("text entry field", 0, email);
    sandbox.presses("Пригласить");
    sandbox.screen();
}

/// Chooses three questions, one after the other from the top of the list, and answers them.
fn chooses_questions(lynx: &mut Lynx) {
    for (place, answer) in ANSWERS.iter().enumerate() {
        lynx.chooses(place, place + 1);
        lynx.fills("text entry field", place, answer);
    }
    lynx.presses("Отправить");
}

fn answers(lynx: &mut Lynx) {
    lynx.sees("Ответьте на контрольные вопросы");
    for (place, answer) in ANSWERS.iter().enumerate() {
        lynx.fills("text entry field", place, &answer.to_uppercase());
    }
    lynx.presses("Продолжить");
}

fn makes_up(lynx: &mut Lynx, password: &str) {
    lynx.sees("Новый пароль");
    lynx.fills("password entry field", 0, password);
    lynx.fills("password entry field", 1, password);
    lynx.presses("Сменить пароль");
    lynx.sees("Пароль изменён");
}

#[test]
fn lynx_takes_over_an_account_by_mail_forgets_the_password_and_gets_back_in() {
    let site = Site::start();
    invites(&site, VERA);
    let link = site.link(&site.mail(VERA, INVITED), "/invitations/");
    let mut lynx = Lynx::opens(&format!("{link}?locale=ru_RU"));
    lynx.sees("Ваш аккаунт готов");
    lynx.presses("Confirm");
    lynx.ticks();
    lynx.presses("Agree");
    lynx.fills("password entry field", 0, PASSWORD);
    lynx.fills("password entry field", 1, PASSWORD);
    lynx.presses("Продолжить");
    lynx.sees("Контрольные вопросы");
    chooses_questions(&mut lynx);
    let done = lynx.sees("Аккаунт открыт");
    assert!(done.text.contains("Вам подарок"), "{}", done.text);
    let number = find_number(&done.text).unwrap();
    lynx.presses("В личный кабинет");
    lynx.presses("Выйти");
    lynx.presses("Go to My Alipay");
    lynx.presses("Забыли пароль?");
    lynx.fills("text entry field", 0, VERA);
    lynx.presses("Восстановить");
    lynx.sees("Если у нас есть аккаунт с адресом");
    lynx.fills("text entry field", 0, &mailed_code_in(&site.mail(VERA, RECOVERY)));
    lynx.presses("Продолжить");
    answers(&mut lynx);
    makes_up(&mut lynx, ANOTHER);
    lynx.fills("text entry field", 0, VERA);
    lynx.fills("password entry field", 0, ANOTHER);
    lynx.presses("Войти");
    lynx.sees(&grouped(&number));
    site.was_served_by_all();
}

#[test]
fn w3m_goes_on_by_the_short_code_after_an_older_link_has_died() {
    let site = Site::start();
    invites(&site, VERA);
    let older = site.link(&site.mail(VERA, INVITED), "/invitations/");
    invites(&site, VERA);
    site.mails(VERA, INVITED, 2);
    let w3m = W3m::opens(&format!("{older}?locale=ru_RU"));
    w3m.sees("Есть письмо новее");
    w3m.presses("Отправить ещё раз", "Код из письма");
    let code = mailed_code_in(&site.mails(VERA, INVITED, 3));
    w3m.fills("Адрес электронной почты", VERA, false);
    w3m.fills("Код, 6 цифр", &code, false);
    w3m.presses("Продолжить", "[Agree]");
    w3m.ticks();
    w3m.presses("Agree", "Придумайте пароль");
    w3m.fills("Не короче 8 символов", PASSWORD, true);
    w3m.fills("Пароль ещё раз", PASSWORD, true);
    w3m.presses("Продолжить", "Ответ на третий вопрос");
    w3m.presses("Отправить", "Первый вопрос: Выберите вопрос из списка.");
    site.was_served_by_all();
}

#[test]
fn w3m_gets_back_in_by_the_mailed_link() {
    let site = Site::start();
    let (mut old, _phone) = site.registers("boris@example.com");
    let w3m = W3m::opens(&site.url("/sign-in?locale=ru_RU"));
    w3m.presses("Забыли пароль?", "[Восстановить]");
    w3m.fills("Адрес электронной почты", "boris@example.com", false);
    w3m.presses("Восстановить", "Проверьте почту");
    let link = site.link(&site.mail("boris@example.com", RECOVERY), "/recovery/links/");
    let w3m = W3m::opens(&format!("{link}?locale=ru_RU"));
    w3m.presses("Продолжить", "[Сменить пароль]");
    w3m.fills("Не короче 8 символов", ANOTHER, true);
    w3m.fills("Пароль ещё раз", ANOTHER, true);
    w3m.presses("Сменить пароль", "Пароль изменён");
    assert_eq!(site.browser().signs_in("boris@example.com", PASSWORD).status, 422);
    assert_eq!(site.browser().signs_in("boris@example.com", ANOTHER).location(), "/cabinet");
    assert!(!old.is_signed_in(), "the old session has ended");
    site.mail("boris@example.com", "Пароль изменён");
}

#[test]
fn lynx_restores_an_account_without_an_address_by_sms_and_questions() {
    let site = Site::start();
    let (_browser, phone) = site.registers("");
    let mut lynx = Lynx::opens(&site.url("/sign-in?locale=ru_RU"));
    lynx.fills("text entry field", 0, &phone);
    lynx.fills("password entry field", 0, PASSWORD);
    lynx.presses("Войти");
    lynx.presses("Профиль");
    lynx.presses("Контрольные вопросы");
    chooses_questions(&mut lynx);
    lynx.sees("Контрольные вопросы сохранены");
    lynx.presses("Выйти");
    lynx.presses("Go to My Alipay");
    lynx.presses("Забыли пароль?");
    lynx.presses("Нет почты? Восстановить по телефону");
    lynx.fills("text entry field", 0, &phone);
    lynx.presses("Восстановить");
    lynx.sees("Если у нас есть аккаунт с номером");
    lynx.fills("text entry field", 0, &site.code(&phone, "код доступа"));
    lynx.presses("Продолжить");
    answers(&mut lynx);
    makes_up(&mut lynx, ANOTHER);
    site.sms(&phone, "пароль изменён");
    lynx.fills("text entry field", 0, &phone);
    lynx.fills("password entry field", 0, ANOTHER);
    lynx.presses("Войти");
    lynx.sees("Операций пока нет");
    site.was_served_by_all();
}

#[test]
fn w3m_is_sent_to_support_with_a_number_when_there_are_neither_mail_nor_questions() {
    let site = Site::start();
    let (_browser, phone) = site.registers("");
    let w3m = W3m::opens(&site.url("/recovery?locale=ru_RU"));
    w3m.presses("Нет почты? Восстановить по телефону", "Восстановление по телефону");
    w3m.fills("Номер телефона", &phone, false);
    w3m.presses("Восстановить", "Проверьте телефон");
    w3m.fills("Код, 4 цифры", &site.code(&phone, "код доступа"), false);
    w3m.presses("Продолжить", "Обратитесь в поддержку и назовите номер обращения");
    let screen = w3m.sees("Номер обращения");
    let reference = screen.split_whitespace().find(|word| word.len() == 11 && word.find('-') == Some(5));
    assert!(reference.is_some(), "{screen}");
    w3m.presses("Помощь", "Короткие ответы");
    assert_eq!(site.browser().signs_in(&phone, PASSWORD).location(), "/cabinet", "nothing has changed");
}

#[test]
fn chromium_without_javascript_takes_over_an_account_and_gets_back_into_it() {
    let site = Site::start();
    let seen = site.chromium("invited", &[("email", VERA)]);
    let (number, password) = (seen["number"].as_str().unwrap(), seen["password"].as_str().unwrap());
    assert_eq!(site.browser().signs_in(number, PASSWORD).status, 422);
    assert_eq!(site.browser().signs_in(number, password).location(), "/cabinet");
}

fn axe_sees_the_way_in_without_a_password(locale: &str) {
    let portal = Portal::start();
    let codes = format!("http://{}/messages.json", portal.sandbox_address());
    let address = portal.url("");
    let options = [("portal", address.as_str()), ("codes", codes.as_str()), ("locale", locale)];
    let seen = chromium("access", &options, Duration::from_secs(330));
    assert!(seen["pages"].as_u64().unwrap() >= 28, "{seen}");
}

#[test]
fn chromium_finds_no_violation_on_the_russian_way_in_without_a_password() {
    axe_sees_the_way_in_without_a_password("ru_RU");
}

#[test]
fn chromium_finds_no_violation_on_the_english_way_in_without_a_password() {
    axe_sees_the_way_in_without_a_password("en_US");
}

#[test]
fn chromium_finds_no_violation_on_the_chinese_way_in_without_a_password() {
    axe_sees_the_way_in_without_a_password("zh_CN");
}
