//! «Забыли пароль?»: the way back in by mail, and what it ends.

use kabinet::base::{minutes, seconds};

use crate::house::{
    ANOTHER_PASSWORD, House, PASSWORD, SAME_ANSWERS, another_code, each_sends, link_in, path_in,
};

const ANNA: &str = "anna@example.org";

#[actix_web::test]
async fn a_forgotten_password_is_restored_with_the_captions_of_the_article() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    let later = anna.in_another_browser();
    let link = later.opens("/sign-in").await.link("Забыли пароль?").unwrap();
    assert_eq!(link.href, "/recovery");
    assert_eq!(later.opens("/recovery").await.form_to("/recovery").unwrap().captions, ["Восстановить"]);
    later.has_forgotten(" Anna@EXAMPLE.org ").await.goes_to("/recovery/code");
    let page = later.opens("/recovery/code").await;
    assert!(
        page.says("Если у нас есть аккаунт с адресом Anna@EXAMPLE.org, письмо придёт"),
        "{}",
        page.text()
    );
    later.follows_recovery(ANNA).await.goes_to("/recovery/password");
    later.makes_up(ANOTHER_PASSWORD).await.goes_to("/sign-in");
    let page = later.opens("/sign-in").await;
    assert!(page.says("Пароль изменён"), "{}", page.text());
    assert!(!later.is_signed_in().await, "nobody is signed in by a new password");
    later.signs_in(ANNA, PASSWORD).await.is(422);
    later.signs_in(ANNA, ANOTHER_PASSWORD).await.goes_to("/cabinet");
    later.submits_on("/cabinet", "/sign-out", &[]).await.goes_to("/");
    assert!(!later.opens("/sign-in").await.says("Пароль изменён"), "that is said until somebody is in");
    let told = house.letters_to(ANNA).await;
    assert!(told.iter().any(|letter| letter.subject == "Пароль изменён"), "{told:?}");
}

#[actix_web::test]
async fn a_new_password_ends_every_session_and_forgets_every_browser_but_its_own() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    let phone = anna.in_another_browser();
    phone.signs_in(ANNA, PASSWORD).await.goes_to("/cabinet");
    assert_eq!(house.count("trusted_browsers"), 2);
    anna.in_another_browser().restores_by_mail(ANNA).await;
    assert!(!anna.is_signed_in().await && !phone.is_signed_in().await);
    assert_eq!((house.count("sessions"), house.count("trusted_browsers")), (0, 1));
    for kind in ["recovery-asked", "password-reset-mail", "sessions-ended"] {
        assert_eq!(house.count(&format!("activity WHERE kind = '{kind}'")), 1, "{kind}");
    }
}

/// One act, one message: «пароль изменён» tells of the browser as well.
#[actix_web::test]
async fn signing_in_where_the_password_was_restored_is_no_new_device() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    let subjects = async || {
        let letters = house.letters_to(ANNA).await;
        letters.into_iter().map(|letter| letter.subject).collect::<Vec<_>>()
    };
    let known = anna.copy();
    for browser in [known.clone(), anna.in_another_browser()] {
        let before = subjects().await.len();
        let copy = browser.copy();
        browser.restores_by_mail(ANNA).await;
        browser.signs_in(ANNA, ANOTHER_PASSWORD).await.goes_to("/cabinet");
        assert_eq!(subjects().await.split_off(before), ["Восстановление доступа", "Пароль изменён"]);
        // Whoever holds what the browser held before is somebody else.
        copy.signs_in(ANNA, ANOTHER_PASSWORD).await.goes_to("/cabinet");
        assert_eq!(subjects().await.last().unwrap(), "Вход с нового устройства");
        house.passes(minutes(61));
        browser.has_forgotten(ANNA).await.goes_to("/recovery/code");
        browser.follows_recovery(ANNA).await.goes_to("/recovery/password");
        browser.makes_up(PASSWORD).await.goes_to("/sign-in");
        house.passes(minutes(61));
    }
}

#[actix_web::test]
async fn a_scanner_that_opens_the_link_ten_times_leaves_it_to_its_owner() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.has_forgotten(ANNA).await.goes_to("/recovery/code");
    let link = house.recovery_link_to(ANNA).await;
    for _ in 0..10 {
        let answer = anna.in_another_browser().gets(&link).await.goes_to("/recovery/step");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        let scanner = house.visitor("Scanner");
        scanner.opens_recovery(&link).await;
    }
    assert_eq!(house.count("recoveries WHERE status = 'asked'"), 1);
    let phone = anna.in_another_browser();
    phone.follows_recovery(ANNA).await.goes_to("/recovery/password");
    // The one that asked, and whoever opens the link again, are told where it went on.
    for (browser, path) in [(&anna, "/recovery/code"), (&house.visitor("Scanner"), link.as_str())] {
        let _ = browser.gets(path).await;
        let page = browser.gets("/recovery/step").await.is(410).page();
        assert!(page.says("Ссылка уже сработала"), "{}", page.text());
        assert_eq!(page.link("Начать заново").unwrap().href, "/recovery");
    }
}

#[actix_web::test]
async fn only_the_newest_mail_works() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.has_forgotten(ANNA).await.goes_to("/recovery/code");
    let first_browser = anna.copy();
    let (first, first_code) = (house.recovery_link_to(ANNA).await, anna.reads_code_of(ANNA).await);
    anna.has_forgotten(ANNA).await.goes_to("/recovery/code");
    let old = anna.in_another_browser();
    old.gets(&first).await.goes_to("/recovery/step");
    let page = old.gets("/recovery/step").await.is(410).page();
    assert!(page.says("Есть сообщение новее"), "{}", page.text());
    first_browser.posts_with_token("/recovery/code", &[("code", &first_code)]).await.is(410);
    if anna.reads_code_of(ANNA).await != first_code {
        anna.gives_recovery_code(&first_code).await.is(422);
    }
    anna.in_another_browser().follows_recovery(ANNA).await.goes_to("/recovery/password");
}

#[actix_web::test]
async fn a_link_and_its_code_live_for_half_an_hour() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.has_forgotten(ANNA).await;
    let (link, code) = (house.recovery_link_to(ANNA).await, anna.reads_code_of(ANNA).await);
    house.passes(minutes(30) - seconds(5));
    anna.in_another_browser().opens_recovery(&link).await;
    let page = anna.opens("/recovery/code").await;
    house.passes(seconds(5));
    let late = anna.in_another_browser();
    late.gets(&link).await.goes_to("/recovery/step");
    let dead = late.gets("/recovery/step").await.is(410).page();
    assert!(dead.says("Время вышло"), "{}", dead.text());
    assert_eq!(dead.link("Начать заново").unwrap().href, "/recovery");
    anna.sends(&page, "/recovery/code", &[("code", &code)]).await.is(410);
    assert_eq!(house.count("recoveries WHERE status = 'asked'"), 1, "nothing was moved on");
}

#[actix_web::test]
async fn of_64_presses_of_the_button_at_once_one_goes_on() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.has_forgotten(ANNA).await;
    let link = house.recovery_link_to(ANNA).await;
    let phone = anna.in_another_browser();
    phone.opens_recovery(&link).await;
    let browsers: Vec<_> = (0..64).map(|_| phone.copy()).collect();
    let answers = each_sends(&browsers, "/recovery/step", "/recovery/step", &[]).await;
    let on = answers.iter().filter(|answer| answer.location() == "/recovery/password").count();
    assert_eq!(on, 1);
    assert!(answers.iter().all(|answer| answer.status == 410 || answer.location() == "/recovery/password"));
    let mut inside = 0;
    for browser in &browsers {
        inside += usize::from(browser.gets("/recovery/password").await.status == 200);
    }
    assert_eq!(inside, 1);
}

#[actix_web::test]
async fn of_64_uses_of_a_code_at_once_one_goes_on() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.has_forgotten(ANNA).await;
    let code = anna.reads_code_of(ANNA).await;
    let right = [("code", code.as_str())];
    let browsers: Vec<_> = (0..64).map(|_| anna.copy()).collect();
    let answers = each_sends(&browsers, "/recovery/code", "/recovery/code", &right).await;
    assert_eq!(answers.iter().filter(|answer| answer.location() == "/recovery/password").count(), 1);
    assert!(answers.iter().all(|answer| answer.status == 410 || answer.location() == "/recovery/password"));
}

#[actix_web::test]
async fn of_64_new_passwords_at_once_one_is_set() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.has_forgotten(ANNA).await;
    let phone = anna.in_another_browser();
    phone.follows_recovery(ANNA).await.goes_to("/recovery/password");
    let fields = [("password", ANOTHER_PASSWORD), ("again", ANOTHER_PASSWORD)];
    let browsers: Vec<_> = (0..16).map(|_| phone.copy()).collect();
    let answers = each_sends(&browsers, "/recovery/password", "/recovery/password", &fields).await;
    assert!(answers.iter().all(|answer| answer.location() == "/sign-in" || answer.status == 503));
    assert_eq!(house.count("activity WHERE kind LIKE 'password-reset%'"), 1);
    assert_eq!(house.count("outbox WHERE kind = 'password-reset' AND channel = 'mail'"), 1);
}

#[actix_web::test]
async fn a_code_works_only_in_the_browser_that_asked() {
    let house = House::open().await;
    let (anna, eve) = (house.visitor("Anna"), house.visitor("Eve"));
    anna.has_an_account_with(ANNA).await;
    eve.has_an_account_with("eve@example.org").await;
    anna.has_forgotten(ANNA).await;
    let code = anna.reads_code_of(ANNA).await;
    eve.has_forgotten("eve@example.org").await;
    if eve.reads_code_of("eve@example.org").await != code {
        eve.gives_recovery_code(&code).await.is(422);
    }
    let stranger = house.visitor("Stranger");
    stranger.posts_with_token("/recovery/code", &[("code", &code)]).await.goes_to("/recovery");
    anna.gives_recovery_code(&code).await.goes_to("/recovery/password");
}

#[actix_web::test]
async fn whoever_opens_a_wrong_step_is_shown_where_they_really_are() {
    const STEPS: [&str; 5] = [
        "/recovery/code",
        "/recovery/step",
        "/recovery/questions",
        "/recovery/password",
        "/recovery/support",
    ];
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.chooses_questions().await;
    let stranger = house.visitor("Stranger");
    for step in STEPS {
        stranger.gets(step).await.goes_to("/recovery");
        stranger.posts_with_token(step, &[]).await;
    }
    let are_led_to = async |here: &str| {
        for step in STEPS.iter().filter(|step| **step != here) {
            anna.gets(step).await.goes_to(here);
        }
        for step in STEPS.iter().filter(|step| **step != here && **step != "/recovery/support") {
            anna.posts_with_token(step, &[("password", ANOTHER_PASSWORD), ("again", ANOTHER_PASSWORD)])
                .await
                .goes_to(here);
        }
    };
    anna.has_forgotten(ANNA).await;
    are_led_to("/recovery/code").await;
    let code = anna.reads_code_of(ANNA).await;
    anna.gives_recovery_code(&code).await.goes_to("/recovery/questions");
    are_led_to("/recovery/questions").await;
    anna.answers(&SAME_ANSWERS).await.goes_to("/recovery/password");
    are_led_to("/recovery/password").await;
    anna.makes_up(ANOTHER_PASSWORD).await.goes_to("/sign-in");
    anna.copy().gets("/recovery/password").await.goes_to("/recovery");
}

#[actix_web::test]
async fn the_new_password_keeps_the_rules_and_is_not_the_old_one() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.has_forgotten(ANNA).await;
    anna.follows_recovery(ANNA).await.goes_to("/recovery/password");
    for (password, complaint) in [
        ("korotko", "короткий"),
        ("korabl-plyvet-77", "77"),
        (PASSWORD, "Это ваш прежний пароль"),
        ("", "Введите пароль"),
    ] {
        let page = anna.makes_up(password).await.is(422).page();
        assert!(page.description("password").contains(complaint), "{password}: {}", page.text());
        assert_eq!(page.value("password").unwrap_or_default(), "");
    }
    anna.makes_up(ANOTHER_PASSWORD).await.goes_to("/sign-in");
}

#[actix_web::test]
async fn an_address_that_a_thief_was_about_to_confirm_is_not_the_accounts_after_a_reset() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    // Somebody at her open browser asks for another address.
    anna.asks_to_confirm("thief@example.org").await;
    let link = link_in(&house.letter_to("thief@example.org").await);
    anna.in_another_browser().restores_by_mail(ANNA).await;
    let thief = house.visitor("Thief");
    let page = thief.opens(&link).await;
    assert!(page.form_to(&link).is_none(), "{}", page.text());
    thief.posts_with_token(&link, &[]).await;
    assert_eq!(house.count("accounts WHERE email_key = 'thief@example.org'"), 0);
}

#[actix_web::test]
async fn a_way_back_in_by_the_old_address_dies_with_it() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    let thief = house.visitor("Thief");
    thief.has_forgotten(ANNA).await;
    let link = house.recovery_link_to(ANNA).await;
    anna.confirms_address("anna-new@example.org").await;
    thief.gets(&link).await.goes_to("/recovery/step");
    thief.gets("/recovery/step").await.is(410);
}

#[actix_web::test]
async fn the_link_is_built_from_the_public_address_whatever_a_request_says() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    let eve = house
        .visitor("Eve")
        .sending("x-forwarded-host", "evil.example")
        .sending("forwarded", "host=evil.example;proto=https");
    eve.has_forgotten(ANNA).await.goes_to("/recovery/code");
    let letter = house.letter_to(ANNA).await;
    assert!(
        letter.text.contains("http://127.0.0.1:8080/recovery/links/") && !letter.text.contains("evil"),
        "{}",
        letter.text
    );
    let token = path_in(&letter, "/recovery/links/").rsplit('/').next().unwrap().to_owned();
    assert_eq!(token.len(), 43, "256 bits");
    assert_eq!(
        house.count(&format!("recoveries WHERE token_hash = '{token}' OR continuation_hash = '{token}'")),
        0
    );
}

#[actix_web::test]
async fn three_wrong_codes_leave_the_link_and_the_code_of_another_mail() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.has_forgotten(ANNA).await;
    let code = anna.reads_code_of(ANNA).await;
    let page = anna.opens("/recovery/code").await;
    for words in ["Осталось 2 попытки", "Осталась 1 попытка", "Попытки закончились"]
    {
        let wrong = [("code", &*another_code(&code))];
        assert!(anna.sends(&page, "/recovery/code", &wrong).await.is(422).page().says(words));
    }
    anna.sends(&page, "/recovery/code", &[("code", &code)]).await.is(422);
    anna.in_another_browser().follows_recovery(ANNA).await.goes_to("/recovery/password");
}
