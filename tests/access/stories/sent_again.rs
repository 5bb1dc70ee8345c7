//! A form that comes twice, by a reload or a double click, counts once wherever tries are counted; and one that has done what it is for
//! leads on.

use futures_util::future::join_all;
use kabinet::base::minutes;

use crate::house::{ANSWERS, House, PASSWORD, Visitor, another_code, code_in};
use crate::support::http::Answer;

const ANNA: &str = "anna@example.org";
const WRONG: &str = "sovsem-ne-tot-9";

/// The same form nine times more: the same answer, word by word.
async fn reloads(browser: &Visitor<'_>, path: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.opens(path).await;
    let first = browser.sends(&page, action, fields).await;
    for _ in 0..5 {
        let again = browser.sends(&page, action, fields).await;
        assert_eq!((again.status, again.page().text()), (first.status, first.page().text()), "{path}");
    }
    first
}

#[actix_web::test]
async fn a_wrong_code_counts_once_however_often_it_is_sent() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let (path, code) = ("/registration/code", anna.receives_code().await);
    for words in ["Осталось 2 попытки", "Осталась 1 попытка"] {
        let wrong = another_code(&code);
        assert!(reloads(&anna, path, path, &[("code", &wrong)]).await.is(422).page().says(words));
    }
    anna.gives_code(&code).await.goes_to("/registration/privacy");
    // The right one once more leads on, and says that it is done.
    let again = anna.posts_with_token(path, &[("code", &code)]).await.goes_to("/registration/privacy");
    assert!(anna.opens(again.location()).await.says("Этот шаг уже пройден"));
}

#[actix_web::test]
async fn so_it_is_for_mailed_codes_phones_and_ways_back() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_with(ANNA).await;
    reloads(&anna, "/email/code", "/email/code", &[("code", "000017")]).await.is(422);
    assert_eq!(house.count("one_time_codes WHERE tries_left = 2"), 1);
    let phone = [("country", "RU"), ("phone", "+79265550101"), ("password", PASSWORD)];
    anna.submits("/profile/phone", &phone).await.goes_to("/profile/phone/code");
    reloads(&anna, "/profile/phone/code", "/profile/phone/code", &[("code", "0017")]).await.is(422);
    assert_eq!(house.count("one_time_codes WHERE tries_left = 2"), 2);
    let (known, unknown) = (house.visitor("Eve"), house.visitor("Mallory"));
    known.has_forgotten(ANNA).await.goes_to("/recovery/code");
    unknown.has_forgotten("nobody@example.org").await.goes_to("/recovery/code");
    let hers = reloads(&known, "/recovery/code", "/recovery/code", &[("code", "000017")]).await;
    let his = reloads(&unknown, "/recovery/code", "/recovery/code", &[("code", "000017")]).await;
    let his_text = his.page().text().replace("nobody@example.org", ANNA);
    assert_eq!((hers.status, hers.page().text()), (his.status, his_text));
    assert_eq!(house.count("one_time_codes WHERE tries_left = 2"), 4);
    house.invites("vera@example.org").await;
    let vera = house.visitor("Vera");
    let fields = [("email", "vera@example.org"), ("code", "000017")];
    let asked = reloads(&vera, "/invitation/code", "/invitation/code", &fields).await.is(422);
    assert!(asked.page().says("Осталось 2 попытки"));
}

#[actix_web::test]
async fn a_wrong_password_counts_once_for_known_and_unknown_names_alike() {
    let house = House::open().await;
    let number = house.visitor("Anna").registers().await;
    for login in [number.as_str(), "nobody@example.org"] {
        let eve = house.visitor("Eve");
        // Four passwords, six times each: the fifth is looked at all the same.
        for guess in 0..5 {
            let wrong = format!("{WRONG}{guess}");
            let before = house.hashers.done();
            reloads(&eve, "/sign-in", "/sign-in", &[("login", login), ("password", &wrong)]).await.is(422);
            assert_eq!(house.hashers.done() - before, 6, "{login}: the work is the same for both");
        }
        eve.signs_in(login, &format!("{WRONG}6")).await.is(429);
    }
    assert_eq!(house.count("activity WHERE kind = 'sign-in-failed'"), 5, "and stands in the journal once");
}

#[actix_web::test]
async fn a_password_cannot_be_sent_for_nothing_without_end() {
    let house = House::open().await;
    let number = house.visitor("Anna").registers().await;
    let eve = house.visitor("Eve");
    let page = eve.opens("/sign-in").await;
    let fields = [("login", number.as_str()), ("password", WRONG)];
    let mut looked_at = 0;
    for _ in 0..60 {
        looked_at += usize::from(eve.sends(&page, "/sign-in", &fields).await.status == 422);
    }
    assert!(looked_at <= 30, "{looked_at}");
}

#[actix_web::test]
async fn a_password_that_has_become_right_is_right() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    let other = anna.in_another_browser();
    other.signs_in(ANNA, crate::house::ANOTHER_PASSWORD).await.is(422);
    anna.restores_by_mail(ANNA).await;
    other.signs_in(ANNA, crate::house::ANOTHER_PASSWORD).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn the_password_that_is_asked_for_again_counts_once() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(6));
    for guess in 0..4 {
        let wrong = format!("{WRONG}{guess}");
        reloads(&anna, "/email", "/email", &[("email", ANNA), ("password", &wrong)]).await.is(422);
    }
    anna.submits("/email", &[("email", ANNA), ("password", PASSWORD)]).await.goes_to("/email/code");
}

#[actix_web::test]
async fn codes_of_the_second_factor_count_once_and_a_change_is_made_once() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    let path = "/security/factor/codes";
    let code = guarded.next_code(&house);
    let page = anna.opens(path).await;
    anna.sends(&page, path, &[("code", &code)]).await.is(200);
    let again = anna.posts_with_token(path, &[("code", &code)]).await.goes_to("/security/factor");
    assert!(anna.opens(again.location()).await.says("Код при входе уже включён"));
    for code in ["000001", "000002", "000003"] {
        reloads(&anna, path, path, &[("code", code)]).await.is(422);
    }
    let phone = anna.in_another_browser();
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    for (code, words) in [("000001", "Осталось 4"), ("000002", "Осталось 3")] {
        let answer = reloads(&phone, "/sign-in/code", "/sign-in/code", &[("code", code)]).await.is(422);
        assert!(answer.page().says(words), "{}", answer.page().text());
    }
}

#[actix_web::test]
async fn answers_count_once_and_what_is_done_leads_on() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.chooses_questions().await;
    let later = anna.in_another_browser();
    later.has_forgotten(ANNA).await;
    later.follows_recovery(ANNA).await.goes_to("/recovery/questions");
    let path = "/recovery/questions";
    let wrong = [("answer1", "кукла"), ("answer2", "мяч"), ("answer3", "кубик")];
    let answer = reloads(&later, path, path, &wrong).await.is(422);
    assert!(answer.page().says("Осталось 2 попытки"), "{}", answer.page().text());
    let before = house.hashers.done();
    later.submits(path, &wrong).await.is(422);
    // Five times for nothing, then it counts.
    assert!(house.hashers.done() - before <= 3);
    later.answers(&ANSWERS).await.goes_to("/recovery/password");
    let again = later.posts_with_token(path, &wrong).await.goes_to("/recovery/password");
    assert!(later.opens(again.location()).await.says("Этот шаг уже пройден"));
}

#[actix_web::test]
async fn of_64_same_wrong_codes_at_once_few_count() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let page = anna.opens("/registration/code").await;
    let wrong = another_code(&anna.receives_code().await);
    let fields = [("code", wrong.as_str())];
    join_all((0..6).map(|_| anna.sends(&page, "/registration/code", &fields))).await;
    assert_eq!(house.count("one_time_codes WHERE tries_left = 2"), 1);
}

#[actix_web::test]
async fn another_number_from_a_form_that_was_loaded_earlier_gets_its_code() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let tab = anna.opens("/registration").await;
    anna.registers_up_to_the_code().await;
    let same = [("country", "RU"), ("phone", anna.phone.as_str())];
    let answer = anna.sends(&tab, "/registration", &same).await.goes_to("/registration/code");
    assert!(anna.opens(answer.location()).await.says("уже отправлен. Введите его здесь"));
    let other = anna.copy().calling("+79261112233");
    let fields = [("country", "RU"), ("phone", "+79261112233")];
    other.sends(&tab, "/registration", &fields).await.goes_to("/registration/code");
    assert!(other.opens("/registration/code").await.says("+7 926 111-22-33"));
    let code = other.receives_code().await;
    other.gives_code(&code).await.goes_to("/registration/privacy");
    let answer = other.sends(&tab, "/registration", &same).await.goes_to("/registration/privacy");
    let page = other.opens(answer.location()).await;
    assert!(page.says("Регистрация уже идёт с номером +7 926 111-22-33"), "{}", page.text());
}

#[actix_web::test]
async fn whoever_comes_back_to_the_first_number_types_the_code_that_was_sent_to_it() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let first = anna.phone.clone();
    for (phone, sent) in [("+79261112233", 1), (first.as_str(), 1), ("+79261112233", 1)] {
        anna.submits_on("/registration/code", "/registration/restart", &[]).await.is(303);
        let fields = [("country", "RU"), ("phone", phone)];
        anna.submits_on("/registration?anew=yes", "/registration", &fields)
            .await
            .goes_to("/registration/code");
        assert_eq!(house.letters_to(phone).await.len(), sent, "{phone}");
    }
    let code = code_in(&house.letter_to("+79261112233").await, 4);
    anna.gives_code(&code).await.goes_to("/registration/privacy");
}

/// On a slow line: the browser has thrown away the first answer with its cookies when it sends the same form again.
#[actix_web::test]
async fn a_second_press_leads_on_like_the_first() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let page = anna.opens("/registration").await;
    let slow = anna.copy();
    let phone = [("country", "RU"), ("phone", anna.phone.as_str())];
    for browser in [&anna, &slow] {
        browser.sends(&page, "/registration", &phone).await.goes_to("/registration/code");
    }
    let code = anna.receives_code().await;
    assert_eq!(house.letters_to(&anna.phone).await.len(), 1, "one code, good for both");
    slow.submits("/registration/code", &[("code", &code)]).await.goes_to("/registration/privacy");

    let owner = house.visitor("Owner").calling("+79265550177");
    owner.has_an_account_with("owner@example.org").await;
    for (path, fields) in [
        ("/recovery", vec![("email", "owner@example.org")]),
        ("/recovery", vec![("email", "nobody@example.org")]),
        ("/recovery/phone", vec![("country", "RU"), ("phone", "+79265550178")]),
    ] {
        let later = owner.in_another_browser();
        let page = later.opens(path).await;
        let slow = later.copy();
        for browser in [&later, &slow] {
            browser.sends(&page, path, &fields).await.goes_to("/recovery/code");
        }
        slow.gets("/recovery/code").await.is(200);
        let other = later.in_another_browser();
        assert_ne!(other.gets("/recovery/code").await.status, 200, "nobody else is led there");
    }
    let asked = house.letters_to("owner@example.org").await;
    assert_eq!(asked.iter().filter(|letter| letter.subject.contains("осстанов")).count(), 1, "{asked:?}");
}
