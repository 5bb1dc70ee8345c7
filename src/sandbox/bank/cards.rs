//! Cards: a number goes in, a token comes out, the number is forgotten.

use diesel::prelude::*;

use super::file::{cards, journal};
use super::record::{Event, Kind, MAX_LISTED, Operation, find, money};
use super::test_cards::{Behavior, response_delay};
use super::{Answer, Bank, FileError};
use crate::base::{Moment, Money, Token as Secret};
use crate::gateway::sandbox::{BankResponse, CardDetails, TokenizedCard};
use crate::gateway::{Brand, Decline, Pan};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cards)]
pub struct Card {
    pub id: i64,
    pub token: String,
    pub fingerprint: String,
    pub brand: Brand,
    pub last_four: String,
    pub holder: String,
    pub month: i32,
    pub year: i32,
    pub behavior: Behavior,
    pub made_at: Moment,
    pub forgotten_at: Option<Moment>,
}

/// A message of the bank's to its cardholder.
#[derive(Queryable)]
pub struct BankSms {
    pub at: Moment,
    pub event: Event,
    minor: i64,
    currency: String,
    pub statement: String,
    pub operation: String,
    pub card: Card,
}

impl BankSms {
    /// None for a currency that the bank does not know.
    pub fn money(&self) -> Option<Money> {
        money(self.minor, &self.currency)
    }
}

impl Bank {
    /// Only test cards are taken: whoever tries a real one here is told so, and nothing of it is kept.
    pub(super) fn tokenize(&self, key: &str, details: &CardDetails) -> Result<Answer, FileError> {
        let now = self.clock.now();
        let CardDetails { number, holder, month, year, .. } = details;
        // To tell whether the same is asked again, and nothing else.
        let until = format!("{month:02}/{year}");
        let contents = self.secrets.fingerprint(&[number, " ", holder, " ", &until]);
        self.transaction(|db| {
            let operation = match find(db, key)? {
                Some(before) if before.is(Kind::Token, &contents) => before,
                Some(other) => {
                    return Ok(Answer::at_once(other.repeated(Kind::Token, &contents, &self.home)));
                }
                None => {
                    let mut operation = Operation::new(key, Kind::Token, contents, now);
                    // Looked at where it is: what is moved leaves a copy behind.
                    let pan = Pan::read(number);
                    let behavior = pan.as_ref().ok().and_then(|pan| Behavior::of(pan.digits()));
                    match (&pan, behavior) {
                        (Ok(pan), Some(behavior)) => {
                            operation.card = Some(self.insert_card(db, pan, behavior, details)?);
                        }
                        _ => operation = operation.declined(Decline::NoSuchCard),
                    }
                    operation.insert(db, behavior)?;
                    operation
                }
            };
            let Some(card) = operation.card else {
                return Ok(Answer::at_once(operation.response(&self.home)));
            };
            let card: Card = cards::table.find(card).select(Card::as_select()).first(db)?;
            let delay = response_delay(Some(card.behavior), false);
            Ok(Answer { response: BankResponse::Token(card.tokenized()), delay })
        })
    }

    fn insert_card(
        &self,
        db: &mut SqliteConnection,
        pan: &Pan,
        behavior: Behavior,
        details: &CardDetails,
    ) -> QueryResult<i64> {
        let token = format!("tok_{}", Secret::random().as_str());
        let row = (
            cards::token.eq(&token),
            cards::fingerprint.eq(self.secrets.fingerprint(&[&details.number])),
            cards::brand.eq(pan.brand()),
            cards::last_four.eq(pan.last_four()),
            cards::holder.eq(&details.holder),
            cards::month.eq(i32::from(details.month)),
            cards::year.eq(i32::from(details.year)),
            cards::behavior.eq(behavior),
            cards::made_at.eq(self.clock.now()),
        );
        diesel::insert_into(cards::table).values(row).execute(db)?;
        cards::table.filter(cards::token.eq(&token)).select(cards::id).first(db)
    }

    /// The card is unbound: it is charged no more. Its messages stay.
    pub(super) fn forget(&self, token: &str) -> Result<(), FileError> {
        let now = self.clock.now();
        self.transaction(|db| {
            let card = cards::table.filter(cards::token.eq(token)).filter(cards::forgotten_at.is_null());
            diesel::update(card).set(cards::forgotten_at.eq(now)).execute(db).map(drop)
        })
    }

    /// The cards that were handed over, the newest first.
    pub fn cards(&self) -> Result<Vec<Card>, FileError> {
        self.transaction(|db| {
            cards::table.order(cards::id.desc()).limit(MAX_LISTED).select(Card::as_select()).load(db)
        })
    }

    pub(super) fn card(&self, id: i64) -> Result<Option<Card>, FileError> {
        self.transaction(|db| cards::table.find(id).select(Card::as_select()).first(db).optional())
    }

    /// What the bank has told the holder of a card (of any, without a number), the newest first.
    pub fn messages(&self, card: Option<i64>) -> Result<Vec<BankSms>, FileError> {
        self.transaction(|db| {
            let mut query = journal::table
                .inner_join(cards::table.on(journal::card.eq(cards::id.nullable())))
                .filter(journal::event.eq_any([
                    Event::Charged,
                    Event::Refunded,
                    Event::Declined,
                    Event::Cancelled,
                ]))
                .order(journal::id.desc())
                .limit(MAX_LISTED)
                .select((
                    journal::at,
                    journal::event,
                    journal::minor,
                    journal::currency,
                    journal::statement,
                    journal::operation,
                    Card::as_select(),
                ))
                .into_boxed();
            if let Some(card) = card {
                query = query.filter(journal::card.eq(card));
            }
            query.load(db)
        })
    }
}

impl Card {
    pub(super) fn tokenized(&self) -> TokenizedCard {
        TokenizedCard {
            token: self.token.clone(),
            brand: self.brand.word().to_owned(),
            last_four: self.last_four.clone(),
            month: i8::try_from(self.month).unwrap_or(0),
            year: i16::try_from(self.year).unwrap_or(0),
            holder: self.holder.clone(),
            fingerprint: self.fingerprint.clone(),
        }
    }
}
