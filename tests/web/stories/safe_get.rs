//! Looking changes nothing: every page opened twice, by everybody, leaves the database as it was.

use std::collections::BTreeMap;

use actix_web::http::Method;
use kabinet::base::minutes;

use crate::house::{House, Visitor, link_in};
use crate::support::database::Database;
use crate::tidy::access::ROUTES;

/// What a page view may move: when a session was seen, and when it ends if it is not seen again.
const MOVES: [(&str, &str); 2] = [("sessions", "seen_at"), ("sessions", "expires_at")];

#[actix_web::test]
async fn every_page_opened_twice_by_everybody_changes_nothing() {
    let house = House::open().await;
    let (anna, vera, stranger) = (house.visitor("Anna"), house.visitor("Vera"), house.visitor("Stranger"));
    anna.registers_with("anna@example.org").await;
    vera.registers_up_to_the_code().await;
    let link = link_in(&house.letter_to("anna@example.org").await);
    house.runs_maintenance().await;
    house.passes(minutes(16));
    let before = dump(&house.database);
    for person in [&anna, &vera, &stranger] {
        for _ in 0..2 {
            looks_everywhere(person, &link).await;
        }
    }
    let after = dump(&house.database);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "{table}");
    }
    assert!(before["sessions"].len() == 1 && before["registrations"].len() == 2, "{before:?}");
}

/// Every address with GET and with HEAD, with a language and with nonsense behind it.
async fn looks_everywhere(person: &Visitor<'_>, link: &str) {
    for row in ROUTES.iter().filter(|row| row.method == "GET") {
        let path = row.path.replace("/confirmations/{token}", link).replace("{name}", "style.css");
        for method in [Method::GET, Method::HEAD] {
            for query in ["", "?locale=en_US", "?locale=ru_RU&email=x&code=0000&_method=POST"] {
                let status = person.asks(method.clone(), &format!("{path}{query}"), None).await.status;
                assert!(
                    matches!(status, 200 | 303 | 404),
                    "{method} {path} answered {status} to {}",
                    person.name
                );
            }
        }
    }
}

/// Every row of every table as text, but what the program writes down about its database by itself.
fn dump(database: &Database) -> BTreeMap<String, Vec<String>> {
    database
        .tables()
        .into_iter()
        .filter(|table| table != "system_state")
        .map(|table| {
            let columns = columns(database, &table);
            let kept = columns.iter().filter(|column| !MOVES.contains(&(table.as_str(), column.as_str())));
            let values: Vec<String> = kept.map(|column| value(database, column)).collect();
            let sql = format!("SELECT {} AS line FROM {table} ORDER BY 1", values.join(" || '|' || "));
            let rows = database.lines(&sql);
            (table, rows)
        })
        .collect()
}

fn columns(database: &Database, table: &str) -> Vec<String> {
    database.lines(&match database {
        Database::Sqlite(_) => format!("SELECT name AS line FROM pragma_table_info('{table}')"),
        Database::Postgres { .. } => {
            format!("SELECT CAST(column_name AS TEXT) AS line FROM information_schema.columns WHERE table_name = '{table}'")
        }
    })
}

fn value(database: &Database, column: &str) -> String {
    match database {
        Database::Sqlite(_) => format!("quote({column})"),
        Database::Postgres { .. } => format!("COALESCE(CAST({column} AS TEXT), 'NULL')"),
    }
}
