//! Cards: a number goes in, a token comes out, the number is forgotten.

use diesel::prelude::*;
use zeroize::Zeroizing;

use super::file::{cards, journal};
use super::numbers::Script;
use super::record::{Event, Kind, LISTED, Operation, find, money};
use super::{Answer, Bank, BankError, ResponseDelay};
use crate::base::{Moment, Money, Token as Secret, seconds};
use crate::gateway::{Brand, Decline, Expiry, Holder, Outcome, Pan, Token, Tokenized};

/// A card as it is handed over.
pub struct Details<'a> {
    pub number: &'a str,
    pub holder: &'a str,
    pub month: i8,
    pub year: i16,
    pub code: &'a str,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cards)]
pub(super) struct Card {
    pub id: i64,
    pub token: String,
    pub fingerprint: String,
    pub brand: Brand,
    pub last_four: String,
    pub holder: String,
    pub month: i32,
    pub year: i32,
    pub script: Script,
    pub made_at: Moment,
    pub forgotten_at: Option<Moment>,
}

/// A message of the bank's to its cardholder.
pub(super) struct BankSms {
    pub at: Moment,
    pub event: Event,
    pub money: Option<Money>,
    pub statement: String,
    pub operation: String,
    pub card: Card,
}

impl Bank {
    /// Only test cards are taken: whoever tries a real one here is told so, and nothing of it is kept.
    pub fn tokenize(&self, key: &str, details: &Details) -> Result<Answer<Tokenized>, BankError> {
        let now = self.clock.now();
        let fingerprint = self.secrets.fingerprint(details.number);
        let contents = format!("{} {} {:02}/{}", details.number, details.holder, details.month, details.year);
        // To tell whether the same is asked again, and nothing else.
        let contents = self.secrets.fingerprint(&Zeroizing::new(contents));
        let pan = Pan::read(details.number).ok();
        let known = pan.as_ref().and_then(|pan| Some((pan, Script::of(pan.digits())?)));
        let made = self.with(|db| {
            if let Some(operation) = find(db, key)? {
                return if operation.kind == Kind::Token && operation.contents == contents {
                    Ok(Some(operation))
                } else {
                    Ok(None)
                };
            }
            let mut operation = Operation::new(key, Kind::Token, contents.clone(), now);
            let script = known.as_ref().map(|(_, script)| *script);
            match known {
                None => operation = operation.declined(Decline::NoSuchCard),
                Some((pan, script)) => {
                    let token = format!("tok_{}", Secret::random().as_str());
                    let row = (
                        cards::token.eq(&token),
                        cards::fingerprint.eq(&fingerprint),
                        cards::brand.eq(pan.brand()),
                        cards::last_four.eq(pan.last_four()),
                        cards::holder.eq(details.holder),
                        cards::month.eq(i32::from(details.month)),
                        cards::year.eq(i32::from(details.year)),
                        cards::script.eq(script),
                        cards::made_at.eq(now),
                    );
                    diesel::insert_into(cards::table).values(row).execute(db)?;
                    operation.card =
                        Some(cards::table.filter(cards::token.eq(&token)).select(cards::id).first(db)?);
                }
            }
            operation.make(db, script)?;
            Ok(Some(operation))
        })?;
        let Some(operation) = made else {
            return Ok(Answer::at_once(Tokenized::Unknown {
                why: "the same key with other contents".to_owned(),
                sent: true,
            }));
        };
        let Some(card) = operation.card else {
            let Outcome::Declined { reason, code } = operation.outcome(&self.home) else {
                return Ok(Answer::at_once(Tokenized::Unknown { why: "damaged".to_owned(), sent: true }));
            };
            return Ok(Answer::at_once(Tokenized::Declined { reason, code }));
        };
        let card = self.with(|db| cards::table.find(card).select(Card::as_select()).first(db))?;
        let delay = if card.script == Script::Slow {
            ResponseDelay::After(seconds(3))
        } else {
            ResponseDelay::AtOnce
        };
        Ok(Answer { what: Tokenized::Token(card.token()), delay })
    }

    /// The card is unbound: it is charged no more. Its messages stay.
    pub fn forget(&self, token: &str) -> Result<(), BankError> {
        let now = self.clock.now();
        self.with(|db| {
            let card = cards::table.filter(cards::token.eq(token)).filter(cards::forgotten_at.is_null());
            diesel::update(card).set(cards::forgotten_at.eq(now)).execute(db)
        })?;
        Ok(())
    }

    /// The cards that were handed over, the newest first.
    pub(super) fn cards(&self) -> Result<Vec<Card>, BankError> {
        self.with(|db| cards::table.order(cards::id.desc()).limit(LISTED).select(Card::as_select()).load(db))
    }

    pub(super) fn card(&self, id: i64) -> Result<Option<Card>, BankError> {
        self.with(|db| cards::table.find(id).select(Card::as_select()).first(db).optional())
    }

    /// What the bank has told the holder of a card (of any, without a number), the newest first.
    pub(super) fn messages(&self, card: Option<i64>) -> Result<Vec<BankSms>, BankError> {
        type Row = (Moment, Event, i64, String, String, String, Card);
        let rows: Vec<Row> = self.with(|db| {
            let mut query = journal::table
                .inner_join(cards::table.on(journal::card.eq(cards::id.nullable())))
                .filter(journal::event.eq_any([
                    Event::Charged,
                    Event::Refunded,
                    Event::Declined,
                    Event::Cancelled,
                ]))
                .order(journal::id.desc())
                .limit(LISTED)
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
        })?;
        let told = |(at, event, minor, currency, statement, operation, card): Row| BankSms {
            at,
            event,
            money: money(minor, &currency),
            statement,
            operation,
            card,
        };
        Ok(rows.into_iter().map(told).collect())
    }
}

impl Card {
    pub(super) fn token(&self) -> Token {
        let month = i8::try_from(self.month).unwrap_or(0);
        let year = i16::try_from(self.year).unwrap_or(0);
        Token {
            text: self.token.clone(),
            brand: self.brand,
            last_four: self.last_four.clone(),
            expiry: Expiry::new(month, year),
            holder: Holder::read(&self.holder).ok(),
            fingerprint: Some(self.fingerprint.clone()),
        }
    }
}
