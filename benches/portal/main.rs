//! Whether the portal is as fast and as small as it has to be: `cargo bench --bench portal`, under three minutes.
//!
//! Everything is measured as a ratio within one run: the portal's own binary and a bare server that answers the same bytes take
//! turns, and what counts is the processor time of each process (requests a second swing with the machine). Servers run as
//! child processes on loopback, with a database of their own in a temporary folder.

mod bare;
mod http;
mod many;
mod pages;
mod report;
mod seed;
mod server;
mod sign_ins;
mod small;
mod storm;

use std::path::Path;

use anyhow::Result;
use mimalloc::MiMalloc;
use report::Report;

/// As the portal has it, but for the wiping.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    if let (Some("bare"), Some(home), Some(listen)) = (words.next().as_deref(), words.next(), words.next()) {
        return bare::serve(Path::new(&home), &listen);
    }
    let home = tempfile::tempdir()?;
    let mut report = Report::default();
    let seeded = seed::plant(home.path())?;
    small::start(home.path(), &mut report)?;
    small::first_visit(home.path(), &mut report)?;
    pages::compare(home.path(), &mut report)?;
    many::compare(home.path(), &mut report)?;
    sign_ins::compare(home.path(), &seeded, &mut report)?;
    storm::weather(home.path(), &mut report)?;
    report.print();
    Ok(())
}
