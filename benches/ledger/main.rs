//! What the ledger costs over its own SQL: `cargo bench --bench ledger`, under a minute.
//!
//! Two-legged transfers through `ledger::post` and the write queue, against the same statements sent through bare diesel, in turns
//! within one run: what counts is the ratio. SQLite flushes each commit (`synchronous = FULL`). PostgreSQL is measured when
//! KABINET_BENCH_POSTGRES names a server on which databases may be made (`postgres://postgres@127.0.0.1/postgres`).
//! Afterwards the books of both sides are audited.

mod bare;
mod books;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bare::Client;
use books::Books;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use kabinet::config::DatabaseUrl;
use kabinet::db::{migrate, read_snapshot};
use zeroize::Zeroizing;

const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_millis(1_200);
/// Transfers to a commit, and callers that wait at the same time.
const GROUP: usize = 50;
/// What the ledger has to reach, in percent of bare diesel.
const LEAST: u64 = 50;

fn main() -> Result<()> {
    let home = tempfile::tempdir()?;
    let mut rows = Vec::new();
    sqlite(home.path(), &mut rows)?;
    match std::env::var("KABINET_BENCH_POSTGRES").ok().filter(|url| !url.is_empty()) {
        Some(server) => postgres(&server, &mut rows)?,
        None => println!("PostgreSQL is skipped: KABINET_BENCH_POSTGRES names no server"),
    }
    println!("\n| transfers a second | ledger | bare diesel | ratio | target | |\n|---|---|---|---|---|---|");
    for Row { what, ledger, bare, ratio } in &rows {
        let reached = if *ratio >= LEAST { "reached" } else { "MISSED" };
        println!("| {what} | {ledger} | {bare} | {ratio} % | ≥ {LEAST} % | {reached} |");
    }
    Ok(())
}

struct Row {
    what: &'static str,
    ledger: u64,
    bare: u64,
    /// In percent.
    ratio: u64,
}

fn sqlite(home: &Path, rows: &mut Vec<Row>) -> Result<()> {
    let url = |name: &str| DatabaseUrl::Sqlite(home.join(name));
    let (books, bare) = (Books::open(&url("ledger.db"))?, Books::open(&url("bare.db"))?);
    let mut client = Client::sqlite(&home.join("bare.db").display().to_string())?;
    for (what, pairs) in [("SQLite, one by one", 1), ("SQLite, 50 to a commit", GROUP)] {
        let (own, others) = (books.pairs(pairs, true)?, bare.pairs(pairs, true)?);
        rows.push(compare(what, |until| books.posts(&own, until), |until| client.posts(&others, until))?);
    }
    drop(client);
    audit(&books, &url("ledger.db"))?;
    audit(&bare, &url("bare.db"))
}

fn postgres(server: &str, rows: &mut Vec<Row>) -> Result<()> {
    let (ledger, bare) =
        (Fresh::on(server, "kabinet_bench_ledger")?, Fresh::on(server, "kabinet_bench_bare")?);
    let (books, bare_books) = (Books::open(&ledger.url())?, Books::open(&bare.url())?);
    for (what, clients, shared) in [
        ("PostgreSQL, 1 client", 1, false),
        ("PostgreSQL, 8 clients, accounts of their own", 8, false),
        ("PostgreSQL, 8 clients, one account shared", 8, true),
    ] {
        let (own, others) = (books.pairs(clients, shared)?, bare_books.pairs(clients, shared)?);
        let mut connections = Client::postgres(&bare.url, clients)?;
        let bare_side = |until| bare::all_post(&mut connections, &others, until);
        rows.push(compare(what, |until| books.posts(&own, until), bare_side)?);
    }
    audit(&books, &ledger.url())?;
    audit(&bare_books, &bare.url())
}

/// Rounds in turns: transfers a second on either side, and the middle one of the ratios.
fn compare(
    what: &'static str,
    mut ledger: impl FnMut(Instant) -> Result<u64>,
    mut bare: impl FnMut(Instant) -> Result<u64>,
) -> Result<Row> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let (ledger, bare) = (a_second(&mut ledger)?, a_second(&mut bare)?);
        rounds.push(Row { what, ledger, bare, ratio: ledger * 100 / bare.max(1) });
    }
    rounds.sort_by_key(|row| row.ratio);
    let row = rounds.into_iter().nth(ROUNDS / 2).context("no round")?;
    println!("  {what}: ledger {}/s, bare {}/s, {} %", row.ledger, row.bare, row.ratio);
    Ok(row)
}

fn a_second(side: &mut impl FnMut(Instant) -> Result<u64>) -> Result<u64> {
    let start = Instant::now();
    let done = side(start + ROUND)?;
    Ok(done * 1_000 / u64::try_from(start.elapsed().as_millis())?)
}

/// Whether the books that were written are whole: a fast ledger that loses a line would be no ledger.
fn audit(books: &Books, url: &DatabaseUrl) -> Result<()> {
    books.close();
    let start = Instant::now();
    let summary =
        read_snapshot(url, kabinet::ledger::audit)?.map_err(|difference| anyhow::anyhow!("{difference}"))?;
    println!(
        "  audited in {:.2} s: {} transfers, {} postings",
        start.elapsed().as_secs_f64(),
        summary.transfers,
        summary.postings
    );
    Ok(())
}

/// A database that is made for the run and dropped after it.
struct Fresh {
    server: String,
    name: &'static str,
    url: String,
}

impl Fresh {
    fn on(server: &str, name: &'static str) -> Result<Fresh> {
        let mut db = PgConnection::establish(server)?;
        db.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        db.batch_execute(&format!("CREATE DATABASE {name}"))?;
        let mut url = url::Url::parse(server)?;
        url.set_path(name);
        let fresh = Fresh { server: server.to_owned(), name, url: url.to_string() };
        migrate(&fresh.url())?;
        Ok(fresh)
    }

    fn url(&self) -> DatabaseUrl {
        DatabaseUrl::Postgres(Zeroizing::new(self.url.clone()))
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let dropped = PgConnection::establish(&self.server)
            .map(|mut db| db.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)));
        if !matches!(dropped, Ok(Ok(()))) {
            println!("the database {} is left behind", self.name);
        }
    }
}
