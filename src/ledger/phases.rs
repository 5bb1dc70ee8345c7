//! What becomes of a transfer: a held one is settled or voided, a posted one may be reversed. Each once, each by a new row.

use diesel::prelude::*;

use super::balance::Step;
use super::chart::Reason;
use super::posting::{Phase, Posting, TransferId};
use super::queries::Header;
use super::refusal::Refusal;
use super::transfer::{NewTransfer, enter, enter_new, moves, postings_of};
use crate::base::{Moment, Money};
use crate::db::schema::transfers as table;
use crate::db::{Db, retry};

/// Posts what was held. Returns the transfer that says so.
pub fn settle(db: &mut Db, pending: TransferId, now: Moment) -> QueryResult<Result<TransferId, Refusal>> {
    resolve(db, pending, Phase::Settled, now)
}

/// Lets go of what was held. Returns the transfer that says so.
pub fn void(db: &mut Db, pending: TransferId, now: Moment) -> QueryResult<Result<TransferId, Refusal>> {
    resolve(db, pending, Phase::Voided, now)
}

/// Turns a posted (or settled) transfer round by a new one, for an operation of its own. Once; the same operation and
/// reason may ask again and are told the same transfer.
pub fn reverse(
    db: &mut Db,
    transfer: TransferId,
    operation: i64,
    reason: Reason,
    now: Moment,
) -> QueryResult<Result<TransferId, Refusal>> {
    let Some(original) = find(db, transfer)? else { return Ok(Err(Refusal::UnknownTransfer(transfer))) };
    if original.reverses.is_some() {
        return Ok(Err(Refusal::IsReversal(transfer)));
    }
    match original.phase {
        Phase::Posted | Phase::Settled => {}
        Phase::Pending | Phase::Voided => return Ok(Err(Refusal::NotPosted(transfer))),
    }
    if let Some(before) = reversal_of(db, transfer)?
        && (before.operation, before.reason) != (operation, reason)
    {
        return Ok(Err(Refusal::AlreadyReversed(before.id)));
    }
    let mut postings = Vec::new();
    for Posting { account, money } in postings_of(db, transfer)? {
        let Some(minor) = money.minor.checked_neg() else { return Ok(Err(Refusal::Overflow(account))) };
        postings.push(Posting::new(account, Money::new(minor, money.currency)));
    }
    let new = NewTransfer { operation, reason, postings };
    enter_new(db, &new, Some(transfer), Step::Post, now)
}

fn resolve(
    db: &mut Db,
    pending: TransferId,
    phase: Phase,
    now: Moment,
) -> QueryResult<Result<TransferId, Refusal>> {
    let Some(held) = find(db, pending)? else { return Ok(Err(Refusal::UnknownTransfer(pending))) };
    if held.phase != Phase::Pending {
        return Ok(Err(Refusal::NotPending(pending)));
    }
    let end = table::table.filter(table::resolves.eq(pending)).select((table::id, table::phase));
    if let Some((end, phase)) = end.first::<(TransferId, Phase)>(db).optional()? {
        return Ok(Err(if phase == Phase::Voided {
            Refusal::AlreadyVoided(end)
        } else {
            Refusal::AlreadyPosted(end)
        }));
    }
    let step = if phase == Phase::Voided { Step::Void } else { Step::Settle };
    let postings = postings_of(db, pending)?;
    let moves = match moves(db, &postings, step)? {
        Ok(moves) => moves,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let header =
        Header { id: TransferId::next(), phase, resolves: Some(pending), reverses: None, at: now, ..held };
    if enter(db, header, &moves)? { Ok(Ok(header.id)) } else { Err(retry()) }
}

fn find(db: &mut Db, id: TransferId) -> QueryResult<Option<Header>> {
    table::table.find(id).first(db).optional()
}

fn reversal_of(db: &mut Db, id: TransferId) -> QueryResult<Option<Header>> {
    table::table.filter(table::reverses.eq(id)).first(db).optional()
}
