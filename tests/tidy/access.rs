//! The access table: every route, who may use it, and the test that proves it.

use std::collections::BTreeSet;

use super::sources::{read, root};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anyone,
    /// Whoever is signed in; it is their own account that they see.
    Owner,
    /// The browser that holds the cookie of a registration under way.
    Applicant,
    /// Whoever holds the secret in the address.
    Bearer,
}
use Who::{Anyone, Applicant, Bearer, Owner};

pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub who: Who,
    /// The test: its module and its name.
    pub proof: &'static str,
}

const fn route(method: &'static str, path: &'static str, who: Who, proof: &'static str) -> Route {
    Route { method, path, who, proof }
}

#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("GET",  "/static/{name}",          Anyone,    "landing::every_link_and_every_file_that_a_page_names_is_there"),
    route("GET",  "/favicon.ico",            Anyone,    "landing::every_link_and_every_file_that_a_page_names_is_there"),
    route("GET",  "/health/live",            Anyone,    "commands::health_and_metrics_answer_where_they_should"),
    route("GET",  "/health/ready",           Anyone,    "commands::health_and_metrics_answer_where_they_should"),
    route("GET",  "/",                       Anyone,    "landing::the_landing_page_tells_what_the_article_promises"),
    route("GET",  "/help",                   Anyone,    "stories::access::what_is_for_everybody_opens_for_everybody"),
    route("GET",  "/privacy",                Anyone,    "stories::access::what_is_for_everybody_opens_for_everybody"),
    route("GET",  "/sign-in",                Anyone,    "stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST", "/sign-in",                Anyone,    "stories::sign_in_limits::known_and_unknown_accounts_are_answered_alike"),
    route("POST", "/sign-out",               Anyone,    "stories::sessions::signing_out_ends_the_session_and_nobody_else_s"),
    route("GET",  "/registration",           Anyone,    "stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST", "/registration",           Anyone,    "stories::codes::a_phone_that_has_an_account_looks_like_any_other_and_its_owner_is_told"),
    route("GET",  "/registration/code",      Applicant, "stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("POST", "/registration/code",      Applicant, "stories::codes::a_code_belongs_to_the_attempt_that_it_was_sent_for"),
    route("POST", "/registration/messages",  Applicant, "stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("GET",  "/registration/no-code",   Applicant, "stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("POST", "/registration/restart",   Applicant, "stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("GET",  "/registration/privacy",   Applicant, "stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("POST", "/registration/privacy",   Applicant, "registration::a_step_cannot_be_skipped_by_posting_to_a_later_one"),
    route("GET",  "/registration/version",   Applicant, "stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("POST", "/registration/version",   Applicant, "registration::a_step_cannot_be_skipped_by_posting_to_a_later_one"),
    route("GET",  "/registration/password",  Applicant, "stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("POST", "/registration/password",  Applicant, "registration::a_step_cannot_be_skipped_by_posting_to_a_later_one"),
    route("GET",  "/registration/done",      Owner,     "stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("GET",  "/cabinet",                Owner,     "stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("GET",  "/cards",                  Owner,     "stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("GET",  "/email",                  Owner,     "stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/email",                  Owner,     "stories::addresses::somebody_else_s_address_is_never_taken_over_and_its_owner_is_told"),
    route("GET",  "/email/code",             Owner,     "stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/email/code",             Owner,     "stories::addresses::a_mailed_code_is_good_for_three_tries_by_its_owner"),
    route("GET",  "/email/confirmed",        Owner,     "stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("GET",  "/confirmations/{token}",  Bearer,    "stories::links::opening_a_link_uses_nothing_up_and_pressing_its_button_does"),
    route("POST", "/confirmations/{token}",  Bearer,    "stories::links::of_64_uses_of_a_link_at_once_one_succeeds"),
    route("GET",  "/unlock/{token}",         Bearer,    "stories::sign_in_limits::whoever_waits_longest_is_let_in_by_a_mailed_link_and_the_password"),
    route("POST", "/unlock/{token}",         Bearer,    "stories::sign_in_limits::whoever_waits_longest_is_let_in_by_a_mailed_link_and_the_password"),
];

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let rows: BTreeSet<(String, String)> = ROUTES.iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect();
    assert_eq!(rows.len(), ROUTES.len(), "a route has two rows");
    let real = real_routes();
    let without_row: Vec<_> = real.difference(&rows).collect();
    let without_route: Vec<_> = rows.difference(&real).collect();
    assert!(without_row.is_empty() && without_route.is_empty(), "no row: {without_row:?}\nno route: {without_route:?}");
}

#[test]
fn every_row_names_a_test_that_exists() {
    for row in ROUTES {
        let (module, name) = row.proof.rsplit_once("::").unwrap();
        let path = format!("tests/{}.rs", module.replace("::", "/"));
        assert!(root().join(&path).exists(), "{} {}: there is no {path}", row.method, row.path);
        let text = read(&path).text;
        let at = text.find(&format!("fn {name}()")).unwrap_or_else(|| panic!("{} {}: no test {}", row.method, row.path, row.proof));
        let before = text[..at].trim_end().trim_end_matches("async").trim_end();
        assert!(before.ends_with("#[test]") || before.ends_with("#[actix_web::test]"), "{} is no test", row.proof);
    }
}

/// Methods and paths as the one file of routes names them.
fn real_routes() -> BTreeSet<(String, String)> {
    let text = read("src/app.rs").text;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        // The stylesheet's name follows its content.
        let line = &line.replace("route(stylesheet_path()", "route(\"/static/{name}\"");
        let names_route = [".route(\"/", "resource(\"/", "form(\"/", "form_of(\"/"].iter().any(|call| line.contains(call));
        let Some((_, rest)) = line.split_once("(\"/").filter(|_| names_route) else { continue };
        let (path, rest) = rest.split_once('"').unwrap();
        let methods: Vec<&str> = [("get()", "GET"), ("web::post()", "POST")]
            .into_iter()
            .filter(|(call, _)| rest.contains(call))
            .map(|(_, method)| method)
            .collect();
        assert!(!methods.is_empty(), "of which kind is this route? {line}");
        found.extend(methods.into_iter().map(|method| (method.to_owned(), format!("/{path}"))));
    }
    assert_eq!(
        found.len(),
        text.matches("get().to(").count() - text.matches("get().to(back)").count() + text.matches("web::post().to(").count(),
        "a route was not read"
    );
    found
}
