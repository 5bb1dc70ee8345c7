//! What guards an account, as its owner turns it on and uses it: in lynx, w3m and Chromium without JavaScript; on PostgreSQL between
//! two instances.

use totp_rs::{Builder, Secret, Totp};

use crate::support::lynx::Lynx;
use crate::support::person::PASSWORD;
use crate::support::site::Site;
use crate::support::w3m::W3m;

const ANNA: &str = "anna@example.com";
const STEP_SECONDS: u64 = 30;

/// The application on the phone: its owner types the secret from the page.
fn app_of(text: &str) -> Totp {
    let is_group = |word: &&str| {
        word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let groups = words
        .windows(8)
        .find(|groups| groups.iter().all(is_group))
        .unwrap_or_else(|| panic!("no secret:\n{text}"));
    Builder::new().with_secret(Secret::try_from_base32(groups.concat()).unwrap()).build().unwrap()
}

/// What the application shows so many steps from now.
fn code(app: &Totp, steps: u64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    app.generate(now + steps * STEP_SECONDS).to_string()
}

fn paper_of(text: &str) -> Vec<String> {
    let is_code = |word: &&str| word.split('-').map(str::len).eq([4, 4, 2]) && word.is_ascii();
    text.split_whitespace().filter(is_code).map(str::to_owned).collect()
}

#[track_caller]
fn gives_password(lynx: &mut Lynx) {
    lynx.fills("text entry field", 0, ANNA);
    lynx.fills("password entry field", 0, PASSWORD);
    lynx.presses("Войти");
}

#[track_caller]
fn gives_password_in(w3m: &W3m, then: &str) {
    w3m.fills("Логин", ANNA, false);
    w3m.fills("Пароль", PASSWORD, true);
    w3m.presses("Войти", then);
}

#[test]
fn text_browsers_turn_the_second_factor_on_and_sign_in_by_code_and_by_paper() {
    let site = Site::start();
    site.registers(ANNA);
    let mut lynx = Lynx::opens(&site.url("/sign-in?locale=ru_RU"));
    gives_password(&mut lynx);
    lynx.presses("Безопасность");
    lynx.presses("Включить код при входе");
    lynx.presses("Продолжить");
    let app = app_of(&lynx.sees("Добавьте аккаунт в приложение").text);
    lynx.fills("text entry field", 0, &code(&app, 0));
    lynx.presses("Включить");
    let paper = paper_of(&lynx.sees("Эта страница показывается один раз").text);
    assert_eq!(paper.len(), 10);
    site.mail(ANNA, "Включён код при входе");
    lynx.presses("Выйти");
    lynx.presses("Go to My Alipay");
    gives_password(&mut lynx);
    lynx.sees("Введите код");
    // The next one: the one that turned the factor on is spent.
    lynx.fills("text entry field", 0, &code(&app, 1));
    lynx.presses("Войти");
    lynx.sees("Операций пока нет");

    let w3m = W3m::opens(&site.url("/sign-in?locale=ru_RU"));
    gives_password_in(&w3m, "Введите код");
    w3m.fills("6 цифр из приложения", &paper[0], false);
    w3m.ticks();
    w3m.presses("Войти", "Операций пока нет");
    site.mail(ANNA, "Использован код восстановления");
    w3m.presses("Выйти", "Go to My Alipay");
    w3m.presses("Go to My Alipay", "[Войти]");
    gives_password_in(&w3m, "Операций пока нет");

    lynx.presses("Безопасность");
    let page = lynx.sees("Осталось 9 кодов восстановления").text;
    assert!(page.contains("w3m") && page.contains("Lynx"), "each session says where it is:\n{page}");
    lynx.presses("Забыть");
    lynx.presses("Завершить");
    w3m.presses("Карты", "Вход в личный кабинет");
    gives_password_in(&w3m, "Введите код");
    w3m.fills("6 цифр из приложения", &paper[1], false);
    // Where the link was leading that had to wait for password and code.
    w3m.presses("Войти", "Банковские карты");
    lynx.presses("Карты");
    lynx.presses("Безопасность");
    lynx.presses("Завершить все, кроме этого");
    w3m.presses("Профиль", "Вход в личный кабинет");
    lynx.presses("Открыть журнал");
    let journal = lynx.sees("Использован код восстановления").text;
    for said in [
        "Код при входе включён",
        "Запомненный браузер забыт",
        "Завершены все сеансы, кроме одного",
        "Аккаунт создан",
    ] {
        assert!(journal.contains(said), "{said}:\n{journal}");
    }
    lynx.chooses(0, 2);
    lynx.presses("Показать");
    lynx.sees("Таких записей нет");
    site.was_served_by_all();
}

#[test]
fn chromium_without_javascript_guards_the_account_and_watches_over_it() {
    let site = Site::start();
    site.registers(ANNA);
    site.chromium("guard", &[("email", ANNA)]);
    site.mail(ANNA, "Включён код при входе");
    site.mail(ANNA, "Использован код восстановления");
}
