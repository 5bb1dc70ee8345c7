//! An account that has only a phone: four digits and three answers, or support.

use kabinet::accounts::identifiers::phone::Phone;
use kabinet::base::{days, hours, minutes};

use crate::house::{ANOTHER_PASSWORD, House, PASSWORD, SAME_ANSWERS, Visitor, another_code, link_in};
use crate::support::html::Page;

#[actix_web::test]
async fn a_code_and_three_answers_restore_an_account_without_an_address() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.chooses_questions().await;
    house.passes(minutes(15));
    let later = anna.in_another_browser();
    assert_eq!(
        later.opens("/recovery").await.link("Нет почты? Восстановить по телефону").unwrap().href,
        "/recovery/phone"
    );
    later.has_forgotten_by_phone().await.goes_to("/recovery/code");
    let code = later.receives_code().await;
    later.gives_recovery_code(&code).await.goes_to("/recovery/questions");
    later.gets("/recovery/password").await.goes_to("/recovery/questions");
    later.answers(&SAME_ANSWERS).await.goes_to("/recovery/password");
    later.makes_up(ANOTHER_PASSWORD).await.goes_to("/sign-in");
    assert!(!later.is_signed_in().await && !anna.is_signed_in().await);
    let told = house.letter_to(&anna.phone).await;
    assert!(told.text.contains("пароль изменён") && told.text.ends_with("/recovery/phone"), "{}", told.text);
    later.signs_in(&anna.phone, PASSWORD).await.is(422);
    later.signs_in(&anna.phone, ANOTHER_PASSWORD).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn without_questions_a_code_leads_to_support_and_no_further() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(15));
    let later = anna.in_another_browser();
    later.has_forgotten_by_phone().await.goes_to("/recovery/code");
    let code = later.receives_code().await;
    later.gives_recovery_code(&code).await.goes_to("/recovery/support");
    let page = later.opens("/recovery/support").await;
    let words: Vec<String> = page.text().split_whitespace().map(str::to_owned).collect();
    let is_reference = |word: &&String| word.len() == 11 && word.as_bytes()[5] == b'-';
    let reference =
        words.iter().find(is_reference).unwrap_or_else(|| panic!("no reference:\n{}", page.text()));
    assert_eq!(house.count(&format!("recoveries WHERE reference = '{reference}' AND status = 'support'")), 1);
    for step in ["/recovery/password", "/recovery/questions"] {
        later.gets(step).await.goes_to("/recovery/support");
        let fields = [("password", ANOTHER_PASSWORD), ("again", ANOTHER_PASSWORD)];
        later.posts_with_token(step, &fields).await.goes_to("/recovery/support");
    }
    anna.in_another_browser().signs_in(&anna.phone, PASSWORD).await.goes_to("/cabinet");
    house.passes(days(7));
    house.runs_maintenance().await;
    assert_eq!(house.count("recoveries WHERE reference IS NOT NULL"), 1, "staff can look it up");
    house.passes(days(30));
    house.runs_maintenance().await;
    assert_eq!(house.count("recoveries"), 0);
}

#[actix_web::test]
async fn a_phone_is_told_nothing_about_until_its_code_is_typed() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(15));
    let eve = house.visitor("Eve").calling(&anna.phone);
    let mallory = house.visitor("Mallory");
    let sent = house.letters_to(&anna.phone).await.len();
    eve.has_forgotten_by_phone().await.goes_to("/recovery/code");
    mallory.has_forgotten_by_phone().await.goes_to("/recovery/code");
    let code = eve.receives_code().await;
    let pages = [eve.opens("/recovery/code").await, mallory.opens("/recovery/code").await];
    // Whoever has typed a number reads it, the same where there is no such account.
    let shown = |whose: &Visitor<'_>| Phone::from_stored(&whose.phone).unwrap().spaced();
    let (of_eve, of_mallory) = (shown(&eve), shown(&mallory));
    assert!(pages[0].says(&format!("аккаунт с номером {of_eve}, SMS")), "{}", pages[0].text());
    let same = |page: &Page| page.text().replace(&of_mallory, &of_eve);
    assert_eq!(pages[0].text(), same(&pages[1]));
    for _ in 0..4 {
        let wrong = another_code(&code);
        let wrong = [("code", wrong.as_str())];
        let known = eve.sends(&pages[0], "/recovery/code", &wrong).await.is(422);
        let unknown = mallory.sends(&pages[1], "/recovery/code", &wrong).await.is(422);
        assert_eq!(known.page().text(), same(&unknown.page()));
    }
    eve.sends(&pages[0], "/recovery/code", &[("code", &code)]).await.is(422);
    assert_eq!(house.letters_to(&anna.phone).await.len(), sent + 1);
    assert_eq!(house.letters_to(&mallory.phone).await.len(), 0);
}

#[actix_web::test]
async fn an_account_that_has_an_address_is_not_restored_by_phone() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with("anna@example.org").await;
    anna.chooses_questions().await;
    house.passes(minutes(15));
    let thief = house.visitor("Thief").calling(&anna.phone);
    thief.has_forgotten_by_phone().await.goes_to("/recovery/code");
    let told = house.letter_to(&anna.phone).await;
    assert!(
        told.text.ends_with("http://127.0.0.1:8080/recovery") && !told.text.contains("код"),
        "{}",
        told.text
    );
    assert_eq!(house.count("recoveries WHERE account_id IS NOT NULL"), 0);
}

#[actix_web::test]
async fn codes_by_sms_are_limited_as_at_registration_and_live_for_five_minutes() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let later = anna.in_another_browser();
    let refused = later.has_forgotten_by_phone().await.is(429);
    assert!(refused.header("retry-after").is_some(), "the code of the registration was a moment ago");
    house.passes(minutes(1));
    later.has_forgotten_by_phone().await.goes_to("/recovery/code");
    let (code, page) = (later.receives_code().await, later.opens("/recovery/code").await);
    house.passes(minutes(5));
    later.sends(&page, "/recovery/code", &[("code", &code)]).await.is(410);
    for _ in 0..3 {
        later.has_forgotten_by_phone().await.goes_to("/recovery/code");
        house.passes(minutes(16));
    }
    later.has_forgotten_by_phone().await.is(429);
}

/// Given at registration and never confirmed: once it is, a mail restores the password.
#[actix_web::test]
async fn an_address_that_was_never_confirmed_is_a_way_back() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_with("anna@example.org").await;
    let cabinet = anna.opens("/cabinet").await;
    assert!(
        cabinet.says("Сейчас пароль восстановить нельзя")
            && cabinet.says("тогда пароль можно будет восстановить по почте")
    );
    for way in ["/email/code", "/email", "/questions"] {
        assert!(cabinet.links().iter().any(|link| link.href == way), "{way}");
    }
    house.passes(hours(25));
    let later = anna.in_another_browser();
    later.has_forgotten_by_phone().await.goes_to("/recovery/code");
    let code = later.receives_code().await;
    later.gives_recovery_code(&code).await.goes_to("/recovery/support");
    let page = later.opens("/recovery/support").await;
    assert!(
        page.says("Сначала подтвердите почту")
            && page.says("a•••@example.org")
            && !page.says("anna@example.org"),
        "{}",
        page.text()
    );
    later.submits("/recovery/support", &[]).await.goes_to("/recovery/support");
    assert!(later.opens("/recovery/support").await.says("Письмо отправлено"));
    let link = link_in(&house.letter_to("anna@example.org").await);
    let mailbox = anna.in_another_browser();
    mailbox.submits(&link, &[]).await;
    assert!(mailbox.opens(&link).await.says("по этому адресу можно войти и восстановить пароль"));
    assert_eq!(house.count("accounts WHERE email = 'anna@example.org'"), 1);
    // The page that has sent it does not go on saying that nothing can be done.
    for _ in 0..2 {
        assert!(later.opens("/recovery/support").await.says("Адрес подтверждён. Теперь восстановите пароль"));
    }
    later.posts_with_token("/recovery/support", &[]).await.goes_to("/recovery/support");
    mailbox.has_forgotten("anna@example.org").await.goes_to("/recovery/code");
    mailbox.follows_recovery("anna@example.org").await.goes_to("/recovery/password");
    // Whoever has nothing of the kind is offered nothing.
    let boris = house.visitor("Boris");
    boris.registers().await;
    assert!(boris.opens("/registration/done").await.says("Сейчас пароль восстановить нельзя"));
    assert!(boris.opens("/cabinet").await.says("Сейчас пароль восстановить нельзя"));
}

#[actix_web::test]
async fn a_phone_typed_where_an_address_belongs_is_carried_to_the_way_by_phone() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    for typed in ["+7 916 555-01-01", "8 (916) 555 01 01", "9165550101"] {
        anna.has_forgotten(typed).await.goes_to("/recovery/phone");
        let page = anna.opens("/recovery/phone").await;
        assert!(page.says("Похоже, это номер телефона"), "{}", page.text());
        assert_eq!(page.value("phone").as_deref(), Some(typed));
        anna.sends(&page, "/recovery/phone", &[("country", "RU")]).await.goes_to("/recovery/code");
        house.passes(kabinet::base::hours(25));
    }
    for typed in ["anna", "12345", "anna 9165550101", "9165550101@example"] {
        assert!(anna.has_forgotten(typed).await.is(422).page().is_invalid("email"), "{typed}");
    }
}
