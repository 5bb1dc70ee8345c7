//! A bank card of an account: what is kept of it. Its number and security code are kept nowhere.

use std::time::Duration;

use diesel::prelude::*;
use zeroize::Zeroizing;

use super::status::{CardEvent, CardStatus, Failure};
use crate::base::{AccountId, Client, Keys, Moment, days, hours, mask};
use crate::db::Db;
use crate::db::schema::cards;
use crate::gateway::{Brand, Expiry, OperationId};
use crate::on_connection;
use crate::row_id;
use crate::texts::Locale;

row_id! {
    /// A card's row. Addresses of pages have the handle instead.
    CardId
}

/// Tries at naming the sum of the verification charge.
pub const MAX_TRIES: i32 = 3;
/// How long the sum can be named, from the charge on; the money is back long before.
pub const ANSWER_WITHIN: Duration = hours(48);
/// Cards that an account sees of those that are over.
const OVER_SHOWN: Duration = days(30);
const MAX_SHOWN: i64 = 50;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cards)]
pub struct Card {
    pub id: CardId,
    pub handle: String,
    pub account_id: AccountId,
    pub status: CardStatus,
    pub failure: Option<Failure>,
    pub gateway: String,
    pub entry_operation: OperationId,
    pub is_hosted: bool,
    /// The gateway's own page, while it stands open.
    pub entry_url: Option<String>,
    token: Option<Vec<u8>>,
    pub brand: Option<Brand>,
    pub last_four: Option<String>,
    pub holder: Option<String>,
    expires_year: Option<i16>,
    expires_month: Option<i16>,
    pub is_default: bool,
    pub tries_left: i32,
    /// Until then its number cannot be brought again.
    pub cool_down_until: Option<Moment>,
    pub locale: Locale,
    ip: String,
    user_agent: String,
    pub(super) next_at: Option<Moment>,
    pub(super) attempts: i32,
    pub created_at: Moment,
    pub confirmed_at: Option<Moment>,
    pub ended_at: Option<Moment>,
}

impl Card {
    /// An account's card as its address names it; nobody else's.
    pub fn find(db: &mut Db, account_id: AccountId, handle: &str) -> QueryResult<Option<Card>> {
        cards::table
            .filter(cards::account_id.eq(account_id))
            .filter(cards::handle.eq(handle))
            .select(Card::as_select())
            .first(db)
            .optional()
    }

    pub(super) fn get(db: &mut Db, id: CardId) -> QueryResult<Card> {
        cards::table.find(id).select(Card::as_select()).first(db)
    }

    /// What an account has, the newest first: cards that can be used or are being checked, and those that ended lately. Tries that never
    /// reached the bank, or were given up before, are no cards.
    pub fn list(db: &mut Db, account_id: AccountId, now: Moment) -> QueryResult<Vec<Card>> {
        let was_there = cards::failure.ne(Failure::BankAway).and(cards::failure.ne(Failure::NotEntered));
        let shown = cards::table
            .filter(cards::account_id.eq(account_id))
            .filter(cards::ended_at.is_null().or(cards::ended_at.gt(now.before(OVER_SHOWN))))
            .filter(cards::failure.is_null().or(was_there))
            .filter(cards::status.ne(CardStatus::Unbound).or(cards::brand.is_not_null()))
            .order(cards::id.desc())
            .limit(MAX_SHOWN);
        on_connection!(db, |c| shown.select(Card::as_select()).load(c))
    }

    /// The card that is being entered or checked: there is one at a time.
    pub fn under_way(db: &mut Db, account_id: AccountId) -> QueryResult<Option<Card>> {
        cards::table
            .filter(cards::account_id.eq(account_id))
            .filter(cards::status.eq_any([CardStatus::Entering.word(), CardStatus::Verifying.word()]))
            .select(Card::as_select())
            .first(db)
            .optional()
    }

    /// The card that a form has brought.
    pub fn of_form(db: &mut Db, account_id: AccountId, form_key: &str) -> QueryResult<Option<Card>> {
        cards::table
            .filter(cards::account_id.eq(account_id))
            .filter(cards::form_key.eq(form_key))
            .select(Card::as_select())
            .first(db)
            .optional()
    }

    pub fn expiry(&self) -> Option<Expiry> {
        Expiry::new(i8::try_from(self.expires_month?).ok()?, self.expires_year?)
    }

    /// `Visa •••• 4242`; empty while nothing is known.
    pub fn name(&self) -> String {
        match (self.brand, &self.last_four) {
            (Some(brand), Some(four)) => format!("{} {}", brand.name(), mask::last_four(four)),
            _ => String::new(),
        }
    }

    /// Its page: where its money is, and where the sum is named.
    pub fn path(&self) -> String {
        format!("/cards/{}/verification", self.handle)
    }

    /// Where the bank sends its owner's browser back to.
    pub fn return_path(&self) -> String {
        format!("/cards/{}/return", self.handle)
    }

    /// The gateway's token.
    pub(super) fn token(&self, keys: &Keys) -> Option<Zeroizing<String>> {
        let opened = keys.open_sealed(&aad(self.id), self.token.as_deref()?).ok()?;
        String::from_utf8(opened.to_vec()).ok().map(Zeroizing::new)
    }

    /// From where it was brought: on whose behalf the worker acts later.
    pub(super) fn client(&self) -> Client {
        Client { ip: self.ip.clone(), user_agent: self.user_agent.clone() }
    }

    /// Moves the card on. False when somebody was first.
    pub(super) fn advance(&self, db: &mut Db, event: CardEvent, now: Moment) -> QueryResult<bool> {
        let Some(next) = self.status.after(event) else { return Ok(false) };
        let ours = cards::table.find(self.id).filter(cards::status.eq(self.status));
        let rows = if next.is_over() {
            // The worker lets the gateway forget it once no money is on its way.
            let ended = (cards::ended_at.eq(Some(now)), cards::next_at.eq(Some(now)), cards::attempts.eq(0));
            let gone = (cards::is_default.eq(false), cards::entry_url.eq(None::<String>));
            diesel::update(ours).set((cards::status.eq(next), gone, ended)).execute(db)?
        } else {
            diesel::update(ours).set((cards::status.eq(next), cards::attempts.eq(0))).execute(db)?
        };
        Ok(rows == 1)
    }

    /// When the worker looks at it next.
    pub(super) fn schedule(&self, db: &mut Db, next_at: Option<Moment>) -> QueryResult<()> {
        diesel::update(cards::table.find(self.id)).set(cards::next_at.eq(next_at)).execute(db).map(drop)
    }

    /// No money is on its way any more: the gateway may forget a card that is over.
    pub(super) fn schedule_forgetting(&self, db: &mut Db, now: Moment) -> QueryResult<()> {
        let over = cards::table
            .find(self.id)
            .filter(cards::status.eq_any([CardStatus::Failed.word(), CardStatus::Unbound.word()]));
        diesel::update(over).set(cards::next_at.eq(Some(now))).execute(db).map(drop)
    }

    /// The gateway has forgotten it, and so do we.
    pub(super) fn forgotten(&self, db: &mut Db) -> QueryResult<()> {
        diesel::update(cards::table.find(self.id))
            .set((cards::token.eq(None::<Vec<u8>>), cards::next_at.eq(None::<Moment>)))
            .execute(db)
            .map(drop)
    }
}

/// What the sealed token belongs to.
pub(super) fn aad(id: CardId) -> String {
    format!("cards/token/{}", id.as_i64())
}
