//! The database is away, full, held by somebody else or silent: people read that it passes, nothing is half done, and it comes back
//! by itself. Told to the real binary.

use crate::support::browser::Browser;
use crate::support::http::Answer;
use crate::support::portal::{Portal, SOON};
use crate::support::process::eventually;

/// It says that it passes.
#[track_caller]
fn is_busy(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}: {}", answer.path, answer.text());
    assert!(answer.header("retry-after").is_some(), "{}", answer.path);
}

fn is_ready(portal: &Portal) -> bool {
    portal.browser().tries("GET", "/health/ready", &[], None).is_some_and(|answer| answer.status == 200)
}

/// Every form that a stranger or an owner can write with, of a few kinds.
fn writes(portal: &Portal, owner: &Browser) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut stranger = portal.browser();
    let page = stranger.get("/registration").is(200).page();
    let body = page
        .form_to("/registration")
        .unwrap()
        .filled(&[("country", "RU"), ("phone", &crate::support::person::phone())]);
    answers.push(stranger.posts("/registration", &body));
    let mut owner = owner.clone();
    let page = owner.get("/email").is(200).page();
    let body = page.form_to("/email").unwrap().filled(&[("email", "anna@example.org")]);
    answers.push(owner.posts("/email", &body));
    let page = owner.get("/cabinet").is(200).page();
    let body = page.form_to("/sign-out").unwrap().filled(&[]);
    answers.push(owner.posts("/sign-out", &body));
    answers
}

/// What writing leaves behind.
fn rows(portal: &Portal) -> Vec<i64> {
    ["registrations", "one_time_codes", "outbox", "activity", "sessions"]
        .map(|table| portal.database.count(&format!("SELECT COUNT(*) AS count FROM {table}")))
        .to_vec()
}

mod sqlite_only {
    use super::*;
    use crate::faults::database::HeldLock;
    use crate::faults::small_disk::SmallDisk;
    use crate::support::database::needs_sqlite;

    #[test]
    fn a_foreign_lock_makes_writes_wait_and_give_up_and_reads_go_on() {
        needs_sqlite();
        let portal = Portal::start();
        let anna = portal.registers();
        portal.has_sent_everything(SOON);
        let before = rows(&portal);
        let lock = HeldLock::on(portal.database.file());
        for answer in writes(&portal, &anna.browser) {
            is_busy(&answer);
        }
        is_busy(&portal.browser().get("/health/ready"));
        anna.browser.clone().get("/cabinet").is(200);
        drop(lock);
        assert_eq!(rows(&portal), before, "nothing is half done");
        eventually("a portal that is ready again", SOON, || is_ready(&portal).then_some(()));
        for answer in writes(&portal, &anna.browser) {
            assert_eq!(answer.status, 303, "{}", answer.path);
        }
    }

    #[test]
    fn a_full_disk_stops_writes_alone_and_room_starts_them_again() {
        needs_sqlite();
        let disk = SmallDisk::mounted();
        let url = format!("sqlite://{}", disk.path("kabinet.db").display());
        let portal = Portal::with().set("KABINET_DATABASE_URL", &url).set("KABINET_LOG", "info").start();
        let anna = portal.registers();
        disk.fills();
        // What is left in the last page is soon used up.
        eventually("a disk that is full", SOON, || {
            writes(&portal, &anna.browser).iter().all(|answer| answer.status == 503).then_some(())
        });
        let lines = portal.log().lines().count();
        for _ in 0..10 {
            for answer in writes(&portal, &anna.browser) {
                is_busy(&answer);
            }
        }
        anna.browser.clone().get("/cabinet").is(200);
        let ready = portal.browser().get("/health/ready");
        is_busy(&ready);
        assert!(ready.text().contains("full"), "{}", ready.text());
        let said = portal.log().lines().skip(lines).map(str::to_owned).collect::<Vec<_>>();
        assert!(said.len() < 8, "{} lines of log for 30 writes:\n{}", said.len(), said.join("\n"));
        assert!(portal.log().contains("nothing can be written"));
        disk.has_room_again();
        eventually("a portal that is ready again", SOON, || is_ready(&portal).then_some(()));
        for answer in writes(&portal, &anna.browser) {
            assert_eq!(answer.status, 303, "{}: {}", answer.path, answer.text());
        }
    }
}

mod postgres_only {
    use std::net::SocketAddr;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    use diesel::prelude::*;
    use kabinet::config::DatabaseUrl;
    use kabinet::db::schema::system_state;
    use kabinet::db::{Store, StoreError};
    use kabinet::web::Refusal;

    use super::*;
    use crate::faults::line::{Fault, Line};
    use crate::house::House;
    use crate::support::database::needs_postgres;

    fn server_of(url: &url::Url) -> SocketAddr {
        format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432)).parse().unwrap()
    }

    fn over(line: &Line, mut url: url::Url) -> url::Url {
        url.set_port(Some(line.listen().port())).unwrap();
        url
    }

    /// A portal whose database is at the other end of a line.
    fn at_the_end_of_a_line() -> (Portal, Line) {
        let portal = Portal::with().prepared();
        let url: url::Url = portal.database.url().parse().unwrap();
        let line = Line::to(server_of(&url));
        let through = over(&line, url);
        let mut portal = portal.setting("KABINET_DATABASE_URL", through.as_str());
        portal.restart();
        (portal, line)
    }

    #[actix_web::test]
    async fn a_commit_whose_answer_is_lost_is_neither_done_nor_failed() {
        needs_postgres();
        let house = House::open().await;
        let url: url::Url = house.database.url().parse().unwrap();
        let line = Line::to(server_of(&url));
        let through = zeroize::Zeroizing::new(over(&line, url).to_string());
        let store = Store::open(&DatabaseUrl::Postgres(through)).unwrap();
        let note = |name: &'static str| {
            store.write(move |db| {
                let row = (system_state::name.eq(name), system_state::value.eq("x"));
                diesel::insert_into(system_state::table).values(row).execute(db)
            })
        };
        note("before").await.unwrap();
        line.has(Fault::CutAfter(b"COMMIT"));
        let lost = note("lost").await;
        assert!(matches!(lost, Err(StoreError::Unanswered)), "{lost:?}");
        assert_eq!(Refusal::from(StoreError::Unanswered), Refusal::Unsure);
        line.has(Fault::None);
        house.settles().await;
        assert_eq!(house.count("system_state WHERE name = 'lost'"), 1, "here it was done");
        while note("after").await.is_err() {}
        store.close();
    }

    #[test]
    fn packets_that_are_swallowed_leave_nobody_waiting() {
        needs_postgres();
        let (portal, line) = at_the_end_of_a_line();
        let anna = portal.registers();
        portal.has_sent_everything(SOON);
        let mut stranger = portal.browser();
        let page = stranger.get("/registration").is(200).page();
        let body = page
            .form_to("/registration")
            .unwrap()
            .filled(&[("country", "RU"), ("phone", &crate::support::person::phone())]);
        let before = rows(&portal);
        line.has(Fault::Swallow);
        // All of these answers come while the line still swallows.
        is_busy(&anna.browser.clone().get("/cabinet"));
        is_busy(&portal.browser().get("/health/ready"));
        is_busy(&stranger.posts("/registration", &body));
        // However many wait, a page without the database comes, packed as browsers want it.
        std::thread::scope(|scope| {
            for _ in 0..60 {
                let mut visitor = anna.browser.clone();
                scope.spawn(move || visitor.tries("GET", "/cabinet", &[], None));
            }
            let packed = [("accept-encoding", "gzip")];
            assert_eq!(portal.browser().ask("GET", "/", &packed, None).status, 200);
        });
        portal.browser().get("/").is(200);
        portal.browser().get("/health/live").is(200);
        assert_eq!(rows(&portal), before);
        line.has(Fault::None);
        eventually("a portal that is ready again", SOON, || is_ready(&portal).then_some(()));
        anna.browser.clone().get("/cabinet").is(200);
        assert_eq!(rows(&portal)[..2], before[..2], "what was given up is not done later");
        stranger.posts("/registration", &body).goes_to("/registration/code");
    }

    #[test]
    fn a_line_that_is_cut_and_mended_is_found_out_by_nobody_s_form() {
        needs_postgres();
        let (portal, line) = at_the_end_of_a_line();
        let anna = portal.registers();
        line.has(Fault::Cut);
        is_busy(&anna.browser.clone().get("/cabinet"));
        line.has(Fault::None);
        eventually("a portal that is ready again", SOON, || is_ready(&portal).then_some(()));
        for answer in writes(&portal, &anna.browser) {
            assert_eq!(answer.status, 303, "{}", answer.path);
        }
    }

    /// Whoever comes when it is known that nobody answers does not wait; it is found out all the same when somebody does.
    #[test]
    fn a_server_that_is_known_to_be_away_keeps_nobody_waiting() {
        needs_postgres();
        let (portal, line) = at_the_end_of_a_line();
        let anna = portal.registers();
        line.has(Fault::Cut);
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(5) {
            is_busy(&anna.browser.clone().get("/cabinet"));
        }
        for _ in 0..20 {
            let asked = Instant::now();
            is_busy(&anna.browser.clone().get("/cabinet"));
            assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
            std::thread::sleep(Duration::from_millis(100));
        }
        line.has(Fault::None);
        let mended = Instant::now();
        while anna.browser.clone().get("/cabinet").status != 200 {
            assert!(mended.elapsed() < Duration::from_secs(3), "the pages do not come back");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    #[test]
    fn the_first_forms_after_every_connection_was_ended_are_taken() {
        needs_postgres();
        let portal = Portal::start();
        for _ in 0..4 {
            let anna = portal.registers();
            portal.database.ends_connections();
            for answer in writes(&portal, &anna.browser) {
                assert_eq!(answer.status, 303, "{}", answer.path);
            }
        }
    }

    #[test]
    fn in_a_storm_of_ended_connections_hardly_anybody_notices() {
        needs_postgres();
        let portal = Portal::start();
        let people: Vec<Browser> = (0..3).map(|_| portal.registers().browser).collect();
        let over = AtomicBool::new(false);
        let (asked, refused) = std::thread::scope(|scope| {
            let (database, over) = (&*portal.database, &over);
            let storm = scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    database.ends_connections();
                    std::thread::sleep(Duration::from_millis(50));
                }
            });
            let visits: Vec<_> = people
                .into_iter()
                .map(|mut browser| {
                    scope.spawn(move || (0..200).filter(|_| browser.get("/cabinet").status != 200).count())
                })
                .collect();
            let refused: usize = visits.into_iter().map(|visit| visit.join().unwrap()).sum();
            over.store(true, Ordering::Relaxed);
            storm.join().unwrap();
            (600, refused)
        });
        assert!(refused * 100 <= asked, "{refused} of {asked} were asked to wait");
    }
}
