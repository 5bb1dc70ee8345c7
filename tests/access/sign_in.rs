//! Signing in: who gets in, who does not, and what it tells a stranger.

use std::time::Duration;

use crate::support::person::{PASSWORD, Person};
use crate::support::portal::{AS_INSTALLED, Portal, SOON, mailed_code_in};

const WRONG: &str = "ne-tot-parol-5";

#[test]
fn the_account_id_may_be_written_in_any_spacing() {
    let portal = Portal::start();
    let anna = portal.registers();
    let number = &anna.number;
    for login in [
        number.clone(),
        anna.grouped(),
        format!("  {number} "),
        anna.grouped().replace(' ', "-"),
        anna.grouped().replace(' ', "\u{a0}"),
    ] {
        portal.browser().signs_in(&login, PASSWORD).goes_to("/cabinet");
    }
}

#[test]
fn the_phone_is_a_login_in_any_spelling() {
    let portal = Portal::start();
    let anna = portal.registers();
    let local = &anna.phone[2..];
    let (area, rest) = local.split_at(3);
    for login in [
        anna.phone.clone(),
        format!("8{local}"),
        format!("8 ({area}) {rest}"),
        format!("+7 {area} {rest}"),
        format!("7{local}"),
    ] {
        portal.browser().signs_in(&login, PASSWORD).goes_to("/cabinet");
    }
}

#[test]
fn a_confirmed_address_is_a_login_in_any_case() {
    let portal = Portal::start();
    let mut anna = portal.registers();
    anna.browser
        .submits("/email", &[("email", "Anna.K@Example.com"), ("password", PASSWORD)])
        .goes_to("/email/code");
    portal.browser().signs_in("anna.k@example.com", PASSWORD).is(422);
    let code = mailed_code_in(&portal.mail_to("Anna.K@example.com"));
    anna.browser.submits("/email/code", &[("code", &code)]).is(303);
    for login in ["anna.k@example.com", "ANNA.K@EXAMPLE.COM", " Anna.K@example.com "] {
        portal.browser().signs_in(login, PASSWORD).goes_to("/cabinet");
    }
}

#[test]
fn a_password_counts_to_its_last_letter_and_in_its_case() {
    let portal = Portal::start();
    let anna = portal.registers();
    for close in [PASSWORD.to_uppercase(), format!("{PASSWORD} "), PASSWORD[..PASSWORD.len() - 1].to_owned()]
    {
        portal.browser().signs_in(&anna.number, &close).is(422);
    }
    portal.browser().signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
}

/// The page without what differs from one answer to the next by nature.
fn bare(page: &str, login: &str) -> String {
    let mut text = page.replace(login, "LOGIN");
    for name in ["csrf\" value=\"", "class=\"code\">"] {
        while let Some(at) = text.find(name).map(|at| at + name.len()) {
            let end = text[at..].find(['"', '<']).map_or(text.len(), |end| at + end);
            text.replace_range(at - name.len()..end, "");
        }
    }
    text
}

#[test]
fn a_stranger_cannot_tell_an_account_that_exists_from_one_that_does_not() {
    let portal = Portal::start();
    let anna = portal.registers();
    let known = portal.browser().signs_in(&anna.number, WRONG).is(422);
    let (phone_known, phone_unknown) = (anna.phone.clone(), "+79169998877".to_owned());
    let names = |answer: &crate::support::http::Answer| {
        let mut names: Vec<String> = answer.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        names
    };
    // The first is a well-formed number that nobody has, the second is no number at all.
    for unknown in ["100000000008", "123456789012", "nobody@example.com", &phone_known, &phone_unknown] {
        let answer = portal.browser().signs_in(unknown, WRONG).is(422);
        assert_eq!(bare(&answer.text(), unknown), bare(&known.text(), &anna.number), "{unknown}");
        assert_eq!(names(&answer), names(&known));
    }
}

/// The processor time that the portal's hashing threads have had so far: whatever else the machine does, it is that of the work.
fn hashed(portal: &Portal) -> Duration {
    let mut times = Vec::new();
    for thread in std::fs::read_dir(format!("/proc/{}/task", portal.pid())).unwrap() {
        let thread = thread.unwrap().path();
        if std::fs::read_to_string(thread.join("comm")).unwrap().starts_with("hash-") {
            let times_and_turns = std::fs::read_to_string(thread.join("schedstat")).unwrap();
            times.push(times_and_turns.split(' ').next().unwrap().parse().unwrap());
        }
    }
    assert!(!times.is_empty(), "no thread of the portal is called hash-…");
    Duration::from_nanos(times.iter().sum())
}

#[test]
fn an_unknown_login_costs_as_much_work_as_a_known_one() {
    let portal = Portal::start();
    let people: Vec<Person> = (0..3).map(|_| portal.registers()).collect();
    let work = |login: &str| {
        let before = hashed(&portal);
        portal.browser().signs_in(login, WRONG).is(422);
        hashed(&portal) - before
    };
    let (mut known, mut unknown) = (Duration::ZERO, Duration::ZERO);
    for turn in 0..12 {
        known += work(&people[turn % people.len()].number);
        unknown += work(&format!("nobody{turn}@example.com"));
    }
    assert!(known * 2 < unknown * 3 && unknown * 2 < known * 3, "known {known:?}, unknown {unknown:?}");
}

fn fails_until_told_to_wait(portal: &Portal, login: &str) -> (usize, crate::support::http::Answer) {
    for tries in 0..30 {
        let answer = portal.browser().signs_in(login, WRONG);
        if answer.status == 429 {
            return (tries, answer);
        }
        assert_eq!(answer.status, 422);
    }
    panic!("30 wrong passwords from 30 places, and nobody was told to wait");
}

#[test]
fn strangers_are_told_to_wait_and_the_owner_gets_in_with_the_device_that_is_known() {
    let portal = Portal::start();
    let mut anna = portal.registers();
    anna.browser.signs_out().goes_to("/");
    anna.browser.signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
    anna.browser.signs_out().goes_to("/");
    let (tries, refused) = fails_until_told_to_wait(&portal, &anna.number);
    assert!((3..=10).contains(&tries), "{tries} tries");
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=15 * 60).contains(&seconds), "{seconds}");
    let page = refused.page();
    assert!(page.says("Подождите 1 минуту"), "when to come again:\n{}", page.text());
    assert_eq!(page.value("login").as_deref(), Some(anna.number.as_str()), "what was typed is kept");
    assert!(!page.source.contains(WRONG));
    portal.browser().signs_in(&anna.number, PASSWORD).is(429);
    anna.browser.signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
}

#[test]
fn the_wait_is_the_same_for_an_account_that_nobody_has() {
    let portal = Portal::start();
    let anna = portal.registers();
    let (known, first) = fails_until_told_to_wait(&portal, &anna.number);
    let (unknown, second) = fails_until_told_to_wait(&portal, "100000000008");
    assert_eq!(known, unknown);
    assert_eq!(bare(&first.text(), &anna.number), bare(&second.text(), "100000000008"));
}

#[test]
fn one_place_that_tries_many_logins_is_stopped_too() {
    let portal = Portal::start();
    let mut statuses = Vec::new();
    for number in 0..40 {
        let mut stranger = portal.browser().from("10.250.1.9");
        statuses.push(stranger.signs_in(&format!("nobody{number}@example.com"), WRONG).status);
    }
    let free = statuses.iter().take_while(|status| **status == 422).count();
    assert!((5..=30).contains(&free), "{statuses:?}");
    assert!(statuses[free..].iter().all(|status| *status == 429), "{statuses:?}");
    let anna = portal.registers();
    portal.browser().signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
}

#[test]
fn only_a_listed_proxy_is_believed_about_the_address() {
    let portal = Portal::with().set("KABINET_TRUSTED_PROXIES", "").start();
    let mut seen = Vec::new();
    for number in 0..40 {
        let login = format!("nobody{number}@example.com");
        seen.push(portal.browser().from(&format!("10.9.{number}.1")).signs_in(&login, WRONG).status);
    }
    assert!(seen.contains(&429), "an invented X-Forwarded-For must not help: {seen:?}");
}

#[test]
fn the_owner_is_told_of_a_sign_in_from_a_browser_that_is_not_known() {
    let portal = Portal::start();
    let mut anna = portal.registers();
    anna.browser
        .submits("/email", &[("email", "anna@example.com"), ("password", PASSWORD)])
        .goes_to("/email/code");
    let code = mailed_code_in(&portal.mail_to("anna@example.com"));
    anna.browser.submits("/email/code", &[("code", &code)]).is(303);
    let told = || {
        portal.has_sent_everything(SOON);
        let mut mails = portal.mails_to("anna@example.com");
        mails.retain(|mail| mail["subject"] == "Вход с нового устройства");
        mails
    };
    anna.browser.signs_out().goes_to("/");
    anna.browser.signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
    assert_eq!(told().len(), 0, "her own browser is known");
    portal.browser().from("10.99.88.77").signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
    let mails = told();
    assert_eq!(mails.len(), 1);
    let text = mails[0]["text"].as_str().unwrap();
    assert!(text.contains("10.99.88.77") && text.contains(&anna.grouped()), "{text}");
}

/// Were passwords hashed where pages are made, each page would wait for the sign-ins that came before it, and no more than one or two
/// would be seen for each of them.
#[test]
fn a_storm_of_sign_ins_leaves_the_other_pages_alone() {
    const STRANGERS: usize = 24;
    const PAGES: usize = 20;
    let portal = Portal::with().set("KABINET_HASH_WAIT_SECONDS", AS_INSTALLED).start();
    let address = portal.listen();
    let template = portal.browser();
    let mut pages = 0;
    std::thread::scope(|scope| {
        let storms = |thread: usize| {
            for try_ in 0..3 {
                let mut stranger = template.at(address).from(&format!("10.{}.{try_}.1", 100 + thread));
                let login = format!("nobody{thread}-{try_}@example.com");
                let answer = stranger.signs_in(&login, WRONG);
                assert!(matches!(answer.status, 422 | 429 | 503), "{}", answer.status);
                if answer.status == 503 {
                    assert!(answer.header("retry-after").is_some());
                }
            }
        };
        let strangers: Vec<_> = (0..STRANGERS).map(|thread| scope.spawn(move || storms(thread))).collect();
        while strangers.iter().filter(|stranger| !stranger.is_finished()).count() > STRANGERS / 2 {
            template.clone().get("/").is(200);
            pages += 1;
        }
    });
    assert!(pages >= PAGES, "{pages} pages were seen during the storm");
}

#[test]
fn empty_fields_are_named_one_by_one() {
    let portal = Portal::start();
    let answer = portal.browser().signs_in("", "").is(422);
    let page = answer.page();
    assert!(page.is_invalid("login") && page.is_invalid("password"));
    assert!(page.description("login").contains("Введите номер аккаунта"));
    assert!(page.description("password").contains("Введите пароль"));
    let summary: Vec<String> = page.links().into_iter().map(|link| link.href).collect();
    assert!(summary.contains(&"#login".to_owned()) && summary.contains(&"#password".to_owned()));
}
