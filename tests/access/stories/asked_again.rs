//! Who asks for the same code once more is led to where it is typed, and reads from when on there is another.

use kabinet::accounts::identifiers::phone::Phone;
use kabinet::base::{days, minutes};

use crate::house::{House, Visitor};

const SENT: &str = "мы недавно отправили SMS. Следующее можно запросить после";

#[actix_web::test]
async fn the_number_to_be_mended_is_kept_and_the_same_one_leads_back_to_its_code() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let code = anna.receives_code().await;
    anna.submits_on("/registration/code", "/registration/restart", &[])
        .await
        .goes_to("/registration?anew=yes");
    let page = anna.opens("/registration?anew=yes").await;
    let (country, kept) = (page.value("country").unwrap(), page.value("phone").unwrap());
    assert_eq!((country.as_str(), kept.replace([' ', '-'], "")), ("RU", anna.phone.clone()));
    anna.sends(&page, "/registration", &[]).await.goes_to("/registration/code");
    let page = anna.opens("/registration/code").await;
    assert!(page.says(&format!("Код на номер {kept} уже отправлен")), "{}", page.text());
    assert_eq!(house.letters_to(&anna.phone).await.len(), 1);
    anna.gives_code(&code).await.goes_to("/registration/privacy");
}

async fn asks_by_phone(person: &Visitor<'_>, phone: &str) -> crate::support::http::Answer {
    person.submits("/recovery/phone", &[("country", "RU"), ("phone", phone)]).await
}

/// The same for a number that nobody has.
#[actix_web::test]
async fn the_way_back_that_is_asked_for_again_waits_where_its_code_is_typed() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(days(2));
    let mut pages = Vec::new();
    for phone in [anna.phone.as_str(), "+79169999999"] {
        let later = house.visitor("Anna");
        asks_by_phone(&later, phone).await.goes_to("/recovery/code");
        asks_by_phone(&later, phone).await.goes_to("/recovery/code");
        let page = later.opens("/recovery/code").await;
        assert!(page.says(SENT), "{}", page.text());
        pages.push(page.text());
        // In another browser no code waits: the form says when there may be one, and keeps the number.
        let page = asks_by_phone(&house.visitor("Anna"), phone).await.is(429).page();
        assert!(page.says(SENT) && page.value("phone").as_deref() == Some(phone), "{}", page.text());
    }
    let of_anna = Phone::from_stored(&anna.phone).unwrap().spaced();
    assert_eq!(pages[0].replace(&of_anna, "+7 916 999-99-99"), pages[1]);
    let by_mail = house.visitor("Anna");
    for _ in 0..4 {
        by_mail.has_forgotten("nobody@example.org").await.goes_to("/recovery/code");
    }
    let page = by_mail.opens("/recovery/code").await;
    assert!(page.says("Мы уже отправили несколько сообщений"), "{}", page.text());
    // Where an address was never confirmed, no mail comes: the page names the other way, to everybody.
    assert!(page.says("но не подтвердили его, письмо не придёт"), "{}", page.text());
    assert_eq!(page.link("Восстановить доступ по телефону").unwrap().href, "/recovery/phone");
    house.visitor("Anna").has_forgotten("nobody@example.org").await.is(429);
}

/// Another browser's request takes the place of the first one's, whether or not there is such an account: in two browsers one learns no
/// more than in one.
#[actix_web::test]
async fn two_browsers_that_ask_for_the_same_learn_nothing_of_it() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris"));
    anna.registers().await;
    boris.has_an_account_with("boris@example.org").await;
    house.passes(days(2));
    let seen_after = async |ask: &str| {
        let (first, second) = (house.visitor("First"), house.visitor("Second"));
        for browser in [&first, &second] {
            if ask.contains('@') {
                browser.has_forgotten(ask).await.goes_to("/recovery/code");
            } else {
                asks_by_phone(browser, ask).await.goes_to("/recovery/code");
            }
            house.passes(minutes(3));
        }
        let answer = first.gets("/recovery/code").await;
        (answer.status, answer.location().to_owned(), answer.page().text().replace(ask, "…"))
    };
    assert_eq!(seen_after(&anna.phone).await, seen_after("+79169999999").await);
    assert_eq!(seen_after("boris@example.org").await, seen_after("nobody@example.org").await);
}

/// The pause counts whatever was sent there: what is said of it holds for a code of the registration, too.
#[actix_web::test]
async fn the_page_does_not_speak_of_a_code_that_is_not_waiting() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let page = asks_by_phone(&anna.in_another_browser(), &anna.phone).await.is(429).page();
    assert!(page.says(SENT) && !page.says("Код на этот номер"), "{}", page.text());
}

#[actix_web::test]
async fn a_new_phone_or_address_that_is_asked_for_again_waits_where_its_code_is_typed() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let phone = [("country", "RU"), ("phone", "+79265550101")];
    anna.submits("/profile/phone", &phone).await.goes_to("/profile/phone/code");
    anna.submits("/profile/phone", &phone).await.goes_to("/profile/phone/code");
    assert!(anna.opens("/profile/phone/code").await.says(SENT));
    for _ in 0..5 {
        anna.asks_to_confirm("anna@example.org").await;
        assert!(!anna.opens("/email/code").await.says("попробуйте снова после"));
    }
    anna.asks_to_confirm("Anna@Example.org").await;
    let page = anna.opens("/email/code").await;
    assert!(page.says("На этот адрес мы уже отправили несколько писем"), "{}", page.text());
    let boris = house.visitor("Boris").calling("+79265550102");
    boris.registers().await;
    let page = boris.submits("/email", &[("email", "anna@example.org")]).await.is(429).page();
    assert_eq!(page.value("email").as_deref(), Some("anna@example.org"));
    assert!(page.is_invalid("email") && page.title().starts_with("Ошибка: "), "{}", page.text());
}
