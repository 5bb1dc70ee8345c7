//! The rows of counters as one transaction sees them. What it looks up is read with one statement, what it changes is written with one,
//! at its end; what they mean is said in `limits`.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::Db;
use super::schema::counters;
use crate::base::Moment;

/// So many rows are written with one statement.
const TOGETHER: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct CounterRow {
    pub count: i64,
    pub ends_at: Moment,
    pub blocked_until: Moment,
}

/// A row as it is to be written.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = counters)]
struct Line<'a> {
    name: &'a str,
    count: i64,
    ends_at: Moment,
    blocked_until: Moment,
}

impl Line<'_> {
    const fn new(name: &str, CounterRow { count, ends_at, blocked_until }: CounterRow) -> Line<'_> {
        Line { name, count, ends_at, blocked_until }
    }
}

/// By name: whoever writes several rows writes them in the same order as everybody else.
#[derive(Debug, Clone, Default)]
pub struct CounterRows {
    known: BTreeMap<String, Known>,
    later: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    /// None for a counter that has none.
    row: Option<CounterRow>,
    is_changed: bool,
}

impl CounterRows {
    /// Whatever is read next, these are read with it.
    pub fn look_up_later<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.later.extend(names.into_iter().map(str::to_owned));
    }

    /// Reads those that are not known yet.
    pub fn look_up<'a>(&mut self, db: &mut Db, names: impl IntoIterator<Item = &'a str>) -> QueryResult<()> {
        let mut unknown: Vec<&str> =
            names.into_iter().filter(|name| !self.known.contains_key(*name)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let later = std::mem::take(&mut self.later);
        unknown.extend(later.iter().map(String::as_str).filter(|name| !self.known.contains_key(*name)));
        unknown.sort_unstable();
        unknown.dedup();
        let columns = (counters::count, counters::ends_at, counters::blocked_until);
        let found: Vec<(String, CounterRow)> = match (db, unknown.as_slice()) {
            // A list is one value on PostgreSQL; in a file the text of one name alone is known beforehand.
            (Db::Sqlite(c), [name]) => {
                counters::table.find(name).select((counters::name, columns)).load(c)?
            }
            (Db::Sqlite(c), names) => counters::table
                .filter(counters::name.eq_any(names))
                .select((counters::name, columns))
                .load(c)?,
            (Db::Postgres(c), names) => counters::table
                .filter(counters::name.eq_any(names))
                .select((counters::name, columns))
                .load(c)?,
        };
        for name in unknown {
            self.known.insert(name.to_owned(), Known { row: None, is_changed: false });
        }
        for (name, row) in found {
            self.known.insert(name, Known { row: Some(row), is_changed: false });
        }
        Ok(())
    }

    pub fn find(&mut self, db: &mut Db, name: &str) -> QueryResult<Option<CounterRow>> {
        self.look_up(db, [name])?;
        Ok(self.known(name).flatten())
    }

    /// None for a counter that was not looked at.
    pub fn known(&self, name: &str) -> Option<Option<CounterRow>> {
        self.known.get(name).map(|known| known.row)
    }

    pub fn put(&mut self, name: &str, row: CounterRow) {
        self.known.insert(name.to_owned(), Known { row: Some(row), is_changed: true });
    }

    /// Deletes rows at once.
    pub fn delete(&mut self, db: &mut Db, names: &[&str]) -> QueryResult<()> {
        for name in names {
            self.known.insert((*name).to_owned(), Known { row: None, is_changed: false });
        }
        let these = counters::table.filter(counters::name.eq_any(names));
        crate::on_connection!(db, |c| diesel::delete(these).execute(c)).map(drop)
    }

    /// Writes what was changed.
    pub fn write(&mut self, db: &mut Db) -> QueryResult<()> {
        let changed = self.known.iter().filter(|(_, known)| known.is_changed);
        let lines: Vec<Line> =
            changed.filter_map(|(name, known)| Some(Line::new(name, known.row?))).collect();
        lines.chunks(TOGETHER).try_for_each(|lines| write_together(db, lines))?;
        self.known.values_mut().for_each(|known| known.is_changed = false);
        Ok(())
    }

    /// Writes one row at once, whatever is known of it.
    pub fn write_one(db: &mut Db, name: &str, row: CounterRow) -> QueryResult<()> {
        write_together(db, &[Line::new(name, row)])
    }
}

macro_rules! upsert {
    ($c:ident, $lines:expr) => {
        diesel::insert_into(counters::table)
            .values($lines)
            .on_conflict(counters::name)
            .do_update()
            .set((
                counters::count.eq(excluded(counters::count)),
                counters::ends_at.eq(excluded(counters::ends_at)),
                counters::blocked_until.eq(excluded(counters::blocked_until)),
            ))
            .execute($c)
            .map(drop)
    };
}

/// On PostgreSQL the number of lines is part of the statement's type: it is planned once for each number. In a file several statements
/// cost no more than a longer one.
fn write_together(db: &mut Db, lines: &[Line]) -> QueryResult<()> {
    macro_rules! of_size {
        ($c:ident: $($size:literal)*) => {{
            $(if let Ok(lines) = <[Line; $size]>::try_from(lines) {
                return upsert!($c, lines);
            })*
            upsert!($c, lines.to_vec())
        }};
    }
    match db {
        Db::Postgres(c) => of_size!(c: 1 2 3 4 5 6 7 8),
        Db::Sqlite(c) => lines.iter().try_for_each(|line| upsert!(c, *line)),
    }
}
