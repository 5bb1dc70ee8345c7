//! A start that cannot be names what the operator has to mend.

mod sqlite_only {
    use std::time::Duration;

    use crate::faults::database::HeldLock;
    use crate::faults::small_disk::SmallDisk;
    use crate::support::database::needs_sqlite;
    use crate::support::portal::{Portal, SOON};
    use crate::support::process::eventually;

    fn on(disk: &SmallDisk) -> Portal {
        let url = format!("sqlite://{}", disk.path("kabinet.db").display());
        Portal::with().set("KABINET_DATABASE_URL", &url).prepared()
    }

    #[test]
    fn a_start_on_a_full_disk_says_that_it_is_full() {
        needs_sqlite();
        let disk = SmallDisk::mounted();
        let mut portal = on(&disk);
        disk.fills();
        let said = portal.refuses_to_start();
        assert!(said.contains("the disk of") && said.contains("is full"), "{said}");
        assert!(said.contains("kabinet.db"), "{said}");
        disk.has_room_again();
        portal.restart();
    }

    /// The database was there before: it can be read, if there is room for the few pages that readers share.
    #[test]
    fn a_start_of_an_old_database_on_a_full_disk_says_so_or_serves_what_can_be_read() {
        needs_sqlite();
        let disk = SmallDisk::mounted();
        let mut portal = on(&disk);
        portal.restart();
        portal.stops();
        disk.fills();
        portal.launch();
        match portal.ends_within(Duration::from_secs(15)) {
            Some(ended) => assert!(!ended.success() && portal.log().contains("is full"), "{}", portal.log()),
            None => portal.restart(),
        }
        disk.has_room_again();
        portal.restart();
    }

    #[test]
    fn a_start_on_a_read_only_disk_says_so() {
        needs_sqlite();
        for there_before in [false, true] {
            let disk = SmallDisk::mounted();
            let mut portal = on(&disk);
            if there_before {
                portal.restart();
                portal.stops();
            }
            disk.becomes_read_only();
            let said = portal.refuses_to_start();
            assert!(said.contains("is mounted read-only"), "{said}");
        }
    }

    #[test]
    fn a_start_under_a_foreign_lock_names_who_can_be_asked() {
        needs_sqlite();
        let mut portal = Portal::start();
        portal.stops();
        let lock = HeldLock::on(portal.database.file());
        let said = portal.refuses_to_start();
        assert!(said.contains("another program holds its lock: `fuser "), "{said}");
        drop(lock);
        portal.restart();
        eventually("a page", SOON, || portal.browser().tries("GET", "/", &[], None).map(|_answer| ()));
    }
}
