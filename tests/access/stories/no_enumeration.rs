//! Whether an account, an address or a phone is known here: no form tells, by what it answers or by how long that takes.
//!
//! Each form is sent in pairs, one with something known and one with something unknown, in an order that chance decides. Answers must
//! be the same to the byte, hashes and statements as many. Time is compared pair by pair: when nearly all pairs of one form differ the
//! same way by more than a person over a network could overhear, that is no chance.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use kabinet::accounts::identifiers::account_number::AccountNumber;
use kabinet::base::{minutes, random_bytes};
use kabinet::db::schema::counters;

use crate::house::{House, PASSWORD, Visitor};
use crate::profile::stories::profile::owner;
use crate::support::http::Answer;

const PAIRS: usize = 24;
/// Of `PAIRS` fair coins so many fall on one side once in half a million times.
const SAME_SIDE: usize = 23;
/// Differences below both are not looked at.
const UNHEARD: Duration = Duration::from_millis(1);
const UNHEARD_PERCENT: u32 = 15;
/// Statements by which two ways may differ: an account is looked up by one name after the other until it is found, and what is
/// posted to nobody is posted in a savepoint that is rolled back.
const STATEMENTS: usize = 4;

static RUN: AtomicUsize = AtomicUsize::new(0);

struct Counting;

impl Instrumentation for Counting {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            RUN.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A form, and what is typed into it.
struct Form<'a> {
    path: &'static str,
    /// The field in question.
    field: &'static str,
    known: &'a str,
    unknown: &'a str,
    others: &'a [(&'static str, &'a str)],
}

/// What a form costs.
#[derive(Debug, Clone)]
struct Cost {
    time: Duration,
    hashes: u64,
    statements: usize,
}

/// Everything that a browser is shown, but for what chance makes different each time and what was typed.
fn seen(answer: &Answer, typed: &str) -> String {
    let mut body = answer.text();
    let page = answer.page();
    let number = page
        .text()
        .split("Номер запроса:")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next())
        .map(str::to_owned);
    let tokens = page
        .forms()
        .into_iter()
        .flat_map(|form| form.fields)
        .filter(|(name, _)| name == "csrf")
        .map(|(_, value)| value);
    for secret in tokens.chain(number) {
        body = body.replace(&secret, "#");
    }
    body = body.replace(typed, "…");
    let bare = |name: &str, value: &str| match name {
        // A cookie's value is chance; its name, length and attributes are not.
        "set-cookie" => {
            let (pair, attributes) = value.split_once(';').unwrap();
            let (name, secret) = pair.split_once('=').unwrap();
            format!("{name}={} bytes;{attributes}", secret.len())
        }
        "x-request-id" => String::new(),
        _ => value.to_owned(),
    };
    let headers: Vec<String> =
        answer.headers.iter().map(|(name, value)| format!("{name}: {}", bare(name, value))).collect();
    format!("{}\n{}\n\n{body}", answer.status, headers.join("\n"))
}

/// Sends it once. Nobody has tried anything before.
async fn once(house: &House, person: &Visitor<'_>, form: &Form<'_>, typed: &str) -> (String, Cost) {
    house.writes(|db| diesel::delete(counters::table).execute(db)).await;
    let page = person.opens(form.path).await;
    let fields: Vec<(&str, &str)> = form.others.iter().copied().chain([(form.field, typed)]).collect();
    let (hashes, statements, start) = (house.hashers.done(), RUN.load(Ordering::Relaxed), Instant::now());
    let answer = person.sends(&page, form.path, &fields).await;
    let time = start.elapsed();
    let cost = Cost {
        time,
        hashes: house.hashers.done() - hashes,
        statements: RUN.load(Ordering::Relaxed) - statements,
    };
    (seen(&answer, typed), cost)
}

async fn looks_alike<'h>(house: &'h House, form: &Form<'_>, person: impl Fn() -> Visitor<'h>) {
    assert_eq!(form.known.len(), form.unknown.len(), "{}", form.path);
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    // The first is not reckoned: it opens connections and fills caches.
    for round in 0..=PAIRS {
        let [coin] = random_bytes::<1>();
        let mut said = Vec::new();
        for known_now in [coin % 2 == 0, coin % 2 != 0] {
            let (typed, costs) =
                if known_now { (form.known, &mut known) } else { (form.unknown, &mut unknown) };
            let (seen, cost) = once(house, &person(), form, typed).await;
            said.push(seen);
            if round > 0 {
                costs.push(cost);
            }
        }
        assert_eq!(said[0], said[1], "{} {}", form.path, form.field);
    }
    let least = |costs: &[Cost]| costs.iter().map(|cost| (cost.hashes, cost.statements)).min().unwrap();
    let ((hashes, statements), (hashes_too, statements_too)) = (least(&known), least(&unknown));
    assert_eq!(hashes, hashes_too, "hashes of {} {}", form.path, form.field);
    let difference = statements.abs_diff(statements_too);
    assert!(
        difference <= STATEMENTS,
        "{} {}: {statements} statements, or {statements_too}",
        form.path,
        form.known
    );
    takes_as_long(form, &known, &unknown);
}

/// The sign test, with a margin.
fn takes_as_long(form: &Form<'_>, known: &[Cost], unknown: &[Cost]) {
    let median = |costs: &[Cost]| {
        let mut times: Vec<Duration> = costs.iter().map(|cost| cost.time).collect();
        times.sort();
        times[times.len() / 2]
    };
    let usual = median(unknown).min(median(known));
    let margin = UNHEARD.max(usual * UNHEARD_PERCENT / 100);
    let longer = |a: &[Cost], b: &[Cost]| a.iter().zip(b).filter(|(a, b)| a.time > b.time + margin).count();
    let (more, less) = (longer(known, unknown), longer(unknown, known));
    println!(
        "{} {}: {:?} and {:?}, {more} and {less} of {PAIRS}",
        form.path,
        form.known,
        median(known),
        median(unknown)
    );
    let said =
        format!("{} {}: known {:?}, unknown {:?}", form.path, form.field, median(known), median(unknown));
    assert!(more < SAME_SIDE, "in {more} of {PAIRS} pairs the known one takes longer. {said}");
    assert!(less < SAME_SIDE, "in {less} of {PAIRS} pairs the unknown one takes longer. {said}");
}

/// A house with accounts of every kind.
async fn house_of_many() -> House {
    set_default_instrumentation(|| Some(Box::new(Counting))).unwrap();
    let house = House::open().await;
    owner(&house, "Anna", "anna@example.org").await.chooses_questions().await;
    house
}

fn other_number(than: &str) -> String {
    std::iter::repeat_with(AccountNumber::random)
        .map(|number| number.as_str().to_owned())
        .find(|number| number != than)
        .unwrap()
}

#[actix_web::test]
async fn a_sign_in_takes_as_long_for_a_name_that_nobody_has() {
    let house = house_of_many().await;
    let boris = house.visitor("Boris");
    let (number, phone) = (boris.registers().await, boris.phone.clone());
    let vera = house.visitor("Vera");
    let guarded = vera.registers().await;
    vera.guards_the_account().await;
    let nobody = other_number(&number);
    for (known, unknown) in [
        (number.as_str(), nobody.as_str()),
        (guarded.as_str(), nobody.as_str()),
        ("anna@example.org", "alla@example.org"),
        (phone.as_str(), "+79169999999"),
    ] {
        let form = Form {
            path: "/sign-in",
            field: "login",
            known,
            unknown,
            others: &[("password", "wrong-password")],
        };
        looks_alike(&house, &form, || house.visitor("Eve")).await;
    }
}

#[actix_web::test]
async fn a_way_back_in_takes_as_long_for_what_nobody_has() {
    let house = house_of_many().await;
    let boris = house.visitor("Boris");
    boris.registers().await;
    let mail = Form {
        path: "/recovery",
        field: "email",
        known: "anna@example.org",
        unknown: "alla@example.org",
        others: &[],
    };
    looks_alike(&house, &mail, || house.visitor("Eve")).await;
    let others = [("country", "RU")];
    let phone = Form {
        path: "/recovery/phone",
        field: "phone",
        known: &boris.phone,
        unknown: "+79169999999",
        others: &others,
    };
    looks_alike(&house, &phone, || house.visitor("Eve")).await;
    // And for one that has an address, by which it is restored.
    let has_both = first_phone(&house);
    let phone = Form {
        path: "/recovery/phone",
        field: "phone",
        known: &has_both,
        unknown: "+79169999999",
        others: &others,
    };
    looks_alike(&house, &phone, || house.visitor("Eve")).await;
}

fn first_phone(house: &House) -> String {
    house.database.lines("SELECT phone AS line FROM accounts WHERE email IS NOT NULL").remove(0)
}

#[actix_web::test]
async fn registering_and_accepting_take_as_long_for_what_nobody_has() {
    let house = house_of_many().await;
    let known = first_phone(&house);
    let others = [("country", "RU")];
    let form = Form {
        path: "/registration",
        field: "phone",
        known: &known,
        unknown: "+79169999999",
        others: &others,
    };
    looks_alike(&house, &form, || house.visitor("Eve")).await;
    house.invites("vera@example.org").await;
    for known in ["vera@example.org", "anna@example.org"] {
        let others = [("code", "000000")];
        let form = Form {
            path: "/invitation/code",
            field: "email",
            known,
            unknown: "alla@example.org",
            others: &others,
        };
        looks_alike(&house, &form, || house.visitor("Eve")).await;
    }
}

#[actix_web::test]
async fn adding_what_another_account_has_takes_as_long_as_adding_what_nobody_has() {
    let house = house_of_many().await;
    let eve = house.visitor("Eve");
    eve.registers().await;
    house.passes(minutes(1));
    let others = [("password", PASSWORD)];
    let email = Form {
        path: "/email",
        field: "email",
        known: "anna@example.org",
        unknown: "alla@example.org",
        others: &others,
    };
    looks_alike(&house, &email, || eve.clone()).await;
    let (known, others) = (first_phone(&house), [("country", "RU"), ("password", PASSWORD)]);
    let phone = Form {
        path: "/profile/phone",
        field: "phone",
        known: &known,
        unknown: "+79169999999",
        others: &others,
    };
    looks_alike(&house, &phone, || eve.clone()).await;
}
