//! Registration by phone: the steps in their order, and everything that can be done wrong on the way.

use kabinet::base::seconds;

use crate::house::{House, code_in};
use crate::support::browser::Browser;
use crate::support::peers::{Smsc, digits};
use crate::support::person::{Codes, PASSWORD, account_number, phone};
use crate::support::portal::{Portal, SOON};
use crate::support::process::eventually;

const STEPS: [&str; 5] = [
    "/registration",
    "/registration/code",
    "/registration/privacy",
    "/registration/version",
    "/registration/password",
];

fn another(code: &str) -> &'static str {
    if code == "4071" { "4072" } else { "4071" }
}

#[test]
fn the_steps_come_in_the_order_of_the_article_with_its_captions() {
    let portal = Portal::start();
    for (locale, phone) in [("ru_RU", "+79163334401"), ("en_US", "+79163334402"), ("zh_CN", "+79163334403")] {
        let mut anna = portal.browser().speaks(locale);
        anna.registers_up_to("/registration/privacy", phone, &portal);
        let page = anna.opens("/registration/privacy");
        let form = page.form_to("/registration/privacy").unwrap();
        assert_eq!(form.captions, ["Agree"], "{locale}");
        assert_eq!(page.value("agree"), None, "un-ticked at first");
        anna.agrees().goes_to("/registration/version");
        assert_eq!(
            anna.opens("/registration/version").form_to("/registration/version").unwrap().captions,
            ["Yes"]
        );
        anna.says_yes().goes_to("/registration/password");
        anna.thinks_up(PASSWORD, "").goes_to("/registration/done");
        let done = anna.opens("/registration/done");
        let number = account_number(&done);
        assert!(luhn(&number), "{number}");
        assert_eq!(account_number(&anna.opens("/cabinet")), number);
        assert!(done.links().iter().any(|link| link.href == "/cabinet"));
    }
}

fn luhn(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[test]
fn a_number_may_be_written_in_any_spelling() {
    let portal = Portal::start();
    for (typed, meant) in [
        ("8 (916) 444-11-01", "79164441101"),
        ("+7 916 444 11 02", "79164441102"),
        ("9164441103", "79164441103"),
        ("7-916-444-11-04", "79164441104"),
        (" +7(916)4441105 ", "79164441105"),
        ("+7\u{a0}916\u{a0}444\u{a0}11\u{a0}06", "79164441106"),
        ("+7 916 444–11–07", "79164441107"),
    ] {
        let mut anna = portal.browser();
        anna.gives_phone(typed).goes_to("/registration/code");
        anna.gives_code(&portal.code_for(meant)).goes_to("/registration/privacy");
    }
}

#[test]
fn countries_stand_in_a_list_with_russia_first_in_three_languages() {
    let portal = Portal::with().set("KABINET_SMS_COUNTRIES", "all").start();
    for (locale, russia) in [("ru_RU", "+7 Россия"), ("en_US", "+7 Russia"), ("zh_CN", "+7 俄罗斯")]
    {
        let page = portal.browser().speaks(locale).opens("/registration");
        let values = page.attributes("option", "value");
        assert_eq!(values.first().map(String::as_str), Some("RU"));
        assert!(values.len() > 200, "{} countries", values.len());
        assert!(page.says(russia), "{locale}");
    }
    let mut person = portal.browser();
    person
        .submits("/registration", &[("country", "KZ"), ("phone", "701 234 56 78")])
        .goes_to("/registration/code");
    eventually("an SMS to Kazakhstan", SOON, || portal.sms_to("77012345678").pop());
}

#[test]
fn three_wrong_codes_and_the_right_one_is_of_no_use_any_more() {
    let portal = Portal::start();
    let mut anna = portal.browser();
    let phone = phone();
    anna.registers_up_to("/registration/code", &phone, &portal);
    let code = portal.code_for(&phone);
    let wrong = another(&code);
    for (left, wrong) in [("2 попытки", "0000"), ("1 попытка", "0003")] {
        let wrong = if wrong == code { another(wrong) } else { wrong };
        let page = anna.gives_code(wrong).is(422).page();
        assert!(page.description("code").contains(left), "«{}»", page.description("code"));
    }
    let page = anna.gives_code(wrong).is(422).page();
    assert!(page.says("Попытки закончились"), "{}", page.text());
    let mut late = anna.clone();
    let token = late.opens("/registration/code").forms()[0].fields[0].1.clone();
    let answer = late.posts("/registration/code", format!("csrf={token}&code={code}").as_bytes());
    assert_eq!(answer.status, 422, "the right code came too late");
    anna.get("/registration/privacy").goes_to("/registration/code");
}

#[actix_web::test]
async fn a_message_can_be_had_again_after_a_minute_with_the_same_code() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let code = anna.receives_code().await;
    let page = anna.opens("/registration/code").await;
    assert!(page.says("Ещё одно сообщение можно будет запросить после"), "{}", page.text());
    for path in ["/registration/code", "/registration/no-code"] {
        let forms = anna.opens(path).await.forms();
        assert!(forms.iter().all(|form| form.action != "/registration/messages"), "{path}");
    }
    house.passes(seconds(59));
    anna.wants_another_message().await.is(429);
    assert_eq!(house.letters_to(&anna.phone).await.len(), 1, "not before the minute is over");
    house.passes(seconds(1));
    anna.submits_on("/registration/no-code", "/registration/messages", &[])
        .await
        .goes_to("/registration/code");
    let messages = house.letters_to(&anna.phone).await;
    let codes: Vec<String> = messages.iter().map(|message| code_in(message, 4)).collect();
    assert_eq!(codes, [code.clone(), code.clone()]);
    anna.gives_code(&code).await.goes_to("/registration/privacy");
}

#[test]
fn the_page_that_asks_why_no_code_came_gives_reasons_and_ways_on() {
    let portal = Portal::start();
    let mut anna = portal.browser();
    anna.registers_up_to("/registration/code", &phone(), &portal);
    let page = anna.opens("/registration/code");
    assert_eq!(page.link("Не пришёл код?").unwrap().href, "/registration/no-code");
    let page = anna.opens("/registration/no-code");
    assert!(
        page.says("заблокирован ли отправитель")
            && page.links().iter().any(|link| link.href == "/registration/code")
    );
    anna.submits_on("/registration/no-code", "/registration/restart", &[]).goes_to("/registration?anew=yes");
    anna.submits_on("/registration?anew=yes", "/registration", &[("phone", &phone())])
        .goes_to("/registration/code");
}

#[test]
fn whoever_opens_a_wrong_step_is_shown_where_they_really_are() {
    let portal = Portal::start();
    let mut stranger = portal.browser();
    for step in &STEPS[1..] {
        assert_eq!(stranger.follows(step).0, "/registration", "{step} without a beginning");
    }
    let mut anna = portal.browser();
    let phone = phone();
    anna.gives_phone(&phone).goes_to("/registration/code");
    let code = portal.code_for(&phone);
    for (here, advance) in STEPS.iter().enumerate().skip(1) {
        for other in STEPS.iter().skip(1).filter(|step| *step != advance) {
            let (end, answer) = anna.follows(other);
            assert_eq!((end.as_str(), answer.status), (*advance, 200), "{other} at step {here}");
        }
        match here {
            1 => anna.gives_code(&code),
            2 => anna.agrees(),
            3 => anna.says_yes(),
            _ => anna.thinks_up(PASSWORD, ""),
        };
    }
    assert!(anna.is_signed_in());
    for step in STEPS {
        let (end, answer) = anna.follows(step);
        assert_eq!(answer.status, 200, "{step} led to {end}");
        assert!(
            !answer.page().forms().iter().any(|form| form.action.starts_with("/registration")),
            "{step} begins anew"
        );
    }
}

#[test]
fn a_step_cannot_be_skipped_by_posting_to_a_later_one() {
    let portal = Portal::start();
    let mut anna = portal.browser();
    let phone = phone();
    anna.gives_phone(&phone).goes_to("/registration/code");
    let token = anna.token("/registration/code");
    for (path, body) in [
        ("/registration/privacy", "agree=yes".to_owned()),
        ("/registration/version", String::new()),
        ("/registration/password", format!("password={PASSWORD}&again={PASSWORD}&email=")),
    ] {
        let answer = anna.posts(path, format!("csrf={token}&{body}").as_bytes());
        assert_eq!((answer.status, answer.location()), (303, "/registration/code"), "{path}");
    }
    assert!(!anna.is_signed_in());
    portal.browser().signs_in(&phone, PASSWORD).is(422);
}

#[test]
fn two_tabs_and_a_double_click_make_one_account() {
    let portal = Portal::start();
    let mut anna = portal.browser();
    let phone = phone();
    anna.registers_up_to("/registration/code", &phone, &portal);
    let code = portal.code_for(&phone);
    let tab = anna.opens("/registration/code").form_to("/registration/code").unwrap();
    anna.gives_code(&code).goes_to("/registration/privacy");
    anna.sends("/registration/code", &tab, &[("code", &code)]).goes_to("/registration/privacy");
    anna.agrees();
    anna.says_yes().goes_to("/registration/password");
    let form = anna.opens("/registration/password").form_to("/registration/password").unwrap();
    let fields = [("password", PASSWORD), ("again", PASSWORD)];
    let (mut left, mut right) = (anna.clone(), anna.clone());
    let answers = std::thread::scope(|scope| {
        let first = scope.spawn(|| left.sends("/registration/password", &form, &fields));
        let second = scope.spawn(|| right.sends("/registration/password", &form, &fields));
        [first.join().unwrap(), second.join().unwrap()]
    });
    for answer in &answers {
        assert!(matches!(answer.status, 303), "{}: {}", answer.status, answer.page().text());
    }
    let sql = "SELECT COUNT(*) AS count FROM accounts";
    assert_eq!(portal.database.count(sql), 1);
    assert_eq!(portal.database.count("SELECT COUNT(*) AS count FROM promo_gifts"), 1);
    assert!([left, right].iter_mut().any(Browser::is_signed_in));
    portal.browser().signs_in(&phone, PASSWORD).goes_to("/cabinet");
}

#[test]
fn going_back_after_the_account_is_made_changes_nothing() {
    let portal = Portal::start();
    let mut anna = portal.browser();
    let phone = phone();
    anna.registers_up_to("/registration/password", &phone, &portal);
    let form = anna.opens("/registration/password").form_to("/registration/password").unwrap();
    anna.thinks_up(PASSWORD, "").goes_to("/registration/done");
    let number = account_number(&anna.opens("/registration/done"));
    let again = "drugoy-parol-9-sovsem";
    let answer = anna.sends("/registration/password", &form, &[("password", again), ("again", again)]);
    assert!(matches!(answer.status, 303 | 403), "{}", answer.status);
    assert_eq!(account_number(&anna.opens("/cabinet")), number);
    portal.browser().signs_in(&number, again).is(422);
    portal.browser().signs_in(&number, PASSWORD).goes_to("/cabinet");
}

#[test]
fn nobody_learns_from_the_pages_that_a_phone_has_an_account_already() {
    let portal = Portal::start();
    let anna = portal.registers();
    let mut again = portal.browser();
    portal.lets_limits_pass();
    again.gives_phone(&anna.phone).goes_to("/registration/code");
    let page = again.opens("/registration/code");
    let newcomer_phone = phone();
    let mut newcomer = portal.browser();
    newcomer.gives_phone(&newcomer_phone).goes_to("/registration/code");
    let other = newcomer.opens("/registration/code");
    let shape = |text: String| {
        text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect::<String>()
    };
    assert_eq!(shape(page.text()), shape(other.text()));
    let told = eventually("the second SMS to Anna", SOON, || {
        Some(portal.sms_to(&anna.phone)).filter(|all| all.len() == 2)
    });
    let text = told[1]["text"].as_str().unwrap();
    assert!(text.contains("уже есть аккаунт") && text.contains("/sign-in"), "{text}");
    again.gives_code("4071").is(422);
    portal.browser().signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
}

#[test]
fn each_rule_of_the_password_is_named_when_it_is_broken() {
    let portal = Portal::start();
    let mut anna = portal.browser();
    let phone = phone();
    anna.registers_up_to("/registration/password", &phone, &portal);
    let own = format!("dom-na-gore-{}", digits(&phone));
    for (password, words) in [
        ("ab1", "слишком короткий"),
        ("korabl-plyvet-v-tumane", "нет арабской цифры"),
        ("korabl-11-v-tumane", "«11»"),
        ("korabl-12-v-tumane", "«12»"),
        ("korabl-21-v-tumane", "«21»"),
        ("password1", "слишком известный"),
        (own.as_str(), ""),
        ("alipay-alipay-7", ""),
    ] {
        let answer = anna.thinks_up(password, "").is(422);
        let page = answer.page();
        let said = page.description("password");
        assert!(page.is_invalid("password") && said.contains(words), "{password}: «{said}»");
        assert!(!answer.text().contains(&format!("value=\"{password}")), "a password is never shown again");
    }
    let page = anna
        .submits(
            "/registration/password",
            &[("password", PASSWORD), ("again", "another-7-one"), ("email", "anna@example.com")],
        )
        .is(422)
        .page();
    assert!(page.description("again").contains("не совпали"));
    assert_eq!(page.value("email").as_deref(), Some("anna@example.com"), "what was typed is kept");
    assert!(!page.source.contains(PASSWORD));
    anna.thinks_up("korabl-19-v-tumane 4к7", "").goes_to("/registration/done");
}

#[test]
fn long_and_unusual_passwords_work_to_the_last_letter() {
    let portal = Portal::start();
    let long = format!("{}9 лодок и 🛶 далеко-далеко за горизонтом", "тихий-океан-".repeat(6));
    assert!(long.chars().count() <= 128);
    let mut anna = portal.browser();
    let phone = phone();
    anna.registers_up_to("/registration/password", &phone, &portal);
    anna.thinks_up(&long, "").goes_to("/registration/done");
    portal.browser().signs_in(&phone, &long).goes_to("/cabinet");
    let cut: String = long.chars().take(long.chars().count() - 1).collect();
    portal.browser().signs_in(&phone, &cut).is(422);
}

#[test]
fn consent_is_its_own_tick_and_is_kept_with_version_time_and_address() {
    let portal = Portal::start();
    let mut anna = portal.browser().from("10.77.66.55");
    let phone = phone();
    anna.registers_up_to("/registration/privacy", &phone, &portal);
    let page = anna.submits("/registration/privacy", &[]).is(422).page();
    assert!(page.description("agree").contains("Отметьте"), "{}", page.text());
    anna.get("/registration/version").goes_to("/registration/privacy");
    assert_eq!(portal.database.count("SELECT COUNT(*) AS count FROM consents"), 0);
    anna.agrees().goes_to("/registration/version");
    let kept = portal.database.lines(
        "SELECT kind || ' ' || text_version || ' ' || locale || ' ' || ip || ' ' || CAST(given_at > 0 AS TEXT) AS line FROM consents",
    );
    assert_eq!(kept.len(), 1);
    assert!(kept[0].contains(" 10.77.66.55 "), "{kept:?}");
}

#[test]
fn sms_of_one_network_and_to_one_number_are_bounded() {
    let portal = Portal::with().set("KABINET_CODE_LIMITS", "strict").start();
    let mut sent = 0;
    for number in 0..25 {
        let mut stranger = portal.browser().from("10.240.7.7");
        let answer = stranger.gives_phone(&format!("+791677700{number:02}"));
        assert!(matches!(answer.status, 303 | 422 | 429), "{}", answer.status);
        sent += usize::from(answer.status == 303);
    }
    assert!((5..=12).contains(&sent), "{sent} messages for one address");
    let mut taken = 0;
    for place in 0..12 {
        let answer = portal.browser().from(&format!("10.241.{place}.1")).gives_phone("+79166660000");
        assert!(matches!(answer.status, 303 | 422 | 429), "{}", answer.status);
        taken += usize::from(answer.status == 303);
    }
    portal.has_sent_everything(SOON);
    let messages = portal.sms_to("+79166660000").len();
    assert!(
        (1..=5).contains(&messages),
        "{messages} messages to one number in a moment, {taken} pages promised one"
    );
}

#[test]
fn the_gift_is_a_promo_code_that_stays_in_the_cabinet() {
    let smsc = Smsc::start();
    let portal = Portal::with().sms_through(&smsc).start();
    let mut anna = portal.registers_in(portal.browser(), &smsc, "");
    let code = portal.database.lines("SELECT code AS line FROM promo_gifts").concat();
    assert!(code.len() >= 8, "{code}");
    for path in ["/registration/done", "/cabinet"] {
        assert!(anna.browser.opens(path).says(&code), "{path} does not show {code}");
    }
    let mut other = portal.registers_in(portal.browser(), &smsc, "").browser;
    assert!(!other.opens("/cabinet").says(&code), "somebody else's gift");
    assert_eq!(smsc.newest(&anna.phone).map(|code| code.len()), Some(4));
}
