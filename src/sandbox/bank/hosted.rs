//! The bank's own page for a card: the number never comes to the portal.

use std::time::Duration;

use diesel::prelude::*;

use super::cards::{Card, CardDetails};
use super::file::{cards, pages, queue_callback};
use super::{Bank, BankError};
use crate::base::{Moment, Token as Secret, minutes};
use crate::gateway::sandbox::NewPage;
use crate::gateway::{FoundToken, OperationId, Tokenized};
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
    pub fn open_page(&self, new: &NewPage) -> Result<Option<String>, BankError> {
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
    pub fn page(&self, secret: &str) -> Result<Option<CardPage>, BankError> {
        let now = self.clock.now();
        let named = pages::table.filter(pages::secret.eq(secret)).select(CardPage::as_select());
        Ok(self.transaction(|db| named.first(db).optional())?.map(|page| page.closed_in_time(now)))
    }

    /// A card was entered. False: it is no test card, and the page stays open.
    pub fn enter(&self, page: &CardPage, details: &CardDetails) -> Result<bool, BankError> {
        if super::Behavior::of(details.number).is_none() {
            return Ok(false);
        }
        let made = self.tokenize(&page.operation, details)?;
        if let Tokenized::Token(token) = made.what {
            let now = self.clock.now();
            self.transaction(|db| {
                let card: i64 =
                    cards::table.filter(cards::token.eq(&token.text)).select(cards::id).first(db)?;
                diesel::update(pages::table.find(&page.operation).filter(pages::state.eq(PageState::Open)))
                    .set((pages::state.eq(PageState::Entered), pages::card.eq(card)))
                    .execute(db)?;
                queue_callback(db, &page.operation, now)
            })?;
        }
        Ok(true)
    }

    pub fn give_up(&self, page: &CardPage) -> Result<(), BankError> {
        let now = self.clock.now();
        self.transaction(|db| {
            let open = pages::table.find(&page.operation).filter(pages::state.eq(PageState::Open));
            diesel::update(open).set(pages::state.eq(PageState::GivenUp)).execute(db)?;
            queue_callback(db, &page.operation, now)
        })
    }

    pub fn find_token(&self, operation: OperationId) -> Result<FoundToken, BankError> {
        let now = self.clock.now();
        self.transaction(|db| {
            let found: Option<(CardPage, Option<i64>)> = pages::table
                .find(operation.key())
                .select((CardPage::as_select(), pages::card))
                .first(db)
                .optional()?;
            let found = found.map(|(page, card)| (page.closed_in_time(now).state, card));
            Ok(match found {
                Some((PageState::Entered, Some(card))) => {
                    let card: Card = cards::table.find(card).select(Card::as_select()).first(db)?;
                    FoundToken::Token(card.token())
                }
                Some((PageState::Open, _)) => FoundToken::Waiting,
                _ => FoundToken::GivenUp,
            })
        })
    }
}
