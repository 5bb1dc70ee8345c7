//! Migrations: they run on both databases, and each can be taken back.

use diesel::connection::{Connection, SimpleConnection};
use diesel::migration::Migration;
use diesel::{PgConnection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use kabinet::config::DatabaseUrl;

use crate::support::database::Database;
use crate::support::process::Workdir;

use super::sources::{files, root};

#[test]
fn the_program_brings_an_empty_database_up_to_date_once() {
    let dir = Workdir::new("schema");
    let database = Database::fresh(dir.root());
    let url = DatabaseUrl::parse(&database.url()).unwrap();
    let steps = files("migrations", "up.sql").len();
    assert_eq!(kabinet::db::migrate(&url).unwrap(), steps);
    assert_eq!(kabinet::db::migrate(&url).unwrap(), 0);
}

#[test]
fn what_each_migration_does_its_way_back_undoes() {
    let dir = Workdir::new("schema");
    let database = Database::fresh(dir.root());
    match &database {
        Database::Sqlite(path) => {
            there_and_back(&database, SqliteConnection::establish(path.to_str().unwrap()).unwrap())
        }
        Database::Postgres { .. } => {
            there_and_back(&database, PgConnection::establish(&database.url()).unwrap())
        }
    }
}

fn there_and_back<C>(database: &Database, mut db: C)
where
    C: Connection + SimpleConnection + MigrationHarness<C::Backend>,
    C::Backend: diesel::backend::Backend,
    FileBasedMigrations: diesel::migration::MigrationSource<C::Backend>,
{
    let source = FileBasedMigrations::from_path(root().join("migrations")).unwrap();
    let migrations: Vec<Box<dyn Migration<C::Backend>>> = db.pending_migrations(source).unwrap();
    assert!(!migrations.is_empty());
    for migration in &migrations {
        let before = shape(database);
        db.run_migration(migration.as_ref()).unwrap();
        let after = shape(database);
        assert_ne!(before, after, "{} does nothing", migration.name());
        db.revert_migration(migration.as_ref()).unwrap();
        assert_eq!(shape(database), before, "{} is not undone", migration.name());
        db.run_migration(migration.as_ref()).unwrap();
        assert_eq!(shape(database), after, "{} cannot be done again", migration.name());
    }
}

/// Tables, columns, constraints and indexes, a line each. diesel's own table is none of ours.
fn shape(database: &Database) -> Vec<String> {
    let queries: &[&str] = match database {
        Database::Sqlite(_) => {
            &["SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS line FROM sqlite_master ORDER BY 1"]
        }
        Database::Postgres { .. } => &[
            "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable AS line \
             FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1",
            "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) AS line FROM pg_constraint \
             WHERE connamespace = 'public'::regnamespace ORDER BY 1",
            "SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        ],
    };
    let lines = queries.iter().flat_map(|query| database.lines(query));
    lines.filter(|line| !line.contains("__diesel_schema_migrations")).collect()
}
