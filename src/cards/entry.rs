//! A card on its way in: from the form (or the gateway's own page) to a token at the gateway.
//!
//! The row is there before the gateway is asked, so that a form that is sent twice finds it, and the gateway's call has its
//! idempotency key.

use std::time::Duration;

use diesel::prelude::*;

use super::card::{Card, CardId, MAX_TRIES, aad};
use super::events;
use super::limits::{self, Attempt, Gate, Shut, Subject};
use super::status::{CardEvent, CardStatus, Failure};
use super::verification::CardVerification;
use crate::accounts::account::Account;
use crate::base::{AccountId, Keys, Moment, Purpose, hex, letters, minutes, seconds};
use crate::db::schema::cards;
use crate::db::{Db, Tx, retry, violates};
use crate::gateway::{self, Brand, Decline, FoundToken, OperationId, Pan};
use crate::texts::Locale;

/// A number that the gateway was not handed by then (the program was stopped in between) is asked for again.
const DIRECT_WITHIN: Duration = minutes(10);
/// The gateway is asked for its page within so long.
const PAGE_WITHIN: Duration = minutes(2);
/// The gateway's own page stands open for so long.
pub const HOSTED_WITHIN: Duration = minutes(30);
/// How often the gateway is asked whether its page was filled in: at first, and later.
const POLL_SOON: Duration = seconds(3);
const POLL_LATER: Duration = seconds(20);
const SOON_POLLS: i32 = 60;
/// … and when nobody wants the card any more.
const POLL_AT_LAST: Duration = minutes(5);

/// 70 bits in the address of a card's pages, which an SMS names, too. It is no secret: they open for the card's owner.
const HANDLE_CHARS: usize = 12;

const FORM_TAKEN: (&str, &str) = ("cards_form_binds_once", "cards.account_id, cards.form_key");
const UNDER_WAY: (&str, &str) = ("cards_one_under_way", "cards.account_id");

/// A request to bind a card.
pub struct BindRequest<'a> {
    pub account: &'a Account,
    /// Drawn with the form.
    pub form_key: &'a str,
    /// None where the number is entered at the gateway.
    pub fingerprint: Option<&'a str>,
    pub gateway: &'static str,
    pub locale: Locale,
}

/// What became of it.
#[derive(Debug)]
pub enum BindOutcome {
    /// The gateway may be asked.
    Card(Box<Card>),
    /// This form was sent before; there is where its card stands.
    Again(Box<Card>),
    /// Another card is being checked: one at a time.
    Other(Box<Card>),
    /// This very card is bound already.
    Known(Box<Card>),
    /// A limit against testing of stolen cards.
    Wait { why: Shut, until: Moment },
}

/// Notes the request, unless something stands against it. Nothing has left the house yet.
pub fn begin(tx: &mut Tx, request: &BindRequest) -> QueryResult<BindOutcome> {
    let id = request.account.id;
    if let Some(card) = Card::of_form(tx.db, id, request.form_key)? {
        return Ok(BindOutcome::Again(Box::new(card)));
    }
    if let Some(card) = Card::under_way(tx.db, id)? {
        return Ok(BindOutcome::Other(Box::new(card)));
    }
    if let Some(card) = request.fingerprint.map(|print| bound_with(tx.db, id, print)).transpose()?.flatten() {
        return Ok(BindOutcome::Known(Box::new(card)));
    }
    let subject = Subject { account_id: id, fingerprint: request.fingerprint };
    let attempt = match limits::spend(tx, &subject)? {
        Gate::Open(attempt) => attempt,
        Gate::Shut { why, until } => return Ok(BindOutcome::Wait { why, until }),
    };
    match insert(tx, request, &attempt) {
        Ok(id) => Ok(BindOutcome::Card(Box::new(Card::get(tx.db, id)?))),
        // Another instance was first: run again, its card is found.
        Err(error) if violates(&error, FORM_TAKEN) || violates(&error, UNDER_WAY) => Err(retry()),
        Err(error) => Err(error),
    }
}

fn bound_with(db: &mut Db, account_id: AccountId, fingerprint: &str) -> QueryResult<Option<Card>> {
    cards::table
        .filter(cards::account_id.eq(account_id))
        .filter(cards::fingerprint.eq(fingerprint))
        .filter(cards::status.eq(CardStatus::Confirmed))
        .select(Card::as_select())
        .first(db)
        .optional()
}

fn insert(tx: &mut Tx, request: &BindRequest, attempt: &Attempt) -> QueryResult<CardId> {
    let (id, is_hosted) = (CardId::next(), request.fingerprint.is_none());
    diesel::insert_into(cards::table)
        .values((
            (
                cards::id.eq(id),
                cards::handle.eq(letters::<HANDLE_CHARS>()),
                cards::account_id.eq(request.account.id),
                cards::form_key.eq(request.form_key),
                cards::status.eq(CardStatus::Entering),
                cards::gateway.eq(request.gateway),
                cards::entry_operation.eq(OperationId::next()),
                cards::is_hosted.eq(is_hosted),
                cards::fingerprint.eq(request.fingerprint),
                cards::spent.eq(Some(attempt.as_str())),
                cards::is_default.eq(false),
                cards::tries_left.eq(MAX_TRIES),
            ),
            (
                cards::locale.eq(request.locale),
                cards::ip.eq(&tx.client.ip),
                cards::user_agent.eq(&tx.client.user_agent),
                // By then the request has come to an end, or never will.
                cards::next_at.eq(Some(tx.now.after(if is_hosted { PAGE_WITHIN } else { DIRECT_WITHIN }))),
                cards::attempts.eq(0),
                cards::expiry_told.eq(false),
                cards::created_at.eq(tx.now),
            ),
        ))
        .execute(tx.db)?;
    Ok(id)
}

/// What tells numbers apart, as rows keep it.
pub fn fingerprint(pan: &Pan, keys: &Keys) -> String {
    hex(&pan.fingerprint(keys))
}

/// The gateway's own page is open: the worker looks from now on whether it was filled in.
pub fn page_opened(tx: &mut Tx, card: &Card, url: &str) -> QueryResult<()> {
    let ours = cards::table.find(card.id).filter(cards::status.eq(CardStatus::Entering));
    let looks = cards::next_at.eq(Some(tx.now.after(POLL_SOON)));
    diesel::update(ours).set((cards::entry_url.eq(Some(url)), looks)).execute(tx.db).map(drop)
}

/// The gateway has the card: its verification charge is decided, and stands in the ledger as held. False when the request has lapsed:
/// then the gateway is to forget the card.
pub fn accept_token(tx: &mut Tx, card: &Card, token: &gateway::Token) -> QueryResult<bool> {
    store_token(tx, card, token)?;
    if !card.advance(tx.db, CardEvent::Entered, tx.now)? {
        card.schedule(tx.db, Some(tx.now))?;
        return Ok(false);
    }
    let card = Card::get(tx.db, card.id)?;
    card.schedule(tx.db, None)?;
    tx.record(card.account_id, &events::CARD_ADDED, &card.name())?;
    CardVerification::start(tx, &card)?;
    Ok(true)
}

/// Notes the token, and what stands on the card.
fn store_token(tx: &mut Tx, card: &Card, token: &gateway::Token) -> QueryResult<()> {
    let (sealed, expiry) = (tx.keys.seal(&aad(card.id), token.text.as_bytes()), token.expiry);
    diesel::update(cards::table.find(card.id))
        .set((
            cards::token.eq(Some(sealed)),
            cards::brand.eq(Some(token.brand)),
            cards::last_four.eq(Some(&token.last_four)),
            cards::holder.eq(token.holder.as_ref().map(|holder| holder.as_str())),
            cards::expires_month.eq(expiry.map(|expiry| i16::from(expiry.month()))),
            cards::expires_year.eq(expiry.map(gateway::Expiry::year)),
            cards::entry_url.eq(None::<String>),
        ))
        .execute(tx.db)?;
    limits::settle_all_but_address(tx.db, card.id)
}

/// The gateway's page was left, or nobody typed in it. It has shown there what it thinks of numbers, so the attempt counts.
fn leave_page(tx: &mut Tx, card: &Card) -> QueryResult<()> {
    card.fail(tx, Failure::NotEntered).map(drop)
}

/// The gateway gave no token and no refusal of this card: nobody has learnt anything about it, and the attempt does not count. Also of
/// a card that its owner has given up meanwhile.
pub fn bank_away(tx: &mut Tx, card: &Card) -> QueryResult<()> {
    card.fail(tx, Failure::BankAway)?;
    limits::give_back(tx, card.id)
}

/// What was typed, so far as its owner tells cards apart by it.
pub fn record_brand(db: &mut Db, card: &Card, brand: Brand, last_four: &str) -> QueryResult<Card> {
    let row = cards::table.find(card.id);
    diesel::update(row)
        .set((cards::brand.eq(Some(brand)), cards::last_four.eq(Some(last_four))))
        .execute(db)?;
    Card::get(db, card.id)
}

/// The gateway would not have it. The exact reason is for staff.
pub fn declined(tx: &mut Tx, card: &Card, (reason, code): (Decline, &str)) -> QueryResult<bool> {
    let why = (cards::decline.eq(Some(reason)), cards::decline_code.eq(Some(code)));
    diesel::update(cards::table.find(card.id)).set(why).execute(tx.db)?;
    limits::settle(tx.db, card.id)?;
    // Whoever has given the card up meanwhile reads the refusal all the same: it counts as one.
    let failed = card.fail(tx, Failure::Declined)?;
    if failed { Ok(true) } else { card.set_failure(tx.db, Failure::Declined).map(|()| false) }
}

/// What the gateway's own page has come to.
pub(super) fn record_found_token(tx: &mut Tx, card: &Card, found: &FoundToken) -> QueryResult<()> {
    match found {
        FoundToken::Token(token) => accept_found_token(tx, card, token),
        // Its address never came here: nobody has seen that page.
        FoundToken::GivenUp if card.entry_url.is_none() => bank_away(tx, card),
        FoundToken::GivenUp => leave_page(tx, card),
        FoundToken::Waiting if has_lapsed(card, tx.now) && card.entry_url.is_some() => leave_page(tx, card),
        FoundToken::Waiting | FoundToken::Unknown { .. } if has_lapsed(card, tx.now) => bank_away(tx, card),
        FoundToken::Waiting | FoundToken::Unknown { .. } => {
            let pause = if card.attempts < SOON_POLLS { POLL_SOON } else { POLL_LATER };
            card.schedule(tx.db, Some(tx.now.after(pause)))
        }
    }
}

/// A card was typed there. The same stands against it as against one that is typed here; the gateway then forgets it again.
fn accept_found_token(tx: &mut Tx, card: &Card, token: &gateway::Token) -> QueryResult<()> {
    let foreign = |print: &String| tx.keys.keyed_hash(Purpose::Cards, &[b"foreign", print.as_bytes()]);
    let print = token.fingerprint.as_ref().map(foreign);
    let subject = Subject { account_id: card.account_id, fingerprint: print.as_deref() };
    let is_shut = limits::blocked_until(tx, &subject)?.is_some();
    let bound = print.as_deref().map(|print| bound_with(tx.db, card.account_id, print)).transpose()?;
    let is_bound = bound.flatten().is_some();
    diesel::update(cards::table.find(card.id)).set(cards::fingerprint.eq(print)).execute(tx.db)?;
    let why = match (is_bound, is_shut) {
        (true, _) => Failure::BoundAlready,
        (false, true) => Failure::TooOften,
        (false, false) => return accept_token(tx, card, token).map(|_in_time| ()),
    };
    store_token(tx, card, token)?;
    Card::get(tx.db, card.id)?.fail(tx, why)?;
    Ok(())
}

/// A card that was typed on the gateway's page when nobody wanted it here any more: the gateway is to forget it.
pub(super) fn discard_late_token(tx: &mut Tx, card: &Card, found: &FoundToken) -> QueryResult<()> {
    match found {
        FoundToken::Token(token) => {
            store_token(tx, card, token)?;
            card.schedule(tx.db, Some(tx.now))
        }
        FoundToken::Unknown { .. } => card.schedule(tx.db, Some(tx.now.after(POLL_AT_LAST))),
        FoundToken::GivenUp | FoundToken::Waiting => card.schedule(tx.db, None),
    }
}

/// Whether the gateway's page is certainly closed.
fn has_lapsed(card: &Card, now: Moment) -> bool {
    page_closes_at(card) <= now
}

/// Until when the gateway's page can be filled in.
pub fn page_closes_at(card: &Card) -> Moment {
    card.created_at.after(HOSTED_WITHIN)
}
