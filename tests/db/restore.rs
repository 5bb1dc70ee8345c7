//! Files of a SQLite database that were copied, lost or put back: nobody finds out weeks later.

mod sqlite_only {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::time::Duration;

    use crate::support::database::needs_sqlite;
    use crate::support::person::Person;
    use crate::support::portal::{Portal, SOON};
    use crate::support::process::{eventually, finished};

    const LABEL: &str = "SELECT value AS line FROM system_state WHERE name = 'database-label'";

    const LABELS_OF_FILE: &str = "SELECT value AS line FROM system_state WHERE name = 'log-belongs-to'";

    fn beside(file: &Path, ending: &str) -> PathBuf {
        PathBuf::from(format!("{}{ending}", file.display()))
    }

    #[track_caller]
    fn still_signs_in(portal: &Portal, person: &Person) {
        portal.browser().signs_in(&person.number, &person.password).goes_to("/cabinet");
    }

    /// Waits until the whole log has been folded into the file since.
    fn is_folded(portal: &Portal, before: &[String]) {
        eventually("a log that is folded in", SOON, || {
            let label = portal.database.lines(LABEL);
            (label != before && portal.database.lines(LABELS_OF_FILE) == label).then_some(())
        });
    }

    enum Way {
        Backup,
        VacuumInto,
    }

    /// As README says.
    fn backup(portal: &Portal, way: &Way) -> Vec<u8> {
        let copy = portal.dir.path("copy.db");
        let _ = fs::remove_file(&copy);
        let command = match way {
            Way::Backup => format!(".backup '{}'", copy.display()),
            Way::VacuumInto => format!("VACUUM INTO '{}'", copy.display()),
        };
        let made = finished(Command::new("sqlite3").arg(portal.database.file()).arg(command), SOON);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        fs::read(copy).unwrap()
    }

    /// Puts a file in the place of the database, with nothing beside it.
    fn restores(portal: &Portal, copy: &[u8]) {
        let file = portal.database.file();
        for ending in ["-wal", "-shm"] {
            let _ = fs::remove_file(beside(file, ending));
        }
        fs::write(file, copy).unwrap();
    }

    /// What the portal says to its log for the moment in which it folds it in.
    fn is_folding(portal: &Portal) {
        portal.database.executes(
            "UPDATE system_state SET value = (SELECT schema_version FROM pragma_schema_version) \
             WHERE name = 'newer-in-log'",
        );
    }

    #[track_caller]
    fn succeeds(portal: &Portal, command: &[&str]) {
        let done = finished(&mut portal.command(command), SOON);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    #[test]
    fn a_backup_taken_as_the_readme_says_is_whole() {
        needs_sqlite();
        for way in [Way::Backup, Way::VacuumInto] {
            let mut portal = Portal::start();
            let anna = portal.registers();
            let copy = backup(&portal, &way);
            portal.registers();
            portal.kill();
            restores(&portal, &copy);
            portal.restart();
            still_signs_in(&portal, &anna);
            assert_eq!(portal.database.count("SELECT COUNT(*) AS count FROM accounts"), 1);
        }
    }

    #[test]
    fn a_backup_beside_an_older_log_is_refused_and_not_touched() {
        needs_sqlite();
        for way in [Way::Backup, Way::VacuumInto] {
            let mut portal = Portal::start();
            let anna = portal.registers();
            let (copy, label) = (backup(&portal, &way), portal.database.lines(LABEL));
            portal.registers();
            is_folded(&portal, &label);
            portal.registers();
            portal.kill();
            let file = portal.database.file().to_owned();
            fs::write(&file, &copy).unwrap();
            let log = fs::read(beside(&file, "-wal")).unwrap();
            assert!(!log.is_empty());
            for _ in 0..2 {
                let said = portal.refuses_to_start();
                assert!(said.contains("kabinet.db-wal is not the log of"), "{said}");
                assert_eq!(fs::read(&file).unwrap(), copy, "the backup is as it was");
                assert_eq!(fs::read(beside(&file, "-wal")).unwrap(), log, "and so is the log");
            }
            for ending in ["-wal", "-shm"] {
                let _ = fs::remove_file(beside(&file, ending));
            }
            portal.restart();
            still_signs_in(&portal, &anna);
        }
    }

    /// Nothing was folded in since: the log holds all that the copy lacks, or the start says no.
    #[test]
    fn a_backup_beside_a_log_that_it_belongs_to_loses_nothing() {
        needs_sqlite();
        for way in [Way::Backup, Way::VacuumInto] {
            let mut portal = Portal::start();
            let anna = portal.registers();
            let copy = backup(&portal, &way);
            let later = portal.registers();
            portal.kill();
            fs::write(portal.database.file(), &copy).unwrap();
            portal.launch();
            match portal.ends_within(Duration::from_secs(3)) {
                Some(ended) => {
                    assert!(!ended.success());
                    assert!(portal.log().contains("is not the log of"), "{}", portal.log());
                }
                None => {
                    portal.restart();
                    still_signs_in(&portal, &anna);
                    still_signs_in(&portal, &later);
                }
            }
        }
    }

    #[test]
    fn a_log_whose_file_is_gone_is_not_taken_for_a_new_database() {
        needs_sqlite();
        let mut portal = Portal::start();
        portal.registers();
        portal.kill();
        fs::remove_file(portal.database.file()).unwrap();
        let said = portal.refuses_to_start();
        assert!(said.contains("kabinet.db is missing, but its log"), "{said}");
    }

    #[test]
    fn after_a_kill_the_log_is_taken_for_what_it_is() {
        needs_sqlite();
        let mut portal = Portal::start();
        for round in 0..4 {
            let person = portal.registers();
            if round % 2 == 0 {
                is_folded(&portal, &portal.database.lines(LABEL));
            }
            portal.restart();
            still_signs_in(&portal, &person);
        }
    }

    #[test]
    fn an_empty_database_beside_an_older_secret_is_refused_until_it_is_made_on_purpose() {
        needs_sqlite();
        let mut portal = Portal::start();
        portal.registers();
        portal.kill();
        let file = portal.database.file().to_owned();
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(beside(&file, ending));
        }
        // Nothing at all, and what a copy without its log is.
        for empty in [false, true] {
            if empty {
                fs::write(&file, b"").unwrap();
            }
            let said = portal.refuses_to_start();
            assert!(said.contains("is empty, but the secret file"), "{said}");
            assert!(said.contains("kabinet migrate"), "{said}");
        }
        succeeds(&portal, &["migrate"]);
        portal.restart();
        portal.registers();
    }

    #[test]
    fn a_copy_that_lacks_the_newest_writes_is_refused_until_they_are_given_up() {
        needs_sqlite();
        for log_is_left_empty in [false, true] {
            let mut portal = Portal::start();
            let anna = portal.registers();
            let before = portal.database.lines(LABEL);
            portal.registers();
            is_folded(&portal, &before);
            let copy = fs::read(portal.database.file()).unwrap();
            portal.kill();
            restores(&portal, &copy);
            if log_is_left_empty {
                fs::write(beside(portal.database.file(), "-wal"), b"").unwrap();
            }
            for _ in 0..2 {
                let said = portal.refuses_to_start();
                assert!(said.contains("kabinet.db lacks its newest writes"), "{said}");
                assert!(said.contains(".backup") && said.contains("kabinet migrate"), "{said}");
                assert_eq!(fs::read(portal.database.file()).unwrap(), copy);
            }
            succeeds(&portal, &["migrate"]);
            portal.restart();
            still_signs_in(&portal, &anna);
        }
    }

    #[test]
    fn a_backup_of_the_moment_in_which_the_log_is_folded_in_starts_and_so_does_one_of_that() {
        needs_sqlite();
        for way in [Way::Backup, Way::VacuumInto] {
            let mut portal = Portal::start();
            let anna = portal.registers();
            for _ in 0..2 {
                is_folding(&portal);
                let copy = backup(&portal, &way);
                portal.kill();
                restores(&portal, &copy);
                portal.restart();
                still_signs_in(&portal, &anna);
            }
        }
    }

    /// The log is there: whatever has read the file since, it is whole.
    #[test]
    fn a_crash_in_the_moment_in_which_the_log_is_folded_in_is_none_of_a_lost_log() {
        needs_sqlite();
        let commands: [&[&[&str]]; 4] =
            [&[], &[&["ledger", "audit"]], &[&["migrate"]], &[&["cards", "refused"]]];
        for commands in commands {
            let mut portal = Portal::start();
            let anna = portal.registers();
            is_folding(&portal);
            portal.kill();
            for command in commands {
                succeeds(&portal, command);
            }
            portal.restart();
            still_signs_in(&portal, &anna);
        }
    }

    #[test]
    fn whenever_it_is_killed_while_it_starts_or_stops_it_starts_again() {
        needs_sqlite();
        let mut portal = Portal::start();
        let anna = portal.registers();
        for round in 0..30 {
            portal.launch();
            // What has not ended by then is killed.
            portal.ends_within(Duration::from_millis(round * 7));
        }
        for round in 0..10 {
            portal.restart();
            portal.is_told_to_stop();
            portal.ends_within(Duration::from_millis(round * 2));
        }
        portal.restart();
        still_signs_in(&portal, &anna);
    }

    /// Nothing but the file is left after a clean stop, and it is whole.
    #[test]
    fn after_a_clean_stop_the_file_alone_is_the_database() {
        needs_sqlite();
        let mut portal = Portal::start();
        let anna = portal.registers();
        portal.stops();
        let copy = fs::read(portal.database.file()).unwrap();
        restores(&portal, &copy);
        portal.restart();
        still_signs_in(&portal, &anna);
    }
}
