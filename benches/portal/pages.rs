//! Pages against bare routes with the same bytes.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::http::{self, Connection, flood};
use crate::report::{Report, median, micros};
use crate::seed;
use crate::server::Server;
use crate::sign_ins::{Person, SignedIn};

const ROUNDS: u32 = 5;
pub const ROUND: Duration = Duration::from_secs(1);
pub const WARM_UP: Duration = Duration::from_millis(200);
/// Connections at the same time: enough to keep both cores at work.
pub const CONNECTIONS: usize = 16;
pub const RUSSIAN: &str = "accept-language: ru\r\n";

/// A page that a server is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Landing,
    LandingPacked,
    LandingSignedIn,
    Help,
    HelpSignedIn,
    SignIn,
    SignInPacked,
    SignInFirst,
    SignInFirstPacked,
    Cabinet,
    CabinetPacked,
    BareLanding,
    BareSignIn,
    BareCabinet,
}

/// What a figure is held against.
enum Held {
    /// So many times the other one at most.
    Times(f64),
    /// So many microseconds more than the other one at most.
    More(i64),
}

const ROWS: [(&str, Asked, Asked, Held); 10] = [
    ("landing page against bare", Asked::Landing, Asked::BareLanding, Held::Times(1.0)),
    ("landing page, compressed against plain", Asked::LandingPacked, Asked::Landing, Held::Times(1.3)),
    ("landing page, signed in against a stranger's", Asked::LandingSignedIn, Asked::Landing, Held::More(25)),
    ("help, signed in against a stranger's", Asked::HelpSignedIn, Asked::Help, Held::More(25)),
    ("sign-in page, known browser against bare", Asked::SignIn, Asked::BareSignIn, Held::Times(1.2)),
    ("the same, compressed against plain", Asked::SignInPacked, Asked::SignIn, Held::Times(1.5)),
    ("sign-in page, first visit against bare", Asked::SignInFirst, Asked::BareSignIn, Held::Times(1.2)),
    ("the same, compressed against plain", Asked::SignInFirstPacked, Asked::SignInFirst, Held::Times(1.5)),
    ("cabinet against bare", Asked::Cabinet, Asked::BareCabinet, Held::Times(1.0)),
    ("cabinet, compressed against plain", Asked::CabinetPacked, Asked::Cabinet, Held::More(40)),
];

pub fn compare(home: &Path, report: &mut Report) -> Result<()> {
    println!("Pages and bare routes in turns:");
    let portal = Server::portal(home)?;
    let cookies = keep_pages(&portal, home)?;
    let row = seed::last_session(home)?;
    let bare = Server::bare(home)?;
    let before = format!("{RUSSIAN}cookie: {}\r\n", cookies.before);
    let inside = format!("{RUSSIAN}cookie: {}\r\n", cookies.session);
    let packed = |more: &str| format!("{BROWSER}{more}");
    let first = packed(RUSSIAN);
    let asked: Vec<(Asked, &Server, Vec<u8>)> = vec![
        (Asked::BareLanding, &bare, http::get("/", RUSSIAN)),
        (Asked::Landing, &portal, http::get("/", RUSSIAN)),
        (Asked::LandingPacked, &portal, http::get("/", &first)),
        (Asked::LandingSignedIn, &portal, http::get("/", &inside)),
        (Asked::Help, &portal, http::get("/help", RUSSIAN)),
        (Asked::HelpSignedIn, &portal, http::get("/help", &inside)),
        (Asked::BareSignIn, &bare, http::get("/sign-in", &before)),
        (Asked::SignIn, &portal, http::get("/sign-in", &before)),
        (Asked::SignInPacked, &portal, http::get("/sign-in", &packed(&before))),
        (Asked::SignInFirst, &portal, http::get("/sign-in", RUSSIAN)),
        (Asked::SignInFirstPacked, &portal, http::get("/sign-in", &first)),
        (Asked::BareCabinet, &bare, http::get("/cabinet", &format!("{RUSSIAN}cookie: sid={row}\r\n"))),
        (Asked::Cabinet, &portal, http::get("/cabinet", &inside)),
        (Asked::CabinetPacked, &portal, http::get("/cabinet", &packed(&inside))),
    ];
    for (_, server, request) in &asked {
        flood(server.listen, request, CONNECTIONS, WARM_UP)?;
    }
    same_bytes(&asked)?;
    let mut figures: Vec<Vec<Duration>> = vec![Vec::new(); asked.len()];
    for _ in 0..ROUNDS {
        for ((_, server, request), figures) in asked.iter().zip(&mut figures) {
            figures.push(cost(server, request)?);
        }
    }
    let rounds_of = |wanted: Asked| {
        let found = asked.iter().zip(&figures).find(|((asked, ..), _)| *asked == wanted);
        found.map(|(_, figures)| figures.as_slice()).unwrap_or_default()
    };
    for (what, ours, theirs, held) in &ROWS {
        hold(what, rounds_of(*ours), rounds_of(*theirs), held, report);
    }
    portal.stop()?;
    bare.stop()
}

/// Each round is compared with its own: the machine swings.
fn hold(what: &str, ours: &[Duration], theirs: &[Duration], held: &Held, report: &mut Report) {
    let pairs = || ours.iter().zip(theirs);
    let figures = format!("{} against {}", micros(middle(ours)), micros(middle(theirs)));
    match held {
        Held::Times(most) => {
            let ratio = median(pairs().map(|(a, b)| a.div_duration_f64(*b)).collect());
            report.ratio(what, figures, ratio, *most);
        }
        Held::More(most) => {
            let nanos = |time: &Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
            let mut more: Vec<i64> = pairs().map(|(a, b)| nanos(a) - nanos(b)).collect();
            more.sort_unstable();
            let more = more.get(more.len() / 2).copied().unwrap_or(i64::MAX);
            let said = format!("{:+}.{} µs", more / 1_000, more.abs() % 1_000 / 100);
            report.add(what, figures, said, &format!("≤ +{most} µs"), more <= most * 1_000);
        }
    }
}

/// What a browser sends over a safe line.
const BROWSER: &str = "accept-encoding: gzip, deflate, br, zstd\r\n";

struct Cookies {
    /// Of a browser that has seen a form.
    before: String,
    /// Of one that is signed in.
    session: String,
}

/// Looks at the pages once and keeps them for the bare server.
fn keep_pages(portal: &Server, home: &Path) -> Result<Cookies> {
    let mut connection = Connection::open(portal.listen)?;
    fs::write(home.join("landing.html"), connection.ask(&http::get("/", RUSSIAN))?.body)?;
    let sign_in = connection.ask(&http::get("/sign-in", RUSSIAN))?;
    let before = sign_in.cookie("pre-dev").context("a first form sets a cookie")?;
    fs::write(home.join("sign_in.html"), sign_in.body)?;
    let SignedIn::In { session } = Person::arrive(&mut connection, 0)?.sign_in(&mut connection)? else {
        anyhow::bail!("the first account cannot sign in");
    };
    let cabinet = connection.ask(&http::get("/cabinet", &format!("{RUSSIAN}cookie: {session}\r\n")))?;
    ensure!(cabinet.status == 200 && cabinet.text()?.contains("<dl>"), "the cabinet does not open");
    fs::write(home.join("cabinet.html"), cabinet.body)?;
    Ok(Cookies { before, session })
}

/// The bare server answers what the portal does.
fn same_bytes(asked: &[(Asked, &Server, Vec<u8>)]) -> Result<()> {
    let length = |wanted: Asked| -> Result<usize> {
        let found = asked.iter().find(|(asked, ..)| *asked == wanted).context("not asked")?;
        Ok(Connection::open(found.1.listen)?.ask(&found.2)?.body.len())
    };
    for (ours, theirs) in [
        (Asked::Landing, Asked::BareLanding),
        (Asked::SignIn, Asked::BareSignIn),
        (Asked::Cabinet, Asked::BareCabinet),
    ] {
        let (ours, theirs) = (length(ours)?, length(theirs)?);
        ensure!(ours.abs_diff(theirs) * 50 < theirs, "{ours} bytes against {theirs}");
    }
    Ok(())
}

/// One round: the processor time a request.
pub fn cost(server: &Server, request: &[u8]) -> Result<Duration> {
    let before = server.cpu()?;
    let answered = flood(server.listen, request, CONNECTIONS, ROUND)?;
    Ok(server.cpu()?.saturating_sub(before) / answered.max(1))
}

pub fn middle(rounds: &[Duration]) -> Duration {
    let mut rounds = rounds.to_vec();
    rounds.sort_unstable();
    rounds.get(rounds.len() / 2).copied().unwrap_or_default()
}
