//! Packed answers are the pages that they were made of; what is kept of one reader is shown to nobody else; statements are planned once.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::house::{House, Visitor};
use crate::support::database::needs_sqlite;
use crate::support::http::Answer;

const PAGES: [&str; 8] =
    ["/", "/help", "/privacy", "/sign-in", "/cabinet", "/cards", "/profile", "/security"];
const CODINGS: [&str; 4] = ["gzip", "br", "zstd", "gzip, deflate, br, zstd"];

fn unpacked(answer: &Answer) -> String {
    let (mut text, body) = (String::new(), answer.body.as_slice());
    match answer.header("content-encoding") {
        Some("gzip") => flate2::read::GzDecoder::new(body).read_to_string(&mut text).unwrap(),
        Some("br") => brotli::Decompressor::new(body, 4096).read_to_string(&mut text).unwrap(),
        Some("zstd") => zstd::stream::read::Decoder::new(body).unwrap().read_to_string(&mut text).unwrap(),
        other => panic!("{}: packed as {other:?}", answer.path),
    };
    text
}

/// A page without what differs each time: the tokens of its forms.
fn without_tokens(page: &str) -> String {
    let mut parts = page.split("name=\"csrf\" value=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once('"').map_or(part, |(_token, rest)| rest))
}

/// Until the page that is packed once, beside the answers, is there: it is smaller than what is packed in passing. (Another story of this
/// process may have had it packed already.)
async fn is_packed_well(reader: &Visitor<'_>, path: &str, coding: &str) {
    let mut in_passing = GzEncoder::new(Vec::new(), Compression::fast());
    in_passing.write_all(&reader.gets(path).await.body).unwrap();
    let (in_passing, began) = (in_passing.finish().unwrap().len(), Instant::now());
    let browser = reader.copy().sending("accept-encoding", coding);
    while browser.gets(path).await.body.len() * 20 > in_passing * 19 {
        assert!(began.elapsed() < Duration::from_secs(60), "{path} is never packed as {coding}");
    }
}

async fn sees_the_same_packed(reader: &Visitor<'_>, number: Option<&str>, others: &[&str]) {
    for path in PAGES {
        let plain = reader.gets(path).await;
        if plain.status != 200 {
            continue;
        }
        let plain = plain.text();
        for (round, coding) in CODINGS.iter().chain(&CODINGS).enumerate() {
            let answer = reader.copy().sending("accept-encoding", coding).gets(path).await.is(200);
            assert!(answer.headers("vary").iter().any(|vary| vary.contains("accept-encoding")), "{path}");
            assert!(answer.body.len() * 4 < plain.len() * 3, "{path} as {coding}: {}", answer.body.len());
            let text = unpacked(&answer);
            assert_eq!(without_tokens(&text), without_tokens(&plain), "{path} as {coding}, round {round}");
            assert!(!text.contains('\u{1}'), "{path}: a mark was left in its place");
            assert_eq!(number.is_some_and(|number| text.contains(number)), number.is_some(), "{path}");
            assert!(others.iter().all(|other| !text.contains(other)), "{path} shows whose it is not");
        }
    }
}

/// An account number as the header shows it.
fn grouped(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[actix_web::test]
async fn a_packed_page_is_the_page_and_nobody_else_s() {
    let house = House::open().await;
    let (anna, boris, stranger) = (house.visitor("Anna"), house.visitor("Boris"), house.visitor("Stranger"));
    let (of_anna, of_boris) = (grouped(&anna.registers().await), grouped(&boris.registers().await));
    assert_ne!(of_anna, of_boris);
    for locale in ["ru_RU", "en_US", "zh_CN"] {
        for reader in [&anna, &boris, &stranger] {
            reader.gets(&format!("/?locale={locale}")).await.is(200);
        }
        for path in ["/", "/sign-in"] {
            is_packed_well(&stranger, path, "br").await;
        }
        sees_the_same_packed(&anna, Some(&of_anna), &[&of_boris]).await;
        sees_the_same_packed(&stranger, None, &[&of_anna, &of_boris]).await;
        sees_the_same_packed(&boris, Some(&of_boris), &[&of_anna]).await;
    }
    // The token in a packed form is the reader's own: it is taken.
    let page = unpacked(&stranger.copy().sending("accept-encoding", "br").gets("/sign-in").await);
    let token =
        page.split_once("name=\"csrf\" value=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap();
    let form = format!("csrf={token}&login=&password=");
    stranger.posts("/sign-in", form.as_bytes()).await.is(422);
}

/// Everything about an answer but its tokens.
fn as_anybody_sees_it(answer: &Answer) -> (Vec<String>, String) {
    let text = if answer.header("content-encoding").is_some() { unpacked(answer) } else { answer.text() };
    let mut head: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "set-cookie" | "content-length" | "date"))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    head.sort_unstable();
    (head, without_tokens(&text))
}

#[actix_web::test]
async fn what_is_answered_before_the_routes_is_what_the_route_answers() {
    let house = House::open().await;
    for path in ["/", "/sign-in", "/help", "/privacy"] {
        for locale in ["ru_RU", "en_US", "zh_CN"] {
            let fresh = || {
                let visitor = house.visitor("Stranger");
                visitor.keeps("locale", locale);
                visitor
            };
            // A cookie that says nothing, and that the page's route alone looks at.
            let by_the_route = |coding: &str| {
                let visitor = fresh().sending("accept-encoding", coding);
                visitor.keeps("reg-dev", "none");
                visitor
            };
            by_the_route("identity").gets(path).await.is(200);
            for coding in ["br", "gzip"] {
                is_packed_well(&fresh(), path, coding).await;
            }
            for coding in ["identity", "br", "gzip"] {
                let known = fresh().sending("accept-encoding", coding);
                let first = known.gets(path).await.is(200);
                let again = known.gets(path).await.is(200);
                let routed = by_the_route(coding).gets(path).await.is(200);
                for answer in [&first, &again] {
                    assert_eq!(as_anybody_sees_it(answer), as_anybody_sees_it(&routed), "{path} {coding}");
                }
                let forms = routed.headers("set-cookie").len();
                assert_eq!(first.headers("set-cookie").len(), forms, "{path}: the secret of a first form");
                assert!(again.headers("set-cookie").is_empty(), "{path}: it is kept");
            }
        }
    }
}

#[actix_web::test]
async fn a_page_that_shows_a_secret_is_not_packed() {
    let house = House::open().await;
    let owner = house.visitor("Owner");
    owner.registers().await;
    owner.submits("/security/factor", &[("password", crate::house::PASSWORD)]).await;
    let browser = owner.copy().sending("accept-encoding", "gzip, deflate, br, zstd");
    for path in ["/security/factor", "/confirmations/AAAA", "/invitations/AAAA"] {
        assert_eq!(browser.gets(path).await.header("content-encoding"), None, "{path}");
    }
    assert!(browser.gets("/security").await.header("content-encoding").is_some());
}

mod sqlite_only {
    use super::*;

    #[derive(QueryableByName)]
    struct Statement {
        #[diesel(sql_type = Text)]
        sql: String,
        #[diesel(sql_type = BigInt)]
        reprep: i64,
        #[diesel(sql_type = BigInt)]
        runs: i64,
        #[diesel(sql_type = BigInt)]
        scanned: i64,
    }

    const STATEMENTS: &str = "SELECT sql, reprep, run AS runs, nscan AS scanned FROM sqlite_stmt";

    #[actix_web::test]
    async fn statements_are_planned_once_and_find_by_key() {
        needs_sqlite();
        let house = House::open().await;
        let owner = house.visitor("Owner");
        owner.registers().await;
        for _ in 0..3 {
            for path in PAGES {
                owner.gets(path).await;
            }
            owner.submits("/profile/name", &[("name", "Анна")]).await;
        }
        let read = |db: &mut kabinet::db::Db| diesel::sql_query(STATEMENTS).load::<Statement>(db);
        let (reading, writing) =
            (house.store().read(read).await.unwrap(), house.store().write(read).await.unwrap());
        let often = reading.iter().filter(|statement| statement.runs > 5).count();
        assert!(often >= 5, "pages are read on this thread's own connection: {often} statements");
        for Statement { sql, reprep, runs, scanned } in reading.iter().chain(&writing) {
            // Once, where a table was made after it was planned.
            assert!(*reprep <= 1, "planned anew {reprep} times in {runs} runs: {sql}");
            assert_eq!(*scanned, 0, "looks at every row: {sql}");
        }
    }
}
