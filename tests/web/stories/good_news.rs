//! Whoever has changed something reads on the next page that it is done.

use std::collections::BTreeSet;

use crate::cards::stories::cards::{binds_number, sum_in_the_bank_s_message};
use crate::house::{ANOTHER_PASSWORD, ANSWERS, House, PASSWORD, QUESTIONS, Visitor, code_in};
use crate::support::http::Answer;
use crate::tidy::access::{ROUTES, Who};

/// They lead to a page that asks for what comes next.
const BEGINNINGS: [&str; 3] = ["/cards", "/email", "/profile/phone"];

/// What was told so far, by the rows of the table of routes.
#[derive(Default)]
struct Told(BTreeSet<&'static str>);

impl Told {
    /// The panel of good news stands on the page that follows, once, with its mark in the text.
    async fn is_told(&mut self, person: &Visitor<'_>, path: &'static str, answer: Answer) {
        let page = match answer.status {
            303 => person.opens(answer.location()).await,
            _ => answer.is(200).page(),
        };
        assert_eq!(page.source.matches("class=\"note good\"").count(), 1, "{path}: {}", page.text());
        assert!(page.text().contains('✓'), "{path}: {}", page.text());
        self.0.insert(path);
    }

    async fn submits(&mut self, person: &Visitor<'_>, path: &'static str, fields: &[(&str, &str)]) {
        let answer = person.submits(path, fields).await;
        self.is_told(person, path, answer).await;
    }
}

#[actix_web::test]
async fn every_change_that_was_made_is_told_on_the_next_page() {
    change_everything(&House::open().await).await;
}

/// Each form of somebody who is signed in, once.
pub async fn change_everything(house: &House) {
    let mut told = Told::default();
    let anna = house.visitor("Anna");
    anna.registers().await;
    told.submits(&anna, "/profile/name", &[("name", "Анна")]).await;
    told.submits(&anna, "/profile/language", &[("language", "ru_RU")]).await;
    told.submits(&anna, "/profile/time-zone", &[("zone", "Asia/Omsk")]).await;
    told.submits(&anna, "/sms-settings", &[("on", "yes"), ("purchases", "yes"), ("least", "0")]).await;
    let questions: Vec<(String, &str)> = (0..3)
        .flat_map(|nth| {
            [(format!("question{}", nth + 1), QUESTIONS[nth]), (format!("answer{}", nth + 1), ANSWERS[nth])]
        })
        .collect();
    let questions: Vec<(&str, &str)> =
        questions.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    told.submits(&anna, "/questions", &questions).await;

    // Address and phone: asked for, confirmed, taken away.
    anna.asks_to_confirm("anna@example.org").await;
    let code = anna.reads_code_of("anna@example.org").await;
    told.submits(&anna, "/email/code", &[("code", &code)]).await;
    anna.submits("/profile/phone", &[("country", "RU"), ("phone", "+79265550101")]).await;
    house.passes(kabinet::base::minutes(1));
    let again = anna.submits_on("/profile/phone/code", "/profile/phone/messages", &[]).await;
    told.is_told(&anna, "/profile/phone/messages", again).await;
    let code = code_in(&house.letter_to("+79265550101").await, 4);
    told.submits(&anna, "/profile/phone/code", &[("code", &code)]).await;
    told.submits(&anna, "/profile/phone/removal", &[("password", PASSWORD)]).await;
    let boris = house.visitor("Boris");
    boris.has_an_account_with("boris@example.org").await;
    told.submits(&boris, "/profile/email/removal", &[("password", PASSWORD)]).await;

    // Sessions.
    for _ in 0..2 {
        boris.in_another_browser().signs_in(&boris.phone, PASSWORD).await.goes_to("/cabinet");
    }
    let security = boris.opens("/security").await;
    let end = security.forms().into_iter().find(|form| form.action.ends_with("/end")).unwrap().action;
    let ended = boris.submits_on("/security", &end, &[]).await;
    told.is_told(&boris, "/security/sessions/{handle}/end", ended).await;
    let ended = boris.submits_on("/security", "/security/sessions/end-others", &[]).await;
    told.is_told(&boris, "/security/sessions/end-others", ended).await;
    let fields = [("current", PASSWORD), ("password", ANOTHER_PASSWORD), ("again", ANOTHER_PASSWORD)];
    told.submits(&boris, "/profile/password", &fields).await;

    guard(house, &mut told).await;
    cards(house, &mut told).await;

    let all: BTreeSet<&str> = ROUTES
        .iter()
        .filter(|row| row.method == "POST" && row.who == Who::Owner && !BEGINNINGS.contains(&row.path))
        .map(|row| row.path)
        .collect();
    let missing: Vec<_> = all.difference(&told.0).collect();
    assert!(missing.is_empty(), "not tried: {missing:?}");
}

/// The second factor, its codes, and browsers that are asked for none.
async fn guard(house: &House, told: &mut Told) {
    let (dina, vera) = (house.visitor("Dina"), house.visitor("Vera"));
    dina.registers().await;
    told.submits(&dina, "/security/factor", &[("password", PASSWORD)]).await;
    vera.registers().await;
    let guarded = vera.guards_the_account().await;
    told.0.insert("/security/factor/confirmation");
    let elsewhere = vera.in_another_browser();
    elsewhere.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    let remembered = [("code", guarded.paper[0].as_str()), ("remember", "yes")];
    elsewhere.submits("/sign-in/code", &remembered).await.goes_to("/cabinet");
    let security = vera.opens("/security").await;
    let forget = security.forms().into_iter().find(|form| form.action.ends_with("/forget")).unwrap().action;
    let forgotten = vera.submits_on("/security", &forget, &[]).await;
    told.is_told(&vera, "/security/browsers/{handle}/forget", forgotten).await;
    let code = guarded.next_code(house);
    told.submits(&vera, "/security/factor/codes", &[("password", PASSWORD), ("code", &code)]).await;
    let code = guarded.next_code(house);
    told.submits(&vera, "/security/factor/off", &[("password", PASSWORD), ("code", &code)]).await;
}

async fn cards(house: &House, told: &mut Told) {
    let gleb = house.visitor("Gleb");
    gleb.registers().await;
    let mut handles = Vec::new();
    for number in ["4242 4242 4242 4242", "5555 5555 5555 4444"] {
        let check = binds_number(&gleb, number).await;
        house.asks_the_bank().await;
        let sum = sum_in_the_bank_s_message(house);
        let place = check.replace("/verification", "/confirmation");
        let confirmed = gleb.submits_on(&check, &place, &[("sum", &sum)]).await;
        told.is_told(&gleb, "/cards/{handle}/confirmation", confirmed).await;
        house.asks_the_bank().await;
        handles.push(check.replace("/verification", ""));
    }
    let preferred = gleb.submits_on("/cards", &format!("{}/default", handles[1]), &[]).await;
    told.is_told(&gleb, "/cards/{handle}/default", preferred).await;
    let removed = gleb.submits(&format!("{}/removal", handles[0]), &[("password", PASSWORD)]).await;
    told.is_told(&gleb, "/cards/{handle}/removal", removed).await;
}
