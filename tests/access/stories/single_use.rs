//! What is good once is good once, however often it is sent at the same moment and to however many instances. The codes of the second
//! factor have their own tests beside their rows.

use kabinet::base::minutes;

use crate::house::{ANOTHER_PASSWORD, House, PASSWORD, Visitor, code_in, each_sends, link_in, path_in};
use crate::profile::stories::profile::owner;
use crate::support::http::Answer;

const MANY: usize = 64;
const ANNA: &str = "anna@example.org";

async fn house_of_two() -> House {
    let house = House::open().await;
    house.opens_another_instance().await;
    house
}

/// One browser's cookies in many hands.
fn hands<'h>(person: &Visitor<'h>) -> Vec<Visitor<'h>> {
    (0..MANY).map(|number| person.copy().at_instance(number % 2)).collect()
}

fn went_to(answers: &[Answer], path: &str) -> usize {
    assert!(
        answers.iter().all(|answer| answer.status < 500 || answer.status == 503),
        "{:?}",
        answers.iter().find(|a| a.status == 500)
    );
    answers.iter().filter(|answer| answer.location() == path).count()
}

#[actix_web::test]
async fn a_mailed_link_and_a_mailed_code_confirm_an_address_once() {
    let house = house_of_two().await;
    let anna = house.visitor("Anna");
    anna.registers_with(ANNA).await;
    let link = link_in(&house.letter_to(ANNA).await);
    each_sends(&hands(&anna), &link, &link, &[]).await;
    assert_eq!(house.count("activity WHERE kind = 'email-changed'"), 1);
    assert_eq!(house.count("outbox WHERE kind = 'email-added'"), 2, "the phone and the new address");

    anna.asks_to_confirm("new@example.org").await;
    let code = code_in(&house.letter_to("new@example.org").await, 6);
    let answers = each_sends(&hands(&anna), "/email/code", "/email/code", &[("code", &code)]).await;
    assert!(went_to(&answers, "/email/confirmed") >= 1, "whoever comes later reads that it is confirmed");
    assert_eq!(house.count("activity WHERE kind = 'email-changed'"), 2);
}

#[actix_web::test]
async fn a_way_back_in_is_gone_once_by_link_code_and_new_password() {
    let house = house_of_two().await;
    owner(&house, "Anna", ANNA).await;
    let asker = house.visitor("Anna");
    asker.has_forgotten(ANNA).await.goes_to("/recovery/code");
    let link = house.recovery_link_to(ANNA).await;
    let phone = house.visitor("Anna");
    phone.opens_recovery(&link).await;
    assert_eq!(
        went_to(
            &each_sends(&hands(&phone), "/recovery/step", "/recovery/step", &[]).await,
            "/recovery/password"
        ),
        1
    );

    asker.has_forgotten(ANNA).await.goes_to("/recovery/code");
    let code = asker.reads_code_of(ANNA).await;
    let hands_of_asker = hands(&asker);
    let fields = [("code", code.as_str())];
    let answers = each_sends(&hands_of_asker, "/recovery/code", "/recovery/code", &fields).await;
    assert_eq!(went_to(&answers, "/recovery/password"), 1);

    let winner = hands_of_asker
        .iter()
        .zip(&answers)
        .find(|(_, answer)| answer.location() == "/recovery/password")
        .unwrap()
        .0;
    each_sends(
        &hands(winner),
        "/recovery/password",
        "/recovery/password",
        &[("password", ANOTHER_PASSWORD), ("again", ANOTHER_PASSWORD)],
    )
    .await;
    assert_eq!(house.count("activity WHERE kind LIKE 'password-reset%'"), 1);
    assert_eq!(house.count("outbox WHERE kind = 'password-reset' AND channel = 'mail'"), 1);
}

#[actix_web::test]
async fn the_code_of_an_sms_leads_back_once() {
    let house = house_of_two().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.chooses_questions().await;
    house.passes(minutes(15));
    let later = anna.in_another_browser();
    later.has_forgotten_by_phone().await.goes_to("/recovery/code");
    let code = later.receives_code().await;
    let answers = each_sends(&hands(&later), "/recovery/code", "/recovery/code", &[("code", &code)]).await;
    assert_eq!(went_to(&answers, "/recovery/questions"), 1);
}

#[actix_web::test]
async fn an_invitation_is_accepted_once_by_link_and_by_code() {
    let house = house_of_two().await;
    house.invites("vera@example.org").await;
    let vera = house.visitor("Vera");
    let link = house.invitation_to("vera@example.org").await;
    assert_eq!(went_to(&each_sends(&hands(&vera), &link, &link, &[]).await, "/invitation/privacy"), 1);

    house.invites("boris@example.org").await;
    let boris = house.visitor("Boris");
    let code = boris.reads_code_of("boris@example.org").await;
    let fields = [("email", "boris@example.org"), ("code", code.as_str())];
    assert_eq!(
        went_to(
            &each_sends(&hands(&boris), "/invitation/code", "/invitation/code", &fields).await,
            "/invitation/privacy"
        ),
        1
    );
    assert_eq!(house.count("invitations WHERE status = 'privacy'"), 2);
}

#[actix_web::test]
async fn the_code_for_another_phone_changes_it_once() {
    let house = house_of_two().await;
    let anna = owner(&house, "Anna", ANNA).await;
    let new = "+79265550101";
    let fields = [("country", "RU"), ("phone", new), ("password", PASSWORD)];
    anna.submits("/profile/phone", &fields).await.goes_to("/profile/phone/code");
    let code = code_in(&house.letter_to(new).await, 4);
    let answers =
        each_sends(&hands(&anna), "/profile/phone/code", "/profile/phone/code", &[("code", &code)]).await;
    assert_eq!(went_to(&answers, "/profile/phone/changed"), 1);
    assert_eq!(house.count("activity WHERE kind = 'phone-changed'"), 1);
}

#[actix_web::test]
async fn the_code_and_the_last_step_of_a_registration_make_one_account() {
    let house = house_of_two().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let code = anna.receives_code().await;
    each_sends(&hands(&anna), "/registration/code", "/registration/code", &[("code", &code)]).await;
    assert_eq!(house.count("registrations WHERE status = 'privacy'"), 1);
    anna.agrees().await.goes_to("/registration/version");
    anna.says_yes().await.goes_to("/registration/password");
    each_sends(
        &hands(&anna),
        "/registration/password",
        "/registration/password",
        &[("password", PASSWORD), ("again", PASSWORD)],
    )
    .await;
    for once in ["accounts", "promo_gifts", "activity WHERE kind = 'registered'"] {
        assert_eq!(house.count(once), 1, "{once}");
    }
}

#[actix_web::test]
async fn a_code_of_the_app_or_of_the_paper_lets_one_browser_in() {
    let house = house_of_two().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    for code in [guarded.next_code(&house), guarded.paper[0].clone()] {
        let phone = anna.in_another_browser();
        phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
        let before = house.count("sessions");
        let answers = each_sends(&hands(&phone), "/sign-in/code", "/sign-in/code", &[("code", &code)]).await;
        assert_eq!(went_to(&answers, "/cabinet"), 1);
        assert_eq!(house.count("sessions"), before + 1);
    }
    assert_eq!(house.count("backup_codes WHERE used_at IS NOT NULL"), 1);
}

#[actix_web::test]
async fn the_link_of_an_owner_who_was_shut_out_makes_one_browser_known() {
    let house = house_of_two().await;
    let anna = owner(&house, "Anna", ANNA).await;
    let number = anna.account_number().await;
    // Ten in a row, each after its pause; and another before the next pause is over.
    for _ in 0..10 {
        house.passes(minutes(15));
        house.visitor("Eve").signs_in(&number, "wrong-password").await.is(422);
    }
    house.visitor("Eve").signs_in(&number, "wrong-password").await.is(429);
    let letters = house.letters_to(ANNA).await;
    let letter =
        letters.iter().rev().find(|letter| letter.text.contains("/unlock/")).expect("a way in was offered");
    let link = path_in(letter, "/unlock/");
    let phone = house.visitor("Anna");
    let before = house.count("trusted_browsers");
    assert_eq!(went_to(&each_sends(&hands(&phone), &link, &link, &[]).await, "/sign-in"), 1);
    assert_eq!(house.count("trusted_browsers"), before + 1);
}
