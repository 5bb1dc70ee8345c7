//! What has to be small: the start, the idle process, a first visit.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::http::{self, Connection};
use crate::report::{Report, megabytes, millis};
use crate::server::Server;

const STARTS: usize = 11;
const MOST_START: Duration = Duration::from_millis(50);
const MOST_BYTES: usize = 14 * 1024;
const MOST_KIB: u64 = 20 * 1024;
const BROWSER: &str =
    "accept-encoding: gzip, deflate, br, zstd\r\naccept-language: ru-RU,ru;q=0.9,en;q=0.8\r\n";

/// From the call of the program to its first page, on a migrated database.
pub fn start(home: &Path, report: &mut Report) -> Result<()> {
    println!("Small things:");
    let mut took = Vec::new();
    let mut cpu = Duration::ZERO;
    for _ in 0..STARTS {
        let began = Instant::now();
        let portal = Server::portal_unawaited(home)?;
        portal.wait()?;
        let status = Connection::open(portal.listen)?.ask(&http::get("/", ""))?.status;
        took.push(began.elapsed());
        ensure!(status == 200, "the first answer is {status}");
        cpu = portal.cpu()?;
        portal.stop()?;
    }
    took.sort();
    let middle = took.get(STARTS / 2).copied().context("no start")?;
    let figures = format!(
        "{STARTS} starts, best {}, processor time {}",
        millis(took.first().copied().unwrap_or_default()),
        millis(cpu)
    );
    report.add(
        "start to the first answer",
        figures,
        format!("{} (median)", millis(middle)),
        "< 50 ms",
        middle < MOST_START,
    );
    Ok(())
}

/// What a browser loads that has never been here: the page and its stylesheet, compressed.
pub fn first_visit(home: &Path, report: &mut Report) -> Result<()> {
    let portal = Server::portal(home)?;
    let idle = portal.memory("VmRSS")?;
    let program = portal.memory("RssFile")?;
    let figures = format!("of it the program's file {}", megabytes(program));
    report.add("idle memory after the start", figures, megabytes(idle), "< 20 MB", idle < MOST_KIB);
    let mut connection = Connection::open(portal.listen)?;
    let plain = connection.ask(&http::get("/", ""))?;
    let (_, after) = plain.text()?.split_once("<link rel=\"stylesheet\" href=\"").context("no stylesheet")?;
    let style = after.split('"').next().unwrap_or_default().to_owned();
    let page = connection.ask(&http::get("/", BROWSER))?.bytes;
    let sheet = connection.ask(&http::get(&style, BROWSER))?.bytes;
    let figures = format!("page {page}, stylesheet {sheet}, heads included");
    report.add(
        "first visit, compressed",
        figures,
        format!("{} bytes", page + sheet),
        "< 14 KB in two requests",
        page + sheet < MOST_BYTES,
    );
    portal.stop()
}
