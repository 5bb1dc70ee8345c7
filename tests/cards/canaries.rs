//! Numbers, security codes and passwords go through every path of cards in the real binary, rightly and in every wrong way; then its
//! files, its bank's files, its log at `trace`, its messages, its metrics and its pages are looked through for them.

use std::cell::RefCell;

use kabinet::base::{Currency, Keys, Money};
use kabinet::gateway::{self, Expiry, Holder, Pan, SecurityCode};

use crate::support::browser::Browser;
use crate::support::http::Answer;
use crate::support::portal::{Portal, SOON};
use crate::support::process::eventually;

const GOOD: &str = "4242424242424242";
const CONFIRM: &str = "4000000000003220";
const STOLEN: &str = "4000000000009979";
const SILENT: &str = "4000000000003006";
/// A good check digit; the sandbox bank does not take it.
const REAL: &str = "4716059321478206";
const MISTYPED: &str = "5555555555554445";
const SHORT: &str = "62000000000000";
const CODE: &str = "739";
const WRONG_PASSWORD: &str = "kanareyka-typed-6-at-cards";

/// The number as people and programs write it.
fn forms_of(number: &str) -> Vec<String> {
    let group = |mark: &str| {
        let digits: Vec<char> = number.chars().collect();
        digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(mark)
    };
    let hex = number.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![number.to_owned(), group(" "), group("-"), group("+"), group("%20"), hex]
}

fn secrets() -> Vec<String> {
    let mut all: Vec<String> =
        [GOOD, CONFIRM, STOLEN, SILENT, REAL, MISTYPED, SHORT].into_iter().flat_map(forms_of).collect();
    all.push(WRONG_PASSWORD.to_owned());
    all.push(crate::support::person::PASSWORD.to_owned());
    let codes =
        ["code={}", "code: {}", "\"code\":\"{}\"", "code\":{}", "value=\"{}\"", "SecurityCode({}", "'{}'"];
    all.extend(codes.iter().map(|form| form.replace("{}", CODE)));
    all
}

#[derive(Default)]
struct Seen(RefCell<Vec<(String, String)>>);

impl Seen {
    fn keeps(&self, answer: Answer) -> Answer {
        self.0.borrow_mut().push((answer.path.clone(), format!("{:?} {}", answer.headers, answer.text())));
        answer
    }

    fn holds(&self, place: &str, bytes: &[u8]) {
        self.0.borrow_mut().push((place.to_owned(), String::from_utf8_lossy(bytes).into_owned()));
    }

    fn tells_nothing(&self) {
        // What may stand there is found.
        let holder = |place: &str| {
            self.0.borrow().iter().any(|(at, text)| at.ends_with(place) && text.contains("ANNA PETROVA"))
        };
        assert!(holder("bank.db") || holder("bank.db-wal"), "the bank's files are read");
        assert!(holder("the database") || holder("/bank/messages.json"));
        for (place, text) in self.0.borrow().iter() {
            for secret in secrets() {
                let at = text.find(&secret).map(|at| {
                    String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(60)..]).into_owned()
                });
                let around = at.map(|text| text.chars().take(140).collect::<String>());
                assert!(around.is_none(), "«{secret}» stands in {place}: {around:?}");
            }
        }
    }
}

fn card<'a>(number: &'a str, holder: &'a str, expiry: &'a str, code: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("number", number),
        ("holder", holder),
        ("expiry", expiry),
        ("security_code", code),
        ("password", WRONG_PASSWORD),
    ]
}

/// Everything that belongs to an installation, by places.
fn looks_through(portal: &Portal, seen: &Seen) {
    seen.holds("the database", &portal.database.bytes());
    for entry in std::fs::read_dir(portal.dir.root()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            seen.holds(&path.display().to_string(), &std::fs::read(&path).unwrap());
        }
    }
    seen.holds("the log", portal.log().as_bytes());
    seen.holds("the mailbox", format!("{:?}", portal.mailbox()).as_bytes());
    seen.holds("the metrics", portal.metrics().text().as_bytes());
}

/// Each field with each secret in it, and addresses with one in them.
fn types_it_wrongly(anna: &mut Browser, seen: &Seen) {
    for typed in [
        card(MISTYPED, "ANNA PETROVA", "12/35", CODE),
        card(SHORT, "ANNA PETROVA", "12/35", CODE),
        card("4242 4242 4242 424x", "ANNA PETROVA", "12/35", CODE),
        card(GOOD, GOOD, "12/35", CODE),
        card(GOOD, "4716 0593 2147 8206", "12/35", CODE),
        card(GOOD, "ANNA PETROVA", GOOD, CODE),
        card(GOOD, "ANNA PETROVA", "4716-0593-2147-8206", CODE),
        card(GOOD, "ANNA PETROVA", CODE, CODE),
        card(GOOD, CODE, "12/35", CODE),
        card(GOOD, "ANNA PETROVA", "12/35", REAL),
        card(CODE, "ANNA PETROVA", "12/35", GOOD),
        card(GOOD, "ANNA PETROVA", "01/20", CODE),
    ] {
        seen.keeps(anna.submits_on("/cards/new", "/cards", &typed).is(422));
    }
    for path in [
        format!("/cards/{REAL}/verification"),
        format!("/cards/new?locale={REAL}"),
        format!("/{REAL}"),
        format!("/cards?number={REAL}"),
    ] {
        // The page may name its own path, which is what the reader typed; the log may not.
        anna.get(&path);
    }
    let token = anna.token("/sign-in");
    let body = format!("csrf={token}&key={REAL}&number={REAL}&security_code={CODE}&holder=A&expiry=1235");
    seen.keeps(anna.posts("/cards", body.as_bytes()));
    seen.keeps(
        anna.posts(&format!("/cards?number={REAL}"), format!("number={REAL}&number={GOOD}").as_bytes()),
    );
    seen.keeps(anna.posts("/gateway/callbacks", format!("{{\"operation\":\"{REAL}\"}}").as_bytes()));
}

#[test]
fn no_number_code_or_password_of_a_card_stays_anywhere() {
    let portal = Portal::with().set("KABINET_LOG", "info,kabinet=trace").start();
    let seen = Seen::default();
    for number in [GOOD, CONFIRM, STOLEN, SILENT, REAL] {
        let mut anna = portal.registers().browser;
        types_it_wrongly(&mut anna, &seen);
        let answer =
            seen.keeps(anna.submits_on("/cards/new", "/cards", &card(number, "ANNA PETROVA", "12/35", CODE)));
        assert_eq!(answer.status == 422, number == REAL, "{number}: {}", answer.status);
        if number == REAL {
            continue;
        }
        let check = answer.is(303).location().to_owned();
        let place = check.replace("/verification", "/confirmation");
        eventually("a charge that is decided", SOON, || {
            let page = seen.keeps(anna.get(&check)).page();
            (!page.says("Просим банк списать")).then_some(())
        });
        // Three digits are a sum there, and shown again as one.
        for sum in [number, "4716 0593 2147 8206"] {
            let form = anna.token(&check);
            seen.keeps(anna.posts(&place, format!("csrf={form}&sum={}", sum.replace(' ', "+")).as_bytes()));
        }
        for path in [&check, "/cards", "/cabinet", "/messages", "/security/activity"] {
            seen.keeps(anna.get(path));
        }
    }
    let mut bank = Browser::new(portal.sandbox_address());
    for path in ["/bank/messages.json", "/bank/journal.json", "/messages.json"] {
        seen.keeps(bank.get(path).is(200));
    }
    looks_through(&portal, &seen);
    let log = portal.log();
    assert!(log.contains("/cards") && (log.contains("TRACE") || log.contains("DEBUG")), "the log is read");
    seen.tells_nothing();
}

/// The bank's own page has the same fields, and the same mistakes are made there.
#[test]
fn neither_on_the_bank_s_page_nor_when_the_bank_is_away() {
    let seen = Seen::default();
    let portal = Portal::with()
        .set("KABINET_CARD_ENTRY", "hosted_redirect")
        .set("KABINET_LOG", "info,kabinet=trace")
        .start();
    let mut anna = portal.registers().browser;
    let check = anna.submits_on("/cards/new", "/cards", &[]).is(303).location().to_owned();
    let links = anna.opens(&check).links();
    let url = links.into_iter().map(|link| link.href).find(|href| href.contains("/bank/pages/")).unwrap();
    let path = url.split_once(&portal.sandbox_address().to_string()).unwrap().1.to_owned();
    let mut bank = Browser::new(portal.sandbox_address());
    for (number, holder, expiry) in [
        (MISTYPED, "ANNA PETROVA", "12/35"),
        (REAL, "ANNA PETROVA", "12/35"),
        (GOOD, GOOD, "12/35"),
        (GOOD, CODE, "12/35"),
        (GOOD, "ANNA PETROVA", REAL),
        (GOOD, "ANNA PETROVA", CODE),
    ] {
        let form =
            bank.opens(&path).forms().into_iter().find(|form| form.action.contains("/bank/pages/")).unwrap();
        let fields = [("number", number), ("holder", holder), ("expiry", expiry), ("code", CODE)];
        seen.keeps(bank.sends(&path, &form, &fields).is(422));
    }
    let form =
        bank.opens(&path).forms().into_iter().find(|form| form.action.contains("/bank/pages/")).unwrap();
    let fields = [("number", GOOD), ("holder", "ANNA PETROVA"), ("expiry", "12/35"), ("code", CODE)];
    seen.keeps(bank.sends(&path, &form, &fields).is(303));
    eventually("a charge", SOON, || anna.opens(&check).says("Списали небольшую сумму").then_some(()));
    looks_through(&portal, &seen);
    seen.tells_nothing();

    let away = Portal::with()
        .set("KABINET_GATEWAY_URL", "stripe+http://sk_test_1@127.0.0.1:1")
        .set("KABINET_LOG", "info,kabinet=trace");
    let away = away.start();
    let mut anna = away.registers().browser;
    let answer = seen
        .keeps(anna.submits_on("/cards/new", "/cards", &card(GOOD, "ANNA PETROVA", "12/35", CODE)).is(422));
    assert!(answer.page().says("Нет связи с банком. Деньги не списаны"), "{}", answer.page().text());
    looks_through(&away, &seen);
    seen.tells_nothing();
}

#[test]
fn no_error_on_the_way_repeats_what_was_typed() {
    let now = kabinet::base::Clock::default().now();
    let mut said = Vec::new();
    for text in [GOOD, REAL, MISTYPED, SHORT, CODE, "4716 0593 2147 8206"] {
        said.push(format!("{:?}", Pan::read(text)));
        said.push(format!("{:?}", Holder::read(text).map(|_holder| ())));
        said.push(format!("{:?}", Expiry::read(text, now).map(|_expiry| ())));
        said.push(format!("{:?}", SecurityCode::read(text, None)));
        said.push(format!("{:?}", Money::read(text, Currency::Rub).map(|_sum| ())));
    }
    let typed = gateway::Card {
        number: Pan::read(GOOD).unwrap(),
        holder: Holder::read("ANNA PETROVA").unwrap(),
        expiry: Expiry::read("12/35", now).unwrap(),
        security_code: SecurityCode::read(CODE, None).unwrap(),
    };
    said.push(format!("{typed:?} {:?}", Keys::from_seed(1)));
    for text in &said {
        assert!(!text.contains(CODE) && text.chars().filter(char::is_ascii_digit).nth(5).is_none(), "{text}");
    }
}
