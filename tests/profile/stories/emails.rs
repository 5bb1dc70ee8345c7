//! Whose address it is, and who may change it.

use futures_util::future::join_all;
use kabinet::base::{minutes, seconds};

use crate::house::{House, PASSWORD, another_code, code_in, link_in};

const ADDRESS: &str = "anna@example.org";

#[actix_web::test]
async fn a_mailed_code_is_good_for_three_tries_by_its_owner() {
    let house = House::open().await;
    let (anna, eve) = (house.visitor("Anna"), house.visitor("Eve"));
    anna.registers_with(ADDRESS).await;
    eve.registers_with("eve@example.org").await;
    let code = code_in(&house.letter_to(ADDRESS).await, 6);
    // Hers, not Eve's.
    eve.submits("/email/code", &[("code", &code)]).await.is(422);
    let page = anna.opens("/email/code").await;
    for words in ["Осталось 2 попытки", "Осталась 1 попытка", "Попытки закончились"]
    {
        let wrong = another_code(&code);
        let answer = anna.sends(&page, "/email/code", &[("code", &wrong)]).await.is(422);
        assert!(answer.page().says(words), "{}", answer.page().text());
    }
    anna.sends(&page, "/email/code", &[("code", &code)]).await.is(422);
    assert_eq!(house.count("accounts WHERE email IS NOT NULL"), 0);
    anna.asks_to_confirm(ADDRESS).await;
    let code = code_in(&house.letter_to(ADDRESS).await, 6);
    anna.submits("/email/code", &[("code", &code)]).await.goes_to("/email/confirmed");
    assert_eq!(house.count("accounts WHERE email = 'anna@example.org'"), 1);
}

#[actix_web::test]
async fn of_64_guesses_of_a_mailed_code_at_once_three_are_judged() {
    let house = House::open().await;
    let eve = house.visitor("Eve");
    eve.registers_with("eve@example.org").await;
    let code = code_in(&house.letter_to("eve@example.org").await, 6);
    let page = eve.opens("/email/code").await;
    let wrong: Vec<String> = (0..64).map(|_| another_code(&code)).collect();
    let fields: Vec<_> = wrong.iter().map(|wrong| [("code", wrong.as_str())]).collect();
    let answers = join_all(fields.iter().map(|wrong| eve.sends(&page, "/email/code", wrong))).await;
    let saying = |words: &str| answers.iter().filter(|answer| answer.page().says(words)).count();
    assert_eq!(
        (saying("Осталось 2 попытки"), saying("Осталась 1 попытка"), saying("Попытки закончились")),
        (1, 1, 62)
    );
}

#[actix_web::test]
async fn somebody_else_s_address_is_never_taken_over_and_its_owner_is_told() {
    let house = House::open().await;
    let (anna, eve, boris) = (house.visitor("Anna"), house.visitor("Eve"), house.visitor("Boris"));
    let number = anna.registers().await;
    anna.confirms_address(ADDRESS).await;
    eve.registers().await;
    boris.registers().await;
    // In any spelling, and with the same page as for an address that nobody has.
    eve.asks_to_confirm("Anna@Example.ORG").await;
    boris.asks_to_confirm("alla@example.org").await;
    let (hers, his) = (eve.opens("/email/code").await.text(), boris.opens("/email/code").await.text());
    let bare = |text: &str| {
        text.replace("Anna@Example.ORG", "an address")
            .replace("alla@example.org", "an address")
            .replace(|c: char| c.is_ascii_digit(), "0")
    };
    assert_eq!(bare(&hers), bare(&his));
    let told = house.letter_to("Anna@example.org").await;
    assert_eq!(told.subject, "Ваш адрес пытались добавить в другой аккаунт");
    assert!(!told.text.contains("/confirmations/"), "{}", told.text);
    house.visitor("Anna").signs_in(ADDRESS, PASSWORD).await.goes_to("/cabinet");
    assert_eq!(anna.account_number().await, number);
    assert_eq!(house.count("accounts WHERE email IS NOT NULL"), 1);
}

#[actix_web::test]
async fn of_two_who_confirm_one_address_the_first_has_it_and_the_second_is_told() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris"));
    let number = anna.registers_with(ADDRESS).await;
    let hers = link_in(&house.letter_to(ADDRESS).await);
    boris.registers_with(ADDRESS).await;
    let his = house.letter_to(ADDRESS).await;
    anna.submits(&hers, &[]).await.goes_to(&hers);
    // Both hold the mailbox, so he may know why.
    let link = link_in(&his);
    boris.submits(&link, &[]).await.goes_to(&link);
    let page = boris.opens(&link).await;
    assert_eq!(page.headings(), ["Адрес занят другим аккаунтом"]);
    assert!(page.forms().iter().all(|form| form.action != link));
    house.visitor("Anna").signs_in(ADDRESS, PASSWORD).await.goes_to("/cabinet");
    assert_eq!(anna.account_number().await, number);
    assert!(boris.opens("/cabinet").await.says("Сейчас пароль восстановить нельзя"));
}

#[actix_web::test]
async fn by_code_too() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris"));
    anna.registers_with(ADDRESS).await;
    let hers = link_in(&house.letter_to(ADDRESS).await);
    boris.registers_with(ADDRESS).await;
    let code = code_in(&house.letter_to(ADDRESS).await, 6);
    let page = boris.opens("/email/code").await;
    anna.submits(&hers, &[]).await.goes_to(&hers);
    let answer = boris.sends(&page, "/email/code", &[("code", &code)]).await.is(422).page();
    assert!(answer.says("Этот адрес уже привязан к другому аккаунту"), "{}", answer.text());
    assert_eq!(house.count("accounts WHERE email IS NOT NULL"), 1);
}

#[actix_web::test]
async fn five_minutes_after_signing_in_an_address_is_changed_with_the_password_only() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.submits("/email", &[("email", ADDRESS)]).await.goes_to("/email/code");
    house.passes(minutes(5) + seconds(1));
    assert!(
        anna.opens("/email").await.forms().iter().any(|form| form.names.contains(&"password".to_owned()))
    );
    assert!(anna.submits("/email", &[("email", ADDRESS)]).await.is(422).page().is_invalid("password"));
    anna.submits("/email", &[("email", ADDRESS), ("password", "wrong-password")]).await.is(422);
    anna.submits("/email", &[("email", ADDRESS), ("password", PASSWORD)]).await.goes_to("/email/code");
    house.passes(minutes(4));
    anna.submits("/email", &[("email", ADDRESS)]).await.goes_to("/email/code");
    assert_eq!(house.letters_to(ADDRESS).await.len(), 3);
}

#[actix_web::test]
async fn the_password_on_that_page_can_be_guessed_five_times() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(6));
    for guess in 0..5 {
        let wrong = format!("wrong-password-{guess}");
        anna.submits("/email", &[("email", ADDRESS), ("password", &wrong)]).await.is(422);
    }
    for password in ["wrong-password", PASSWORD] {
        let refused = anna.submits("/email", &[("email", ADDRESS), ("password", password)]).await.is(429);
        assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() <= 15 * 60);
        assert!(refused.page().says("Попробуйте снова после"), "{}", refused.page().text());
    }
    house.passes(minutes(15));
    anna.submits("/email", &[("email", ADDRESS), ("password", PASSWORD)]).await.goes_to("/email/code");
}

#[actix_web::test]
async fn an_account_asks_for_ten_mails_a_day() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    for number in 0..10 {
        anna.asks_to_confirm(&format!("anna{number}@example.org")).await;
    }
    anna.submits("/email", &[("email", ADDRESS)]).await.is(429);
    assert_eq!(house.count("outbox WHERE channel = 'mail'"), 10);
}

#[actix_web::test]
async fn the_old_address_stays_until_the_new_one_is_confirmed() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.confirms_address(ADDRESS).await;
    anna.asks_to_confirm("new@example.org").await;
    house.visitor("Anna").signs_in(ADDRESS, PASSWORD).await.goes_to("/cabinet");
    house.visitor("Anna").signs_in("new@example.org", PASSWORD).await.is(422);
    let link = link_in(&house.letter_to("new@example.org").await);
    anna.submits(&link, &[]).await.goes_to(&link);
    house.visitor("Anna").signs_in("NEW@example.org", PASSWORD).await.goes_to("/cabinet");
    house.visitor("Anna").signs_in(ADDRESS, PASSWORD).await.is(422);
}

/// A Russian domain is shown as it was typed and sent to as any server takes it.
#[actix_web::test]
async fn mail_to_a_domain_in_cyrillic_goes_to_its_ascii_name() {
    let house = House::open().await;
    let petr = house.visitor("Petr");
    petr.registers().await;
    petr.asks_to_confirm("petr@почта.рф").await;
    assert!(petr.opens("/email/code").await.says("почта.рф"));
    let code = code_in(&house.letter_to("petr@xn--80a1acny.xn--p1ai").await, 6);
    petr.submits("/email/code", &[("code", &code)]).await.goes_to("/email/confirmed");
    assert!(petr.opens("/profile").await.says("почта.рф"));
    petr.submits("/email", &[("email", "пётр@example.org")]).await.is(422);
}
