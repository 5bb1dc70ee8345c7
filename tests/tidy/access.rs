//! The access table: every route, who may use it, and the test that proves it.

use std::collections::BTreeSet;

use super::sources::{read, root};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anyone,
    /// A program that asks every site for it, or a browser for its picture: no page.
    File,
    /// Whoever is signed in; it is their own account that they see.
    Owner,
    /// The browser that holds the cookie of a registration under way.
    Applicant,
    /// The browser that holds the cookie of a way back in.
    Returning,
    /// The browser that holds the cookie of an invitation.
    Invited,
    /// Whoever holds the secret in the address.
    Bearer,
    /// The sandbox beside the portal.
    Sandbox,
    /// A program that signs what it sends.
    Signer,
    /// A browser that a page of the bank has sent here: led on, and nothing of it is read.
    Passing,
}
use Who::{Anyone, Applicant, Bearer, File, Invited, Owner, Passing, Returning, Sandbox, Signer};

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
    route("GET",  "/static/{name}",          Anyone,    "landing::pages::every_link_and_every_file_that_a_page_names_is_there"),
    route("GET",  "/favicon.ico",            File,      "landing::pages::every_link_and_every_file_that_a_page_names_is_there"),
    route("GET",  "/icon.svg",               File,      "landing::pages::every_link_and_every_file_that_a_page_names_is_there"),
    route("GET",  "/apple-touch-icon.png",   File,      "landing::pages::every_link_and_every_file_that_a_page_names_is_there"),
    route("GET",  "/robots.txt",             File,      "landing::well_known::programs_find_what_they_ask_every_site_for"),
    route("GET",  "/.well-known/security.txt", File,    "landing::well_known::programs_find_what_they_ask_every_site_for"),
    route("GET",  "/.well-known/change-password", File, "web::stories::password_managers::the_known_address_leads_to_the_change_of_the_password"),
    route("GET",  "/p",                      Anyone,    "web::stories::password_managers::the_known_address_leads_to_the_change_of_the_password"),
    route("GET",  "/health/live",            Anyone,    "portal::commands::health_and_metrics_answer_where_they_should"),
    route("GET",  "/health/ready",           Anyone,    "portal::commands::health_and_metrics_answer_where_they_should"),
    route("POST", "/gateway/callbacks",      Signer,    "gateway::sandbox::a_callback_is_believed_only_with_its_signature"),
    route("GET",  "/",                       Anyone,    "landing::pages::the_landing_page_tells_what_the_article_promises"),
    route("GET",  "/help",                   Anyone,    "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("GET",  "/privacy",                Anyone,    "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("GET",  "/sign-in",                Anyone,    "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST", "/sign-in",                Anyone,    "access::stories::sign_in_limits::known_and_unknown_accounts_are_answered_alike"),
    route("GET",  "/sign-out",               Anyone,    "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST", "/sign-out",               Anyone,    "credentials::stories::sessions::signing_out_ends_the_session_and_nobody_else_s"),
    route("GET",  "/registration",           Anyone,    "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST", "/registration",           Anyone,    "access::stories::codes::a_phone_that_has_an_account_looks_like_any_other_and_its_owner_is_told"),
    route("GET",  "/registration/code",      Applicant, "web::stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("POST", "/registration/code",      Applicant, "access::stories::codes::a_code_belongs_to_the_attempt_that_it_was_sent_for"),
    route("GET",  "/registration/messages",  Applicant, "web::stories::access::the_addresses_of_forms_lead_to_their_pages"),
    route("POST", "/registration/messages",  Applicant, "web::stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("GET",  "/registration/no-code",   Applicant, "web::stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("GET",  "/registration/restart",   Anyone,    "web::stories::access::the_addresses_of_forms_lead_to_their_pages"),
    route("POST", "/registration/restart",   Applicant, "web::stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("GET",  "/registration/privacy",   Applicant, "web::stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("POST", "/registration/privacy",   Applicant, "access::registration::a_step_cannot_be_skipped_by_posting_to_a_later_one"),
    route("GET",  "/registration/version",   Applicant, "web::stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("POST", "/registration/version",   Applicant, "access::registration::a_step_cannot_be_skipped_by_posting_to_a_later_one"),
    route("GET",  "/registration/password",  Applicant, "web::stories::access::a_step_of_a_registration_needs_its_cookie"),
    route("POST", "/registration/password",  Applicant, "access::registration::a_step_cannot_be_skipped_by_posting_to_a_later_one"),
    route("GET",  "/registration/done",      Owner,     "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("GET",  "/cabinet",                Owner,     "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("GET",  "/cards",                  Owner,     "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("POST", "/cards",                  Owner,     "cards::stories::cards::a_card_is_bound_by_naming_the_sum"),
    route("GET",  "/cards/new",              Owner,     "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("GET",  "/cards/{handle}",         Owner,     "cards::stories::cards::somebody_else_s_card_is_not_there"),
    route("GET",  "/cards/{handle}/verification", Owner,     "cards::stories::cards::somebody_else_s_card_is_not_there"),
    route("POST", "/cards/{handle}/verification", Passing, "cards::stories::waiting::a_bank_s_form_leads_to_the_card_and_touches_no_cookie"),
    route("GET",  "/cards/{handle}/return", Passing, "cards::stories::waiting::a_bank_s_form_leads_to_the_card_and_touches_no_cookie"),
    route("POST", "/cards/{handle}/return", Passing, "cards::stories::waiting::a_bank_s_form_leads_to_the_card_and_touches_no_cookie"),
    route("GET",  "/cards/{handle}/waiting", Owner,     "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("GET",  "/cards/{handle}/confirmation", Owner, "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("POST", "/cards/{handle}/confirmation", Owner, "cards::stories::cards::of_50_guesses_at_once_three_are_judged"),
    route("GET",  "/cards/{handle}/removal", Owner,     "cards::stories::cards::somebody_else_s_card_is_not_there"),
    route("POST", "/cards/{handle}/removal", Owner,     "cards::stories::cards::an_unbound_card_gets_its_money_back"),
    route("GET",  "/cards/{handle}/default", Owner,     "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("POST", "/cards/{handle}/default", Owner,     "cards::stories::cards::somebody_else_s_card_is_not_there"),
    route("GET",  "/email",                  Owner,     "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/email",                  Owner,     "profile::stories::emails::somebody_else_s_address_is_never_taken_over_and_its_owner_is_told"),
    route("GET",  "/email/code",             Owner,     "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/email/code",             Owner,     "profile::stories::emails::a_mailed_code_is_good_for_three_tries_by_its_owner"),
    route("GET",  "/email/confirmed",        Owner,     "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("GET",  "/confirmations/{token}",  Bearer,    "access::stories::links::opening_a_link_uses_nothing_up_and_pressing_its_button_does"),
    route("POST", "/confirmations/{token}",  Bearer,    "access::stories::links::of_64_uses_of_a_link_at_once_one_succeeds"),
    route("GET",  "/unlock/{token}",         Bearer,    "access::stories::sign_in_limits::whoever_waits_longest_is_let_in_by_a_mailed_link_and_the_password"),
    route("POST", "/unlock/{token}",         Bearer,    "access::stories::sign_in_limits::whoever_waits_longest_is_let_in_by_a_mailed_link_and_the_password"),
    route("GET",  "/sign-in/code",                     Anyone, "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST", "/sign-in/code",                     Anyone, "credentials::stories::second_factor::after_the_password_there_is_nothing_of_a_session_until_the_code"),
    route("GET",  "/security",                         Owner,  "credentials::stories::security::the_list_shows_ones_own_sessions_and_nobody_else_s"),
    route("GET",  "/security/sessions/end-others",     Owner,  "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("POST", "/security/sessions/end-others",     Owner,  "credentials::stories::security::all_other_sessions_end_at_once"),
    route("GET",  "/security/sessions/{handle}/end",   Owner,  "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("POST", "/security/sessions/{handle}/end",   Owner,  "credentials::stories::security::somebody_else_s_session_cannot_be_ended"),
    route("GET",  "/security/browsers/{handle}/forget", Owner,  "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("POST", "/security/browsers/{handle}/forget", Owner,  "credentials::stories::second_factor::a_remembered_browser_is_asked_for_no_code_until_it_is_forgotten"),
    route("GET",  "/security/factor",                  Owner,  "credentials::stories::second_factor::the_secret_is_shown_only_after_the_password"),
    route("POST", "/security/factor",                  Owner,  "credentials::stories::second_factor::the_secret_is_shown_only_after_the_password"),
    route("GET",  "/security/factor/confirmation",     Owner,  "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("POST", "/security/factor/confirmation",     Owner,  "credentials::stories::second_factor::the_secret_is_shown_only_after_the_password"),
    route("GET",  "/security/factor/off",              Owner,  "credentials::stories::second_factor::turning_it_off_takes_the_password_and_a_code_and_is_told"),
    route("POST", "/security/factor/off",              Owner,  "credentials::stories::second_factor::turning_it_off_takes_the_password_and_a_code_and_is_told"),
    route("GET",  "/security/factor/codes",            Owner,  "credentials::stories::second_factor::new_backup_codes_are_shown_once_and_kill_the_old_ones"),
    route("POST", "/security/factor/codes",            Owner,  "credentials::stories::second_factor::new_backup_codes_are_shown_once_and_kill_the_old_ones"),
    route("GET",  "/security/activity",                 Owner,  "credentials::stories::security::the_journal_tells_its_owner_what_happened_and_nobody_else"),
    route("GET", "/questions",              Owner,     "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("POST","/questions",              Owner,     "credentials::stories::questions::after_five_minutes_the_password_is_asked_for_again"),
    route("GET", "/questions/set",          Owner,     "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("GET", "/recovery",               Anyone,    "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST","/recovery",               Anyone,    "access::stories::recovery_limits::a_known_and_an_unknown_address_look_alike_at_every_step"),
    route("GET", "/recovery/phone",         Anyone,    "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST","/recovery/phone",         Anyone,    "access::stories::recovery_by_phone::a_phone_is_told_nothing_about_until_its_code_is_typed"),
    route("GET", "/recovery/links/{token}", Anyone,    "access::stories::recovery::a_scanner_that_opens_the_link_ten_times_leaves_it_to_its_owner"),
    route("GET", "/recovery/code",          Returning, "web::stories::access::a_step_back_in_needs_its_cookie"),
    route("POST","/recovery/code",          Returning, "access::stories::recovery::a_code_works_only_in_the_browser_that_asked"),
    route("GET", "/recovery/step",          Returning, "web::stories::access::a_step_back_in_needs_its_cookie"),
    route("POST","/recovery/step",          Returning, "access::stories::recovery::of_64_presses_of_the_button_at_once_one_goes_on"),
    route("GET", "/recovery/questions",     Returning, "web::stories::access::a_step_back_in_needs_its_cookie"),
    route("POST","/recovery/questions",     Returning, "access::stories::recovery::whoever_opens_a_wrong_step_is_shown_where_they_really_are"),
    route("GET", "/recovery/password",      Returning, "web::stories::access::a_step_back_in_needs_its_cookie"),
    route("POST","/recovery/password",      Returning, "access::stories::recovery::whoever_opens_a_wrong_step_is_shown_where_they_really_are"),
    route("GET", "/recovery/support",       Returning, "access::stories::recovery_by_phone::without_questions_a_code_leads_to_support_and_no_further"),
    route("POST","/recovery/support",       Returning, "access::stories::recovery_by_phone::an_address_that_was_never_confirmed_is_a_way_back"),
    route("GET", "/invitations/{token}",    Bearer,    "access::stories::invitations::opening_the_link_uses_nothing_up_and_of_64_presses_one_goes_on"),
    route("POST","/invitations/{token}",    Bearer,    "access::stories::invitations::opening_the_link_uses_nothing_up_and_of_64_presses_one_goes_on"),
    route("GET", "/invitations/{token}/messages",Bearer,    "access::stories::invitations::a_dead_link_says_why_and_offers_another_mail"),
    route("POST","/invitations/{token}/messages",Bearer,    "access::stories::invitations::a_dead_link_says_why_and_offers_another_mail"),
    route("GET", "/invitation/code",        Anyone,    "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST","/invitation/code",        Anyone,    "access::stories::invitations::another_browser_goes_on_by_the_code_with_three_tries"),
    route("GET", "/invitation/messages",    Anyone,    "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST","/invitation/messages",    Invited,   "access::stories::invitations::a_dead_link_says_why_and_offers_another_mail"),
    route("GET", "/invitation/privacy",     Invited,   "web::stories::access::a_step_of_an_invitation_needs_its_cookie"),
    route("POST","/invitation/privacy",     Invited,   "web::stories::access::a_step_of_an_invitation_needs_its_cookie"),
    route("GET", "/invitation/password",    Invited,   "web::stories::access::a_step_of_an_invitation_needs_its_cookie"),
    route("POST","/invitation/password",    Invited,   "web::stories::access::a_step_of_an_invitation_needs_its_cookie"),
    route("GET", "/invitation/questions",   Invited,   "web::stories::access::a_step_of_an_invitation_needs_its_cookie"),
    route("POST","/invitation/questions",   Invited,   "web::stories::access::a_step_of_an_invitation_needs_its_cookie"),
    route("POST","/sandbox/invitations",    Sandbox,   "access::stories::invitations::only_the_sandbox_beside_the_portal_may_wish_for_invitations"),
    route("GET",  "/profile",                  Owner,   "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("GET",  "/profile/name",             Owner,   "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/profile/name",             Owner,   "profile::stories::profile::a_name_greets_its_owner_and_is_kept_while_it_is_mended"),
    route("GET",  "/profile/language",         Owner,   "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/profile/language",         Owner,   "profile::stories::profile::the_language_of_the_account_is_that_of_pages_and_messages"),
    route("GET",  "/profile/time-zone",        Owner,   "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/profile/time-zone",        Owner,   "profile::stories::profile::another_time_zone_changes_the_times_of_this_browser_at_once"),
    route("GET",  "/profile/password",         Owner,   "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/profile/password",         Owner,   "profile::stories::password_change::a_new_password_keeps_this_browser_and_ends_the_others"),
    route("GET",  "/profile/password/changed", Owner,   "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("GET",  "/profile/email/removal",    Owner,   "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/profile/email/removal",    Owner,   "profile::stories::profile::address_or_phone_go_only_while_the_other_stays_and_both_are_told"),
    route("GET",  "/profile/phone",            Owner,   "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/profile/phone",            Owner,   "profile::stories::phones::somebody_else_s_phone_is_never_taken_and_its_owner_is_told"),
    route("GET",  "/profile/phone/code",       Owner,   "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/profile/phone/code",       Owner,   "profile::stories::phones::a_code_has_three_tries_and_five_minutes_and_belongs_to_its_account"),
    route("GET",  "/profile/phone/messages",           Owner,  "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("POST", "/profile/phone/messages",   Owner,   "profile::stories::phones::messages_are_as_few_as_at_a_registration_and_ten_a_day_for_an_account"),
    route("GET",  "/profile/phone/changed",    Owner,   "web::stories::access::pages_of_an_account_send_a_stranger_to_the_sign_in_page"),
    route("GET",  "/profile/phone/removal",    Owner,   "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/profile/phone/removal",    Owner,   "profile::stories::profile::address_or_phone_go_only_while_the_other_stays_and_both_are_told"),
    route("GET",  "/messages",                 Owner,   "notices::stories::messages::nobody_sees_what_somebody_else_was_sent"),
    route("GET",  "/sms-settings",             Owner,   "web::stories::access::everybody_sees_their_own_account_and_nobody_else_s"),
    route("POST", "/sms-settings",             Owner,   "profile::stories::sms_preferences::kinds_and_a_least_sum_are_chosen_and_told_of"),
    route("GET",  "/messages/verify",                    Anyone,  "web::stories::access::what_is_for_everybody_opens_for_everybody"),
    route("POST", "/messages/verify",                    Anyone,  "notices::stories::messages::whoever_holds_a_number_learns_that_it_is_ours_and_never_to_whom_it_went"),
];

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let rows: BTreeSet<(String, String)> =
        ROUTES.iter().map(|row| (row.method.to_owned(), row.path.to_owned())).collect();
    assert_eq!(rows.len(), ROUTES.len(), "a route has two rows");
    let real = real_routes();
    let without_row: Vec<_> = real.difference(&rows).collect();
    let without_route: Vec<_> = rows.difference(&real).collect();
    assert!(
        without_row.is_empty() && without_route.is_empty(),
        "no row: {without_row:?}\nno route: {without_route:?}"
    );
}

#[test]
fn every_row_names_a_test_that_exists() {
    for row in ROUTES {
        let (module, name) = row.proof.rsplit_once("::").unwrap();
        let path = format!("tests/{}.rs", module.replace("::", "/"));
        assert!(root().join(&path).exists(), "{} {}: there is no {path}", row.method, row.path);
        let text = read(&path).text;
        let at = text
            .find(&format!("fn {name}()"))
            .unwrap_or_else(|| panic!("{} {}: no test {}", row.method, row.path, row.proof));
        let before = text[..at].trim_end().trim_end_matches("async").trim_end();
        assert!(
            before.ends_with("#[test]") || before.ends_with("#[actix_web::test]"),
            "{} is no test",
            row.proof
        );
    }
}

/// Methods and paths as the one file of routes names them.
fn real_routes() -> BTreeSet<(String, String)> {
    let text = read("src/app.rs").text.replace("stylesheet_path()", "\"/static/{name}\"");
    // However its lines are broken.
    let text = text.split("form_of(").map(str::trim_start).collect::<Vec<_>>().join("form_of(");
    let mut found = BTreeSet::new();
    for call in text
        .replace("app.route(", ".service(")
        .replace("        .route(", ".service(")
        .split(".service(")
        .skip(1)
    {
        let call = call.split("\n}\n").next().unwrap();
        // `form_of` leads whoever asks back to the page of the form.
        let ways = [("get().to(", "GET"), ("form_of(\"", "GET"), ("web::post().to(", "POST")];
        let methods = ways.into_iter().filter(|(way, _)| call.contains(way));
        let Some((_, rest)) = call.split_once("\"/") else { continue };
        let path = rest.split('"').next().unwrap();
        found.extend(methods.map(|(_, method)| (method.to_owned(), format!("/{path}"))));
    }
    let pages = text.matches("get().to(").count() - text.matches("get().to(back)").count()
        + text.matches("form_of(\"").count();
    let written = pages + text.matches("web::post().to(").count();
    assert_eq!(found.len(), written, "a route was not read: {found:?}");
    found
}
