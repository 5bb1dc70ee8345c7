//! The command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use diesel::QueryResult;
use kabinet::base::Clock;
use kabinet::cards::stuck_money;
use kabinet::config::{LogFormat, Settings};
use kabinet::db::Db;
use kabinet::portal::{Portal, PortalError};
use mimalloc::MiMalloc;
use rustix::fs::Mode;
use tokio::signal::unix::{SignalKind, signal};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;
use zeroizing_alloc::ZeroAlloc;

/// What is freed is wiped, whoever allocated it: no number of a card, code or password outlives its request in some buffer.
#[global_allocator]
static WIPING: ZeroAlloc<MiMalloc> = ZeroAlloc(MiMalloc);

/// The personal account of an escrow payment system. Settings come from the environment and from a file named .env.
#[derive(Parser)]
#[command(name = "kabinet", version, disable_help_subcommand = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database up to date and serve portal, worker and sandbox (the default)
    Serve,
    /// Bring the database up to date and stop
    Migrate,
    /// The books
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// Bank cards and their verification charges
    Cards {
        #[command(subcommand)]
        command: CardsCommand,
    },
}

#[derive(Subcommand)]
enum CardsCommand {
    /// Money that does not move, why and since when; exit code 1 when there is any
    Stuck,
    /// Cards that were refused within a week, with the bank's exact reasons
    Refused,
}

#[derive(Subcommand)]
enum LedgerCommand {
    /// Compute every balance anew and hold it against what is written; the first difference is named, with exit code 1
    Audit,
}

fn main() -> ExitCode {
    // Databases and keys hold people's data: files are their owner's alone.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let line = CommandLine::parse();
    let outcome = match line.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(),
        Command::Migrate => migrate(),
        Command::Ledger { command: LedgerCommand::Audit } => return audit_ledger(),
        Command::Cards { command: CardsCommand::Stuck } => return list_stuck(),
        Command::Cards { command: CardsCommand::Refused } => return list_refused(),
    };
    outcome.map_or_else(failed, |()| ExitCode::SUCCESS)
}

fn failed(error: PortalError) -> ExitCode {
    eprintln!("kabinet: {error}");
    ExitCode::FAILURE
}

/// Reads one snapshot of the database that is set.
fn read<T>(query: impl FnOnce(&mut Db) -> QueryResult<T>) -> Result<T, PortalError> {
    let settings = Settings::from_environment()?;
    Ok(kabinet::db::read_snapshot(&settings.database, query)?)
}

/// Exit code 1 says that money is stuck; 2, that it could not be read.
fn list_stuck() -> ExitCode {
    match read(|db| stuck_money::stuck(db, Clock::default().now())) {
        Ok(stuck) if stuck.is_empty() => {
            println!("No money is stuck.");
            ExitCode::SUCCESS
        }
        Ok(stuck) => {
            stuck.iter().for_each(|one| println!("{one}"));
            ExitCode::FAILURE
        }
        Err(error) => {
            failed(error);
            ExitCode::from(2)
        }
    }
}

fn list_refused() -> ExitCode {
    match read(|db| stuck_money::refused(db, Clock::default().now())) {
        Ok(refused) if refused.is_empty() => println!("No card was refused within a week."),
        Ok(refused) => refused.iter().for_each(|one| println!("{one}")),
        Err(error) => {
            failed(error);
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// Exit code 1 says that the books are wrong; 2, that they could not be read.
fn audit_ledger() -> ExitCode {
    match read(kabinet::ledger::audit) {
        Ok(Ok(summary)) => {
            println!("The ledger is in order.\n{summary}");
            ExitCode::SUCCESS
        }
        Ok(Err(difference)) => {
            eprintln!("kabinet: the ledger is not in order. {difference}");
            ExitCode::FAILURE
        }
        Err(error) => {
            failed(error);
            ExitCode::from(2)
        }
    }
}

fn migrate() -> Result<(), PortalError> {
    let settings = Settings::from_environment()?;
    let steps = kabinet::db::migrate(&settings.database)?;
    println!("The database {:?} is up to date; steps taken: {steps}.", settings.database);
    Ok(())
}

fn serve() -> Result<(), PortalError> {
    let settings = Settings::from_environment()?;
    let _written_at_the_end = start_log(&settings);
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    actix_web::rt::System::new().block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let portal = Portal::start(settings, Clock::default()).await?;
        greet(portal.settings());
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: running requests are answered first");
        portal.stop().await;
        Ok(())
    })
}

fn greet(settings: &Settings) {
    println!("The portal:   {}?locale=ru_RU", settings.public_url);
    if let Some(sandbox) = &settings.sandbox {
        println!(
            "The sandbox:  http://{}/   (mail and SMS that the portal sends arrive here; so do the messages of the test bank)",
            sandbox.listen
        );
    }
    println!("The database: {:?}", settings.database);
}

/// Lines are written by a thread of their own: nobody's request waits for whoever reads them. What is dropped last writes the rest.
fn start_log(settings: &Settings) -> WorkerGuard {
    // Lines that anybody on the network writes as often as they like, unless they are asked for by name.
    const STRANGERS: [(&str, &str); 2] =
        [("actix_http", "::h1::dispatcher=off"), ("actix_session", "::middleware=error")];
    let quiet = STRANGERS.into_iter().filter(|(library, _)| !settings.log.contains(library));
    let directives =
        quiet.fold(settings.log.clone(), |all, (library, rest)| format!("{all},{library}{rest}"));
    let filter = EnvFilter::try_new(directives).unwrap_or_else(|_checked_before| EnvFilter::new("info"));
    let (lines, guard) = tracing_appender::non_blocking(std::io::stderr());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(lines);
    match settings.log_format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    guard
}
