//! What an account's owner says of themselves, and who is told when address or phone come and go.

use kabinet::base::{minutes, seconds};

use crate::house::{House, PASSWORD, Visitor, code_in, link_in};

const OLD: &str = "anna@example.org";
const NEW: &str = "anna.new@example.org";

pub async fn owner<'h>(house: &'h House, name: &'static str, email: &str) -> Visitor<'h> {
    let person = house.visitor(name);
    person.registers().await;
    person.confirms_address(email).await;
    person
}

#[actix_web::test]
async fn a_name_greets_its_owner_and_is_kept_while_it_is_mended() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    assert!(anna.opens("/cabinet").await.says("Здравствуйте! Здесь"));
    for (typed, says) in [
        ("", "Введите имя"),
        ("4242 4242 4242 4242", "номер карты"),
        ("Приз на evil.com", "адрес сайта"),
        ("<b>Анна</b> https://x.example", "адрес сайта"),
        (&"я".repeat(61), "не больше 60 символов"),
    ] {
        let page = anna.submits("/profile/name", &[("name", typed)]).await.is(422).page();
        assert!(page.is_invalid("name") && page.says(says), "{typed}: {}", page.text());
        assert_eq!(page.value("name").as_deref(), Some(typed), "kept as it was typed");
    }
    let hidden = anna.submits("/profile/name", &[("name", "А\u{202e}нна")]).await.is(422).page();
    assert!(hidden.says("невидимый служебный символ"));
    anna.submits("/profile/name", &[("name", "  Анна <b>&amp;  К° ")]).await.goes_to("/profile");
    let cabinet = anna.opens("/cabinet").await;
    assert!(cabinet.says("Здравствуйте, Анна <b>&amp; К°!"), "{}", cabinet.text());
    assert_eq!(house.count("activity WHERE kind = 'name-changed'"), 1);
    anna.submits("/profile/name", &[("name", "Анна <b>&amp; К°")]).await.goes_to("/profile");
    assert_eq!(house.count("activity WHERE kind LIKE '%-changed'"), 1, "nothing has changed");
}

#[actix_web::test]
async fn the_language_of_the_account_is_that_of_pages_and_messages() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.submits("/profile/language", &[("language", "de_DE")]).await.is(422);
    anna.submits("/profile/language", &[("language", "en_US")]).await.goes_to("/profile");
    assert_eq!(anna.opens("/profile").await.headings(), ["Profile"]);
    assert_eq!(anna.opens("/").await.attributes("html", "lang"), ["en"]);
    anna.confirms_address(OLD).await;
    assert_eq!(house.letter_to(OLD).await.subject, "E-mail address added to your account");
}

#[actix_web::test]
async fn another_time_zone_changes_the_times_of_this_browser_at_once() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.asks_to_confirm(OLD).await;
    let shown = async || anna.opens("/messages").await.text();
    let before = shown().await;
    for typed in ["", "Mars/Olympus", "../../etc/passwd", "europe/moscow", "Europe/Moscow\0"] {
        let page = anna.submits("/profile/time-zone", &[("zone", typed)]).await.is(422).page();
        assert!(page.is_invalid("zone") && page.says("Выберите часовой пояс из списка"));
    }
    assert_eq!(shown().await, before);
    anna.submits("/profile/time-zone", &[("zone", "Asia/Kamchatka")]).await.goes_to("/profile");
    assert_ne!(shown().await, before);
    assert!(anna.opens("/profile").await.says("Петропавловск-Камчатский (UTC+12)"));
    let page = anna.opens("/profile/time-zone").await;
    assert_eq!(page.value("zone").as_deref(), Some("Asia/Kamchatka"));
    assert_eq!(page.attributes("optgroup", "label")[0], "Россия");
    assert!(page.attributes("option", "value")[..11].contains(&"Europe/Kaliningrad".to_owned()));
}

#[actix_web::test]
async fn when_an_address_is_replaced_the_old_one_is_told() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", OLD).await;
    // The first address: its owner had only a phone, which is told.
    assert!(house.letter_to(&anna.phone).await.text.contains("почта a•••@example.org добавлена в аккаунт"));
    assert_eq!(house.letter_to(OLD).await.subject, "Почта добавлена в аккаунт", "it is no change yet");
    let before = (house.letters_to(OLD).await.len(), house.letters_to(&anna.phone).await.len());

    anna.asks_to_confirm(NEW).await;
    assert_eq!(house.letters_to(OLD).await.len(), before.0, "nothing has changed yet");
    let code = code_in(&house.letter_to(NEW).await, 6);
    anna.submits("/email/code", &[("code", &code)]).await.goes_to("/email/confirmed");
    for address in [OLD, NEW] {
        let told = house.letter_to(address).await;
        assert_eq!(told.subject, "В аккаунте новый адрес электронной почты", "{address}");
        assert!(told.text.contains("a•••@example.org") && told.text.contains(&anna.ip), "{}", told.text);
        assert!(!told.text.contains(NEW), "masked: whoever reads the old mailbox need not know the new one");
    }
    assert_eq!(house.letters_to(&anna.phone).await.len(), before.1 + 1, "SMS stay as they were");
    assert_eq!(house.count("activity WHERE kind = 'email-changed'"), 2);

    // The same address in another spelling is no change.
    anna.asks_to_confirm("Anna.New@example.org").await;
    let link = link_in(&house.letter_to("Anna.New@example.org").await);
    let told = house.letters_to(NEW).await.len();
    anna.submits(&link, &[]).await.goes_to(&link);
    assert_eq!(house.letters_to(NEW).await.len(), told);
    assert_eq!(house.count("activity WHERE kind = 'email-changed'"), 2);
}

#[actix_web::test]
async fn address_or_phone_go_only_while_the_other_stays_and_both_are_told() {
    let house = House::open().await;
    let (anna, boris) = (owner(&house, "Anna", OLD).await, house.visitor("Boris"));
    boris.registers().await;
    let page = boris.opens("/profile/phone/removal").await;
    assert!(
        page.form_to("/profile/phone/removal").is_none() && page.says("единственный способ"),
        "{}",
        page.text()
    );
    boris.posts_with_token("/profile/phone/removal", &[("password", PASSWORD)]).await.is(422);
    boris.posts_with_token("/profile/email/removal", &[("password", PASSWORD)]).await.is(422);

    house.passes(minutes(5) + seconds(1));
    anna.submits("/profile/phone/removal", &[("password", "wrong-password")]).await.is(422);
    anna.submits("/profile/phone/removal", &[("password", PASSWORD)]).await.goes_to("/profile");
    assert!(house.letter_to(&anna.phone).await.text.contains("удалён из аккаунта"));
    assert_eq!(house.letter_to(OLD).await.subject, "Телефон удалён");
    assert_eq!(house.count("accounts WHERE phone IS NOT NULL"), 1);
    anna.posts_with_token("/profile/email/removal", &[("password", PASSWORD)]).await.is(422);
    assert_eq!(house.count("accounts WHERE email IS NOT NULL"), 1);
    house.visitor("Anna").signs_in(&anna.phone, PASSWORD).await.is(422);
    house.visitor("Anna").signs_in(OLD, PASSWORD).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn of_address_and_phone_removed_at_once_one_stays() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", OLD).await;
    let other = anna.copy();
    let (phone, email) =
        (anna.opens("/profile/phone/removal").await, other.opens("/profile/email/removal").await);
    let both = futures_util::future::join(
        anna.sends(&phone, "/profile/phone/removal", &[]),
        other.sends(&email, "/profile/email/removal", &[]),
    );
    both.await;
    assert_eq!(house.count("accounts WHERE phone IS NULL AND email IS NULL"), 0);
    assert_eq!(house.count("accounts WHERE phone IS NULL OR email IS NULL"), 1);
}

#[actix_web::test]
async fn sixty_changes_an_hour_are_enough() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    for number in 0..60 {
        anna.submits("/profile/name", &[("name", &format!("Анна {number}"))]).await.goes_to("/profile");
    }
    anna.submits("/profile/name", &[("name", "Анна")]).await.is(429);
    house.passes(minutes(60));
    anna.signs_in_again().await;
    anna.submits("/profile/name", &[("name", "Анна")]).await.goes_to("/profile");
}
