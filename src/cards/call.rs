//! What the worker does about cards: finds what is due, asks the gateway, and notes what came of it. Three steps, and the program may be
//! killed between any two of them: the next claim asks again, under the same operation.

use std::time::Duration;

use diesel::prelude::*;
use url::Url;

use super::card::{Card, CardId};
use super::check::{Check, CheckId, REFUSED};
use super::entry;
use super::status::{CardStatus, CheckEvent, CheckStatus, Failure};
use crate::accounts::account::Account;
use crate::base::{Keys, Moment, seconds};
use crate::db::Db;
use crate::db::schema::{cards, checks};
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
    Check(CheckId),
    Card(CardId),
}

/// What is due, the longest waiting first.
pub fn due(db: &mut Db, now: Moment, most: i64) -> QueryResult<Vec<Due>> {
    let money: Vec<CheckId> = checks::table
        .filter(checks::next_at.le(now))
        .order((checks::next_at, checks::id))
        .limit(most)
        .select(checks::id)
        .load(db)?;
    let rest = cards::table.filter(cards::next_at.le(now)).order((cards::next_at, cards::id)).limit(most);
    let rest: Vec<CardId> = rest.select(cards::id).load(db)?;
    Ok(money.into_iter().map(Due::Check).chain(rest.into_iter().map(Due::Card)).collect())
}

/// A question to the gateway.
#[derive(Debug, Clone)]
enum Question {
    Charge(Charge),
    /// Whatever became of it; when the gateway has not heard of it, it is charged now.
    FindCharge(Charge, Option<String>),
    Cancel(Charge, Option<String>),
    Refund(Refund),
    FindRefund(Refund),
    FindToken(OperationId),
    Forget(String),
}

/// Where a row stood when it was claimed. Tries begin anew at each stage: only both together name a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Check(CheckStatus),
    Card(CardStatus),
}

/// A claimed piece of work.
#[derive(Debug, Clone)]
pub struct Call {
    what: Due,
    stage: Stage,
    attempt: i32,
    /// Whose token or operation it is: no other gateway is asked.
    gateway: String,
    question: Question,
}

/// What the gateway said.
#[derive(Debug, Clone)]
pub enum Answer {
    Outcome(Outcome),
    Token(FoundToken),
    Forgotten(bool),
}

/// What came of noting an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    Done,
    /// The claim had lapsed: whoever has it now asks again.
    Lapsed,
}

/// Claims one piece of work, if it is still due; what only time decides is done here and now. None when there is nothing to ask.
pub fn claim(db: &mut Db, keys: &Keys, site: &str, now: Moment, due: Due) -> QueryResult<Option<Call>> {
    match due {
        Due::Check(id) => claim_check(db, keys, site, now, id),
        Due::Card(id) => claim_card(db, keys, site, now, id),
    }
}

fn claim_check(db: &mut Db, keys: &Keys, site: &str, now: Moment, id: CheckId) -> QueryResult<Option<Call>> {
    let mut check = Check::get(db, id)?;
    if !check.status.is_open() || check.next_at.is_none_or(|at| at > now) {
        return Ok(None);
    }
    let card = Card::get(db, check.card_id)?;
    let Some(account) = Account::find(db, check.account_id)? else { return Ok(None) };
    if check.is_over(&card, &account, now) {
        let Some(moved) = check.advance(db, CheckEvent::Ended, Some(now))? else { return Ok(None) };
        check = moved;
    }
    if check.status == CheckStatus::Charged {
        // There is nothing to ask until it goes back.
        let wait = diesel::update(checks::table.find(id)).set(checks::next_at.eq(Some(check.refund_at)));
        return wait.execute(db).map(|_rows| None);
    }
    let attempt = check.attempts.saturating_add(1);
    let still = checks::table
        .find(id)
        .filter(checks::status.eq(check.status))
        .filter(checks::attempts.eq(check.attempts));
    let claimed = (checks::attempts.eq(attempt), checks::next_at.eq(Some(now.after(LEASE))));
    if diesel::update(still).set(claimed).execute(db)? != 1 {
        return Ok(None);
    }
    let Some(question) = question(keys, site, &check, &card, attempt) else {
        let damaged =
            Check::get(db, id)?.troubled(db, now, "the row is damaged: the gateway cannot be asked", false);
        return damaged.map(|()| None);
    };
    Ok(Some(Call {
        what: Due::Check(id),
        stage: Stage::Check(check.status),
        attempt,
        gateway: check.gateway,
        question,
    }))
}

/// The first time it is asked for; later, what became of it. None only for a row that is damaged.
fn question(keys: &Keys, site: &str, check: &Check, card: &Card, attempt: i32) -> Option<Question> {
    let again = attempt > 1;
    let reference = check.charge_reference.clone();
    let charge = || {
        Some(Charge {
            operation: check.charge_operation,
            token: card.token(keys)?.to_string(),
            money: check.sum(),
            return_url: Url::parse(&format!("{site}/cards/{}/check", card.handle)).ok()?,
            statement: STATEMENT.to_owned(),
            locale: card.locale,
            begun_at: check.begun_at,
        })
    };
    match check.status {
        CheckStatus::Charging if !again => charge().map(Question::Charge),
        CheckStatus::Charging | CheckStatus::Challenged => Some(Question::FindCharge(charge()?, reference)),
        CheckStatus::Cancelling => Some(Question::Cancel(charge()?, reference)),
        CheckStatus::Returning => {
            let refund = Refund {
                operation: check.refund_operation,
                charge: check.charge_operation,
                charge_reference: reference?,
                money: check.sum(),
                refused: u32::try_from(check.refund_refused).unwrap_or(0),
                begun_at: check.charged_at.unwrap_or(check.begun_at),
            };
            Some(if again && !check.is_refused() {
                Question::FindRefund(refund)
            } else {
                Question::Refund(refund)
            })
        }
        CheckStatus::Charged | CheckStatus::Returned | CheckStatus::Declined => None,
    }
}

fn claim_card(db: &mut Db, keys: &Keys, site: &str, now: Moment, id: CardId) -> QueryResult<Option<Call>> {
    let card = Card::get(db, id)?;
    if card.next_at.is_none_or(|at| at > now) {
        return Ok(None);
    }
    let on = card.occasion(site, now);
    let question = match card.status {
        CardStatus::Entering if card.is_hosted => Question::FindToken(card.entry_operation),
        CardStatus::Entering => {
            entry::not_entered(db, keys, &on, &card)?;
            return Ok(None);
        }
        CardStatus::Checking => {
            card.fail(db, keys, &on, Failure::TimeOver)?;
            return Ok(None);
        }
        CardStatus::Confirmed => {
            card.look_at(db, None)?;
            return Ok(None);
        }
        CardStatus::Failed | CardStatus::Unbound => match card.token(keys) {
            Some(token) if !Check::of(db, id)?.is_some_and(|check| check.status.is_open()) => {
                Question::Forget(token.to_string())
            }
            None if card.is_hosted && card.ended_at.is_some_and(|at| at < entry::page_closes_at(&card)) => {
                // Its page may still be filled in: whatever comes of that is forgotten.
                if now < entry::page_closes_at(&card) {
                    card.look_at(db, Some(entry::page_closes_at(&card)))?;
                    return Ok(None);
                }
                Question::FindToken(card.entry_operation)
            }
            Some(_) | None => {
                card.look_at(db, None)?;
                return Ok(None);
            }
        },
    };
    let attempt = card.attempts.saturating_add(1);
    let still =
        cards::table.find(id).filter(cards::status.eq(card.status)).filter(cards::attempts.eq(card.attempts));
    let claimed = (cards::attempts.eq(attempt), cards::next_at.eq(Some(now.after(LEASE))));
    if diesel::update(still).set(claimed).execute(db)? != 1 {
        return Ok(None);
    }
    Ok(Some(Call {
        what: Due::Card(id),
        stage: Stage::Card(card.status),
        attempt,
        gateway: card.gateway,
        question,
    }))
}

impl Call {
    /// For the log.
    pub fn what(&self) -> Due {
        self.what
    }

    /// Asks the gateway. Nothing is written here.
    pub async fn ask(&self, gateway: &dyn Gateway) -> Answer {
        if gateway.name() != self.gateway {
            tracing::warn!(what = ?self.what, gateway = self.gateway, "belongs to another gateway than KABINET_GATEWAY_URL names");
            return self.unanswered();
        }
        match &self.question {
            Question::Charge(charge) => Answer::Outcome(gateway.charge(charge).await),
            Question::FindCharge(charge, reference) => {
                Answer::Outcome(match gateway.find_charge(charge, reference.as_deref()).await {
                    Found::Outcome(outcome) => outcome,
                    Found::Nothing => gateway.charge(charge).await,
                    Found::Unknown { why } => Outcome::Unknown { why, sent: true },
                })
            }
            Question::Cancel(charge, reference) => {
                Answer::Outcome(gateway.cancel(charge, reference.as_deref()).await)
            }
            Question::Refund(refund) => Answer::Outcome(gateway.refund(refund).await),
            Question::FindRefund(refund) => Answer::Outcome(match gateway.find_refund(refund).await {
                Found::Outcome(outcome) => outcome,
                Found::Nothing => gateway.refund(refund).await,
                Found::Unknown { why } => Outcome::Unknown { why, sent: true },
            }),
            Question::FindToken(operation) => Answer::Token(gateway.find_token(*operation).await),
            Question::Forget(token) => Answer::Forgotten(gateway.forget(token).await),
        }
    }

    /// What is noted when no answer comes.
    pub fn unanswered(&self) -> Answer {
        let why = "no answer in time".to_owned();
        match self.question {
            Question::FindToken(_) => Answer::Token(FoundToken::Unknown { why }),
            Question::Forget(_) => Answer::Forgotten(false),
            _ => Answer::Outcome(Outcome::Unknown { why, sent: true }),
        }
    }

    /// Notes what came of it, in one transaction with the books and with what its owner is told.
    pub fn note(
        &self,
        db: &mut Db,
        keys: &Keys,
        site: &str,
        now: Moment,
        answer: &Answer,
    ) -> QueryResult<Noted> {
        match self.what {
            Due::Check(id) => self.note_check(db, keys, site, now, (id, answer)),
            Due::Card(id) => self.note_card(db, keys, site, now, (id, answer)),
        }
    }

    fn note_check(
        &self,
        db: &mut Db,
        keys: &Keys,
        site: &str,
        now: Moment,
        (id, answer): (CheckId, &Answer),
    ) -> QueryResult<Noted> {
        let check = Check::get(db, id)?;
        // An answer about a charge is none about its return, though both are «done».
        if (Stage::Check(check.status), check.attempts) != (self.stage, self.attempt) {
            return Ok(Noted::Lapsed);
        }
        let on = Card::get(db, check.card_id)?.occasion(site, now);
        let Answer::Outcome(outcome) = answer else { return Ok(Noted::Lapsed) };
        let returning = check.status == CheckStatus::Returning;
        match outcome {
            Outcome::Done { reference } if returning => check.given_back(db, keys, &on, reference)?,
            Outcome::Done { reference } => check.taken(db, keys, &on, reference)?,
            Outcome::Declined { reason, code } if returning => {
                let why = format!("{REFUSED}{} ({code})", reason.word());
                check.troubled(db, now, &why, *reason == Decline::RefundLater)?;
            }
            Outcome::Declined { reason, code } => check.declined(db, keys, &on, *reason, code)?,
            Outcome::NeedsCustomer { url, reference }
                if !returning && check.status != CheckStatus::Cancelling =>
            {
                check.challenged(db, now, url.as_str(), reference)?;
            }
            Outcome::NeedsCustomer { .. } => check.troubled(db, now, "the bank wants its customer", false)?,
            Outcome::Unknown { why, .. } => check.troubled(db, now, why, false)?,
        }
        Ok(Noted::Done)
    }

    fn note_card(
        &self,
        db: &mut Db,
        keys: &Keys,
        site: &str,
        now: Moment,
        (id, answer): (CardId, &Answer),
    ) -> QueryResult<Noted> {
        let card = Card::get(db, id)?;
        if (Stage::Card(card.status), card.attempts) != (self.stage, self.attempt) {
            return Ok(Noted::Lapsed);
        }
        let on = card.occasion(site, now);
        match (answer, card.status) {
            (Answer::Token(found), CardStatus::Entering) => entry::found(db, keys, &on, &card, found)?,
            (Answer::Forgotten(true), _) => card.forgotten(db)?,
            (Answer::Forgotten(false) | Answer::Outcome(_), _) => {
                card.look_at(db, Some(now.after(FORGET_AGAIN)))?
            }
            (Answer::Token(found), CardStatus::Failed | CardStatus::Unbound) => {
                entry::came_too_late(db, keys, &card, found, now)?
            }
            (Answer::Token(_), _) => return Ok(Noted::Lapsed),
        }
        Ok(Noted::Done)
    }
}

/// A callback said that an operation has moved: it is looked at now. It proves nothing; the gateway is asked.
pub fn hurry(db: &mut Db, now: Moment, operation: OperationId) -> QueryResult<()> {
    let of_it = checks::charge_operation.eq(operation).or(checks::refund_operation.eq(operation));
    let waits = checks::table
        .filter(of_it)
        .filter(checks::next_at.gt(now))
        .filter(checks::status.ne(CheckStatus::Charged));
    diesel::update(waits).set(checks::next_at.eq(Some(now))).execute(db)?;
    let page = cards::table
        .filter(cards::entry_operation.eq(operation))
        .filter(cards::status.eq(CardStatus::Entering));
    let page = page.filter(cards::is_hosted).filter(cards::next_at.gt(now));
    diesel::update(page).set(cards::next_at.eq(Some(now))).execute(db).map(|_rows| ())
}
