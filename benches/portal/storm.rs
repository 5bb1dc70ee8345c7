//! Other pages while many people sign in at once; and what is left of it in memory.

use std::path::Path;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::http::{self, Connection};
use crate::report::{Report, megabytes, millis};
use crate::seed::ACCOUNTS;
use crate::server::Server;
use crate::sign_ins::{Person, SignedIn, side_by_side};

const ROUNDS: u32 = 2;
const ROUND: Duration = Duration::from_secs(5);
const GATHER: Duration = Duration::from_secs(1);
const PEOPLE: u32 = 64;
/// Each page is asked for so often, whether or not the last answer has come: waiting is counted as people feel it.
const EVERY: Duration = Duration::from_millis(10);
/// What hashing may use for each thread, beside the rest.
const HASH_MEMORY_KIB: u64 = 19_456;
const MOST_KIB: u64 = 20 * 1024;
const MOST_P99: Duration = Duration::from_millis(10);

pub fn weather(home: &Path, report: &mut Report) -> Result<()> {
    println!("Calm and storm in turns:");
    let portal = Server::portal(home)?;
    let mut connection = Connection::open(portal.listen)?;
    let SignedIn::In { session } = Person::arrive(&mut connection, ACCOUNTS - 1)?.sign_in(&mut connection)?
    else {
        bail!("no session")
    };
    let (mut calm, mut storm, mut signed_in) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        calm.extend(waits(&portal, &session)?);
        let (waited, done) = during_a_storm(&portal, &session)?;
        storm.extend(waited);
        signed_in += done;
    }
    let (calm, storm) = (p99(calm), p99(storm));
    let figures = format!(
        "p99 calm {}, with {PEOPLE} people signing in {} ({signed_in} sign-ins)",
        millis(calm),
        millis(storm)
    );
    let ratio = storm.div_duration_f64(calm);
    report.add(
        "other pages in a storm of sign-ins",
        figures,
        format!("{ratio:.1} times"),
        "≤ 3 times, < 10 ms",
        ratio <= 3.0 && storm < MOST_P99,
    );
    memory(&portal, "memory after the storm", report)?;
    let (done, later, other) = burst(&portal)?;
    let held = format!("{later} were told to come again");
    report.add(
        &format!("{ACCOUNTS} sign-ins at one moment"),
        format!("{done} signed in, {other} failed"),
        held,
        "the excess: 503 and Retry-After",
        other == 0 && later > 0,
    );
    memory(&portal, "memory after so many at once", report)?;
    portal.stop()
}

/// How long the landing page and the cabinet let people wait, asked at a steady rate.
fn waits(portal: &Server, session: &str) -> Result<Vec<Duration>> {
    let pages = [http::get("/", ""), http::get("/cabinet", &format!("cookie: {session}\r\n"))];
    std::thread::scope(|scope| {
        let running: Vec<_> = pages.iter().map(|page| scope.spawn(move || waits_for(portal, page))).collect();
        let mut all = Vec::new();
        for thread in running {
            all.extend(thread.join().map_err(|_panic| anyhow::anyhow!("a client broke"))??);
        }
        Ok(all)
    })
}

fn waits_for(portal: &Server, page: &[u8]) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(portal.listen)?;
    let (began, mut waited) = (Instant::now(), Vec::new());
    let mut due = Duration::ZERO;
    while due < ROUND {
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        // What the client overslept is not the server's doing; a late answer delays the next question and is counted.
        let asked = if began.elapsed() > due + EVERY { due } else { began.elapsed() };
        if connection.ask(page)?.status != 200 {
            bail!("a page was not shown");
        }
        waited.push(began.elapsed().saturating_sub(asked));
        due += EVERY;
    }
    Ok(waited)
}

fn during_a_storm(portal: &Server, session: &str) -> Result<(Vec<Duration>, u32)> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let storm = scope.spawn(|| {
            side_by_side(PEOPLE, |number| {
                let mut connection = Connection::open(portal.listen)?;
                let mut person = Person::arrive(&mut connection, number)?;
                let mut done = 0;
                while !over.load(Ordering::Relaxed) {
                    if let SignedIn::In { .. } = person.sign_in(&mut connection)? {
                        done += 1;
                    }
                }
                Ok(done)
            })
        });
        std::thread::sleep(GATHER);
        let waited = waits(portal, session);
        over.store(true, Ordering::Relaxed);
        let done = storm.join().map_err(|_panic| anyhow::anyhow!("a client broke"))??;
        Ok((waited?, done))
    })
}

/// Everybody at once: more than can be hashed while people wait. Returns signed in, sent away, failed.
fn burst(portal: &Server) -> Result<(u32, u32, u32)> {
    let (later, other) = (AtomicU32::new(0), AtomicU32::new(0));
    let together = Barrier::new(usize::try_from(ACCOUNTS)?);
    let done = side_by_side(ACCOUNTS, |number| {
        let mut connection = Connection::open(portal.listen)?;
        let person = Person::arrive(&mut connection, number);
        together.wait();
        match person?.sign_in(&mut connection)? {
            SignedIn::In { .. } => return Ok(1),
            SignedIn::Later => later.fetch_add(1, Ordering::Relaxed),
            SignedIn::Other(_) => other.fetch_add(1, Ordering::Relaxed),
        };
        Ok(0)
    })?;
    Ok((done, later.into_inner(), other.into_inner()))
}

fn memory(portal: &Server, what: &str, report: &mut Report) -> Result<()> {
    let threads = u64::try_from(std::thread::available_parallelism().map_or(1, usize::from))?;
    let (now, peak, program) = (portal.memory("VmRSS")?, portal.memory("VmHWM")?, portal.memory("RssFile")?);
    let beside = peak.saturating_sub(threads * HASH_MEMORY_KIB);
    let figures = format!(
        "now {}, at most {}, of it the program's file {}",
        megabytes(now),
        megabytes(peak),
        megabytes(program)
    );
    report.add(what, figures, format!("{} beside hashing", megabytes(beside)), "< 20 MB", beside < MOST_KIB);
    Ok(())
}

/// 99 of 100 waited no longer.
fn p99(mut waited: Vec<Duration>) -> Duration {
    waited.sort();
    waited.get(waited.len() * 99 / 100).copied().unwrap_or_default()
}
