//! A cookie that is not literally ours is nobody's: what a neighbouring host sets under a name that only looks like one of ours
//! neither stands for it nor beside it.

use kabinet::web::{FACTOR, INVITATION, PRE_SESSION, RECOVERY, REGISTRATION, SESSION, TRUSTED_BROWSER};

use crate::house::{House, PASSWORD, Visitor};

const HTTPS: [(&str, &str); 4] = [
    ("KABINET_PUBLIC_URL", "https://pay.example.org"),
    ("KABINET_SMTP_URL", "smtps://mail.example.org"),
    ("KABINET_SMS_URL", "smpp://kabinet:secret@sms.example.org"),
    ("KABINET_GATEWAY_URL", "stripe+https://sk_test_unused@api.stripe.com"),
];
const LOCALE: &str = "locale";

/// A cookie of somebody's, one that somebody else would put in its place, and the page that shows whose is believed.
struct Case {
    name: &'static str,
    own: String,
    planted: String,
    path: &'static str,
}

/// What others take for that name.
fn spellings(name: &str) -> Vec<String> {
    let escaped = |at: usize, code: String| format!("{}{code}{}", &name[..at], &name[at + 1..]);
    let bytes = name.as_bytes();
    let mut found: Vec<String> = (0..name.len())
        .flat_map(|at| {
            [escaped(at, format!("%{:02X}", bytes[at])), escaped(at, format!("%{:02x}", bytes[at]))]
        })
        .collect();
    found.push(name.bytes().map(|byte| format!("%{byte:02X}")).collect());
    found.extend(["\u{a0}", "\u{3000}", "=", "%20"].map(|before| format!("{before}{name}")));
    found.extend([name.to_uppercase(), format!("{name}%20"), format!("{name}\u{a0}")]);
    found.retain(|spelled| spelled != name);
    found
}

/// What a browser with these cookies is shown.
async fn seen(house: &House, headers: &[String], path: &str) -> (u16, String, String) {
    let mut visitor = house.visitor("Somebody");
    for header in headers {
        visitor = visitor.sending("cookie", header);
    }
    let answer = visitor.gets(path).await;
    (answer.status, answer.location().to_owned(), answer.page().text())
}

/// Somebody in the middle of everything that a cookie can hold; each time another.
async fn holder<'h>(house: &'h House, email: &'static str) -> Vec<(&'static str, Visitor<'h>)> {
    let inside = house.visitor("Inside");
    let number = inside.registers().await;
    inside.guards_the_account().await;
    let second = inside.in_another_browser();
    second.signs_in(&number, PASSWORD).await.goes_to("/sign-in/code");
    let applicant = house.visitor("Applicant");
    applicant.registers_up_to_the_code().await;
    let returning = house.visitor("Returning");
    returning.registers_with(email).await;
    returning.confirms_address(email).await;
    returning.signs_out().await;
    returning.has_forgotten(email).await.goes_to("/recovery/code");
    returning.follows_recovery(email).await.goes_to("/recovery/password");
    let invited = house.visitor("Invited");
    let letterbox = format!("{}{email}", "i");
    house.invites(&letterbox).await;
    let link = house.invitation_to(&letterbox).await;
    invited.submits(&link, &[]).await.goes_to("/invitation/privacy");
    vec![
        (SESSION, inside),
        (FACTOR, second),
        (REGISTRATION, applicant),
        (RECOVERY, returning),
        (INVITATION, invited),
    ]
}

async fn cases(house: &House) -> Vec<Case> {
    let (own, others) = (holder(house, "anna@example.org").await, holder(house, "eve@example.org").await);
    let cookies = house.state().cookies;
    let paths =
        ["/cabinet", "/sign-in/code", "/registration/code", "/recovery/password", "/invitation/privacy"];
    let mut cases: Vec<Case> = own
        .iter()
        .zip(&others)
        .zip(paths)
        .map(|(((base, own), (_, other)), path)| {
            let name = cookies.name(base);
            Case { name, own: own.cookie(name).unwrap(), planted: other.cookie(name).unwrap(), path }
        })
        .collect();
    let locale = cookies.name(LOCALE);
    cases.push(Case { name: locale, own: "en_US".to_owned(), planted: "zh_CN".to_owned(), path: "/" });
    cases
}

async fn every_cookie_has_its_own_name(house: &House) {
    let cases = cases(house).await;
    for Case { name, own, planted, path } in &cases {
        let literal = format!("{name}={own}");
        let (as_nobody, as_oneself) =
            (seen(house, &[], path).await, seen(house, std::slice::from_ref(&literal), path).await);
        assert_ne!(as_nobody, as_oneself, "{name}: {path} shows whose it is");
        for spelled in spellings(name) {
            let evil = format!("{spelled}={planted}");
            assert_eq!(seen(house, std::slice::from_ref(&evil), path).await, as_nobody, "{evil}");
            for headers in [
                vec![format!("{evil}; {literal}")],
                vec![format!("{literal}; {evil}")],
                vec![evil.clone(), literal.clone()],
                vec![literal.clone(), evil.clone()],
            ] {
                assert_eq!(seen(house, &headers, path).await, as_oneself, "{headers:?}");
            }
        }
        for headers in
            [vec![format!("{literal}; {name}={planted}")], vec![literal.clone(), format!("{name}={planted}")]]
        {
            assert_eq!(seen(house, &headers, path).await.0, 400, "{headers:?}");
        }
    }
}

#[actix_web::test]
async fn on_a_loopback_address_every_cookie_is_known_by_its_literal_name_alone() {
    every_cookie_has_its_own_name(&House::open().await).await;
}

#[actix_web::test]
async fn over_https_every_cookie_is_known_by_its_literal_name_alone() {
    every_cookie_has_its_own_name(&House::with(&HTTPS).await).await;
}

/// Eve's token in a form that she makes somebody send: a sign-in of her choice.
#[actix_web::test]
async fn a_form_s_token_cannot_be_planted() {
    for settings in [HTTPS.as_slice(), &[]] {
        let house = House::with(settings).await;
        let name = house.state().cookies.name(PRE_SESSION);
        let session = house.state().cookies.name(SESSION);
        let eve = house.visitor("Eve");
        let number = eve.registers().await;
        assert!(eve.cookie(session).is_some());
        eve.signs_out().await;
        let (token, planted) = (eve.token().await, eve.cookie(name).unwrap());
        let anna = house.visitor("Anna");
        anna.token().await;
        let own = format!("{name}={}", anna.cookie(name).unwrap());
        let body = format!("csrf={token}&login={number}&password={}", urlencoded(PASSWORD));
        house
            .visitor("Eve")
            .sending("cookie", &format!("{name}={planted}"))
            .posts("/sign-in", body.as_bytes())
            .await
            .is(303);
        for spelled in spellings(name) {
            let evil = format!("{spelled}={planted}");
            for cookies in [evil.clone(), format!("{evil}; {own}"), format!("{own}; {evil}")] {
                let answer = house
                    .visitor("Anna")
                    .sending("cookie", &cookies)
                    .posts("/sign-in", body.as_bytes())
                    .await;
                // Where no browser of theirs is known at all, the form comes again, with a token that Eve does not have.
                let again = answer.status == 303 && answer.location() == "/sign-in?again=yes";
                assert!(answer.status == 403 || again && cookies == evil, "{cookies}: {}", answer.status);
                let set = answer.headers("set-cookie");
                assert!(!set.iter().any(|cookie| cookie.starts_with(session)), "{cookies}: {set:?}");
            }
        }
    }
}

fn urlencoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Otherwise whoever knows what it holds guesses there as if they were the owner.
#[actix_web::test]
async fn a_known_browser_cannot_be_planted() {
    for settings in [HTTPS.as_slice(), &[]] {
        let house = House::with(settings).await;
        let name = house.state().cookies.name(TRUSTED_BROWSER);
        let eve = house.visitor("Eve");
        let number = eve.registers().await;
        let planted = eve.cookie(name).unwrap();
        let known = house.count("trusted_browsers");
        for (spelled, more) in spellings(name).into_iter().zip(1..) {
            let anna = house.visitor("Anna");
            anna.keeps(&spelled, &planted);
            anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
            assert_ne!(anna.cookie(name).unwrap(), planted, "{spelled}");
            let all = house.count("trusted_browsers");
            assert_eq!(all, (known + more).min(20), "{spelled}: a browser of its own");
        }
    }
}
