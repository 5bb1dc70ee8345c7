//! Whether a database is what this program needs: its tables and columns are there, its pages can be read, and no newer program
//! has changed it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel_migrations::MigrationHarness;

use super::connection::{Db, MIGRATIONS, Opener, applied_migrations};
use super::error::Trouble;
use super::schema::system_state;
use crate::base::{hex, random_bytes};

/// The row that is written when it is in doubt whether anything can be.
const PROBE: &str = "write-probe";

type Tables = BTreeMap<String, BTreeSet<String>>;
type Found<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name AS column_name FROM sqlite_master t \
     JOIN pragma_table_info(t.name) c WHERE t.type = 'table'";
// The standard's own view does not show what one may not touch.
const POSTGRES_COLUMNS: &str = "SELECT c.relname::text AS table_name, a.attname::text AS column_name \
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')";

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
}

const SQLITE_INDICES: &str = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
const POSTGRES_INDICES: &str =
    "SELECT indexname::text AS name FROM pg_indexes WHERE schemaname = current_schema()";

const POSTGRES_FORBIDDEN: &str = "SELECT relname::text AS name FROM pg_class \
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') \
     AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT') \
     AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))";

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Verdict {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

/// The database does not answer: nobody knows whether anything is wrong with it.
pub(super) struct Unanswered;

/// What is wrong with a database; None when nothing is.
pub(super) fn damage(opener: &Opener) -> Result<Option<String>, Unanswered> {
    let mut db = opener.open().map_err(|_away| Unanswered)?;
    find(&mut db).or_else(|error| match error.downcast_ref::<Error>() {
        Some(passing) if Trouble::of(passing) != Trouble::Own => Err(Unanswered),
        _ => Ok(Some(error.to_string())),
    })
}

fn find(db: &mut Db) -> Found<Option<String>> {
    if let Some(newer) = newer_migration(db)? {
        return Ok(Some(format!("its schema is newer than this program (migration {newer})")));
    }
    let mut model = model()?;
    let (needed, there) = (columns(&mut model)?, columns(db)?);
    for (table, columns) in &needed {
        let Some(found) = there.get(table) else { return Ok(Some(format!("the table {table} is missing"))) };
        if let Some(column) = columns.difference(found).next() {
            return Ok(Some(format!("the table {table} has no column {column}")));
        }
    }
    if let Some(index) = indices(&mut model)?.difference(&indices(db)?).next() {
        return Ok(Some(format!("the index {index} is missing")));
    }
    let db = match db {
        Db::Sqlite(db) => db,
        Db::Postgres(db) => {
            let forbidden: Vec<Named> = sql_query(POSTGRES_FORBIDDEN).load(db)?;
            let table = forbidden.into_iter().find(|table| needed.contains_key(&table.name));
            return Ok(table.map(|table| format!("the table {} may not be read or written", table.name)));
        }
    };
    for table in needed.keys() {
        // An error is an answer, too: the page with the table's name cannot be read.
        let verdict = sql_query("SELECT quick_check FROM pragma_quick_check(?)")
            .bind::<Text, _>(table)
            .load::<Verdict>(db)
            .map_or_else(
                |error| Some(error.to_string()),
                |rows| rows.into_iter().next().map(|row| row.quick_check),
            );
        if let Some(verdict) = verdict.filter(|verdict| verdict != "ok") {
            return Ok(Some(format!("the table {table} is damaged: {}", verdict.replace('\n', " "))));
        }
    }
    Ok(None)
}

/// A database as the migrations of this program make it: which tables, columns and named indices are needed. Indices guard what must
/// be one.
fn model() -> Found<Db> {
    let mut empty = SqliteConnection::establish(":memory:")?;
    empty.run_pending_migrations(MIGRATIONS)?;
    Ok(Db::Sqlite(empty))
}

fn indices(db: &mut Db) -> QueryResult<BTreeSet<String>> {
    let rows: Vec<Named> = match db {
        Db::Postgres(db) => sql_query(POSTGRES_INDICES).load(db)?,
        Db::Sqlite(db) => sql_query(SQLITE_INDICES).load(db)?,
    };
    Ok(rows.into_iter().map(|row| row.name).collect())
}

fn columns(db: &mut Db) -> QueryResult<Tables> {
    let rows: Vec<Column> = match db {
        Db::Postgres(db) => sql_query(POSTGRES_COLUMNS).load(db)?,
        Db::Sqlite(db) => sql_query(SQLITE_COLUMNS).load(db)?,
    };
    let mut tables = Tables::new();
    for Column { table_name, column_name } in rows {
        tables.entry(table_name).or_default().insert(column_name);
    }
    // SQLite's own.
    tables.retain(|table, _| !table.starts_with("sqlite_"));
    Ok(tables)
}

/// A migration that was applied and that this program does not have.
fn newer_migration(db: &mut Db) -> Found<Option<String>> {
    let ours: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = MIGRATIONS.migrations()?;
    let ours: BTreeSet<String> = ours.iter().map(|one| one.name().version().to_string()).collect();
    Ok(applied_migrations(db)?.into_iter().find(|applied| !ours.contains(applied)))
}

/// A write to see whether anything can be written: of several pages, as those of people are, and another one each time, for SQLite
/// writes no page that stays the same.
pub(super) fn write_something(db: &mut Db) -> QueryResult<usize> {
    let value = hex(&random_bytes::<16_384>());
    let row = system_state::table.find(PROBE);
    if diesel::update(row).set(system_state::value.eq(&value)).execute(db)? == 1 {
        return Ok(1);
    }
    let row = (system_state::name.eq(PROBE), system_state::value.eq(&value));
    diesel::insert_into(system_state::table).values(row).execute(db)
}
