//! The accounts, each against its lines. Both are read in the order of the accounts' ids, a page of each at a time.

use std::collections::HashMap;
use std::vec::IntoIter;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::discrepancy::{AuditError, AuditedRecord, Summary, discrepancy, expect_equal, known};
use crate::base::Currency;
use crate::db::Db;
use crate::db::schema::{ledger_accounts, postings};
use crate::ledger::account::{LedgerAccountId, OwnerKind};
use crate::ledger::chart::Kind;
use crate::ledger::posting::Phase;

const ACCOUNTS: &str = "SELECT id, owner_kind, kind, currency, may_go_below_zero, posted, pending_debits, pending_credits, entries \
     FROM ledger_accounts WHERE id > $1 ORDER BY id LIMIT $2";
const LINES: &str = "SELECT p.account_id, p.number, p.amount_minor, p.posted_after, p.transfer_id, t.phase, e.id AS ended_by \
     FROM postings p LEFT JOIN transfers t ON t.id = p.transfer_id LEFT JOIN transfers e ON e.resolves = t.id \
     WHERE (p.account_id, p.number) > ($1, $2) ORDER BY p.account_id, p.number LIMIT $3";

#[derive(QueryableByName)]
#[diesel(table_name = ledger_accounts)]
struct Account {
    id: LedgerAccountId,
    owner_kind: String,
    kind: String,
    currency: String,
    may_go_below_zero: bool,
    posted: i64,
    pending_debits: i64,
    pending_credits: i64,
    entries: i64,
}

#[derive(QueryableByName)]
#[diesel(table_name = postings)]
struct PostingRow {
    account_id: LedgerAccountId,
    number: i64,
    amount_minor: i64,
    posted_after: i64,
    transfer_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    phase: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_by: Option<i64>,
}

/// All lines of all accounts, a page at a time.
struct PostingRows {
    page: IntoIter<PostingRow>,
    last: (LedgerAccountId, i64),
    rows: i64,
}

impl PostingRows {
    fn start(rows: i64) -> PostingRows {
        PostingRows { page: Vec::new().into_iter(), last: (LedgerAccountId::from_i64(i64::MIN), 0), rows }
    }

    /// The next line, unless it belongs to an account after `to`.
    fn next_up_to(&mut self, db: &mut Db, to: LedgerAccountId) -> QueryResult<Option<PostingRow>> {
        if self.page.as_slice().is_empty() {
            let (account, number) = self.last;
            let query = sql_query(LINES)
                .bind::<BigInt, _>(account)
                .bind::<BigInt, _>(number)
                .bind::<BigInt, _>(self.rows);
            self.page = query.load::<PostingRow>(db)?.into_iter();
        }
        match self.page.as_slice().first() {
            Some(line) if line.account_id <= to => {
                self.last = (line.account_id, line.number);
                Ok(self.page.next())
            }
            _ => Ok(None),
        }
    }
}

/// What the lines of an account come to.
#[derive(Default)]
struct Tally {
    lines: i64,
    posted: i128,
    pending_debits: i128,
    pending_credits: i128,
}

pub(super) fn audit(db: &mut Db, rows: i64, summary: &mut Summary) -> Result<(), AuditError> {
    let mut lines = PostingRows::start(rows);
    let mut last = LedgerAccountId::from_i64(i64::MIN);
    let mut sums: HashMap<Currency, i128> = HashMap::new();
    loop {
        let accounts: Vec<Account> =
            sql_query(ACCOUNTS).bind::<BigInt, _>(last).bind::<BigInt, _>(rows).load(db)?;
        let Some(highest) = accounts.last().map(|account| account.id) else { break };
        for account in &accounts {
            let mut tally = Tally::default();
            while let Some(line) = lines.next_up_to(db, account.id)? {
                has_account(&line, Some(account.id))?;
                tally.add(&line)?;
            }
            let currency = account.audit(&tally)?;
            let sum = sums.entry(currency).or_default();
            *sum = sum.saturating_add(i128::from(account.posted.max(0)));
            summary.accounts += 1;
            summary.postings = summary.postings.saturating_add(u64::try_from(tally.lines).unwrap_or(0));
        }
        last = highest;
    }
    if let Some(line) = lines.next_up_to(db, LedgerAccountId::from_i64(i64::MAX))? {
        has_account(&line, None)?;
    }
    summary.sums =
        Currency::ALL.iter().filter_map(|currency| Some((*currency, *sums.get(currency)?))).collect();
    Ok(())
}

/// PostingRows come in the order of the accounts: one that comes before its account's turn has none.
fn has_account(line: &PostingRow, account: Option<LedgerAccountId>) -> Result<(), AuditError> {
    if account == Some(line.account_id) {
        return Ok(());
    }
    Err(discrepancy(AuditedRecord::Account(line.account_id), "the account of its lines", "a row", "none"))
}

impl Tally {
    fn add(&mut self, line: &PostingRow) -> Result<(), AuditError> {
        let record = AuditedRecord::Account(line.account_id);
        self.lines = self.lines.saturating_add(1);
        expect_equal(record, "number of the next line", self.lines, line.number)?;
        let amount = i128::from(line.amount_minor);
        match line.phase.as_deref().and_then(Phase::from_word) {
            Some(Phase::Posted | Phase::Settled) => self.posted = self.posted.saturating_add(amount),
            Some(Phase::Pending) if line.ended_by.is_some() => {}
            Some(Phase::Pending) if amount < 0 => {
                self.pending_debits = self.pending_debits.saturating_sub(amount)
            }
            Some(Phase::Pending) => self.pending_credits = self.pending_credits.saturating_add(amount),
            Some(Phase::Voided) | None => {
                let found = line.phase.as_deref().unwrap_or("no such transfer");
                return Err(discrepancy(
                    record,
                    &format!("transfer {} of a line", line.transfer_id),
                    "posted or held",
                    found,
                ));
            }
        }
        let what = format!("balance after line {}", line.number);
        expect_equal(record, &what, self.posted, i128::from(line.posted_after))
    }
}

impl Account {
    fn audit(&self, tally: &Tally) -> Result<Currency, AuditError> {
        let record = AuditedRecord::Account(self.id);
        expect_equal(record, "lines", tally.lines, self.entries)?;
        expect_equal(record, "posted balance", tally.posted, self.posted.into())?;
        expect_equal(record, "pending debits", tally.pending_debits, self.pending_debits.into())?;
        expect_equal(record, "pending credits", tally.pending_credits, self.pending_credits.into())?;
        known(record, "kind of its owner", &self.owner_kind, OwnerKind::from_word)?;
        let kind = known(record, "kind", &self.kind, Kind::from_word)?;
        expect_equal(record, "leave to go below zero", kind.may_go_below_zero(), self.may_go_below_zero)?;
        if !self.may_go_below_zero && self.posted < self.pending_debits {
            return Err(discrepancy(
                record,
                "what is available",
                "0 or more",
                self.posted.saturating_sub(self.pending_debits),
            ));
        }
        known(record, "currency", &self.currency, Currency::from_word)
    }
}
