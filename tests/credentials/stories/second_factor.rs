//! The second factor: how it is turned on, what a sign-in asks for then, and how it goes.

use kabinet::base::{days, minutes};

use crate::house::{House, PASSWORD, Visitor, another_code, app_of, each_sends, paper_of};
use crate::support::html::Page;

const FACTOR: &str = "factor-dev";

#[actix_web::test]
async fn the_secret_is_shown_only_after_the_password() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(6));
    let thief = anna.copy();
    thief.submits("/security/factor", &[("password", "wrong-password")]).await.is(422);
    anna.submits("/security/factor", &[("password", PASSWORD)]).await.goes_to("/security/factor");
    let page = anna.opens("/security/factor").await;
    let app = app_of(&page);
    let path = page.attributes("path", "d").into_iter().max_by_key(String::len).unwrap();
    assert!(
        path.len() > 1_000 && path.bytes().all(|byte| byte.is_ascii_digit() || b" Mhvz-".contains(&byte)),
        "{path}"
    );
    assert!(page.form_to("/security/factor/confirmation").is_some());
    // On the phone itself there is nothing to point a camera at: a link has the same secret.
    let link = page.links().into_iter().find(|link| link.href.starts_with("otpauth://totp/")).unwrap();
    assert!(link.href.contains(&app.secret().to_base32()), "{}", link.href);
    let answer = anna.gets("/security/factor").await;
    let policy = answer.header("content-security-policy").unwrap();
    assert!(!policy.contains("sandbox") && !policy.contains("navigate-to"), "{policy}");
    house.passes(minutes(6));
    let later = anna.opens("/security/factor").await;
    assert!(
        later.form_to("/security/factor/confirmation").is_none() && later.attributes("path", "d").len() < 3
    );
    // The password again leads back to the same secret.
    anna.submits("/security/factor", &[("password", PASSWORD)]).await.goes_to("/security/factor");
    let again = anna.opens("/security/factor").await;
    assert_eq!(app_of(&again).secret().as_bytes(), app.secret().as_bytes());
    for wrong in ["", "12345", "12345a", "000000"] {
        anna.sends(&again, "/security/factor/confirmation", &[("code", wrong)]).await.is(422);
    }
    assert!(anna.opens("/security").await.says("Выключен"));
}

#[actix_web::test]
async fn after_the_password_there_is_nothing_of_a_session_until_the_code() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.confirms_address("anna@example.org").await;
    let guarded = anna.guards_the_account().await;
    assert_eq!(guarded.paper.len(), 10);
    assert_eq!(house.letter_to("anna@example.org").await.subject, "Включён код при входе");
    let phone = anna.in_another_browser();
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    assert!(
        !phone.is_signed_in().await
            && phone.cookie("sid-dev").is_none()
            && phone.cookie("browser-dev").is_none()
    );
    phone.gives_second_code("nonsense").await.is(422);
    phone.gives_second_code("000000").await.is(422);
    assert!(!phone.is_signed_in().await);
    let code = guarded.next_code(&house);
    phone.gives_second_code(&code).await.goes_to("/cabinet");
    assert!(phone.is_signed_in().await && phone.cookie(FACTOR).is_none());
    // The code is spent, wherever it is typed.
    let tablet = anna.in_another_browser();
    tablet.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    tablet.gives_second_code(&code).await.is(422);
    assert!(!tablet.is_signed_in().await);
}

#[actix_web::test]
async fn a_wrong_password_says_nothing_of_a_second_factor() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris"));
    anna.registers().await;
    let his = boris.registers().await;
    let guarded = anna.guards_the_account().await;
    let hers = anna.in_another_browser().signs_in(&guarded.number, "wrong-password").await.is(422);
    let same = boris.in_another_browser().signs_in(&his, "wrong-password").await.is(422);
    assert_eq!(hers.page().text(), same.page().text());
}

#[actix_web::test]
async fn the_second_step_waits_five_minutes_and_not_for_strangers() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    let phone = anna.in_another_browser();
    phone.gets("/sign-in/code").await.goes_to("/sign-in");
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    let page = phone.opens("/sign-in/code").await;
    house.passes(minutes(5));
    assert!(phone.opens("/sign-in/code").await.says("Попытка входа закрыта"));
    let late = phone.sends(&page, "/sign-in/code", &[("code", &guarded.paper[0])]).await.is(422);
    assert!(late.page().says("Попытка входа закрыта"));
    assert!(!phone.is_signed_in().await);
    // The paper code was not spent on that.
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    let stranger = house.visitor("Stranger");
    stranger.keeps(FACTOR, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert!(stranger.opens("/sign-in/code").await.says("Попытка входа закрыта"));
    phone.gives_second_code(&guarded.paper[0]).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn of_64_uses_of_one_backup_code_at_once_one_succeeds() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.confirms_address("anna@example.org").await;
    let guarded = anna.guards_the_account().await;
    let phone = anna.in_another_browser();
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    let browsers: Vec<Visitor<'_>> = (0..64).map(|_| phone.copy()).collect();
    let typed = guarded.paper[4].to_uppercase().replace('-', " ");
    let fields = [("code", typed.as_str())];
    let answers = each_sends(&browsers, "/sign-in/code", "/sign-in/code", &fields).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 303).count(), 1);
    assert_eq!(house.count("backup_codes WHERE used_at IS NOT NULL"), 1);
    let mut inside = 0;
    for browser in &browsers {
        inside += i32::from(browser.is_signed_in().await);
    }
    assert_eq!(inside, 1);
    let letter = house.letter_to("anna@example.org").await;
    assert!(
        letter.subject == "Вход с нового устройства" || letter.text.contains("Осталось 9"),
        "{}",
        letter.text
    );
    assert!(anna.opens("/security").await.says("Осталось 9 кодов восстановления"));
}

#[actix_web::test]
async fn guessing_codes_is_slow_and_does_not_lock_the_owner_out() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    anna.signs_out().await;
    let thief = house.visitor("Thief");
    for _ in 0..2 {
        thief.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
        let page = thief.opens("/sign-in/code").await;
        for code in ["000001", "000002", "000003", "000004"] {
            thief.sends(&page, "/sign-in/code", &[("code", code)]).await.is(422);
        }
        let spent = thief.sends(&page, "/sign-in/code", &[("code", "000000")]).await.is(422);
        assert!(spent.page().says("Попытки закончились"));
    }
    thief.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    let shut = thief.gives_second_code("000000").await.is(429);
    assert!(shut.header("retry-after").is_some());
    anna.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    anna.gives_second_code(&guarded.next_code(&house)).await.goes_to("/cabinet");
    assert!(anna.opens("/security/activity?topic=failures").await.says("код не подошёл"));
}

#[actix_web::test]
async fn a_remembered_browser_is_asked_for_no_code_until_it_is_forgotten() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    let phone = anna.in_another_browser();
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    let fields = [("code", guarded.paper[0].as_str()), ("remember", "yes")];
    phone.submits("/sign-in/code", &fields).await.goes_to("/cabinet");
    phone.signs_out().await;
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/cabinet");
    phone.signs_out().await;
    house.passes(days(30));
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    let fields = [("code", guarded.paper[1].as_str()), ("remember", "yes")];
    phone.submits("/sign-in/code", &fields).await.goes_to("/cabinet");
    // The owner forgets it from elsewhere; nobody else can.
    let page = phone.opens("/security").await;
    let forget = page.forms().into_iter().find(|form| form.action.ends_with("/forget")).unwrap().action;
    let boris = house.visitor("Boris");
    boris.registers().await;
    boris.posts_with_token(&forget, &[]).await.is(404);
    phone.signs_out().await;
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/cabinet");
    phone.submits_on("/security", &forget, &[]).await.goes_to("/security");
    phone.signs_out().await;
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
}

#[actix_web::test]
async fn turning_it_off_takes_the_password_and_a_code_and_is_told() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    house.passes(minutes(6));
    let right = guarded.next_code(&house);
    anna.submits("/security/factor/off", &[("code", &right), ("password", "wrong-password")]).await.is(422);
    anna.submits("/security/factor/off", &[("code", "000000"), ("password", PASSWORD)]).await.is(422);
    anna.submits("/security/factor/off", &[("code", &right)]).await.goes_to("/security/factor");
    assert!(anna.opens("/security").await.says("Выключен"));
    assert!(house.letter_to(&anna.phone).await.text.contains("код при входе выключен"), "no address: by SMS");
    assert_eq!((house.count("totp_secrets"), house.count("backup_codes")), (0, 0));
    anna.signs_out().await;
    anna.signs_in(&guarded.number, PASSWORD).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn new_backup_codes_are_shown_once_and_kill_the_old_ones() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    let answer =
        anna.submits("/security/factor/codes", &[("code", &guarded.next_code(&house))]).await.is(200);
    let paper = paper_of(&answer.page());
    assert_eq!(paper.len(), 10);
    assert!(paper.iter().all(|code| !guarded.paper.contains(code)));
    for path in ["/security", "/security/factor", "/security/factor/codes", "/security/activity"] {
        let text = anna.opens(path).await.text();
        assert!(!paper.iter().any(|code| text.contains(code)), "{path}");
    }
    let phone = anna.in_another_browser();
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    phone.gives_second_code(&guarded.paper[0]).await.is(422);
    phone.gives_second_code(&paper[0]).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn the_database_holds_neither_the_secret_nor_a_code() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    let bytes = house.database.bytes();
    let holds = |canary: &[u8]| bytes.windows(canary.len()).any(|window| window == canary);
    assert!(holds(anna.phone.as_bytes()), "the dump can be read");
    let secret = guarded.app.secret();
    assert!(!holds(secret.as_bytes()) && !holds(secret.to_base32().as_bytes()));
    for code in &guarded.paper {
        assert!(!holds(code.as_bytes()) && !holds(code.replace('-', "").as_bytes()));
    }
}

#[actix_web::test]
async fn the_last_step_of_a_registration_sent_again_is_no_way_around_the_code() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let last_step = anna.opens("/registration/password").await;
    let again = anna.copy();
    anna.thinks_up(PASSWORD, "").await.goes_to("/registration/done");
    anna.guards_the_account().await;
    let fields = [("password", PASSWORD), ("again", PASSWORD)];
    again.sends(&last_step, "/registration/password", &fields).await.goes_to("/sign-in");
    assert!(!again.is_signed_in().await);
}

/// The app's codes go by its phone's clock: at the first refusal the page says what the site's clock shows.
#[actix_web::test]
async fn every_refused_code_names_the_clock_of_the_site() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.submits("/security/factor", &[("password", PASSWORD)]).await;
    let says_time = |page: &Page| {
        let text = page.text();
        let (_, clock) = text.split_once("на сайте сейчас ").unwrap_or_else(|| panic!("{text}"));
        assert_eq!(text.matches("на сайте сейчас").count(), 1, "once is enough: {text}");
        let (hours, rest) = clock.split_at(8);
        assert_eq!(hours.chars().filter(|c| *c == ':').count(), 2, "{text}");
        assert!(rest.replace('\u{a0}', " ").starts_with(" (МСК)"), "{text}");
    };
    let page = anna.opens("/security/factor").await;
    let wrong = anna.sends(&page, "/security/factor/confirmation", &[("code", "000000")]).await;
    says_time(&wrong.is(422).page());
    let boris = house.visitor("Boris");
    boris.registers().await;
    let guarded = boris.guards_the_account().await;
    for path in ["/security/factor/off", "/security/factor/codes"] {
        says_time(&boris.submits(path, &[("code", "000000")]).await.is(422).page());
    }
    let other = boris.in_another_browser();
    other.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    for _ in 0..5 {
        says_time(&other.gives_second_code(&another_code("000000")).await.is(422).page());
    }
}

#[actix_web::test]
async fn a_second_press_on_turning_it_on_leads_to_new_codes() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.submits("/security/factor", &[("password", PASSWORD)]).await;
    let app = app_of(&anna.opens("/security/factor").await);
    let now = u64::try_from(house.now().micros()).unwrap() / 1_000_000;
    let code = app.generate(now).to_string();
    let first = anna.posts_with_token("/security/factor/confirmation", &[("code", &code)]).await.is(200);
    assert_eq!(paper_of(&first.page()).len(), 10);
    anna.posts_with_token("/security/factor/confirmation", &[("code", &code)])
        .await
        .goes_to("/security/factor");
    let page = anna.opens("/security/factor").await;
    assert!(page.says("получите новые коды") && page.says("Код при входе включён с"), "{}", page.text());
    assert!(page.links().iter().any(|link| link.href == "/security/factor/codes"));
}
