//! 3-D Secure: the cardholder says yes or no on the bank's own page.

use diesel::prelude::*;

use super::cards::Card;
use super::file::{cards, operations};
use super::record::{Kind, Operation, State, money};
use super::{Bank, FileError};
use crate::base::Money;
use crate::gateway::Decline;

/// A charge that its cardholder is asked about.
pub(super) struct Confirmation {
    pub money: Option<Money>,
    pub statement: String,
    pub card: Card,
    pub waits: bool,
    pub return_url: String,
}

impl Bank {
    pub(super) fn confirmation(&self, reference: &str) -> Result<Option<Confirmation>, FileError> {
        self.transaction(|db| {
            let Some((operation, card)) = find_charge(db, reference)? else { return Ok(None) };
            Ok(Some(Confirmation {
                money: money(operation.minor, &operation.currency),
                statement: operation.statement,
                card,
                waits: operation.state == State::Waiting,
                return_url: operation.return_url,
            }))
        })
    }

    /// The cardholder's word; the first one counts. Answers where to go on; None when nothing was asked under that name.
    pub fn confirm(&self, reference: &str, yes: bool) -> Result<Option<String>, FileError> {
        let now = self.clock.now();
        let (state, reason) =
            if yes { (State::Done, None) } else { (State::Declined, Some(Decline::NotConfirmed)) };
        self.transaction(|db| {
            let Some((operation, _card)) = find_charge(db, reference)? else { return Ok(None) };
            operation.finish(db, state, reason, now)?;
            Ok(Some(operation.return_url))
        })
    }
}

fn find_charge(db: &mut SqliteConnection, reference: &str) -> QueryResult<Option<(Operation, Card)>> {
    operations::table
        .inner_join(cards::table.on(operations::card.eq(cards::id.nullable())))
        .filter(operations::reference.eq(reference))
        .filter(operations::kind.eq(Kind::Charge))
        .filter(operations::return_url.ne(""))
        .select((Operation::as_select(), Card::as_select()))
        .first(db)
        .optional()
}
