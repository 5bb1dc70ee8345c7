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
const ROUND: Duration = Duration::from_secs(1);
const WARM_UP: Duration = Duration::from_millis(200);
/// Connections at the same time: enough to keep both cores at work.
const CONNECTIONS: usize = 16;
const RUSSIAN: &str = "accept-language: ru\r\n";

/// One page: what the portal is asked, what the bare server is asked.
struct Pair {
    what: &'static str,
    ours: Vec<u8>,
    bare: Vec<u8>,
    most: f64,
}

pub fn compare(home: &Path, report: &mut Report) -> Result<()> {
    println!("Pages and bare routes in turns:");
    let portal = Server::portal(home)?;
    let cookies = keep_pages(&portal, home)?;
    let row = seed::last_session(home)?;
    let bare = Server::bare(home)?;
    let compressed = "accept-encoding: br\r\n";
    let pairs = [
        Pair {
            what: "landing page",
            ours: http::get("/", RUSSIAN),
            bare: http::get("/", RUSSIAN),
            most: 1.25,
        },
        Pair {
            what: "landing page, compressed",
            ours: http::get("/", compressed),
            bare: http::get("/compressed", compressed),
            most: 1.25,
        },
        Pair {
            what: "sign-in page, known browser",
            ours: http::get("/sign-in", &format!("{RUSSIAN}cookie: {}\r\n", cookies.before)),
            bare: http::get("/sign-in", &format!("{RUSSIAN}cookie: {}\r\n", cookies.before)),
            most: 1.25,
        },
        Pair {
            what: "sign-in page, first visit",
            ours: http::get("/sign-in", RUSSIAN),
            bare: http::get("/sign-in", RUSSIAN),
            most: 1.25,
        },
        Pair {
            what: "cabinet",
            ours: http::get("/cabinet", &format!("{RUSSIAN}cookie: {}\r\n", cookies.session)),
            bare: http::get("/cabinet", &format!("{RUSSIAN}cookie: sid={row}\r\n")),
            most: 1.50,
        },
    ];
    for pair in &pairs {
        compare_one(&portal, &bare, pair, report)?;
    }
    portal.stop()?;
    bare.stop()
}

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

fn compare_one(portal: &Server, bare: &Server, pair: &Pair, report: &mut Report) -> Result<()> {
    let length = |server: &Server, request: &[u8]| -> Result<usize> {
        Ok(Connection::open(server.listen)?.ask(request)?.body.len())
    };
    let (ours, theirs) = (length(portal, &pair.ours)?, length(bare, &pair.bare)?);
    ensure!(ours.abs_diff(theirs) * 50 < theirs, "{}: {ours} bytes against {theirs}", pair.what);
    flood(portal.listen, &pair.ours, CONNECTIONS, WARM_UP)?;
    flood(bare.listen, &pair.bare, CONNECTIONS, WARM_UP)?;
    let (mut ours, mut theirs, mut ratios) = (Sum::default(), Sum::default(), Vec::new());
    for _ in 0..ROUNDS {
        let (a, b) = (ours.add(portal, &pair.ours)?, theirs.add(bare, &pair.bare)?);
        ratios.push(a.div_duration_f64(b));
    }
    let figures = format!("{} against {}", ours.words(), theirs.words());
    report.ratio(pair.what, figures, median(ratios), pair.most);
    Ok(())
}

#[derive(Default)]
struct Sum {
    cpu: Duration,
    answered: u32,
}

impl Sum {
    /// One round; returns its processor time a request.
    fn add(&mut self, server: &Server, request: &[u8]) -> Result<Duration> {
        let before = server.cpu()?;
        let answered = flood(server.listen, request, CONNECTIONS, ROUND)?;
        let cpu = server.cpu()?.saturating_sub(before);
        self.cpu += cpu;
        self.answered += answered;
        Ok(cpu / answered.max(1))
    }

    fn words(&self) -> String {
        let per_second = u64::from(self.answered) / (ROUND * ROUNDS).as_secs();
        format!("{} ({per_second}/s)", micros(self.cpu / self.answered.max(1)))
    }
}
