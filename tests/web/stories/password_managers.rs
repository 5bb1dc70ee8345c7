//! What a password manager reads of a form: whose password it asks for, and which other fields are none of its business.

use kabinet::accounts::identifiers::phone::Phone;
use kabinet::base::minutes;
use kabinet::credentials::password::MANAGER_RULES;

use crate::house::{House, PASSWORD, Visitor};
use crate::support::html::Page;
use crate::support::markup::{Token, attribute, tokens};
use crate::tidy::access::{ROUTES, Who};

/// The fields of each form, as `autocomplete` and `value`.
fn fields(page: &Page) -> Vec<Vec<(String, String)>> {
    let (mut forms, mut inside) = (Vec::new(), false);
    for token in tokens(&page.source) {
        match token {
            Token::Open { name, .. } if name == "form" => {
                inside = true;
                forms.push(Vec::new());
            }
            Token::Close(name) if name == "form" => inside = false,
            Token::Open { name, attributes } if inside && name == "input" => {
                let of = |wanted| attribute(&attributes, wanted).unwrap_or_default().to_owned();
                forms.last_mut().unwrap().push((of("autocomplete"), of("value")));
            }
            _ => {}
        }
    }
    forms
}

/// Whether the page asks for a password, below exactly one name: this one.
fn names(page: &Page, login: &str, path: &str) -> bool {
    let mut asked = false;
    for form in fields(page) {
        let Some(first) = form.iter().position(|(token, _)| token.ends_with("-password")) else { continue };
        let named: Vec<_> = form.iter().enumerate().filter(|(_, (token, _))| token == "username").collect();
        assert_eq!(named.len(), 1, "{path}: names of the account");
        let (place, (_, value)) = named[0];
        assert!(place < first, "{path}: the name stands below the password");
        assert_eq!(value, login, "{path}");
        asked = true;
    }
    asked
}

async fn signed_in_as(anna: &Visitor<'_>, house: &House, login: &str) -> usize {
    anna.signs_out().await.goes_to("/");
    anna.signs_in(login, PASSWORD).await.goes_to("/cabinet");
    // The password counts for five minutes.
    house.passes(minutes(6));
    let mut asking = 0;
    let own = ROUTES.iter().filter(|row| row.method == "GET" && row.who == Who::Owner);
    for path in own.map(|row| row.path).filter(|path| !path.contains('{')) {
        let answer = anna.gets(path).await;
        if answer.status == 200 && names(&answer.page(), login, path) {
            asking += 1;
        }
    }
    asking
}

#[actix_web::test]
async fn every_password_is_asked_for_below_the_name_that_its_owner_signs_in_by() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    anna.confirms_address("anna@example.org").await;
    for login in [number.as_str(), "anna@example.org", anna.phone.clone().as_str()] {
        let asking = signed_in_as(&anna, &house, login).await;
        assert!(asking >= 8, "only {asking} forms ask for the password");
    }
    // Another address: what was typed may be the account's name no more.
    anna.signs_out().await.goes_to("/");
    anna.signs_in("anna@example.org", PASSWORD).await.goes_to("/cabinet");
    anna.confirms_address("anja@example.org").await;
    let grouped = format!("{} {} {}", &number[..4], &number[4..8], &number[8..]);
    assert!(names(&anna.opens("/profile/password").await, &grouped, "/profile/password"));
}

#[actix_web::test]
async fn a_password_that_is_made_up_stands_below_the_login_that_it_will_belong_to() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let page = anna.opens("/registration/password").await;
    assert!(names(&page, &Phone::from_stored(&anna.phone).unwrap().spaced(), "registration"));
    let rules = page.attributes("input", "passwordrules");
    assert_eq!(rules, [MANAGER_RULES, MANAGER_RULES]);
    let boris = house.visitor("Boris");
    boris.has_an_account_with("boris@example.org").await;
    let boris = boris.in_another_browser();
    boris.has_forgotten("boris@example.org").await;
    boris.follows_recovery("boris@example.org").await;
    assert!(names(&boris.opens("/recovery/password").await, "boris@example.org", "recovery"));
    let sign_in = house.visitor("Vera").opens("/sign-in").await;
    assert!(names(&sign_in, "", "/sign-in"));
}

#[actix_web::test]
async fn the_known_address_leads_to_the_change_of_the_password() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    // Programs ask for the one, messages lead to the other.
    let known = ["/.well-known/change-password", "/p"];
    for address in known {
        anna.gets(address).await.goes_to("/profile/password");
    }
    anna.signs_out().await.goes_to("/");
    for address in known {
        anna.gets(address).await.goes_to("/profile/password");
    }
    let asked = anna.gets("/profile/password").await.is(303).location().to_owned();
    let page = anna.opens(&asked).await;
    let fields = [("login", number.as_str()), ("password", PASSWORD)];
    anna.sends(&page, "/sign-in", &fields).await.goes_to("/profile/password");
}

/// Whatever is made up by these rules has digits that neither repeat nor follow each other.
#[test]
fn what_a_manager_makes_up_keeps_the_rule_of_digits() {
    let digits = MANAGER_RULES.split_once("required: [").unwrap().1.split_once(']').unwrap().0;
    let values: Vec<u8> = digits.bytes().map(|digit| digit - b'0').collect();
    assert!(MANAGER_RULES.contains("max-consecutive: 1") && !MANAGER_RULES.contains("digit"));
    for one in &values {
        assert!(values.iter().all(|other| one == other || one.abs_diff(*other) > 1), "{digits}");
    }
}
