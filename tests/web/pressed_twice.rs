//! Whoever presses a button twice, on a line so slow that nothing has come yet, is where one press would have led; and nothing has
//! happened twice. Each form that leads on, in each way of pressing.

use kabinet::base::{minutes, seconds};

use crate::house::{ANOTHER_PASSWORD, House, PASSWORD, Pressing, SAME_ANSWERS, Visitor, link_in};
use crate::web::stories::good_news::change_everything;

const TWICE: [Pressing; 2] = [Pressing::BeforeTheAnswer, Pressing::BeforeTheNextPage];
const ANNA: &str = "anna@example.org";
/// All that happens to people leaves rows in these.
const ROWS: [&str; 17] = [
    "accounts",
    "activity",
    "backup_codes WHERE used_at IS NULL",
    "card_verifications",
    "cards",
    "consents",
    "invitations",
    "mailed_links",
    "one_time_codes",
    "outbox",
    "pending_sign_ins",
    "postings",
    "recoveries",
    "registrations",
    "security_answers",
    "sessions",
    "trusted_browsers",
];

async fn rows_after(pressing: Pressing, everything: impl AsyncFn(&House)) -> Vec<(&'static str, i64)> {
    let house = House::open().await;
    house.pressing.set(pressing);
    everything(&house).await;
    ROWS.iter().map(|rows| (*rows, house.count(rows))).collect()
}

async fn is_the_same_however_it_is_pressed(everything: impl AsyncFn(&House)) {
    let once = rows_after(Pressing::Once, &everything).await;
    for pressing in TWICE {
        assert_eq!(rows_after(pressing, &everything).await, once, "{pressing:?}");
    }
}

#[actix_web::test]
async fn two_presses_change_an_account_like_one() {
    is_the_same_however_it_is_pressed(change_everything).await;
}

#[actix_web::test]
async fn two_presses_register_like_one() {
    is_the_same_however_it_is_pressed(async |house: &House| {
        registers(house).await;
        begins_anew(house).await;
    })
    .await;
}

#[actix_web::test]
async fn two_presses_restore_access_like_one() {
    is_the_same_however_it_is_pressed(comes_back).await;
}

#[actix_web::test]
async fn two_presses_accept_invitations_and_codes_like_one() {
    is_the_same_however_it_is_pressed(async |house: &House| {
        accepts_invitations(house).await;
        uses_the_second_factor(house).await;
    })
    .await;
}

/// Step by step, and the address and questions afterwards.
async fn registers(house: &House) -> (Visitor<'_>, String) {
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    house.passes(minutes(1));
    anna.submits_on("/registration/code", "/registration/messages", &[]).await.goes_to("/registration/code");
    let code = anna.receives_code().await;
    anna.gives_code(&code).await.goes_to("/registration/privacy");
    anna.agrees().await.goes_to("/registration/version");
    anna.says_yes().await.goes_to("/registration/password");
    anna.thinks_up(PASSWORD, ANNA).await.goes_to("/registration/done");
    let number = anna.account_number().await;
    let link = link_in(&house.letter_to(ANNA).await);
    anna.submits(&link, &[]).await.goes_to(&link);
    anna.chooses_questions().await;
    anna.signs_out().await.is(303);
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    (anna, number)
}

/// By link, by mailed code, by SMS and questions; and through the link of somebody who was shut out.
async fn comes_back(house: &House) {
    let (anna, number) = registers(house).await;
    let far = anna.in_another_browser();
    far.has_forgotten(ANNA).await.goes_to("/recovery/code");
    far.follows_recovery(ANNA).await.goes_to("/recovery/questions");
    far.answers(&SAME_ANSWERS).await.goes_to("/recovery/password");
    far.makes_up(ANOTHER_PASSWORD).await.goes_to("/sign-in");
    far.signs_in(&number, ANOTHER_PASSWORD).await.goes_to("/cabinet");
    house.passes(minutes(60));
    let far = anna.in_another_browser();
    far.has_forgotten(ANNA).await.goes_to("/recovery/code");
    let code = far.reads_code_of(ANNA).await;
    far.gives_recovery_code(&code).await.goes_to("/recovery/questions");
    far.answers(&SAME_ANSWERS).await.goes_to("/recovery/password");
    far.makes_up(PASSWORD).await.goes_to("/sign-in");
    house.passes(minutes(60));
    let zoya = house.visitor("Zoya");
    zoya.registers().await;
    zoya.chooses_questions().await;
    house.passes(minutes(60));
    let far = zoya.in_another_browser();
    far.has_forgotten_by_phone().await.goes_to("/recovery/code");
    let code = far.receives_code().await;
    far.gives_recovery_code(&code).await.goes_to("/recovery/questions");
    far.answers(&SAME_ANSWERS).await.goes_to("/recovery/password");
    far.makes_up(ANOTHER_PASSWORD).await.goes_to("/sign-in");
    let eve = house.visitor("Eve");
    for _ in 0..10 {
        house.passes(minutes(15));
        eve.copy().signs_in(&number, "wrong-password").await.is(422);
    }
    eve.copy().signs_in(&number, "wrong-password").await.is(429);
    let letters = house.letters_to(ANNA).await;
    let link = link_in(letters.iter().rev().find(|letter| letter.text.contains("/unlock/")).unwrap());
    anna.in_another_browser().submits(&link, &[]).await.goes_to("/sign-in");
}

/// By link and by code.
async fn accepts_invitations(house: &House) {
    house.invites("vera@example.org").await;
    let vera = house.visitor("Vera");
    vera.accepts_up_to_the_questions(&house.invitation_to("vera@example.org").await).await;
    vera.sends_questions().await.goes_to("/registration/done");
    house.invites("boris@example.org").await;
    let boris = house.visitor("Boris");
    let code = boris.reads_code_of("boris@example.org").await;
    let fields = [("email", "boris@example.org"), ("code", code.as_str())];
    boris.submits("/invitation/code", &fields).await.goes_to("/invitation/privacy");
}

/// Codes of the app and of the paper let in; the first is asked for with the password's page still open.
async fn uses_the_second_factor(house: &House) {
    let dina = house.visitor("Dina");
    dina.registers().await;
    let guarded = dina.guards_the_account().await;
    for code in [guarded.next_code(house), guarded.paper[0].clone()] {
        let far = dina.in_another_browser();
        far.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
        far.submits("/sign-in/code", &[("code", &code)]).await.goes_to("/cabinet");
    }
}

/// A registration that is given up for another number.
async fn begins_anew(house: &House) {
    let gleb = house.visitor("Gleb");
    gleb.registers_up_to_the_code().await;
    gleb.submits_on("/registration/code", "/registration/restart", &[])
        .await
        .goes_to("/registration?anew=yes");
}

/// What is sent again with something else in between is another wish; so is what comes later, or from another browser.
#[actix_web::test]
async fn the_same_form_is_a_second_press_only_at_once_and_in_one_browser() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let page = anna.opens("/profile/name").await;
    let name = |name: &'static str| [("name", name)];
    let changes = || house.count("activity WHERE kind = 'name-changed'");
    for (typed, made) in [("Анна", 1), ("Анна", 1), ("Аня", 2), ("Анна", 3), ("Анна", 3)] {
        anna.sends(&page, "/profile/name", &name(typed)).await.goes_to("/profile");
        assert_eq!(changes(), made, "{typed}");
    }
    // Renamed elsewhere meanwhile: what is sent late is done, and what is sent at once was done.
    let far = anna.in_another_browser();
    far.signs_in(&anna.phone, PASSWORD).await.goes_to("/cabinet");
    far.submits("/profile/name", &name("Аня")).await.goes_to("/profile");
    anna.sends(&page, "/profile/name", &name("Анна")).await.goes_to("/profile");
    assert_eq!(changes(), 4);
    house.passes(seconds(31));
    anna.sends(&page, "/profile/name", &name("Анна")).await.goes_to("/profile");
    assert_eq!(changes(), 5);

    // Whoever has the bytes of a form and not the browser has nothing.
    let code_page = house.visitor("Eve").opens("/sign-in").await;
    let form = code_page.form_to("/sign-in").unwrap();
    let body = form.filled(&[("login", anna.phone.as_str()), ("password", PASSWORD)]);
    let boris = house.visitor("Boris");
    boris.opens("/sign-in").await;
    boris.posts("/sign-in", &body).await.is(403);
    assert!(!boris.is_signed_in().await);
}

/// The browser goes away at whatever moment of the first press: the second leads on, and what was asked for has happened.
#[actix_web::test]
async fn a_second_press_waits_for_no_answer_that_will_not_come() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let mut cut = 0;
    for patience in 0..6 {
        let page = anna.opens("/profile/name").await;
        let name = format!("Анна {patience}");
        let body = page.form_to("/profile/name").unwrap().filled(&[("name", &name)]);
        cut += u32::from(anna.copy().abandons("/profile/name", body.clone(), patience).await.is_none());
        anna.posts("/profile/name", &body).await.goes_to("/profile");
        assert!(anna.opens("/profile").await.says(&name), "after {patience}");
    }
    assert!(cut > 0, "nobody went away");
}

/// A page that is shown once is shown again, and still only to whoever has pressed.
#[actix_web::test]
async fn backup_codes_are_not_lost_by_a_second_press() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    let page = anna.opens("/security/factor/codes").await;
    let code = guarded.next_code(&house);
    let first = anna.copy();
    let fields = [("password", PASSWORD), ("code", code.as_str())];
    let (lost, shown) = (
        first.sends(&page, "/security/factor/codes", &fields).await.is(200).page(),
        anna.sends(&page, "/security/factor/codes", &fields).await.is(200).page(),
    );
    assert_eq!(lost.text(), shown.text());
    let codes = crate::house::paper_of(&shown);
    let far = anna.in_another_browser();
    far.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    far.submits("/sign-in/code", &[("code", &codes[0])]).await.goes_to("/cabinet");
}
