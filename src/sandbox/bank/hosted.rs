//! The bank's own page for a card: the number never comes to the portal.

use std::time::Duration;

use diesel::prelude::*;

use super::cards::Card;
use super::file::{cards, pages, queue_callback};
use super::test_cards::Behavior;
use super::{Bank, FileError};
use crate::base::{Moment, Token as Secret, minutes};
use crate::gateway::sandbox::{BankResponse, CardDetails, NewPage};
use crate::text_enum;

/// The page stands open for so long.
const OPEN_FOR: Duration = minutes(30);

text_enum! {
    /// How far the page has come.
    PageState { Open => "open", Entered => "entered", GivenUp => "given-up" }
}

/// A page that was opened for somebody.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = pages)]
pub struct CardPage {
    pub operation: String,
    pub secret: String,
    pub state: PageState,
    pub return_url: String,
    made_at: Moment,
}

impl CardPage {
    /// A page that nobody filled in is closed after a while.
    fn closed_in_time(mut self, now: Moment) -> CardPage {
        if self.state == PageState::Open && self.made_at.after(OPEN_FOR) <= now {
            self.state = PageState::GivenUp;
        }
        self
    }
}

impl Bank {
    /// The address of the page; the same for the same operation.
    pub fn open_page(&self, new: &NewPage) -> Result<Option<String>, FileError> {
        let now = self.clock.now();
        let fresh = Secret::random();
        let secret: String = self.transaction(|db| {
            let row = (
                pages::operation.eq(&new.operation),
                pages::secret.eq(fresh.as_str()),
                pages::state.eq(PageState::Open),
                pages::return_url.eq(&new.return_url),
                pages::locale.eq(&new.locale),
                pages::made_at.eq(now),
            );
            diesel::insert_or_ignore_into(pages::table).values(row).execute(db)?;
            pages::table.find(&new.operation).select(pages::secret).first(db)
        })?;
        Ok(self.home.join(&format!("bank/pages/{secret}?locale={}", new.locale)).ok().map(String::from))
    }

    /// The page of that name, which is the last part of its address.
    pub fn page(&self, secret: &str) -> Result<Option<CardPage>, FileError> {
        let now = self.clock.now();
        let named = pages::table.filter(pages::secret.eq(secret)).select(CardPage::as_select());
        Ok(self.transaction(|db| named.first(db).optional())?.map(|page| page.closed_in_time(now)))
    }

    /// A card was entered. False: it is no test card, and the page stays open.
    pub fn enter(&self, page: &CardPage, details: &CardDetails) -> Result<bool, FileError> {
        if Behavior::of(&details.number).is_none() {
            return Ok(false);
        }
        if let BankResponse::Token(tokenized) = self.tokenize(&page.operation, details)?.response {
            let now = self.clock.now();
            self.transaction(|db| {
                let card: i64 =
                    cards::table.filter(cards::token.eq(&tokenized.token)).select(cards::id).first(db)?;
                diesel::update(pages::table.find(&page.operation).filter(pages::state.eq(PageState::Open)))
                    .set((pages::state.eq(PageState::Entered), pages::card.eq(card)))
                    .execute(db)?;
                queue_callback(db, &page.operation, now)
            })?;
        }
        Ok(true)
    }

    pub fn give_up(&self, page: &CardPage) -> Result<(), FileError> {
        let now = self.clock.now();
        self.transaction(|db| {
            let open = pages::table.find(&page.operation).filter(pages::state.eq(PageState::Open));
            diesel::update(open).set(pages::state.eq(PageState::GivenUp)).execute(db)?;
            queue_callback(db, &page.operation, now)
        })
    }

    pub(super) fn find_token(&self, operation: &str) -> Result<BankResponse, FileError> {
        let found: Option<(CardPage, Option<Card>)> = self.transaction(|db| {
            pages::table
                .left_join(cards::table.on(pages::card.eq(cards::id.nullable())))
                .filter(pages::operation.eq(operation))
                .select((CardPage::as_select(), Option::<Card>::as_select()))
                .first(db)
                .optional()
        })?;
        let now = self.clock.now();
        Ok(match found.map(|(page, card)| (page.closed_in_time(now).state, card)) {
            Some((PageState::Entered, Some(card))) => BankResponse::Token(card.tokenized()),
            Some((PageState::Open, _)) => BankResponse::Waiting,
            _ => BankResponse::GivenUp,
        })
    }
}
