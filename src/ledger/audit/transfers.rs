//! The transfers, each against its postings and against the transfer that it ends or reverses.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::discrepancy::{AuditError, AuditedRecord, Summary, discrepancy, expect_equal, known};
use crate::base::Currency;
use crate::db::Db;
use crate::db::schema::{postings, transfers};
use crate::ledger::chart::Reason;
use crate::ledger::posting::{MAX_POSTINGS, Phase, TransferId};

const TRANSFERS: &str = "SELECT t.id, t.reason, t.phase, t.resolves, t.reverses, \
     target.phase AS target_phase, target.reverses AS target_reverses \
     FROM transfers t LEFT JOIN transfers target ON target.id = COALESCE(t.resolves, t.reverses) \
     WHERE t.id > $1 ORDER BY t.id LIMIT $2";
const LEGS: &str = "SELECT p.transfer_id, p.account_id, p.amount_minor, a.currency \
     FROM postings p LEFT JOIN ledger_accounts a ON a.id = p.account_id \
     WHERE p.transfer_id > $1 AND p.transfer_id <= $2 ORDER BY p.transfer_id, p.account_id LIMIT $3";
/// What the ends and reversals of a page have to repeat.
const LEGS_OF_TARGETS: &str = "SELECT t.id AS transfer_id, p.account_id, p.amount_minor, CAST(NULL AS TEXT) AS currency \
     FROM transfers t JOIN postings p ON p.transfer_id = COALESCE(t.resolves, t.reverses) \
     WHERE t.id > $1 AND t.id <= $2 AND t.phase <> 'voided' ORDER BY t.id, p.account_id LIMIT $3";
const ENDS: &str = "SELECT resolves AS id, COUNT(*) AS count FROM transfers \
     WHERE resolves > $1 AND resolves <= $2 GROUP BY resolves ORDER BY resolves LIMIT $3";
const REVERSALS: &str = "SELECT reverses AS id, COUNT(*) AS count FROM transfers \
     WHERE reverses > $1 AND reverses <= $2 GROUP BY reverses ORDER BY reverses LIMIT $3";
/// Says `phase` where it means `resolves IS NULL`: SQLite would take that index, and read every transfer for each page.
const ASKED_BEFORE: &str = "SELECT t.id, COUNT(*) AS count FROM transfers t JOIN transfers o \
     ON o.operation_id = t.operation_id AND o.reason = t.reason AND o.resolves IS NULL AND o.id < t.id \
     WHERE t.id > $1 AND t.id <= $2 AND t.phase IN ('posted', 'pending') GROUP BY t.id ORDER BY t.id LIMIT $3";

#[derive(QueryableByName)]
#[diesel(table_name = transfers)]
struct Transfer {
    id: TransferId,
    reason: String,
    phase: String,
    resolves: Option<TransferId>,
    reverses: Option<TransferId>,
    #[diesel(sql_type = Nullable<Text>)]
    target_phase: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    target_reverses: Option<TransferId>,
}

#[derive(QueryableByName)]
#[diesel(table_name = postings)]
struct Leg {
    transfer_id: TransferId,
    account_id: i64,
    amount_minor: i64,
    #[diesel(sql_type = Nullable<Text>)]
    currency: Option<String>,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    id: TransferId,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

type Counts = HashMap<TransferId, i64>;
type Legs = HashMap<TransferId, Vec<Leg>>;

/// What belongs to the transfers of one page.
struct Page {
    legs: Legs,
    legs_of_targets: Legs,
    ends: Counts,
    reversals: Counts,
    asked_before: Counts,
}

pub(super) fn audit(db: &mut Db, rows: i64, summary: &mut Summary) -> Result<(), AuditError> {
    let mut last = TransferId::from_i64(i64::MIN);
    loop {
        let transfers: Vec<Transfer> =
            sql_query(TRANSFERS).bind::<BigInt, _>(last).bind::<BigInt, _>(rows).load(db)?;
        let Some(newest) = transfers.last().map(|transfer| transfer.id) else { return Ok(()) };
        let page = Page::read(db, last, newest, rows)?;
        for transfer in &transfers {
            page.audit(transfer, summary)?;
        }
        last = newest;
    }
}

impl Page {
    fn read(db: &mut Db, after: TransferId, to: TransferId, rows: i64) -> QueryResult<Page> {
        // Enough for the largest transfers; what is cut off is missed by its transfer, which is then named.
        let most_legs = rows.saturating_mul(i64::try_from(MAX_POSTINGS).unwrap_or(i64::MAX));
        let mut legs = |sql| -> QueryResult<Legs> {
            let query =
                sql_query(sql).bind::<BigInt, _>(after).bind::<BigInt, _>(to).bind::<BigInt, _>(most_legs);
            let mut found = Legs::new();
            for leg in query.load::<Leg>(db)? {
                found.entry(leg.transfer_id).or_default().push(leg);
            }
            Ok(found)
        };
        let (own, of_targets) = (legs(LEGS)?, legs(LEGS_OF_TARGETS)?);
        let mut counts = |sql| -> QueryResult<Counts> {
            let query = sql_query(sql).bind::<BigInt, _>(after).bind::<BigInt, _>(to).bind::<BigInt, _>(rows);
            Ok(query.load::<Counted>(db)?.into_iter().map(|row| (row.id, row.count)).collect())
        };
        let (ends, reversals, asked_before) = (counts(ENDS)?, counts(REVERSALS)?, counts(ASKED_BEFORE)?);
        Ok(Page { legs: own, legs_of_targets: of_targets, ends, reversals, asked_before })
    }

    fn audit(&self, transfer: &Transfer, summary: &mut Summary) -> Result<(), AuditError> {
        let record = AuditedRecord::Transfer(transfer.id);
        let phase = known(record, "phase", &transfer.phase, Phase::from_word)?;
        known(record, "reason", &transfer.reason, Reason::from_word)?;
        let count = |of: &Counts| of.get(&transfer.id).copied().unwrap_or(0);
        let (ends, reversals) = (count(&self.ends), count(&self.reversals));
        for (what, times) in [("times settled or voided", ends), ("times reversed", reversals)] {
            if times > 1 {
                return Err(discrepancy(record, what, "at most 1", times));
            }
        }
        expect_equal(
            record,
            "earlier transfers of the same operation and reason",
            0,
            count(&self.asked_before),
        )?;
        check_target(transfer, phase)?;
        let legs: &[Leg] = self.legs.get(&transfer.id).map_or(&[], Vec::as_slice);
        check_legs(record, phase, legs)?;
        if phase != Phase::Voided && (transfer.resolves.is_some() || transfer.reverses.is_some()) {
            let sign = if transfer.reverses.is_some() { -1 } else { 1 };
            let targets: &[Leg] = self.legs_of_targets.get(&transfer.id).map_or(&[], Vec::as_slice);
            expect_equal(record, "postings", describe(targets, sign), describe(legs, 1))?;
        }
        summary.transfers += 1;
        summary.open_holds += u64::from(phase == Phase::Pending && ends == 0);
        Ok(())
    }
}

/// An end has a hold, a reversal has something posted.
fn check_target(transfer: &Transfer, phase: Phase) -> Result<(), AuditError> {
    let record = AuditedRecord::Transfer(transfer.id);
    let target = transfer.target_phase.as_deref().unwrap_or("nothing");
    let is_end = matches!(phase, Phase::Settled | Phase::Voided);
    match (is_end, transfer.resolves.is_some(), transfer.reverses.is_some()) {
        (false, false, false) => Ok(()),
        (true, true, false) => expect_equal(record, "phase of what it ends", Phase::Pending.word(), target),
        (false, false, true) if phase == Phase::Posted => {
            let may_be_reversed =
                matches!(target, "posted" | "settled") && transfer.target_reverses.is_none();
            let found = if transfer.target_reverses.is_some() { "a reversal" } else { target };
            if may_be_reversed {
                Ok(())
            } else {
                Err(discrepancy(record, "what it reverses", "posted or settled", found))
            }
        }
        _ => Err(discrepancy(
            record,
            "transfers that it names",
            "one hold to end, or one transfer to reverse",
            phase.word(),
        )),
    }
}

fn check_legs(record: AuditedRecord, phase: Phase, legs: &[Leg]) -> Result<(), AuditError> {
    if phase == Phase::Voided {
        return expect_equal(record, "postings", 0, legs.len());
    }
    if !(2..=MAX_POSTINGS).contains(&legs.len()) {
        return Err(discrepancy(record, "postings", format!("2 to {MAX_POSTINGS}"), legs.len()));
    }
    let mut sums: HashMap<Currency, i128> = HashMap::new();
    for leg in legs {
        let Some(currency) = leg.currency.as_deref().and_then(Currency::from_word) else {
            let found = leg.currency.as_deref().unwrap_or("no such account");
            return Err(discrepancy(
                record,
                &format!("currency of account {}", leg.account_id),
                "a known word",
                found,
            ));
        };
        let sum = sums.entry(currency).or_default();
        *sum = sum.saturating_add(leg.amount_minor.into());
    }
    for currency in Currency::ALL {
        let sum = sums.get(currency).copied().unwrap_or(0);
        expect_equal(record, &format!("sum of the postings in {}", currency.word()), 0, sum)?;
    }
    Ok(())
}

/// `1: -500, 2: 500`
fn describe(legs: &[Leg], sign: i128) -> String {
    let one =
        |leg: &Leg| format!("{}: {}", leg.account_id, i128::from(leg.amount_minor).saturating_mul(sign));
    legs.iter().map(one).collect::<Vec<_>>().join(", ")
}
