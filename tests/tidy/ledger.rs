//! The books belong to the ledger, and what is in them is never changed.

use std::collections::BTreeSet;

use super::sources::{files, working_sources};

const TABLES: [&str; 3] = ["transfers", "postings", "ledger_accounts"];
const WRITTEN_ONCE: [&str; 2] = ["transfers", "postings"];

/// Whether a word stands in a text by itself.
fn names(text: &str, word: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(letter)
            && !text[at + word.len()..].chars().next().is_some_and(letter)
    })
}

#[test]
fn only_the_ledger_touches_its_tables() {
    let (mut inside, mut outside) = (BTreeSet::new(), Vec::new());
    for file in files("src", ".rs").into_iter().filter(|file| file.path != "src/db/schema.rs") {
        // Comments may speak of them; SQL in quotes may not.
        let text: String = file
            .text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        for table in TABLES.into_iter().filter(|table| names(&text, table)) {
            match file.room() {
                "ledger" => {
                    inside.insert(table);
                }
                _ => outside.push(format!("{}: {table}", file.path)),
            }
        }
    }
    assert!(outside.is_empty(), "{outside:#?}");
    assert_eq!(inside, BTreeSet::from(TABLES), "the ledger does");
}

/// Code and SQL of the room, in small letters and without space.
fn squeezed() -> Vec<(String, String)> {
    let room = working_sources().into_iter().filter(|file| file.room() == "ledger");
    room.map(|file| (file.path.clone(), file.text.to_lowercase().split_whitespace().collect())).collect()
}

#[test]
fn nothing_in_the_ledger_changes_or_deletes_what_is_written_once() {
    let mut found = Vec::new();
    for (path, text) in squeezed() {
        for never in [
            "diesel::delete",
            "deletefrom",
            "updatetransfers",
            "updatepostings",
            "truncate",
            "replaceinto",
            "usediesel::delete",
        ] {
            found.extend(text.contains(never).then(|| format!("{path}: {never}")));
        }
        found.extend(
            (text.contains("diesel::update") || text.contains("update("))
                .then(|| format!("{path}: an update built by diesel")),
        );
    }
    assert!(found.is_empty(), "{found:#?}");
    let updates: usize = squeezed().iter().map(|(_, text)| text.matches("\"update").count()).sum();
    let of_accounts: usize =
        squeezed().iter().map(|(_, text)| text.matches("\"updateledger_accountsset").count()).sum();
    assert_eq!((updates, of_accounts), (1, 1), "the one update is that of an account");
}

#[test]
fn every_rule_of_the_books_has_a_name() {
    let migrations = files("migrations", "up.sql");
    let ledger = migrations.iter().find(|file| file.path.contains("_ledger/")).unwrap();
    let rules: Vec<&str> = ledger.text.lines().filter(|line| line.contains("CHECK")).collect();
    assert!(rules.len() >= 5, "{rules:#?}");
    for line in rules {
        assert!(line.trim_start().starts_with("CONSTRAINT "), "{line}");
    }
    for table in WRITTEN_ONCE {
        assert!(ledger.text.contains(&format!("CREATE TABLE {table} ")), "{table}");
    }
}
