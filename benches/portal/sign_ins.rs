//! Sign-ins: real forms with their tokens and the right password, against the bare hash.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::http::{self, Connection};
use crate::report::{Report, median, millis};
use crate::seed::{self, Seeded};
use crate::server::{Server, processor_time};

const ROUNDS: u32 = 3;
const ROUND: Duration = Duration::from_secs(3);
const PEOPLE: u32 = 16;

/// One person in one browser.
pub struct Person {
    login: String,
    csrf: String,
    /// The cookies that this browser has: of its first form, and of an earlier sign-in.
    before: String,
    browser: Option<String>,
}

pub enum SignedIn {
    In {
        session: String,
    },
    /// Sent away with a time to come again.
    Later,
    Other(u16),
}

impl Person {
    /// Opens the sign-in page.
    pub fn arrive(connection: &mut Connection, number: u32) -> Result<Person> {
        let answer = connection.ask(&http::get("/sign-in", ""))?;
        let (_, after) =
            answer.text()?.split_once("name=\"csrf\" value=\"").context("no token in the form")?;
        let csrf = after.split('"').next().unwrap_or_default().to_owned();
        let before = answer.cookie("pre-dev").context("no cookie with the form")?;
        Ok(Person { login: seed::phone(number).replace('+', "%2B"), csrf, before, browser: None })
    }

    /// Sends the form, each time from another address: one customer may try thirty times a minute.
    pub fn sign_in(&mut self, connection: &mut Connection) -> Result<SignedIn> {
        static ADDRESSES: AtomicU32 = AtomicU32::new(0x0a00_0001);
        let ip = Ipv4Addr::from(ADDRESSES.fetch_add(1, Ordering::Relaxed));
        let browser = self.browser.as_deref().map(|browser| format!("; {browser}")).unwrap_or_default();
        let more = format!("x-forwarded-for: {ip}\r\ncookie: {}{browser}\r\n", self.before);
        let form = format!("csrf={}&login={}&password={}", self.csrf, self.login, seed::PASSWORD);
        let answer = connection.ask(&http::post("/sign-in", &more, &form))?;
        match answer.status {
            303 => {
                let session = answer.cookie("sid-dev").context("no session")?;
                self.browser = answer.cookie("browser-dev").or(self.browser.take());
                Ok(SignedIn::In { session })
            }
            503 if answer.header("retry-after").is_some() => Ok(SignedIn::Later),
            status => Ok(SignedIn::Other(status)),
        }
    }
}

pub fn compare(home: &Path, seeded: &Seeded, report: &mut Report) -> Result<()> {
    println!("Sign-ins and bare hashes in turns:");
    let portal = Server::portal(home)?;
    let (mut ours, mut raw, mut ratios) = (Sum::default(), Sum::default(), Vec::new());
    for _ in 0..ROUNDS {
        let (a, b) = (
            ours.add(|| portal.cpu(), || sign_in_for_a_while(&portal))?,
            raw.add(|| processor_time("self"), || hash_for_a_while(seeded))?,
        );
        ratios.push(a.div_duration_f64(b));
    }
    let figures = format!("{} against {}", ours.words(), raw.words());
    report.ratio("sign-in against the bare argon2id", figures, median(ratios), 1.15);
    portal.stop()
}

#[derive(Default)]
struct Sum {
    cpu: Duration,
    done: u32,
}

impl Sum {
    fn add(
        &mut self,
        cpu: impl Fn() -> Result<Duration>,
        work: impl Fn() -> Result<u32>,
    ) -> Result<Duration> {
        let before = cpu()?;
        let done = work()?;
        let spent = cpu()?.saturating_sub(before);
        self.cpu += spent;
        self.done += done;
        Ok(spent / done.max(1))
    }

    fn words(&self) -> String {
        let per_second = u64::from(self.done) / (ROUND * ROUNDS).as_secs();
        format!("{} ({per_second}/s)", millis(self.cpu / self.done.max(1)))
    }
}

fn sign_in_for_a_while(portal: &Server) -> Result<u32> {
    side_by_side(PEOPLE, |number| {
        let mut connection = Connection::open(portal.listen)?;
        let mut person = Person::arrive(&mut connection, number)?;
        let (began, mut done) = (Instant::now(), 0);
        while began.elapsed() < ROUND {
            match person.sign_in(&mut connection)? {
                SignedIn::In { .. } => done += 1,
                SignedIn::Later => bail!("refused as too busy"),
                SignedIn::Other(status) => bail!("a sign-in was answered with {status}"),
            }
        }
        Ok(done)
    })
}

/// The same hash on as many threads as cores, each with its memory kept.
fn hash_for_a_while(seeded: &Seeded) -> Result<u32> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    side_by_side(u32::try_from(cores)?, |_| {
        let stored = PasswordHash::new(&seeded.phc).map_err(|error| anyhow::anyhow!("{error}"))?;
        let params = Params::try_from(&stored).map_err(|error| anyhow::anyhow!("{error}"))?;
        let mut memory = vec![Block::default(); params.block_count()];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let (began, mut done, mut out) = (Instant::now(), 0, [0; 32]);
        while began.elapsed() < ROUND {
            argon
                .hash_password_into_with_memory(
                    seed::PASSWORD.as_bytes(),
                    b"sixteen bytes ok",
                    &mut out,
                    &mut memory,
                )
                .map_err(|error| anyhow::anyhow!("{error}"))?;
            done += 1;
        }
        Ok(done)
    })
}

/// Runs one closure on many threads and adds up what they did.
pub fn side_by_side(threads: u32, work: impl Fn(u32) -> Result<u32> + Sync) -> Result<u32> {
    let work = &work;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|number| scope.spawn(move || work(number))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().map_err(|_panic| anyhow::anyhow!("a client broke"))?)
            .sum()
    })
}
