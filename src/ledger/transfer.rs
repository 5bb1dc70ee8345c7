//! Transfers: what is asked for, the rules that it must keep, and how it is entered.

use diesel::prelude::*;

use super::account::{LedgerAccountId, Row};
use super::balance::{Balance, Step};
use super::chart::Reason;
use super::posting::{MAX_POSTINGS, Phase, Posting, TransferId};
use super::queries::{Entry, Header, MoveAccount, accounts_of, insert_postings};
use super::refusal::Refusal;
use crate::base::{Currency, Moment, Money};
use crate::db::schema::{ledger_accounts, postings, transfers};
use crate::db::{Db, retry};

/// A transfer that is asked for. The same operation and reason make one transfer, however often they are asked.
#[derive(Debug, Clone)]
pub struct NewTransfer {
    pub operation: i64,
    pub reason: Reason,
    pub postings: Vec<Posting>,
}

impl NewTransfer {
    /// From one account to another.
    ///
    /// ```
    /// # use kabinet::base::{Currency, Money};
    /// # use kabinet::ledger::{LedgerAccountId, NewTransfer, Reason};
    /// let (gateway, anna) = (LedgerAccountId::from_i64(1), LedgerAccountId::from_i64(2));
    /// let sum = Money::new(1_234, Currency::Rub);
    /// let new = NewTransfer::between(77, Reason::VerificationCharged, gateway, anna, sum).unwrap();
    /// assert_eq!(new.postings[0].money.minor, -1_234);
    /// ```
    pub fn between(
        operation: i64,
        reason: Reason,
        from: LedgerAccountId,
        to: LedgerAccountId,
        money: Money,
    ) -> Result<NewTransfer, Refusal> {
        let taken = money.minor.checked_neg().ok_or(Refusal::Overflow(from))?;
        let postings = vec![Posting::new(from, Money::new(taken, money.currency)), Posting::new(to, money)];
        Ok(NewTransfer { operation, reason, postings })
    }
}

/// Enters a transfer at once.
pub fn post(db: &mut Db, new: &NewTransfer, now: Moment) -> QueryResult<Result<TransferId, Refusal>> {
    enter_new(db, new, None, Step::Post, now)
}

/// Reserves what a transfer would move, until it is settled or voided.
pub fn hold(db: &mut Db, new: &NewTransfer, now: Moment) -> QueryResult<Result<TransferId, Refusal>> {
    enter_new(db, new, None, Step::Hold, now)
}

/// Enters a transfer that an operation asks for, or finds the one that it has made before.
pub(super) fn enter_new(
    db: &mut Db,
    new: &NewTransfer,
    reverses: Option<TransferId>,
    step: Step,
    now: Moment,
) -> QueryResult<Result<TransferId, Refusal>> {
    let mut postings = new.postings.clone();
    postings.sort_by_key(|posting| posting.account);
    if let Err(refusal) = balanced(&postings) {
        return Ok(Err(refusal));
    }
    let phase = if step == Step::Hold { Phase::Pending } else { Phase::Posted };
    let (id, operation, reason) = (TransferId::next(), new.operation, new.reason);
    let header = Header { id, operation, reason, phase, resolves: None, reverses, at: now };
    match moves(db, &postings, step)? {
        Ok(moves) if enter(db, header, &moves)? => Ok(Ok(id)),
        Ok(_done_before) => repeated(db, header, &postings)?.map_or_else(|| Err(retry()), Ok),
        // What was done before is not refused for what has happened since.
        Err(refusal) => Ok(repeated(db, header, &postings)?.unwrap_or(Err(refusal))),
    }
}

/// The rules that need no database. The postings are in the order of their accounts.
pub(super) fn balanced(postings: &[Posting]) -> Result<(), Refusal> {
    match postings.len() {
        0 | 1 => return Err(Refusal::TooFew),
        2..=MAX_POSTINGS => {}
        _ => return Err(Refusal::TooMany),
    }
    for posting in postings {
        match posting.money.minor {
            0 => return Err(Refusal::Zero(posting.account)),
            i64::MIN => return Err(Refusal::Overflow(posting.account)),
            _ => {}
        }
    }
    for (one, next) in postings.iter().zip(postings.iter().skip(1)) {
        if one.account == next.account {
            return Err(Refusal::AccountTwice(one.account));
        }
    }
    for currency in Currency::ALL.iter().copied() {
        let of_it = postings.iter().filter(|posting| posting.money.currency == currency);
        let sum: i128 = of_it.map(|posting| i128::from(posting.money.minor)).sum();
        if sum != 0 {
            return Err(Refusal::Unbalanced { currency, sum });
        }
    }
    Ok(())
}

/// One account's part in a transfer: how it stands, and how it will.
pub(super) struct Move {
    row: Row,
    amount: i64,
    after: Balance,
    step: Step,
}

/// What the postings do to their accounts, or why they may not.
pub(super) fn moves(
    db: &mut Db,
    postings: &[Posting],
    step: Step,
) -> QueryResult<Result<Vec<Move>, Refusal>> {
    let ids: Vec<LedgerAccountId> = postings.iter().map(|posting| posting.account).collect();
    let mut rows = accounts_of(&ids).load::<Row>(db)?.into_iter().peekable();
    // Both are in the order of the accounts; a row is missing where they part.
    Ok(postings
        .iter()
        .map(|posting| match rows.next_if(|row| row.id == posting.account) {
            Some(row) => judge(row, posting.money, step),
            None => Err(Refusal::UnknownAccount(posting.account)),
        })
        .collect())
}

fn judge(row: Row, money: Money, step: Step) -> Result<Move, Refusal> {
    if row.currency != money.currency {
        return Err(Refusal::CurrencyMixed { account: row.id, keeps: row.currency });
    }
    let after = row.balance().after(step, money.minor).ok_or(Refusal::Overflow(row.id))?;
    if !row.may_go_below_zero && after.available() < 0 {
        return Err(Refusal::Overdraft { account: row.id, available: row.balance().available() });
    }
    Ok(Move { row, amount: money.minor, after, step })
}

/// Writes a transfer, its accounts in the order of their ids, its postings. False when the same operation and reason have
/// made a transfer before: then nothing is written.
pub(super) fn enter(db: &mut Db, header: Header, moves: &[Move]) -> QueryResult<bool> {
    let written = header.into_statement().execute(db).map_err(lost_race)?;
    if written == 0 {
        return Ok(false);
    }
    let mut entries = Vec::with_capacity(moves.len());
    for made in moves {
        let number = carry_out(db, made)?;
        let (account, amount, posted_after) = (made.row.id, made.amount, made.after.posted);
        entries.push(Entry { account, number, transfer: header.id, amount, posted_after });
    }
    if header.phase != Phase::Voided {
        insert_postings(&entries).execute(db)?;
    }
    Ok(true)
}

/// Another instance has written the same a moment ago: run again, its row is found.
fn lost_race(error: diesel::result::Error) -> diesel::result::Error {
    use diesel::result::{DatabaseErrorKind, Error};
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => retry(),
        other => other,
    }
}

/// Moves an account, if it stands as it was read and stays above its floor. Returns the number of its new line.
fn carry_out(db: &mut Db, made: &Move) -> QueryResult<i64> {
    let Move { row, after, step, .. } = made;
    let by = |before: i64, after: i64| after.checked_sub(before).ok_or_else(retry);
    let lines = if *step == Step::Void { 0 } else { 1 };
    let moved = MoveAccount {
        id: row.id,
        entries_read: row.entries,
        posted_read: row.posted,
        posts: by(row.posted, after.posted)?,
        debits: by(row.pending_debits, after.pending_debits)?,
        credits: by(row.pending_credits, after.pending_credits)?,
        lines,
    };
    if moved.into_statement().execute(db)? == 1 {
        row.entries.checked_add(lines).ok_or_else(retry)
    } else {
        Err(retry())
    }
}

/// The transfer that an operation and reason have made, when it is the one that is asked for now.
fn repeated(
    db: &mut Db,
    asked: Header,
    postings: &[Posting],
) -> QueryResult<Option<Result<TransferId, Refusal>>> {
    let found: Option<(TransferId, Phase, Option<TransferId>)> = transfers::table
        .filter(transfers::operation_id.eq(asked.operation))
        .filter(transfers::reason.eq(asked.reason))
        .filter(transfers::resolves.is_null())
        .select((transfers::id, transfers::phase, transfers::reverses))
        .first(db)
        .optional()?;
    let Some((id, phase, reverses)) = found else { return Ok(None) };
    let same = phase == asked.phase && reverses == asked.reverses && postings_of(db, id)? == postings;
    Ok(Some(if same { Ok(id) } else { Err(Refusal::Different(id)) }))
}

/// The postings of a transfer, in the order of their accounts.
pub(super) fn postings_of(db: &mut Db, transfer: TransferId) -> QueryResult<Vec<Posting>> {
    let rows: Vec<(LedgerAccountId, i64, Currency)> = postings::table
        .inner_join(ledger_accounts::table)
        .filter(postings::transfer_id.eq(transfer))
        .order(postings::account_id)
        .select((postings::account_id, postings::amount_minor, ledger_accounts::currency))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(account, minor, currency)| Posting::new(account, Money::new(minor, currency)))
        .collect())
}
