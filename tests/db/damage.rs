//! A database that is not what the program needs: ready says so and why, and one line of the log names the table.

use crate::support::person::phone;
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

/// What /health/ready says within a moment.
#[track_caller]
fn comes_to_say(portal: &Portal, status: u16, words: &str) {
    eventually(&format!("{status} {words}"), SOON, || {
        let answer = portal.browser().tries("GET", "/health/ready", &[], None)?;
        (answer.status == status && answer.text().contains(words)).then_some(())
    });
}

#[test]
fn a_table_that_goes_missing_while_it_runs_is_named_until_it_is_back() {
    for (table, path) in [("activity", "/security/activity"), ("sessions", "/cabinet")] {
        let portal = Portal::start();
        let anna = portal.registers().browser;
        portal.database.loses_table(table);
        let answer = anna.clone().get(path);
        assert_eq!(answer.status, 500, "{}", answer.text());
        assert_eq!(answer.header("retry-after"), None);
        comes_to_say(&portal, 503, &format!("the table {table} is missing"));
        for _ in 0..20 {
            assert_eq!(anna.clone().get(path).status, 500);
        }
        assert_eq!(lines_of_trouble(&portal), 1, "{}", portal.log());
        portal.database.executes(&format!("ALTER TABLE somewhere_else RENAME TO {table}"));
        anna.clone().get(path).is(200);
        comes_to_say(&portal, 200, "ok");
    }
}

mod postgres_only {
    use super::*;
    use crate::support::database::needs_postgres;

    #[test]
    fn a_right_that_is_taken_away_while_it_runs_is_named_until_it_is_back() {
        needs_postgres();
        let mut portal = Portal::with().prepared();
        let role = portal.database.has_a_role();
        let mut url: url::Url = portal.database.url().parse().unwrap();
        url.set_username(&role).unwrap();
        portal = portal.setting("KABINET_DATABASE_URL", url.as_str());
        portal.restart();
        let anna = portal.registers().browser;
        portal.database.executes(&format!("REVOKE ALL ON activity FROM {role}"));
        let answer = anna.clone().get("/security/activity");
        assert_eq!(answer.status, 500, "{}", answer.text());
        comes_to_say(&portal, 503, "the table activity may not be read or written");
        portal.database.executes(&format!("GRANT ALL ON activity TO {role}"));
        anna.clone().get("/security/activity").is(200);
        comes_to_say(&portal, 200, "ok");
        // What is only changed, and neither read nor added to, is no less needed.
        portal.database.executes(&format!("REVOKE UPDATE, DELETE ON counters FROM {role}"));
        portal.browser().gives_phone(&phone());
        comes_to_say(&portal, 503, "the table counters may not be read or written");
        portal.database.executes(&format!("GRANT ALL ON counters TO {role}"));
        comes_to_say(&portal, 200, "ok");
    }
}

mod sqlite_only {
    use super::*;
    use crate::support::database::needs_sqlite;

    /// Nobody's form asks for it.
    #[test]
    fn a_log_that_cannot_be_folded_for_want_of_a_table_is_found_out() {
        needs_sqlite();
        let portal = Portal::start();
        portal.registers();
        portal.database.loses_table("system_state");
        portal.registers();
        comes_to_say(&portal, 503, "the table system_state is missing");
        portal.database.executes("ALTER TABLE somewhere_else RENAME TO system_state");
        comes_to_say(&portal, 200, "ok");
    }

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
    fn damaged_pages_are_found_while_it_runs() {
        needs_sqlite();
        let mut portal = Portal::start();
        let anna = portal.registers().browser;
        portal.stops();
        portal.restart();
        portal.database.is_damaged_at("activity");
        // A page that was read before may still be known.
        eventually("a page that cannot be read", SOON, || {
            (anna.clone().get("/security/activity").status == 500).then_some(())
        });
        comes_to_say(&portal, 503, "the table activity is damaged");
        portal.browser().get("/").is(200);
    }

    #[test]
    fn damaged_pages_are_found_at_the_start() {
        needs_sqlite();
        for table in ["activity", "outbox"] {
            let mut portal = Portal::start();
            portal.registers();
            portal.stops();
            portal.database.is_damaged_at(table);
            let said = starts_and_says(&mut portal);
            assert!(said.contains(&format!("the table {table} is damaged")), "{said}");
            assert_eq!(lines_of_trouble(&portal), 1);
            portal.browser().get("/").is(200);
        }
    }
}
