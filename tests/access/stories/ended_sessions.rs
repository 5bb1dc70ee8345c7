//! A session that ends while a form of its is on the way: the next step is to sign in, and nothing is broken. Each form of whoever is
//! signed in is stopped at every place where it waits for the portal.

use diesel::RunQueryDsl;
use kabinet::base::minutes;

use super::stale_requests::Places;
use crate::house::{ANOTHER_PASSWORD, House, PASSWORD, Visitor};
use crate::profile::stories::profile::owner;
use crate::support::http::encoded;
use crate::support::log_lines::LogLines;
use crate::tidy::access::{ROUTES, Who};

async fn executes(house: &House, statements: &'static [&'static str]) {
    house
        .writes(move |db| {
            statements.iter().try_for_each(|sql| diesel::sql_query(*sql).execute(db).map(|_rows| ()))
        })
        .await;
}

const KEEPS: &[&str] = &[
    "CREATE TABLE kept_sessions AS SELECT * FROM sessions",
    "CREATE TABLE kept_accounts AS SELECT id, epoch, password FROM accounts",
];
const BRINGS_BACK: &[&str] = &[
    "DELETE FROM sessions",
    "INSERT INTO sessions SELECT * FROM kept_sessions",
    "UPDATE accounts SET epoch = (SELECT epoch FROM kept_accounts kept WHERE kept.id = accounts.id), \
     password = (SELECT password FROM kept_accounts kept WHERE kept.id = accounts.id)",
    "DELETE FROM counters",
];
const ENDS: &[&str] = &["DELETE FROM sessions", "UPDATE accounts SET epoch = epoch + 1"];

/// Whatever a form may want: those that it does not know are nothing to it.
fn fields(path: &str, code: &str) -> Vec<(&'static str, String)> {
    let mut fields: Vec<(&str, String)> = [
        ("password", PASSWORD),
        ("again", PASSWORD),
        ("current", PASSWORD),
        ("email", "new@example.org"),
        ("code", code),
        ("name", "Anna"),
        ("language", "en_US"),
        ("zone", "Asia/Tokyo"),
        ("country", "RU"),
        ("phone", "+79167654321"),
        ("number", "5555555555554444"),
        ("holder", "ANNA PETROVA"),
        ("expiry", "12/35"),
        ("security_code", "123"),
        ("sum", "1,23"),
        ("question1", "toy"),
        ("answer1", "Ёжик Тоша"),
        ("question2", "dish"),
        ("answer2", "манная каша"),
        ("question3", "poem"),
        ("answer3", "Бородино"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into();
    if path == "/profile/password" {
        fields.retain(|(name, _)| !matches!(*name, "password" | "again"));
        fields.extend([("password", ANOTHER_PASSWORD.to_owned()), ("again", ANOTHER_PASSWORD.to_owned())]);
    }
    fields
}

/// The address of a form, with what it is about; and a code that may be wanted there.
async fn prepares(anna: &Visitor<'_>, path: &str) -> (String, String) {
    let no_such = "A".repeat(43);
    let fields = |path: &str| fields(path, "000000");
    let posts = async |path: &str, page: &str| {
        let fields = fields(path);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        anna.posts_with_token(path, &fields).await.goes_to(page);
    };
    match path {
        "/email/code" => posts("/email", "/email/code").await,
        "/profile/phone/code" | "/profile/phone/messages" => {
            posts("/profile/phone", "/profile/phone/code").await
        }
        "/security/factor/confirmation" => posts("/security/factor", "/security/factor").await,
        "/security/factor/off" | "/security/factor/codes" => {
            let guarded = anna.guards_the_account().await;
            return (path.to_owned(), guarded.paper[0].clone());
        }
        _ if path.starts_with("/cards/{handle}") => {
            let form = anna.opens("/cards/new").await;
            let card = [
                ("number", "5555555555554444"),
                ("holder", "ANNA PETROVA"),
                ("expiry", "12/35"),
                ("security_code", "123"),
            ];
            let shown = anna.sends(&form, "/cards", &card).await;
            let handle = shown.location().split('/').nth(2).unwrap_or_default().to_owned();
            assert!(!handle.is_empty(), "{} {}", shown.status, shown.page().text());
            return (path.replace("{handle}", &handle), String::new());
        }
        _ => {}
    }
    (path.replace("{handle}", &no_such), "000000".to_owned())
}

#[actix_web::test]
async fn whatever_is_sent_when_its_session_ends_is_neither_broken_nor_an_error() {
    let (errors, _log) = LogLines::from_level(tracing::Level::ERROR);
    let forms = ROUTES.iter().filter(|row| row.method == "POST" && row.who == Who::Owner);
    let (mut seen, mut stopped) = (0, 0);
    for row in forms {
        let house = House::open().await;
        let anna = owner(&house, "Anna", "anna@example.org").await;
        let (path, code) = prepares(&anna, row.path).await;
        // The password is asked for again, and a right one is noted in the session.
        house.passes(minutes(6));
        let fields = fields(row.path, &code);
        executes(&house, KEEPS).await;
        let mut places = Places::default();
        while let Some(place) = places.next() {
            executes(&house, BRINGS_BACK).await;
            // Each time a form of its own: the same one would be a second press of its button.
            let token = anna.token().await;
            let fields: Vec<(&str, &str)> = std::iter::once(("csrf", token.as_str()))
                .chain(fields.iter().map(|(name, value)| (*name, value.as_str())))
                .collect();
            let body = encoded(&fields);
            let browser = anna.copy();
            let (answer, held_up) = browser.is_held_up(&path, body, place, executes(&house, ENDS)).await;
            assert!(answer.status < 500, "{path} held up at {place} answered {}", answer.status);
            assert_eq!(errors.text(), "", "{path} held up at {place}");
            assert!(!browser.is_signed_in().await || !held_up, "{path} held up at {place}");
            places.was_stopped(held_up);
            stopped += usize::from(held_up);
        }
        seen += 1;
    }
    assert!(seen > 20 && stopped > 60, "{seen} forms, held up {stopped} times");
}
