//! What the worker does about cards: finds what is due, asks the gateway, and records what came of it. Three steps, and the program may be
//! killed between any two of them: the next claim asks again, under the same operation.

use std::time::Duration;

use diesel::dsl::min;
use diesel::prelude::*;
use url::Url;

use super::card::{Card, CardId};
use super::entry;
use super::status::{CardStatus, Failure, VerificationEvent, VerificationStatus};
use super::verification::{CardVerification, REFUSED, VerificationId};
use crate::accounts::account::Account;
use crate::base::{BoxFuture, Moment, seconds};
use crate::db::schema::{card_verifications as table, cards};
use crate::db::{Db, Tx};
use crate::gateway::{Charge, Decline, Found, FoundToken, Gateway, OperationId, Outcome, Refund};

/// What stands in the bank's message: Latin letters, whatever the brand.
const STATEMENT: &str = "KABINET CHECK";
/// A claim outlasts the longest call (the gateway's own timeouts are shorter).
pub const LEASE: Duration = seconds(60);
/// Pauses between tries to have a card forgotten.
const FORGET_AGAIN: Duration = seconds(300);

/// Something to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Verification(VerificationId),
    Card(CardId),
}

/// What is due, the longest waiting first.
pub fn due(db: &mut Db, now: Moment, most: i64) -> QueryResult<Vec<Due>> {
    let money: Vec<VerificationId> = table::table
        .filter(table::next_at.le(now))
        .order((table::next_at, table::id))
        .limit(most)
        .select(table::id)
        .load(db)?;
    let rest = cards::table.filter(cards::next_at.le(now)).order((cards::next_at, cards::id)).limit(most);
    let rest: Vec<CardId> = rest.select(cards::id).load(db)?;
    Ok(money.into_iter().map(Due::Verification).chain(rest.into_iter().map(Due::Card)).collect())
}

/// When the next is.
pub fn next_due(db: &mut Db) -> QueryResult<Option<Moment>> {
    let money: Option<Moment> = table::table.select(min(table::next_at)).first(db)?;
    let rest: Option<Moment> = cards::table.select(min(cards::next_at)).first(db)?;
    Ok(money.into_iter().chain(rest).min())
}

/// What a gateway is asked.
#[derive(Debug, Clone)]
enum GatewayRequest {
    Charge(Charge),
    /// Whatever became of it; when the gateway has not heard of it, it is charged now.
    FindCharge(Charge, Option<String>),
    Cancel(Charge, Option<String>),
    Refund(Refund),
    FindRefund(Refund),
    FindToken(OperationId),
    Forget(String),
}

/// Where a row stood when it was claimed. Tries begin anew in each state: only both together name a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClaimedState {
    Verification(VerificationStatus),
    Card(CardStatus),
}

/// A claimed piece of work.
#[derive(Debug, Clone)]
pub struct GatewayJob {
    what: Due,
    card: CardId,
    state: ClaimedState,
    attempt: i32,
    /// Whose token or operation it is: no other gateway is asked.
    gateway: String,
    request: GatewayRequest,
}

/// What the gateway said.
#[derive(Debug, Clone)]
pub enum Answer {
    Outcome(Outcome),
    Token(FoundToken),
    Forgotten(bool),
}

/// What came of recording an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    Done,
    /// The claim had lapsed: whoever has it now asks again.
    Lapsed,
}

/// Claims one piece of work, if it is still due; what only time decides is done here and now. None when there is nothing to ask.
pub fn claim(tx: &mut Tx, due: Due) -> QueryResult<Option<GatewayJob>> {
    match due {
        Due::Verification(id) => claim_verification(tx, id),
        Due::Card(id) => claim_card(tx, id),
    }
}

fn claim_verification(tx: &mut Tx, id: VerificationId) -> QueryResult<Option<GatewayJob>> {
    let mut verification = CardVerification::get(tx.db, id)?;
    if !verification.status.is_open() || verification.next_at.is_none_or(|at| at > tx.now) {
        return Ok(None);
    }
    let card = Card::get(tx.db, verification.card_id)?;
    let Some(account) = Account::find(tx.db, verification.account_id)? else { return Ok(None) };
    if verification.is_over(&card, &account, tx.now) {
        match verification.advance(tx.db, VerificationEvent::Ended, Some(tx.now))? {
            Some(moved) => verification = moved,
            None => return Ok(None),
        }
    }
    if verification.status == VerificationStatus::Charged {
        // There is nothing to ask until it goes back.
        return verification.schedule(tx.db, verification.refund_at).map(|()| None);
    }
    let attempt = verification.attempts.saturating_add(1);
    let still = table::table
        .find(id)
        .filter(table::status.eq(verification.status))
        .filter(table::attempts.eq(verification.attempts));
    let claimed = (table::attempts.eq(attempt), table::next_at.eq(Some(tx.now.after(LEASE))));
    if diesel::update(still).set(claimed).execute(tx.db)? != 1 {
        return Ok(None);
    }
    let Some(request) = request(tx, &verification, &card, attempt) else {
        let row = CardVerification::get(tx.db, id)?;
        let damaged = row.record_failure(tx, "the row is damaged: the gateway cannot be asked", false);
        return damaged.map(|()| None);
    };
    let state = ClaimedState::Verification(verification.status);
    Ok(Some(GatewayJob {
        what: Due::Verification(id),
        card: card.id,
        state,
        attempt,
        gateway: verification.gateway,
        request,
    }))
}

/// The first time it is asked for; later, what became of it. None only for a row that is damaged.
fn request(tx: &Tx, verification: &CardVerification, card: &Card, attempt: i32) -> Option<GatewayRequest> {
    let again = attempt > 1;
    let reference = verification.charge_reference.clone();
    let charge = || {
        Some(Charge {
            operation: verification.charge_operation,
            token: card.token(tx.keys)?.to_string(),
            money: verification.sum(),
            return_url: Url::parse(&tx.link(&card.return_path())).ok()?,
            statement: STATEMENT.to_owned(),
            locale: card.locale,
            begun_at: verification.begun_at,
        })
    };
    match verification.status {
        VerificationStatus::Charging if !again => charge().map(GatewayRequest::Charge),
        VerificationStatus::Charging | VerificationStatus::Challenged => {
            Some(GatewayRequest::FindCharge(charge()?, reference))
        }
        VerificationStatus::Cancelling => Some(GatewayRequest::Cancel(charge()?, reference)),
        VerificationStatus::Returning => {
            let refund = Refund {
                operation: verification.refund_operation,
                charge: verification.charge_operation,
                charge_reference: reference?,
                money: verification.sum(),
                refused: u32::try_from(verification.refund_refused).unwrap_or(0),
                begun_at: verification.charged_at.unwrap_or(verification.begun_at),
            };
            Some(if again && !verification.is_refused() {
                GatewayRequest::FindRefund(refund)
            } else {
                GatewayRequest::Refund(refund)
            })
        }
        VerificationStatus::Charged | VerificationStatus::Returned | VerificationStatus::Declined => None,
    }
}

fn claim_card(tx: &mut Tx, id: CardId) -> QueryResult<Option<GatewayJob>> {
    let card = Card::get(tx.db, id)?;
    if card.next_at.is_none_or(|at| at > tx.now) {
        return Ok(None);
    }
    let Some(request) = card_request(tx, &card)? else { return Ok(None) };
    let attempt = card.attempts.saturating_add(1);
    let still =
        cards::table.find(id).filter(cards::status.eq(card.status)).filter(cards::attempts.eq(card.attempts));
    let claimed = (cards::attempts.eq(attempt), cards::next_at.eq(Some(tx.now.after(LEASE))));
    if diesel::update(still).set(claimed).execute(tx.db)? != 1 {
        return Ok(None);
    }
    let state = ClaimedState::Card(card.status);
    Ok(Some(GatewayJob { what: Due::Card(id), card: id, state, attempt, gateway: card.gateway, request }))
}

/// What the gateway is asked about a card; what needs no asking is done.
fn card_request(tx: &mut Tx, card: &Card) -> QueryResult<Option<GatewayRequest>> {
    let client = card.client();
    let tx = &mut tx.of(&client);
    match card.status {
        CardStatus::Entering if card.is_hosted => {
            return Ok(Some(GatewayRequest::FindToken(card.entry_operation)));
        }
        // The request that was to hand it over has died: whatever the bank said, nobody has read it.
        CardStatus::Entering => entry::bank_away(tx, card)?,
        CardStatus::Verifying => {
            card.fail(tx, Failure::TimeOver)?;
        }
        CardStatus::Confirmed => card.schedule(tx.db, None)?,
        CardStatus::Failed | CardStatus::Unbound => {
            let closes_at = entry::page_closes_at(card);
            match card.token(tx.keys) {
                Some(token)
                    if !CardVerification::of(tx.db, card.id)?.is_some_and(|one| one.status.is_open()) =>
                {
                    return Ok(Some(GatewayRequest::Forget(token.to_string())));
                }
                // Its page may still be filled in: whatever comes of that is forgotten.
                None if card.is_hosted && card.ended_at.is_some_and(|at| at < closes_at) => {
                    if closes_at <= tx.now {
                        return Ok(Some(GatewayRequest::FindToken(card.entry_operation)));
                    }
                    card.schedule(tx.db, Some(closes_at))?;
                }
                Some(_) | None => card.schedule(tx.db, None)?,
            }
        }
    }
    Ok(None)
}

impl GatewayJob {
    /// For the log.
    pub fn what(&self) -> Due {
        self.what
    }

    /// Whose card it is about.
    pub fn card(&self) -> CardId {
        self.card
    }

    /// Asks the gateway. Nothing is written here.
    pub async fn ask(&self, gateway: &dyn Gateway) -> Answer {
        if gateway.name() != self.gateway {
            tracing::warn!(what = ?self.what, gateway = self.gateway, "belongs to another gateway than KABINET_GATEWAY_URL names");
            return self.unanswered();
        }
        match &self.request {
            GatewayRequest::Charge(charge) => Answer::Outcome(gateway.charge(charge).await),
            GatewayRequest::FindCharge(charge, reference) => {
                let found = gateway.find_charge(charge, reference.as_deref()).await;
                Answer::Outcome(outcome_of(found, gateway.charge(charge)).await)
            }
            GatewayRequest::Cancel(charge, reference) => {
                Answer::Outcome(gateway.cancel(charge, reference.as_deref()).await)
            }
            GatewayRequest::Refund(refund) => Answer::Outcome(gateway.refund(refund).await),
            GatewayRequest::FindRefund(refund) => {
                let found = gateway.find_refund(refund).await;
                Answer::Outcome(outcome_of(found, gateway.refund(refund)).await)
            }
            GatewayRequest::FindToken(operation) => Answer::Token(gateway.find_token(*operation).await),
            GatewayRequest::Forget(token) => Answer::Forgotten(gateway.forget(token).await),
        }
    }

    /// What is recorded when no answer comes.
    pub fn unanswered(&self) -> Answer {
        let why = "no answer in time".to_owned();
        match self.request {
            GatewayRequest::FindToken(_) => Answer::Token(FoundToken::Unknown { why }),
            GatewayRequest::Forget(_) => Answer::Forgotten(false),
            _ => Answer::Outcome(Outcome::Unknown { why, sent: true }),
        }
    }

    /// Records what came of it, in one transaction with the books and with what its owner is told.
    pub fn record(&self, tx: &mut Tx, answer: &Answer) -> QueryResult<Recorded> {
        match self.what {
            Due::Verification(id) => self.record_verification(tx, id, answer),
            Due::Card(id) => self.record_card(tx, id, answer),
        }
    }

    fn record_verification(&self, tx: &mut Tx, id: VerificationId, answer: &Answer) -> QueryResult<Recorded> {
        let verification = CardVerification::get(tx.db, id)?;
        // An answer about a charge is none about its return, though both are «done».
        if (ClaimedState::Verification(verification.status), verification.attempts)
            != (self.state, self.attempt)
        {
            return Ok(Recorded::Lapsed);
        }
        let Answer::Outcome(outcome) = answer else { return Ok(Recorded::Lapsed) };
        let client = Card::get(tx.db, verification.card_id)?.client();
        let tx = &mut tx.of(&client);
        let returning = verification.status == VerificationStatus::Returning;
        match outcome {
            Outcome::Done { reference } if returning => verification.refunded(tx, reference)?,
            Outcome::Done { reference } => verification.charged(tx, reference)?,
            Outcome::Declined { reason, code } if returning => {
                let why = format!("{REFUSED}{} ({code})", reason.word());
                verification.record_failure(tx, &why, *reason == Decline::RefundLater)?;
            }
            Outcome::Declined { reason, code } => verification.declined(tx, *reason, code)?,
            Outcome::NeedsCustomer { url, reference }
                if !returning && verification.status != VerificationStatus::Cancelling =>
            {
                verification.challenged(tx, url.as_str(), reference)?;
            }
            Outcome::NeedsCustomer { .. } => {
                verification.record_failure(tx, "the bank wants its customer", false)?;
            }
            Outcome::Unknown { why, .. } => verification.record_failure(tx, why, false)?,
        }
        Ok(Recorded::Done)
    }

    fn record_card(&self, tx: &mut Tx, id: CardId, answer: &Answer) -> QueryResult<Recorded> {
        let card = Card::get(tx.db, id)?;
        if (ClaimedState::Card(card.status), card.attempts) != (self.state, self.attempt) {
            return Ok(Recorded::Lapsed);
        }
        let client = card.client();
        let tx = &mut tx.of(&client);
        match (answer, card.status) {
            (Answer::Token(found), CardStatus::Entering) => entry::record_found_token(tx, &card, found)?,
            (Answer::Forgotten(true), _) => card.forgotten(tx.db)?,
            (Answer::Forgotten(false) | Answer::Outcome(_), _) => {
                card.schedule(tx.db, Some(tx.now.after(FORGET_AGAIN)))?;
            }
            (Answer::Token(found), CardStatus::Failed | CardStatus::Unbound) => {
                entry::discard_late_token(tx, &card, found)?;
            }
            (Answer::Token(_), _) => return Ok(Recorded::Lapsed),
        }
        Ok(Recorded::Done)
    }
}

/// What a gateway knows of an operation; what it has not heard of is asked for now.
async fn outcome_of(found: Found, anew: BoxFuture<'_, Outcome>) -> Outcome {
    match found {
        Found::Outcome(outcome) => outcome,
        Found::Nothing => anew.await,
        Found::Unknown { why } => Outcome::Unknown { why, sent: true },
    }
}

/// A callback said that an operation has moved: it is looked at now. It proves nothing; the gateway is asked.
pub fn run_now(tx: &mut Tx, operation: OperationId) -> QueryResult<()> {
    let of_it = table::charge_operation.eq(operation).or(table::refund_operation.eq(operation));
    let waits = table::table
        .filter(of_it)
        .filter(table::next_at.gt(tx.now))
        .filter(table::status.ne(VerificationStatus::Charged));
    diesel::update(waits).set(table::next_at.eq(Some(tx.now))).execute(tx.db)?;
    let page = cards::table
        .filter(cards::entry_operation.eq(operation))
        .filter(cards::status.eq(CardStatus::Entering))
        .filter(cards::is_hosted)
        .filter(cards::next_at.gt(tx.now));
    diesel::update(page).set(cards::next_at.eq(Some(tx.now))).execute(tx.db).map(drop)
}
