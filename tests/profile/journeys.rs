//! Whoever has an account sees and changes everything about it, and what they were told: in lynx and in Chromium without JavaScript,
//! through real mail and SMS; on PostgreSQL between two instances.

use crate::support::person::PASSWORD;
use crate::support::portal::mailed_code_in;
use crate::support::site::Site;

const ANNA: &str = "anna@example.com";
const NEW_ANNA: &str = "anna.new@example.com";
const CONFIRM: &str = "Подтвердите адрес электронной почты";

#[test]
fn lynx_changes_address_and_phone_and_the_old_ones_are_told() {
    let site = Site::start();
    let (_browser, phone) = site.registers(ANNA);
    let mut lynx = site.lynx(ANNA);
    lynx.presses("Профиль");
    lynx.presses("Сменить почту");
    lynx.fills("text entry field", 0, NEW_ANNA);
    lynx.presses("Отправить письмо");
    lynx.fills("text entry field", 0, &mailed_code_in(&site.mail(NEW_ANNA, CONFIRM)));
    lynx.presses("Подтвердить адрес");
    lynx.sees("Адрес подтверждён");
    for address in [ANNA, NEW_ANNA] {
        let told = site.mail(address, "В аккаунте новый адрес электронной почты");
        assert!(told["text"].as_str().unwrap().contains("a•••@example.com"), "{told}");
    }
    let new_phone = phone.replacen("916", "926", 1);
    lynx.presses("Профиль");
    lynx.presses("Сменить телефон");
    lynx.fills("text entry field", 0, &new_phone);
    lynx.presses("Получить код");
    lynx.fills("text entry field", 0, &site.code(&new_phone, "для смены номера"));
    lynx.presses("Подтвердить номер");
    lynx.sees("Телефон подтверждён");
    site.sms(&phone, "новый телефон");
    site.mail(NEW_ANNA, "Телефон изменён");
    for (login, status) in [(ANNA, 422), (phone.as_str(), 422), (NEW_ANNA, 303), (new_phone.as_str(), 303)] {
        assert_eq!(site.browser().signs_in(login, PASSWORD).status, status, "{login}");
    }
    site.was_served_by_all();
}

#[test]
fn lynx_chooses_name_language_and_time_zone_and_reads_what_was_sent() {
    let site = Site::start();
    site.registers(ANNA);
    let mut lynx = site.lynx(ANNA);
    lynx.presses("Профиль");
    lynx.presses("Указать имя");
    lynx.fills("text entry field", 0, "Анна");
    lynx.presses("Сохранить");
    lynx.sees("Анна");
    lynx.presses("Сменить часовой пояс");
    // Москва, then Самара.
    lynx.chooses(0, 1);
    lynx.presses("Сохранить");
    lynx.sees("UTC+4");
    lynx.presses("SMS-уведомления");
    lynx.sees("SMS включены");
    lynx.ticks_box(0);
    lynx.presses("Сохранить");
    lynx.sees("выключены");
    site.mail(ANNA, "Настройки SMS изменены");
    lynx.presses("← Профиль");
    lynx.sees("Сменить часовой пояс");
    lynx.presses("← Личный кабинет");
    lynx.sees("Здравствуйте, Анна!");
    lynx.presses("Что мы вам отправляли");
    let list = lynx.sees("Настройки SMS изменены").text;
    assert!(list.contains(&format!("письмо на {ANNA}")), "{list}");
    let number = list
        .split("Номер сообщения: ")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next())
        .unwrap()
        .to_owned();
    lynx.presses("Выйти");
    lynx.presses("Это письмо от нас?");
    lynx.fills("text entry field", 0, &number.to_lowercase());
    lynx.presses("Проверить");
    let answer = lynx.sees(&format!("Сообщение {number} отправили мы")).text;
    assert!(!answer.contains("example.com"), "not to whom:\n{answer}");
    lynx.fills("text entry field", 0, "00000-00000");
    lynx.presses("Проверить");
    lynx.sees("Сообщения 00000-00000 у нас нет");
    let mut lynx = site.lynx(ANNA);
    lynx.presses("Профиль");
    lynx.presses("Сменить язык");
    lynx.chooses(0, 1);
    lynx.presses("Сохранить");
    lynx.sees("Time zone");
    site.was_served_by_all();
}

#[test]
fn chromium_without_javascript_changes_everything_in_the_profile() {
    let site = Site::start();
    let (_browser, phone) = site.registers(ANNA);
    let seen = site.chromium("owner", &[("email", ANNA), ("phone", &phone)]);
    site.mail(ANNA, "В аккаунте новый адрес электронной почты");
    site.sms(&phone, "новый телефон");
    let (email, new_phone) = (seen["email"].as_str().unwrap(), seen["phone"].as_str().unwrap());
    for subject in ["Контрольные вопросы заданы", "Пароль изменён", "Настройки SMS изменены"]
    {
        site.mail(email, subject);
    }
    site.sms(new_phone, "настройки SMS изменены");
}
