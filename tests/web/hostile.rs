//! Every field with empty, too long, wrong and hostile values, in three languages: a clear error at the field or a plain
//! 4xx page, never a 5xx; what was typed is kept, secrets are not.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::browser::Browser;
use crate::support::html::Page;
use crate::support::http::Answer;
use crate::support::person::{PASSWORD, phone};
use crate::support::portal::{Portal, mailed_code_in};

static ATTEMPTS: AtomicU32 = AtomicU32::new(0);

const LOCALES: [&str; 3] = ["ru_RU", "en_US", "zh_CN"];

fn hostile() -> Vec<String> {
    let mut values: Vec<String> = [
        "",
        " ",
        "\u{0}",
        "a\u{1}b",
        "a\u{7f}b",
        "\u{202e}gnp.exe",
        "\u{200b}",
        "\u{feff}12",
        "x\r\nBcc: everybody@example.com",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' OR 1=1 --",
        "{{7*7}} ${7*7} %{7*7}",
        "{ $brand }",
        "../../etc/passwd",
        "%00%0d%0a",
        "🦊🦊🦊",
        "-1",
        "1e309",
        "NaN",
        "\u{661}\u{662}\u{663}\u{664}",
        "\u{e000}",
        "Z\u{351}\u{36b}\u{343}\u{36a}",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push("9".repeat(300));
    values.push("ж".repeat(5000));
    values
}

/// The words belong to that language: Cyrillic, Han, or neither.
fn speaks(words: &str, locale: &str) -> bool {
    let cyrillic = words.chars().any(|letter| ('\u{400}'..='\u{4ff}').contains(&letter));
    let han = words.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    match locale {
        "ru_RU" => cyrillic && !han,
        "zh_CN" => han && !cyrillic,
        _ => !cyrillic && !han && words.chars().any(|letter| letter.is_ascii_alphabetic()),
    }
}

/// Characters that a page can show again; the others are left out there.
fn is_seen(letter: char) -> bool {
    !letter.is_control()
        && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{e000}'..='\u{f8ff}' | '\u{feff}')
}

struct Field {
    path: &'static str,
    name: &'static str,
    secret: bool,
    /// The other fields; `{}` stands for the number of the attempt.
    others: Vec<(&'static str, &'static str)>,
    /// Values that this field takes as they are.
    takes: fn(&str) -> bool,
}

fn nothing(_: &str) -> bool {
    false
}

#[track_caller]
fn judge(field: &Field, value: &str, locale: &str, answer: &Answer) {
    let shown: String = value.chars().take(40).collect();
    let what = format!("{} {} = {shown:?} in {locale}: {}", field.path, field.name, answer.status);
    assert!(answer.status < 500, "{what}\n{}", answer.page().text());
    assert!(
        !answer.text().contains("<script>alert") && !answer.text().contains("<img src=x"),
        "{what}: not escaped"
    );
    if (field.takes)(value) {
        assert!(matches!(answer.status, 303 | 422), "{what}");
        return;
    }
    assert!((400..500).contains(&answer.status), "{what}: taken");
    if answer.status != 422 {
        assert_eq!(answer.page().headings().len(), 1, "{what}: a page");
        return;
    }
    let page: Page = answer.page();
    let said = page.description(field.name);
    assert!(
        page.is_invalid(field.name) && !said.is_empty(),
        "{what}: no error at the field\n{}",
        page.text()
    );
    assert!(speaks(&said, locale), "{what}: «{said}»");
    let kept = page.value(field.name).unwrap_or_default();
    if field.secret {
        assert_eq!(kept, "", "{what}: a secret was shown again");
    } else if value.len() < 400 && value.chars().all(is_seen) && field.name != "country" {
        assert_eq!(kept.trim(), value.trim(), "{what}: what was typed is gone");
    }
}

fn try_all(field: &Field, mut person: impl FnMut(&str) -> Browser) {
    for locale in LOCALES {
        let mut browser = person(locale);
        browser.get(&format!("/?locale={locale}"));
        for value in hostile() {
            // Another network each time: the limits on tries are another story.
            let attempt = ATTEMPTS.fetch_add(1, Ordering::Relaxed).to_string();
            browser.from = format!("10.251.{attempt}.3");
            let others: Vec<String> =
                field.others.iter().map(|(_, value)| value.replace("{}", &attempt)).collect();
            let mut fields: Vec<(&str, &str)> =
                field.others.iter().map(|(name, _)| *name).zip(others.iter().map(String::as_str)).collect();
            fields.push((field.name, &value));
            let answer = browser.submits(field.path, &fields);
            judge(field, &value, locale, &answer);
        }
    }
}

#[test]
fn login_and_password_of_the_sign_in_page() {
    let portal = Portal::start();
    let login = Field {
        path: "/sign-in",
        name: "login",
        secret: false,
        others: vec![("password", "x-5-y")],
        takes: nothing,
    };
    try_all(&login, |_| portal.browser());
    let password = Field {
        path: "/sign-in",
        name: "password",
        secret: true,
        others: vec![("login", "nobody-{}@example.com")],
        takes: |value| {
            // A wrong password is an error of the form as a whole, shown at the login.
            !value.is_empty() && value.chars().count() <= 300
        },
    };
    try_all(&password, |_| portal.browser());
}

#[test]
fn country_and_phone_of_the_first_step() {
    let portal = Portal::start();
    let phone = Field {
        path: "/registration",
        name: "phone",
        secret: false,
        others: vec![("country", "RU")],
        takes: nothing,
    };
    try_all(&phone, |_| portal.browser());
    let country = Field {
        path: "/registration",
        name: "country",
        secret: false,
        others: vec![("phone", "9161112233")],
        takes: nothing,
    };
    try_all(&country, |_| portal.browser());
    assert!(portal.mailbox().is_empty(), "nothing was sent to anybody");
}

#[test]
fn the_code_of_the_second_step() {
    let portal = Portal::start();
    let code = Field {
        path: "/registration/code",
        name: "code",
        secret: false,
        others: vec![],
        takes: |value| {
            // Digits of other scripts may be read as digits; then they are a wrong code and spend a try.
            value.chars().any(|letter| letter.is_numeric() && !letter.is_ascii())
        },
    };
    try_all(&code, |_| {
        let mut anna = portal.browser();
        anna.registers_up_to("/registration/code", &phone(), &portal);
        anna
    });
}

#[test]
fn the_tick_of_the_third_step() {
    let portal = Portal::start();
    let agree =
        Field { path: "/registration/privacy", name: "agree", secret: false, others: vec![], takes: nothing };
    for locale in LOCALES {
        let mut anna = portal.browser();
        anna.registers_up_to("/registration/privacy", &phone(), &portal);
        anna.get(&format!("/?locale={locale}"));
        for value in hostile() {
            let answer = anna.submits("/registration/privacy", &[("agree", &value)]);
            assert!((400..500).contains(&answer.status), "agree = {value:?} answered {}", answer.status);
            if answer.status == 422 {
                let said = answer.page().description(agree.name);
                assert!(speaks(&said, locale), "{locale}: «{said}»");
            }
        }
    }
}

#[test]
fn passwords_and_address_of_the_last_step() {
    let portal = Portal::start();
    let path = "/registration/password";
    let at_password = |locale: &str| {
        let mut anna = portal.browser();
        anna.registers_up_to(path, &phone(), &portal);
        anna.get(&format!("/?locale={locale}"));
        anna
    };
    let email = Field {
        path,
        name: "email",
        secret: false,
        others: vec![("password", PASSWORD), ("again", "x")],
        takes: |value| value.trim().is_empty(),
    };
    try_all(&email, at_password);
    let again =
        Field { path, name: "again", secret: true, others: vec![("password", PASSWORD)], takes: nothing };
    try_all(&again, at_password);
    let password = Field {
        path,
        name: "password",
        secret: true,
        others: vec![("again", PASSWORD)],
        takes: |value| {
            // One that breaks no rule fails only because it was not repeated.
            ["1=1", "7*7", "alert(1)"].iter().any(|part| value.contains(part))
        },
    };
    try_all(&password, at_password);
}

#[test]
fn address_password_and_code_of_the_e_mail_page() {
    let portal = Portal::start();
    let anna = portal.registers();
    let mut signed_in = anna.browser.clone();
    let address = Field {
        path: "/email",
        name: "email",
        secret: false,
        others: vec![("password", PASSWORD)],
        takes: nothing,
    };
    try_all(&address, |_| anna.browser.clone());
    signed_in
        .submits("/email", &[("email", "anna@example.com"), ("password", PASSWORD)])
        .goes_to("/email/code");
    let right = mailed_code_in(&portal.mail_to("anna@example.com"));
    let code = Field {
        path: "/email/code",
        name: "code",
        secret: false,
        others: vec![],
        takes: |value| value.chars().any(|letter| letter.is_numeric() && !letter.is_ascii()),
    };
    try_all(&code, |_| anna.browser.clone());
    signed_in.submits("/email/code", &[("code", &right)]).is(303);
}

fn raw_bodies(token: &str, field: &str, others: &str) -> Vec<(&'static str, Vec<u8>)> {
    let whole = |value: &str| format!("csrf={token}&{others}&{field}={value}").into_bytes();
    let mut bytes = whole("");
    bytes.extend_from_slice(&[0xff, 0xfe, 0xc3, 0x28]);
    vec![
        ("invalid UTF-8, encoded", whole("%FF%FE%C3%28")),
        ("invalid UTF-8, raw", bytes),
        ("half an escape", whole("%4")),
        ("an overlong slash", whole("%C0%AF")),
        ("a lone surrogate", whole("%ED%A0%80")),
        ("a field twice", format!("csrf={token}&{others}&{field}=a&{field}=b").into_bytes()),
        ("the token twice", format!("csrf={token}&csrf={token}&{others}&{field}=a").into_bytes()),
        ("a field that is not there", format!("csrf={token}&{others}").into_bytes()),
        ("100 KB", whole(&"a".repeat(100 * 1024))),
        ("10,000 fields", format!("csrf={token}&{others}&{field}=a{}", "&x=".repeat(5000)).into_bytes()),
        ("nothing but a token", format!("csrf={token}").into_bytes()),
    ]
}

#[test]
fn bodies_that_no_browser_sends() {
    let portal = Portal::start();
    for locale in LOCALES {
        for (path, field, others) in [
            ("/sign-in", "login", "password=x"),
            ("/sign-in", "password", "login=nobody%40example.com"),
            ("/registration", "phone", "country=RU"),
            ("/registration", "country", "phone=9161112233"),
        ] {
            for number in 0..raw_bodies("", field, others).len() {
                let mut person = portal.browser().speaks(locale);
                let token = person.token(path);
                let (kind, body) = raw_bodies(&token, field, others).swap_remove(number);
                let answer = person.posts(path, &body);
                let status = answer.status;
                assert!((400..500).contains(&status), "{path} {field}: {kind} in {locale} answered {status}");
                assert_eq!(answer.page().headings().len(), 1, "{path} {field}: {kind}: a page");
            }
        }
    }
    assert!(portal.mailbox().is_empty());
}

#[test]
fn addresses_that_no_link_has() {
    let portal = Portal::start();
    let long = format!("/{}", "a".repeat(7000));
    for path in [
        "/%00",
        "/%FF",
        "/..%2f..%2fetc/passwd",
        "/static/../Cargo.toml",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "//evil.example/",
        "/confirmations/%00",
        "/confirmations/%F0%9F%A6%8A",
        "/sign-in/",
        "/SIGN-IN",
        "/.env",
        "/.git/config",
        "/admin",
        "/metrics",
        "/messages.json",
        &long,
    ] {
        for locale in LOCALES {
            let answer = portal.browser().speaks(locale).tries("GET", path, &[], None);
            let status = answer.map_or(400, |answer| answer.status);
            assert!((300..500).contains(&status), "{} answered {status}", &path[..path.len().min(60)]);
        }
    }
}

#[test]
fn cookies_that_the_portal_never_gave() {
    let portal = Portal::start();
    let long = "a".repeat(3000);
    for name in ["sid-dev", "pre-dev", "reg-dev", "browser-dev", "locale", "", "SameSite"] {
        for value in ["", "x", "\"", "%FF", "a=b=c", "🦊", &long] {
            let mut person = portal.browser();
            person.cookies.push((name.to_owned(), value.to_owned()));
            for path in ["/", "/sign-in", "/registration", "/registration/code", "/cabinet"] {
                let answer = person.get(path);
                assert!(
                    matches!(answer.status, 200 | 303 | 400),
                    "{path} with {name}={value:.9} answered {}",
                    answer.status
                );
            }
            assert_eq!(portal.browser().get("/").status, 200);
        }
    }
}
