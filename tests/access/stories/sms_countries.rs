//! SMS go to the countries of `KABINET_SMS_COUNTRIES` only, and to the country that was chosen: at every form that could cause one.

use kabinet::base::{Client, minutes, seconds};
use kabinet::one_time_code::sms_limits;

use crate::house::{House, PASSWORD, Visitor};
use crate::support::http::Answer;

const GERMAN: &str = "+49 1512 3456789";
/// Where a minute costs most; satellites; a number of a country whose calling code is shared.
const DEAR: [(&str, &str); 4] =
    [("CU", "+53 5 1234567"), ("SO", "+252 7 1123456"), ("JM", "+1 876 210 1234"), ("JE", "+44 7797 712345")];

/// Every form that takes a phone to which an SMS then goes.
const FORMS: [(&str, &str); 3] = [
    ("/registration", "/registration"),
    ("/profile/phone", "/profile/phone"),
    ("/recovery/phone", "/recovery/phone"),
];

async fn types(who: &Visitor<'_>, form: (&str, &str), country: &str, phone: &str) -> Answer {
    let fields = [("country", country), ("phone", phone), ("password", PASSWORD)];
    let known = if form.0 == "/profile/phone" { &fields[..] } else { &fields[..2] };
    who.submits_on(form.0, form.1, known).await
}

/// At each form somebody who can open it: the owner of an account, or a stranger.
async fn at_each_form(house: &House) -> Vec<(Visitor<'_>, (&'static str, &'static str))> {
    let mut all = Vec::new();
    for form in FORMS {
        let who = house.visitor("Anna");
        if form.0 == "/profile/phone" {
            who.registers().await;
        }
        all.push((who, form));
    }
    all
}

fn sms(house: &House) -> i64 {
    house.count("outbox WHERE channel = 'sms'")
}

#[actix_web::test]
async fn a_number_of_another_country_than_the_one_chosen_is_refused_at_its_field() {
    let house = House::open().await;
    for (nth, (who, form)) in at_each_form(&house).await.into_iter().enumerate() {
        let before = sms(&house);
        let numbers = DEAR.map(|(_, number)| number);
        for number in [GERMAN, "00 49 1512 3456789", "+7 701 234 56 78"].into_iter().chain(numbers) {
            let page = types(&who, form, "RU", number).await.is(422).page();
            assert!(page.is_invalid("phone"), "{form:?} {number}: {}", page.text());
            assert!(page.says("другой страны") && page.says("Россия"), "{}", page.text());
            assert_eq!(page.value("phone").as_deref(), Some(number), "nothing typed is lost");
        }
        assert_eq!(sms(&house), before, "{form:?}");
        types(&who, form, "KZ", &format!("+7 701 234 56 8{nth}")).await.is(303);
    }
}

#[actix_web::test]
async fn a_country_to_which_no_sms_go_is_refused_in_plain_words() {
    let house = House::open().await;
    for (who, form) in at_each_form(&house).await {
        let before = sms(&house);
        for (country, number) in DEAR.into_iter().chain([("DE", GERMAN)]) {
            let page = types(&who, form, country, number).await.is(422).page();
            assert!(page.is_invalid("country"), "{form:?} {number}: {}", page.text());
            assert!(page.says("не отправляем SMS"), "{}", page.text());
            assert_eq!(page.value("phone").as_deref(), Some(number), "nothing typed is lost");
        }
        assert_eq!(sms(&house), before, "{form:?}");
    }
    let everywhere = House::with(&[("KABINET_SMS_COUNTRIES", "all")]).await;
    for (nth, (who, form)) in at_each_form(&everywhere).await.into_iter().enumerate() {
        types(&who, form, "DE", &format!("+49 1512 345678{nth}")).await.is(303);
    }
    let kazakh = House::with(&[("KABINET_SMS_COUNTRIES", "KZ, DE")]).await;
    let anna = kazakh.visitor("Anna");
    types(&anna, FORMS[0], "RU", "+7 916 123 45 67").await.is(422);
    types(&anna, FORMS[0], "DE", GERMAN).await.is(303);
}

/// What is refused in any case is not offered.
#[actix_web::test]
async fn a_form_offers_the_countries_to_which_sms_go_and_says_so() {
    let house = House::with(&[("KABINET_SMS_COUNTRIES", "KZ,RU,DE")]).await;
    for (who, form) in at_each_form(&house).await {
        let page = who.opens(form.0).await;
        let list = page.source.split("name=\"country\"").nth(1).unwrap().split("</select>").next().unwrap();
        let codes: Vec<&str> =
            list.split("<option value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(codes, ["RU", "DE", "KZ"], "{form:?}");
        assert!(page.says("страны, в которые мы отправляем SMS"), "{}", page.text());
    }
}

/// The same for a number that has an account and for one that has none.
#[actix_web::test]
async fn whether_a_number_that_is_not_served_has_an_account_is_not_told() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let moves = "UPDATE accounts SET phone = '+4915123456789'";
    house.database.executes(moves);
    for form in [FORMS[0], FORMS[2]] {
        let mut answers = Vec::new();
        for number in ["+4915123456789", "+4915123456780"] {
            let answer = types(&house.visitor("Stranger"), form, "DE", number).await;
            let token = answer.page().value("csrf").unwrap_or_default();
            answers.push((answer.status, answer.page().source.replace(number, "N").replace(&token, "T")));
        }
        assert_eq!(answers[0], answers[1], "{form:?}");
    }
}

#[actix_web::test]
async fn whoever_has_an_account_signs_in_all_the_same_and_nothing_is_sent_there() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.delivers().await;
    house.database.executes("UPDATE accounts SET phone = '+4915123456789'");
    let before = sms(&house);
    let elsewhere = house.visitor("Anna").from("10.9.9.9");
    elsewhere.signs_in("+49 1512 3456789", PASSWORD).await.goes_to("/cabinet");
    // Strangers fail until the owner would be sent a way in.
    for attempt in 0..110 {
        house.passes(minutes(16));
        let stranger = house.visitor("Stranger").from(&format!("10.8.{attempt}.1"));
        stranger.signs_in("+4915123456789", "wrong").await;
    }
    assert_eq!(sms(&house), before, "neither a notice nor a link");
}

/// The setting may change while somebody waits for a code.
#[actix_web::test]
async fn a_code_that_was_asked_for_before_is_not_sent_again() {
    let house = House::open().await;
    let (anna, vera) = (house.visitor("Anna"), house.visitor("Vera"));
    anna.registers_up_to_the_code().await;
    vera.registers().await;
    types(&vera, FORMS[1], "RU", "+7 916 123 45 67").await.is(303);
    house.delivers().await;
    let before = sms(&house);
    house.database.executes("UPDATE registrations SET phone = '+4915123456789'");
    house.database.executes("UPDATE phone_changes SET phone = '+4915123456789'");
    house.passes(seconds(61));
    anna.wants_another_message().await.is(429);
    vera.posts_with_token("/profile/phone/messages", &[]).await.is(429);
    assert_eq!(sms(&house), before);
}

#[actix_web::test]
async fn one_network_takes_a_tenth_of_everybody_s_hour_and_no_more() {
    for (network, other) in [("10.7.", "10.8.0.1"), ("2001:db8:", "2001:db9::1")] {
        let house = House::open().await;
        let asks = async |nth: usize, ip: String| {
            let phone = format!("+7916{nth:07}");
            let client = Client { ip, user_agent: "Test".to_owned() };
            let spent = house.state().txs.of(client).write(move |tx| sms_limits::spend(tx, &phone)).await;
            spent.unwrap().is_ok()
        };
        let ip_of = |nth: usize| match network {
            "10.7." => format!("10.7.{nth}.1"),
            _ => format!("2001:db8:{nth:x}::1"),
        };
        let mut taken = 0;
        // Their windows and everybody's do not begin together.
        for nth in 0..150 {
            if nth == 90 {
                house.passes(minutes(59));
            }
            taken += usize::from(asks(nth, ip_of(nth)).await);
        }
        assert_eq!(taken, 100, "{network}");
        assert!(asks(200, other.to_owned()).await, "others are not kept from it");
        house.passes(minutes(2));
        assert!(asks(201, ip_of(201)).await, "the next hour has a tenth of its own");
    }
}
