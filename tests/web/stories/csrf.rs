//! Requests that a page of ours did not make.

use crate::house::{ANOTHER_PASSWORD, House, PASSWORD};
use crate::tidy::access::{ROUTES, Who};

#[actix_web::test]
async fn a_form_that_comes_from_another_site_is_refused_whatever_it_holds() {
    let house = House::open().await;
    let number = house.visitor("Anna").registers().await;
    for (header, value, expected) in [
        ("origin", "https://evil.example", 403),
        ("origin", "http://127.0.0.1:8081", 403),
        ("origin", "https://127.0.0.1:8080", 403),
        ("origin", "http://127.0.0.1:8080.evil.example", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "same-origin", 303),
        ("sec-fetch-site", "none", 303),
        ("origin", "http://127.0.0.1:8080", 303),
        // A page without a referrer says so; its token decides.
        ("origin", "null", 303),
        ("referer", "https://evil.example/", 303),
    ] {
        let anna = house.visitor("Anna").sending(header, value);
        assert_eq!(anna.signs_in(&number, PASSWORD).await.status, expected, "{header}: {value}");
    }
    let body = format!("login={number}&password={PASSWORD}");
    house.visitor("Eve").sending("origin", "null").posts("/sign-in", body.as_bytes()).await.is(403);
}

#[actix_web::test]
async fn every_form_is_refused_that_a_page_of_another_site_sends_with_the_right_token() {
    let house = House::open().await;
    let (anna, stranger) = (house.visitor("Anna"), house.visitor("Stranger"));
    anna.registers().await;
    let (hers, theirs) = (anna.token().await, stranger.token().await);
    let (events, posted) = (house.count("activity"), house.count("outbox"));
    let forms = ROUTES
        .iter()
        .filter(|row| row.method == "POST" && !matches!(row.who, Who::Sandbox | Who::Signer | Who::Passing));
    let mut seen = 0;
    for row in forms {
        let path = row.path.replace("{token}", &"A".repeat(43)).replace("{handle}", &"A".repeat(43));
        for (header, value) in [
            ("origin", "https://evil.example"),
            ("origin", "http://127.0.0.1:8081"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            for (person, token) in [(&anna, &hers), (&stranger, &theirs), (&anna, &theirs)] {
                let body = format!("csrf={token}&login=a&password=b");
                let answer = person.copy().sending(header, value).posts(&path, body.as_bytes()).await;
                // Whoever is not inside has no page of an account, and nothing to sign out of: the way leads elsewhere, and nothing is done.
                let is_nobody_s = person.name == "Stranger" && (row.who == Who::Owner || path == "/sign-out");
                let expected = if is_nobody_s { 303 } else { 403 };
                assert_eq!(answer.status, expected, "{path} of {} with {header}: {value}", person.name);
                assert!(answer.header("set-cookie").is_none(), "{path} of {}", person.name);
            }
        }
        seen += 1;
    }
    assert!(seen > 40, "only {seen} forms");
    assert!(anna.is_signed_in().await);
    assert_eq!((house.count("activity"), house.count("outbox")), (events, posted));
}

#[actix_web::test]
async fn a_form_of_a_browser_before_it_signed_in_is_of_no_use_after() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    anna.signs_out().await.goes_to("/");
    let before = anna.token().await;
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    anna.posts("/sign-out", format!("csrf={before}").as_bytes()).await.goes_to("/sign-out");
    assert!(anna.is_signed_in().await);
}

/// Whoever sat at this browser before may know what its forms hold.
#[actix_web::test]
async fn no_form_from_before_is_of_use_once_a_session_has_begun_ended_or_been_turned_over() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.has_an_account_with("anna@example.org").await;
    let takes = async |token: &str| {
        let answer = anna.copy().posts("/messages/verify", format!("csrf={token}&number=x").as_bytes()).await;
        // A form that is shown again (303), and one that is refused (403), are not taken.
        answer.status == 422
    };
    let mut known = vec![(anna.token().await, anna.cookie("pre-dev"))];
    assert!(takes(&known[0].0).await, "it is of use while nothing changes");
    for step in ["sign-out", "sign-in", "end-others", "password", "sign-out", "recovery"] {
        match step {
            "sign-out" => drop(anna.signs_out().await),
            "sign-in" => drop(anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet")),
            "end-others" => {
                anna.in_another_browser().signs_in(&number, PASSWORD).await.goes_to("/cabinet");
                let (sid, other) = (anna.cookie("sid-dev").unwrap(), anna.in_another_browser());
                anna.submits_on("/security", "/security/sessions/end-others", &[]).await.goes_to("/security");
                other.keeps("sid-dev", &sid);
                assert!(!other.is_signed_in().await, "a copy of this browser's cookie ends as well");
            }
            "password" => {
                let fields =
                    [("current", PASSWORD), ("password", ANOTHER_PASSWORD), ("again", ANOTHER_PASSWORD)];
                anna.submits("/profile/password", &fields).await.goes_to("/profile/password/changed");
            }
            _ => {
                anna.has_forgotten("anna@example.org").await.goes_to("/recovery/code");
                anna.follows_recovery("anna@example.org").await.goes_to("/recovery/password");
                anna.makes_up(PASSWORD).await.goes_to("/sign-in");
            }
        }
        known.push((anna.token().await, anna.cookie("pre-dev")));
        let (last, before) = known.split_last().unwrap();
        assert!(takes(&last.0).await, "after {step}");
        for (token, pre) in before {
            assert!(!takes(token).await, "after {step}");
            assert!(pre.is_none() || *pre != last.1, "after {step}");
        }
    }
}

#[actix_web::test]
async fn the_same_token_is_never_shown_twice() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let first = anna.token().await;
    let second = anna.token().await;
    assert_ne!(first, second);
    for token in [first, second] {
        anna.posts("/sign-in", format!("csrf={token}&login=a&password=b").as_bytes()).await.is(422);
    }
}

#[actix_web::test]
async fn a_cookie_that_stands_there_twice_is_believed_in_neither_form() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let own = anna.cookie("sid-dev").unwrap();
    for (name, value) in [
        ("sid-dev", own.as_str()),
        ("sid-dev", "x"),
        ("pre-dev", "x"),
        ("locale", "en_US"),
        ("browser-dev", ""),
    ] {
        let doubled = format!("{name}={value}; {name}={value}");
        let answer = anna.copy().sending("cookie", &doubled).gets("/cabinet").await;
        assert_eq!(answer.status, 400, "{doubled}");
    }
    // Other people's cookies are no business of ours.
    house.visitor("Vera").sending("cookie", "a=1; a=2; sid=1; sid=2").gets("/").await.is(200);
}

#[actix_web::test]
async fn a_field_that_comes_twice_is_refused() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let token = anna.token().await;
    let body = format!("csrf={token}&email=anna@example.org&email=eve@example.org");
    anna.posts("/email", body.as_bytes()).await.is(400);
    assert_eq!(house.count("outbox WHERE channel = 'mail'"), 0);
}

#[actix_web::test]
async fn over_https_every_cookie_is_locked_to_the_site_and_the_site_to_https() {
    let house = House::with(&[
        ("KABINET_PUBLIC_URL", "https://pay.example.org"),
        ("KABINET_SMTP_URL", "smtps://mail.example.org"),
        ("KABINET_SMS_URL", "smpp://kabinet:secret@sms.example.org"),
        ("KABINET_GATEWAY_URL", "stripe+https://sk_test_unused@api.stripe.com"),
    ])
    .await;
    let anna = house.visitor("Anna").sending("origin", "https://pay.example.org");
    anna.gets("/?locale=ru_RU").await.is(200);
    anna.registers_up_to_the_password().await;
    assert!(anna.cookie("__Host-pre").is_some());
    let answer = anna.thinks_up(PASSWORD, "").await.goes_to("/registration/done");
    for name in ["__Host-sid", "__Host-reg", "__Host-browser", "__Host-locale"] {
        assert!(anna.cookie(name).is_some(), "{name}");
    }
    for cookie in answer.headers("set-cookie") {
        for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain") && cookie.len() < 4096, "{cookie}");
    }
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
    assert!(answer.header("content-security-policy").unwrap().ends_with("upgrade-insecure-requests"));
    // The plain address of the same host is another origin.
    for origin in ["http://pay.example.org", "http://127.0.0.1:8080"] {
        let eve = house.visitor("Eve").sending("origin", origin);
        eve.signs_in("a", "b").await.is(403);
    }
}
