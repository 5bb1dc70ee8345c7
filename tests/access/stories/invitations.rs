//! An account that is there before its owner: the mailed link, Confirm, Agree, a password, three questions, «Отправить».

use kabinet::base::{Purpose, hours};

use crate::house::{ANSWERS, House, PASSWORD, QUESTIONS, another_code, each_sends, path_in};
use crate::support::http::encoded;

const VERA: &str = "vera@example.org";

#[actix_web::test]
async fn somebody_who_is_invited_becomes_an_account_holder_with_the_captions_of_the_article() {
    let house = House::open().await;
    house.invites(VERA).await;
    assert_eq!(house.count("accounts WHERE status = 'invited' AND email IS NULL AND password IS NULL"), 1);
    let letter = house.letter_to(VERA).await;
    assert!(letter.text.contains("Confirm"), "{}", letter.text);
    let link = path_in(&letter, "/invitations/");
    let vera = house.visitor("Vera");
    let page = vera.opens(&link).await;
    assert_eq!(page.form_to(&link).unwrap().captions, ["Confirm"]);
    vera.submits(&link, &[]).await.goes_to("/invitation/privacy");
    let page = vera.opens("/invitation/privacy").await;
    assert_eq!(page.form_to("/invitation/privacy").unwrap().captions, ["Agree"]);
    assert_eq!(page.value("agree"), None, "un-ticked at first");
    vera.submits("/invitation/privacy", &[]).await.is(422);
    vera.submits("/invitation/privacy", &[("agree", "yes")]).await.goes_to("/invitation/password");
    vera.submits("/invitation/password", &[("password", "vera-11"), ("again", "vera")]).await.is(422);
    vera.submits("/invitation/password", &[("password", PASSWORD), ("again", PASSWORD)])
        .await
        .goes_to("/invitation/questions");
    assert_eq!(
        vera.opens("/invitation/questions").await.form_to("/invitation/questions").unwrap().captions,
        ["Отправить"]
    );
    assert!(!vera.is_signed_in().await);
    vera.sends_questions().await.goes_to("/registration/done");
    let done = vera.opens("/registration/done").await;
    assert!(done.says("Вам подарок"), "{}", done.text());
    let number = vera.account_number().await;
    assert!(done.text().replace(' ', "").contains(&number));
    assert_eq!(house.count("accounts WHERE status = 'active' AND email_key = 'vera@example.org'"), 1);
    assert_eq!(house.count("consents WHERE kind = 'privacy' AND account_id IS NOT NULL"), 1);
    assert_eq!(
        (
            house.count("promo_gifts"),
            house.count("security_answers"),
            house.count("activity WHERE kind = 'registered'")
        ),
        (1, 3, 1)
    );
    assert_eq!(house.count("invitations WHERE password IS NOT NULL"), 0);
    for login in [VERA, number.as_str()] {
        house.visitor("Vera").signs_in(login, PASSWORD).await.goes_to("/cabinet");
    }
    // And what she chose guards her way back in.
    let later = house.visitor("Vera");
    later.has_forgotten(VERA).await.goes_to("/recovery/code");
    later.follows_recovery(VERA).await.goes_to("/recovery/questions");
    later.answers(&ANSWERS).await.goes_to("/recovery/password");
}

#[actix_web::test]
async fn opening_the_link_uses_nothing_up_and_of_64_presses_one_goes_on() {
    let house = House::open().await;
    house.invites(VERA).await;
    let link = house.invitation_to(VERA).await;
    for _ in 0..10 {
        assert_eq!(
            house.visitor("Scanner").gets(&link).await.is(200).header("referrer-policy"),
            Some("no-referrer")
        );
    }
    let vera = house.visitor("Vera");
    let browsers: Vec<_> = (0..64).map(|_| vera.copy()).collect();
    let answers = each_sends(&browsers, &link, &link, &[]).await;
    assert_eq!(answers.iter().filter(|answer| answer.location() == "/invitation/privacy").count(), 1);
    assert!(answers.iter().all(|answer| answer.status == 303));
    let page = house.visitor("Vera").opens(&link).await;
    assert!(page.says("Ссылка уже открыта в другом браузере"), "{}", page.text());
}

#[actix_web::test]
async fn of_64_last_steps_at_once_one_makes_the_account() {
    let house = House::open().await;
    house.invites(VERA).await;
    let vera = house.visitor("Vera");
    vera.accepts_up_to_the_questions(&house.invitation_to(VERA).await).await;
    let fields = [
        ("question1", QUESTIONS[0]),
        ("answer1", ANSWERS[0]),
        ("question2", QUESTIONS[1]),
        ("answer2", ANSWERS[1]),
        ("question3", QUESTIONS[2]),
        ("answer3", ANSWERS[2]),
    ];
    let browsers: Vec<_> = (0..16).map(|_| vera.copy()).collect();
    let path = "/invitation/questions";
    let answers = each_sends(&browsers, path, path, &fields).await;
    assert_eq!(answers.iter().filter(|answer| answer.location() == "/registration/done").count(), 1);
    assert_eq!(
        (house.count("promo_gifts"), house.count("security_answers"), house.count("sessions")),
        (1, 3, 1)
    );
}

#[actix_web::test]
async fn a_newer_mail_takes_the_place_of_the_older_at_the_same_account() {
    let house = House::open().await;
    house.invites(VERA).await;
    let (first, first_code) =
        (house.invitation_to(VERA).await, house.visitor("Vera").reads_code_of(VERA).await);
    house.invites(VERA).await;
    assert_eq!(house.count("accounts"), 1);
    let vera = house.visitor("Vera");
    let page = vera.opens(&first).await;
    assert!(page.says("Есть письмо новее") && page.form_to(&first).is_none(), "{}", page.text());
    vera.posts_with_token(&first, &[]).await.goes_to(&first);
    if vera.reads_code_of(VERA).await != first_code {
        vera.submits("/invitation/code", &[("email", VERA), ("code", &first_code)]).await.is(422);
    }
    vera.submits(&house.invitation_to(VERA).await, &[]).await.goes_to("/invitation/privacy");
}

#[actix_web::test]
async fn a_dead_link_says_why_and_offers_another_mail() {
    let house = House::open().await;
    house.invites(VERA).await;
    let link = house.invitation_to(VERA).await;
    house.passes(hours(24));
    let vera = house.visitor("Vera");
    let page = vera.opens(&link).await;
    assert!(page.says("Ссылка устарела") && page.form_to(&link).is_none(), "{}", page.text());
    let again = format!("{link}/messages");
    vera.gets(&again).await.is(200);
    vera.submits_on(&link, &again, &[]).await.goes_to("/invitation/code");
    let newer = house.invitation_to(VERA).await;
    assert_ne!(newer, link);
    vera.accepts_up_to_the_questions(&newer).await;
    // The steps take two hours at most.
    house.passes(hours(2));
    let late = vera.gets("/invitation/questions").await.is(410).page();
    assert!(late.says("Время вышло"), "{}", late.text());
    vera.sends(&late, "/invitation/messages", &[]).await.goes_to("/invitation/code");
    let newest = house.invitation_to(VERA).await;
    vera.accepts_up_to_the_questions(&newest).await;
    vera.sends_questions().await.goes_to("/registration/done");
    let page = house.visitor("Vera").opens(&newest).await;
    assert_eq!(page.link("Войти").unwrap().href, "/sign-in");
    assert!(page.says("Аккаунт уже ваш"), "{}", page.text());
    assert_eq!(house.count("accounts"), 1);
}

#[actix_web::test]
async fn another_browser_goes_on_by_the_code_with_three_tries() {
    let house = House::open().await;
    house.invites(VERA).await;
    let vera = house.visitor("Vera");
    let code = vera.reads_code_of(VERA).await;
    let eve = house.visitor("Eve");
    let guess = async |email: &str| {
        eve.submits("/invitation/code", &[("email", email), ("code", &another_code(&code))]).await
    };
    for words in ["Осталось 2 попытки", "Осталась 1 попытка", "Попытки закончились"]
    {
        let (known, unknown) =
            (guess(VERA).await.is(422).page(), guess("nobo@example.org").await.is(422).page());
        assert!(known.says(words), "{}", known.text());
        assert_eq!(known.text(), unknown.text());
    }
    guess(VERA).await.is(429);
    vera.submits("/invitation/code", &[("email", VERA), ("code", &code)]).await.is(429);
    vera.submits(&house.invitation_to(VERA).await, &[]).await.goes_to("/invitation/privacy");

    house.invites("boris@example.org").await;
    let boris = house.visitor("Boris");
    let code = boris.reads_code_of("boris@example.org").await;
    boris
        .submits("/invitation/code", &[("email", "Boris@Example.org"), ("code", &code)])
        .await
        .goes_to("/invitation/privacy");
}

#[actix_web::test]
async fn somebody_who_has_an_account_is_told_by_mail_and_nobody_else_is() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with("anna@example.org").await;
    house.invites("Anna@example.org").await;
    let letter = house.letter_to("anna@example.org").await;
    assert_eq!(letter.subject, "У вас уже есть аккаунт");
    assert!(!letter.text.contains("/invitations/"), "{}", letter.text);
    assert_eq!((house.count("accounts"), house.count("invitations")), (1, 0));
}

#[actix_web::test]
async fn an_address_that_was_confirmed_elsewhere_meanwhile_is_not_taken_over() {
    let house = House::open().await;
    house.invites(VERA).await;
    let vera = house.visitor("Vera");
    vera.accepts_up_to_the_questions(&house.invitation_to(VERA).await).await;
    house.visitor("Vera").has_an_account_with(VERA).await;
    let page = vera.sends_questions().await.is(409).page();
    assert_eq!(page.link("Войти").unwrap().href, "/sign-in");
    assert_eq!(house.count("accounts WHERE email_key = 'vera@example.org'"), 1);
    assert_eq!(house.count("accounts WHERE status = 'invited'"), 1);
    assert!(!vera.is_signed_in().await);
}

#[actix_web::test]
async fn whoever_opens_a_wrong_step_of_an_invitation_is_shown_where_they_really_are() {
    const STEPS: [&str; 3] = ["/invitation/privacy", "/invitation/password", "/invitation/questions"];
    let house = House::open().await;
    house.invites(VERA).await;
    let (vera, stranger) = (house.visitor("Vera"), house.visitor("Stranger"));
    for step in STEPS {
        stranger.gets(step).await.goes_to("/invitation/code");
        stranger.posts_with_token(step, &[]).await.goes_to("/invitation/code");
    }
    vera.submits(&house.invitation_to(VERA).await, &[]).await.goes_to(STEPS[0]);
    for step in &STEPS[1..] {
        vera.gets(step).await.goes_to(STEPS[0]);
        vera.posts_with_token(step, &[("password", PASSWORD), ("again", PASSWORD)]).await.goes_to(STEPS[0]);
    }
    assert_eq!(house.count("invitations WHERE password IS NOT NULL"), 0);
    // Nobody signs in to an account that waits.
    assert_eq!(house.count("accounts WHERE status = 'invited'"), 1);
}

#[actix_web::test]
async fn only_the_sandbox_beside_the_portal_may_wish_for_invitations() {
    let house = House::open().await;
    let secret = house.keys.keyed_hash(Purpose::Sandbox, &[b"invitations"]);
    let body = encoded(&[("email", VERA), ("locale", "en_US")]);
    let near = || house.visitor("Sandbox").from("127.0.0.1");
    near().posts("/sandbox/invitations", &body).await.is(404);
    near().sending("x-kabinet-sandbox", "x").posts("/sandbox/invitations", &body).await.is(404);
    let far = house.visitor("Eve").sending("x-kabinet-sandbox", &secret);
    far.posts("/sandbox/invitations", &body).await.is(404);
    assert_eq!(house.count("accounts"), 0);
    near().sending("x-kabinet-sandbox", &secret).posts("/sandbox/invitations", &body).await.is(204);
    assert_eq!(house.letter_to(VERA).await.subject, "Your account is ready");
    let wrong = encoded(&[("email", "vera"), ("locale", "en_US")]);
    near().sending("x-kabinet-sandbox", &secret).posts("/sandbox/invitations", &wrong).await.is(400);
    let settings = [
        ("KABINET_SANDBOX", "off"),
        ("KABINET_SMTP_URL", "smtp://127.0.0.1:25"),
        ("KABINET_SMS_URL", "smpp://a:b@127.0.0.1:2775"),
        ("KABINET_GATEWAY_URL", "stripe+http://sk_test@127.0.0.1:8420"),
    ];
    let real = House::with(&settings).await;
    let secret = real.keys.keyed_hash(Purpose::Sandbox, &[b"invitations"]);
    real.visitor("Sandbox")
        .from("127.0.0.1")
        .sending("x-kabinet-sandbox", &secret)
        .posts("/sandbox/invitations", &body)
        .await
        .is(404);
}

#[actix_web::test]
async fn an_invitation_that_nobody_takes_keeps_its_address_and_nothing_else() {
    let house = House::open().await;
    house.invites(VERA).await;
    let vera = house.visitor("Vera");
    vera.accepts_up_to_the_questions(&house.invitation_to(VERA).await).await;
    house.passes(hours(72));
    house.runs_maintenance().await;
    assert_eq!(house.count("invitations WHERE password IS NULL"), 1);
    house.invites(VERA).await;
    assert_eq!(house.count("accounts"), 1, "the same account waits");
    vera.accepts_up_to_the_questions(&house.invitation_to(VERA).await).await;
    vera.sends_questions().await.goes_to("/registration/done");
}
