//! A card on its way in: from the form (or the gateway's own page) to a token at the gateway.
//!
//! The row is there before the gateway is asked, so that a form that is sent twice finds it, and the gateway's call has its
//! idempotency key.

use std::time::Duration;

use diesel::prelude::*;

use super::card::{Card, CardId, TRIES, place};
use super::check::Check;
use super::limits::{self, Gate, Subject};
use super::status::{CardEvent, CardStatus, Failure};
use crate::accounts::account::Account;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::telling::Occasion;
use crate::base::{AccountId, Keys, Moment, Purpose, Token, minutes, seconds};
use crate::db::schema::cards;
use crate::db::{Db, again, taken};
use crate::gateway::{self, Brand, Decline, FoundToken, OperationId, Pan};
use crate::texts::Locale;

/// A number that the gateway was not handed by then (the program was stopped in between) is asked for again.
const DIRECT_WITHIN: Duration = minutes(10);
/// The gateway is asked for its page within so long.
const PAGE_WITHIN: Duration = minutes(2);
/// The gateway's own page stands open for so long.
pub const HOSTED_WITHIN: Duration = minutes(30);
/// How often the gateway is asked whether its page was filled in: at first, and later.
const LOOK_SOON: Duration = seconds(3);
const LOOK_LATER: Duration = seconds(20);
const SOON_LOOKS: i32 = 60;
/// … and when nobody wants the card any more.
const LOOK_AT_LAST: Duration = minutes(5);

const FORM_TAKEN: (&str, &str) = ("cards_form_binds_once", "cards.account_id, cards.form_key");
const UNDER_WAY: (&str, &str) = ("cards_one_under_way", "cards.account_id");

/// A wish to bind a card.
pub struct Wish<'a> {
    pub account: &'a Account,
    /// Drawn with the form.
    pub form_key: &'a str,
    /// None where the number is entered at the gateway.
    pub fingerprint: Option<&'a str>,
    pub gateway: &'static str,
    pub locale: Locale,
    /// For the limits: an address (IPv4) or its /64.
    pub address_unit: &'a str,
}

/// What became of it.
#[derive(Debug)]
pub enum Begun {
    /// The gateway may be asked.
    Card(Box<Card>),
    /// This form was sent before; there is where its card stands.
    Again(Box<Card>),
    /// Another card is being checked: one at a time.
    Other(Box<Card>),
    /// This very card is bound already.
    Known(Box<Card>),
    /// A limit against testing of stolen cards.
    Wait { until: Moment },
}

/// Notes the wish, unless something stands against it. Nothing has left the house yet.
pub fn begin(db: &mut Db, keys: &Keys, on: &Occasion, wish: &Wish) -> QueryResult<Begun> {
    let id = wish.account.id;
    if let Some(card) = Card::of_form(db, id, wish.form_key)? {
        return Ok(Begun::Again(Box::new(card)));
    }
    if let Some(card) = Card::under_way(db, id)? {
        return Ok(Begun::Other(Box::new(card)));
    }
    if let Some(card) = wish.fingerprint.map(|print| bound_with(db, id, print)).transpose()?.flatten() {
        return Ok(Begun::Known(Box::new(card)));
    }
    let subject = Subject { account_id: id, address_unit: wish.address_unit, fingerprint: wish.fingerprint };
    if let Gate::Shut { until } = limits::spend(db, keys, &subject, on.now)? {
        return Ok(Begun::Wait { until });
    }
    let made = insert(db, on, wish);
    match made {
        Ok(id) => Card::get(db, id).map(Box::new).map(Begun::Card),
        // Another instance was first: run again, its card is found.
        Err(error) if taken(&error, FORM_TAKEN) || taken(&error, UNDER_WAY) => Err(again()),
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

fn insert(db: &mut Db, on: &Occasion, wish: &Wish) -> QueryResult<CardId> {
    let (id, is_hosted) = (CardId::next(), wish.fingerprint.is_none());
    diesel::insert_into(cards::table)
        .values((
            (
                cards::id.eq(id),
                cards::handle.eq(Token::random().as_str()),
                cards::account_id.eq(wish.account.id),
                cards::form_key.eq(wish.form_key),
                cards::status.eq(CardStatus::Entering),
                cards::gateway.eq(wish.gateway),
                cards::entry_operation.eq(OperationId::next()),
                cards::is_hosted.eq(is_hosted),
                cards::fingerprint.eq(wish.fingerprint),
                cards::is_default.eq(false),
                cards::tries_left.eq(TRIES),
            ),
            (
                cards::locale.eq(wish.locale),
                cards::address.eq(&on.from.ip),
                cards::browser.eq(&on.from.user_agent),
                // By then the request has come to an end, or never will.
                cards::next_at.eq(Some(on.now.after(if is_hosted { PAGE_WITHIN } else { DIRECT_WITHIN }))),
                cards::attempts.eq(0),
                cards::expiry_told.eq(false),
                cards::created_at.eq(on.now),
            ),
        ))
        .execute(db)?;
    Ok(id)
}

/// What tells numbers apart, as rows keep it.
pub fn fingerprint(pan: &Pan, keys: &Keys) -> String {
    pan.fingerprint(keys).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The gateway's own page is open: the worker looks from now on whether it was filled in. False when the wish has lapsed.
pub fn page_opened(db: &mut Db, card: &Card, url: &str, now: Moment) -> QueryResult<bool> {
    let ours = cards::table.find(card.id).filter(cards::status.eq(CardStatus::Entering));
    let looks = cards::next_at.eq(Some(now.after(LOOK_SOON)));
    diesel::update(ours).set((cards::entry_url.eq(Some(url)), looks)).execute(db).map(|rows| rows == 1)
}

/// The gateway has the card: its check charge is decided, and stands in the ledger as held. False when the wish has lapsed: then the
/// gateway is to forget the card.
pub fn taken_in(
    db: &mut Db,
    keys: &Keys,
    on: &Occasion,
    card: &Card,
    token: &gateway::Token,
) -> QueryResult<bool> {
    keep(db, keys, card, token)?;
    if !card.advance(db, CardEvent::Entered, on.now)? {
        Card::get(db, card.id)?.look_at(db, Some(on.now))?;
        return Ok(false);
    }
    let card = Card::get(db, card.id)?;
    card.look_at(db, None)?;
    journal::note(db, card.account_id, EventKind::CardAdded, &card.name(), &on.from, on.now)?;
    Check::start(db, &card, on.now)?;
    Ok(true)
}

/// Notes the token, and what stands on the card.
fn keep(db: &mut Db, keys: &Keys, card: &Card, token: &gateway::Token) -> QueryResult<()> {
    let (sealed, expiry) = (keys.seal(&place(card.id), token.text.as_bytes()), token.expiry);
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
        .execute(db)
        .map(|_rows| ())
}

/// The gateway was not reached: nothing was charged, and the form may be filled in again.
pub fn not_entered(db: &mut Db, keys: &Keys, on: &Occasion, card: &Card) -> QueryResult<bool> {
    card.fail(db, keys, on, Failure::NotEntered)
}

/// What was typed, so far as its owner tells cards apart by it.
pub fn seen(db: &mut Db, card: &Card, brand: Brand, last_four: &str) -> QueryResult<Card> {
    let row = cards::table.find(card.id);
    diesel::update(row)
        .set((cards::brand.eq(Some(brand)), cards::last_four.eq(Some(last_four))))
        .execute(db)?;
    Card::get(db, card.id)
}

/// The gateway would not have it. The exact reason is for staff.
pub fn declined(
    db: &mut Db,
    keys: &Keys,
    on: &Occasion,
    card: &Card,
    (reason, code): (Decline, &str),
) -> QueryResult<bool> {
    let why = (cards::decline.eq(Some(reason)), cards::decline_code.eq(Some(code)));
    diesel::update(cards::table.find(card.id)).set(why).execute(db)?;
    card.fail(db, keys, on, Failure::Declined)
}

/// What the gateway's own page has come to.
pub(super) fn found(
    db: &mut Db,
    keys: &Keys,
    on: &Occasion,
    card: &Card,
    found: &FoundToken,
) -> QueryResult<()> {
    match found {
        FoundToken::Token(token) => entered(db, keys, on, card, token),
        FoundToken::GivenUp => not_entered(db, keys, on, card).map(|_done| ()),
        FoundToken::Waiting | FoundToken::Unknown { .. } if has_lapsed(card, on.now) => {
            not_entered(db, keys, on, card).map(|_done| ())
        }
        FoundToken::Waiting | FoundToken::Unknown { .. } => {
            let pause = if card.attempts < SOON_LOOKS { LOOK_SOON } else { LOOK_LATER };
            card.look_at(db, Some(on.now.after(pause)))
        }
    }
}

/// A card was typed there. The same stands against it as against one that is typed here; the gateway then forgets it again.
fn entered(db: &mut Db, keys: &Keys, on: &Occasion, card: &Card, token: &gateway::Token) -> QueryResult<()> {
    let print =
        token.fingerprint.as_ref().map(|print| keys.name(Purpose::Cards, &[b"foreign", print.as_bytes()]));
    let subject = Subject { account_id: card.account_id, address_unit: "", fingerprint: print.as_deref() };
    let is_shut = limits::is_shut_for_number(db, &subject, on.now)?.is_some();
    let is_bound =
        print.as_deref().map(|print| bound_with(db, card.account_id, print)).transpose()?.flatten().is_some();
    diesel::update(cards::table.find(card.id)).set(cards::fingerprint.eq(print)).execute(db)?;
    let why = match (is_bound, is_shut) {
        (true, _) => Failure::BoundAlready,
        (false, true) => Failure::TooOften,
        (false, false) => return taken_in(db, keys, on, card, token).map(|_done| ()),
    };
    keep(db, keys, card, token)?;
    Card::get(db, card.id)?.fail(db, keys, on, why).map(|_done| ())
}

/// A card that was typed on the gateway's page when nobody wanted it here any more: the gateway is to forget it.
pub(super) fn came_too_late(
    db: &mut Db,
    keys: &Keys,
    card: &Card,
    found: &FoundToken,
    now: Moment,
) -> QueryResult<()> {
    match found {
        FoundToken::Token(token) => {
            keep(db, keys, card, token)?;
            card.look_at(db, Some(now))
        }
        FoundToken::Unknown { .. } => card.look_at(db, Some(now.after(LOOK_AT_LAST))),
        FoundToken::GivenUp | FoundToken::Waiting => card.look_at(db, None),
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
