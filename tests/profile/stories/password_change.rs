//! A new password ends what the old one had opened.

use futures_util::future::join;
use kabinet::base::minutes;

use crate::house::{House, PASSWORD, code_in, link_in};
use crate::profile::stories::profile::owner;

const PATH: &str = "/profile/password";
const NEW: &str = "лодка 7 корица смычок";
const EMAIL: &str = "anna@example.org";

const FORM: [(&str, &str); 3] = [("current", PASSWORD), ("password", NEW), ("again", NEW)];

#[actix_web::test]
async fn a_new_password_keeps_this_browser_and_ends_the_others() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", EMAIL).await;
    let (tablet, phone) = (anna.in_another_browser(), anna.in_another_browser());
    for device in [&tablet, &phone] {
        device.signs_in(EMAIL, PASSWORD).await.goes_to("/cabinet");
    }
    let stolen = anna.copy();
    anna.submits(PATH, &FORM).await.goes_to("/profile/password/changed");
    assert!(anna.is_signed_in().await, "this browser stays");
    assert!(anna.opens("/profile/password/changed").await.says("Остальные сеансы завершены"));
    for other in [&tablet, &phone, &stolen] {
        assert!(!other.is_signed_in().await);
    }
    assert_eq!(house.count("sessions"), 1);
    assert_eq!(house.count("trusted_browsers"), 1, "only this browser is known");
    assert_eq!(house.letter_to(EMAIL).await.subject, "Пароль изменён");
    assert_eq!(house.count("activity WHERE kind = 'password-changed'"), 1);
    phone.signs_in(EMAIL, PASSWORD).await.is(422);
    phone.signs_in(EMAIL, NEW).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn whoever_has_only_a_phone_is_told_by_sms() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.submits(PATH, &FORM).await.goes_to("/profile/password/changed");
    assert!(house.letter_to(&anna.phone).await.text.contains("пароль изменён"));
}

#[actix_web::test]
async fn the_old_password_is_asked_for_even_a_moment_after_signing_in_and_can_be_guessed_five_times() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let page = anna.submits(PATH, &[("password", NEW), ("again", NEW)]).await.is(422).page();
    assert!(page.is_invalid("current"), "{}", page.text());
    for guess in 0..5 {
        let wrong = format!("wrong-password-{guess}");
        let page = anna
            .submits(PATH, &[("current", &wrong), ("password", NEW), ("again", NEW)])
            .await
            .is(422)
            .page();
        assert!(page.is_invalid("current"));
        assert!(
            !page.source.contains(NEW) && !page.source.contains("wrong-password"),
            "secrets are not shown again"
        );
    }
    anna.submits(PATH, &FORM).await.is(429);
    house.passes(minutes(15));
    anna.submits(PATH, &FORM).await.goes_to("/profile/password/changed");
}

#[actix_web::test]
async fn the_rules_are_those_of_every_password() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", "baranovskaya@example.org").await;
    anna.submits("/profile/name", &[("name", "Колокольчикова")]).await.goes_to("/profile");
    for (password, again, says) in [
        ("ко7", "ко7", "не меньше 8 символов"),
        ("лодка корица смычок", "лодка корица смычок", "нет арабской цифры"),
        ("лодка 11 корица смычок", "лодка 11 корица смычок", "рядом стоят одинаковые цифры"),
        ("лодка 12 корица смычок", "лодка 12 корица смычок", "идут подряд"),
        ("Колокольчикова 7", "Колокольчикова 7", "В пароле есть"),
        ("baranovskaya7", "baranovskaya7", "В пароле есть"),
        (NEW, "лодка 7 корица", "Пароли не совпали"),
        (PASSWORD, PASSWORD, "прежний пароль"),
    ] {
        let page = anna
            .submits(PATH, &[("current", PASSWORD), ("password", password), ("again", again)])
            .await
            .is(422)
            .page();
        assert!(page.says(says), "{password}: {}", page.text());
    }
    assert_eq!(house.count("activity WHERE kind = 'password-changed'"), 0);
}

#[actix_web::test]
async fn slow_requests_of_other_sessions_bring_nothing_back() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", EMAIL).await;
    let thief = anna.in_another_browser();
    thief.signs_in(EMAIL, PASSWORD).await.goes_to("/cabinet");
    let (mine, theirs) = (anna.opens(PATH).await, thief.opens(PATH).await);
    // Both know the old password and send their forms at the same moment; and somebody signs in with it just then.
    let late = anna.in_another_browser();
    let sign_in = late.opens("/sign-in").await;
    let form =
        [("current", PASSWORD), ("password", "крыша 9 верблюд алтын"), ("again", "крыша 9 верблюд алтын")];
    let changes = join(anna.sends(&mine, PATH, &FORM), thief.sends(&theirs, PATH, &form));
    let (_, _signed) =
        join(changes, late.sends(&sign_in, "/sign-in", &[("login", EMAIL), ("password", PASSWORD)])).await;
    let inside = [anna.is_signed_in().await, thief.is_signed_in().await];
    assert_eq!(inside.iter().filter(|inside| **inside).count(), 1, "one of the two was first: {inside:?}");
    assert!(!late.is_signed_in().await || house.count("activity WHERE kind = 'password-changed'") == 0);
    assert_eq!(house.count("activity WHERE kind = 'password-changed'"), 1);
}

#[actix_web::test]
async fn what_was_under_way_under_the_old_password_comes_to_nothing() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", EMAIL).await;
    let thief = anna.in_another_browser();
    thief.signs_in(EMAIL, PASSWORD).await.goes_to("/cabinet");
    thief.asks_to_confirm("thief@example.org").await;
    let link = link_in(&house.letter_to("thief@example.org").await);
    let phone = "+79265550666";
    thief
        .submits("/profile/phone", &[("country", "RU"), ("phone", phone)])
        .await
        .goes_to("/profile/phone/code");
    let code = code_in(&house.letter_to(phone).await, 4);
    anna.submits(PATH, &FORM).await.goes_to("/profile/password/changed");
    assert!(thief.opens(&link).await.form_to(&link).is_none(), "the link is dead");
    thief.posts_with_token(&link, &[]).await;
    thief.posts_with_token("/profile/phone/code", &[("code", &code)]).await.asks_to_sign_in();
    assert_eq!(house.count("phone_changes"), 0);
    assert_eq!(house.count("accounts WHERE email = 'anna@example.org'"), 1);
}
