//! The cabinet where a million people have accounts and sessions, against one where few have.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use diesel::connection::SimpleConnection;
use diesel::{Connection as _, SqliteConnection};

use crate::http::{self, Connection, flood};
use crate::pages::{CONNECTIONS, RUSSIAN, WARM_UP, cost, middle};
use crate::report::{Report, median, micros};
use crate::seed;
use crate::server::Server;
use crate::sign_ins::{Person, SignedIn};

const MANY: u32 = 1_000_000;
const FEW: u32 = 1_000;
const ROUNDS: u32 = 3;

/// Copies of the first account and of its session, under other names.
const COPIES: &str = "\
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {most})
INSERT INTO accounts SELECT 1000000000 + n, printf('9%011d', n), status, printf('+7999%08d', n),
    printf('copy%d@example.org', n), printf('copy%d@example.org', n), password, name, epoch, locale, time_zone, created_at
FROM n, (SELECT * FROM accounts ORDER BY id LIMIT 1) AS first;
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {most})
INSERT INTO sessions SELECT lower(hex(randomblob(32))), printf('copy-%d', n), 1000000000 + n, epoch, state, ip, user_agent,
    created_at, seen_at, expires_at, ends_at
FROM n, (SELECT * FROM sessions ORDER BY created_at LIMIT 1) AS first;
";

pub fn compare(home: &Path, report: &mut Report) -> Result<()> {
    println!("The cabinet among few and among many:");
    let few = inhabited(home, FEW)?;
    let many = inhabited(home, MANY)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for (server, inside) in [&few.opened, &many.opened] {
        flood(server.listen, inside, CONNECTIONS, WARM_UP)?;
    }
    for _ in 0..ROUNDS {
        theirs.push(cost(&few.opened.0, &few.opened.1)?);
        ours.push(cost(&many.opened.0, &many.opened.1)?);
    }
    let ratio = median(ours.iter().zip(&theirs).map(|(a, b)| a.div_duration_f64(*b)).collect());
    let figures = format!("{} against {}", micros(middle(&ours)), micros(middle(&theirs)));
    report.ratio("cabinet among 1,000,000 accounts and sessions against 1,000", figures, ratio, 1.1);
    for house in [few, many] {
        house.opened.0.stop()?;
    }
    Ok(())
}

struct House {
    /// The portal there, and how somebody asks for their cabinet.
    opened: (Server, Vec<u8>),
    _home: tempfile::TempDir,
}

/// A portal over a copy of the database in which so many more live.
fn inhabited(home: &Path, most: u32) -> Result<House> {
    let own = tempfile::tempdir()?;
    for name in ["kabinet.db", "secret.key"] {
        fs::copy(home.join(name), own.path().join(name)).with_context(|| name.to_owned())?;
    }
    let portal = Server::portal(own.path())?;
    let session = signs_in(&portal)?;
    portal.stop()?;
    let mut db = SqliteConnection::establish(own.path().join("kabinet.db").to_str().context("a path")?)?;
    db.batch_execute(&COPIES.replace("{most}", &most.to_string()))?;
    drop(db);
    let portal = Server::portal(own.path())?;
    let inside = http::get("/cabinet", &format!("{RUSSIAN}cookie: {session}\r\n"));
    let mut connection = Connection::open(portal.listen)?;
    let answer = connection.ask(&inside)?;
    ensure!(answer.status == 200 && answer.text()?.contains("<dl>"), "the cabinet does not open");
    Ok(House { opened: (portal, inside), _home: own })
}

fn signs_in(portal: &Server) -> Result<String> {
    let mut connection = Connection::open(portal.listen)?;
    match Person::arrive(&mut connection, seed::ACCOUNTS / 2)?.sign_in(&mut connection)? {
        SignedIn::In { session } => Ok(session),
        _ => bail!("the account cannot sign in"),
    }
}
