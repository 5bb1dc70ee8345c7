//! A database that is not what the program needs: ready says so and why, and one line of the log names the table.

use crate::support::portal::{Portal, SOON};
use crate::support::process::eventually;

/// What /health/ready says, once it answers.
#[track_caller]
fn starts_and_says(portal: &mut Portal) -> String {
    portal.launch();
    let answer = eventually("an answer of the portal", SOON, || {
        assert!(portal.is_running(), "it ended:\n{}", portal.log());
        portal.browser().tries("GET", "/health/ready", &[], None)
    });
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.header("retry-after").is_some());
    answer.text()
}

fn lines_of_trouble(portal: &Portal) -> usize {
    portal.log().lines().filter(|line| line.contains("the database is not in order")).count()
}

#[test]
fn a_table_that_is_missing_is_named() {
    for table in ["activity", "sessions", "postings"] {
        let mut portal = Portal::start();
        portal.kill();
        portal.database.loses_table(table);
        let said = starts_and_says(&mut portal);
        assert!(said.contains(&format!("the table {table} is missing")), "{said}");
        assert!(portal.log().contains(&format!("the table {table} is missing")));
        assert_eq!(lines_of_trouble(&portal), 1);
        // Live all the same: another start would not help.
        portal.browser().get("/health/live").is(200);
    }
}

#[test]
fn a_schema_that_a_newer_program_has_made_is_named() {
    let mut portal = Portal::start();
    portal.kill();
    portal.database.was_used_by_a_newer_program();
    let said = starts_and_says(&mut portal);
    assert!(said.contains("newer than this program (migration 29990101000001)"), "{said}");
    assert_eq!(lines_of_trouble(&portal), 1);
}

#[test]
fn an_index_that_is_missing_is_named() {
    let mut portal = Portal::start();
    portal.kill();
    portal.database.executes("DROP INDEX card_verifications_one_a_card");
    let said = starts_and_says(&mut portal);
    assert!(said.contains("the index card_verifications_one_a_card is missing"), "{said}");
}

mod sqlite_only {
    use super::*;
    use crate::support::database::needs_sqlite;

    /// What would be written into a file that is no longer there is not acknowledged.
    #[test]
    fn a_file_that_is_replaced_under_the_running_portal_takes_no_write_any_more() {
        needs_sqlite();
        for replaced in [false, true] {
            let portal = Portal::start();
            let mut anna = portal.registers().browser;
            let file = portal.database.file();
            let copy = file.with_extension("copy");
            std::fs::copy(file, &copy).unwrap();
            if replaced {
                std::fs::rename(&copy, file).unwrap();
            } else {
                std::fs::remove_file(file).unwrap();
            }
            let answer = anna.submits("/email", &[("email", "anna@example.org")]);
            assert_eq!(answer.status, 503, "{}", answer.text());
            let ready = portal.browser().get("/health/ready");
            assert_eq!(ready.status, 503);
            assert!(ready.text().contains("moved, deleted or replaced"), "{}", ready.text());
        }
    }

    #[test]
    fn damaged_pages_are_found_at_the_start() {
        needs_sqlite();
        for table in ["activity", "outbox"] {
            let mut portal = Portal::start();
            portal.registers();
            portal.is_told_to_stop();
            assert!(portal.ends_within(SOON).is_some_and(|ended| ended.success()));
            portal.database.is_damaged_at(table);
            let said = starts_and_says(&mut portal);
            assert!(said.contains(&format!("the table {table} is damaged")), "{said}");
            assert_eq!(lines_of_trouble(&portal), 1);
            portal.browser().get("/").is(200);
        }
    }
}
