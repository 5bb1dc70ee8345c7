//! Stripe: a card is a payment method of a customer made for it, a charge a payment intent, a refund a refund.
//!
//! Everything is found again by `metadata[operation]`. Stripe forgets an idempotency key after a day, so what is older is looked
//! for before it is sent again.

mod answers;

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use answers::{declined, id, made, made_of_card, outcome_of, refund_outcome, text, unknown};

use super::call::{
    BadCallback, Charge, Decline, Found, FoundToken, Gateway, Hosted, HostedPage, OperationId, Outcome,
    Refund, Token, Tokenized,
};
use super::card::Card;
use super::client::{Ask, Body, HttpClient, Reply};
use super::pan::Brand;
use super::{Opening, signature};
use crate::base::{BoxFuture, Clock, Moment, hours, seconds};

pub const NAME: &str = "stripe";
const VERSION: (&str, &str) = ("stripe-version", "2024-06-20");
const KEY: &str = "idempotency-key";
/// Keys are kept for at least a day.
const KEY_LIVES: Duration = hours(23);
/// A shopper waits for the three calls that make a token.
const TOKEN_WITHIN: Duration = seconds(15);
const PAGE_ROWS: usize = 100;
const MAX_PAGES: u32 = 10;

pub struct Stripe {
    client: HttpClient,
    clock: Clock,
    secret: Option<Vec<u8>>,
    /// Parameters that the other side does not take.
    without: Vec<String>,
}

/// Makes the client.
pub fn open(opening: Opening) -> Result<Stripe, String> {
    let client =
        HttpClient::new(opening.url, &format!("Bearer {}", opening.url.key.as_str()), opening.clock.clone())?
            .with_header(VERSION);
    Ok(Stripe { client, clock: opening.clock, secret: opening.secret, without: opening.url.without.clone() })
}

/// An answer below 500, or why there is none.
type Answered = Result<(u16, Value), Outcome>;

impl Stripe {
    async fn post(&self, path: &str, key: Option<String>, fields: &[(&str, &str)]) -> Answered {
        let kept: Vec<(&str, &str)> =
            fields.iter().copied().filter(|(name, _)| self.takes_parameter(name)).collect();
        self.ask(Ask { method: Method::POST, path, key: key.map(|key| (KEY, key)), body: Body::form(&kept) })
            .await
    }

    async fn get(&self, path: &str) -> Answered {
        self.ask(Ask { method: Method::GET, path, key: None, body: Body::None }).await
    }

    async fn ask(&self, ask: Ask<'_>) -> Answered {
        match self.client.ask(ask).await {
            Reply::Answer { status, body } => Ok((status, body)),
            Reply::Unknown { why, sent } => Err(Outcome::Unknown { why: why.into_owned(), sent }),
        }
    }

    fn takes_parameter(&self, name: &str) -> bool {
        !self.without.iter().any(|refused| refused == name)
    }

    fn key_has_expired(&self, begun_at: Moment) -> bool {
        self.clock.now().since(begun_at) > KEY_LIVES
    }

    async fn make_token(&self, operation: OperationId, card: &Card) -> Result<Tokenized, Outcome> {
        let key = operation.key();
        let (month, year) = (card.expiry.month().to_string(), card.expiry.year().to_string());
        let fields = [
            ("type", "card"),
            ("card[number]", card.number.digits()),
            ("card[exp_month]", month.as_str()),
            ("card[exp_year]", year.as_str()),
            ("card[cvc]", card.security_code.digits()),
            ("billing_details[name]", card.holder.as_str()),
            ("metadata[operation]", key.as_str()),
        ];
        let method = made_of_card(self.post("v1/payment_methods", Some(key.clone()), &fields).await?)?;
        let fields = [("metadata[operation]", key.as_str())];
        let customer = self.post("v1/customers", Some(format!("{key}-customer")), &fields).await;
        let customer = made_of_card(customer.map_err(after_the_card)?)?;
        let (method_id, customer_id) = (id(&method)?, id(&customer)?);
        // Here the bank is asked whether the card is good.
        let path = format!("v1/payment_methods/{method_id}/attach");
        let attached = self.post(&path, Some(format!("{key}-attach")), &[("customer", customer_id)]).await;
        made_of_card(attached.map_err(after_the_card)?)?;
        Ok(Tokenized::Token(Token {
            text: format!("{customer_id}/{method_id}"),
            brand: card.number.brand(),
            last_four: card.number.last_four().to_owned(),
            expiry: Some(card.expiry),
            holder: Some(card.holder.clone()),
            fingerprint: text(&method, "/card/fingerprint").map(str::to_owned),
        }))
    }

    async fn send_charge(&self, charge: &Charge) -> Result<Outcome, Outcome> {
        if self.key_has_expired(charge.begun_at) {
            return match self.find_intent(charge, None).await? {
                Some(intent) => Ok(outcome_of(&intent)),
                None => Err(unknown("too old to be sent again: take it back")),
            };
        }
        let key = charge.operation.key();
        let (customer, method) =
            charge.token.split_once('/').ok_or_else(|| unknown("not a token of Stripe's"))?;
        let (amount, currency) =
            (charge.money.minor.to_string(), charge.money.currency.word().to_lowercase());
        let fields = [
            ("amount", amount.as_str()),
            ("currency", currency.as_str()),
            ("customer", customer),
            ("payment_method", method),
            ("payment_method_types[]", "card"),
            ("confirm", "true"),
            ("return_url", charge.return_url.as_str()),
            ("statement_descriptor_suffix", charge.statement.as_str()),
            ("metadata[operation]", key.as_str()),
        ];
        let intent = made(self.post("v1/payment_intents", Some(key.clone()), &fields).await?)?;
        match outcome_of(&intent) {
            // Without an address there is nowhere to send the cardholder: the charge can never be confirmed.
            Outcome::Unknown { .. } if text(&intent, "/status") == Some("requires_action") => {
                match self.cancel_intent(id(&intent)?).await? {
                    Outcome::Declined { .. } => declined(Decline::NotConfirmed, "no_redirect"),
                    other => Ok(other),
                }
            }
            outcome => Ok(outcome),
        }
    }

    /// By its id where that is known, else among the customer's.
    async fn find_intent(&self, charge: &Charge, reference: Option<&str>) -> Result<Option<Value>, Outcome> {
        if let Some(reference) = reference {
            return made(self.get(&format!("v1/payment_intents/{reference}")).await?).map(Some);
        }
        let customer = charge.token.split_once('/').map_or("", |(customer, _)| customer);
        let filter = if self.takes_parameter("customer_filter") {
            format!("customer={customer}&")
        } else {
            String::new()
        };
        let found = self.list("v1/payment_intents", &filter, &charge.operation.key()).await?;
        Ok(found.into_iter().next())
    }

    /// What carries the operation's name, the newest first.
    async fn list(&self, path: &str, filter: &str, key: &str) -> Result<Vec<Value>, Outcome> {
        let (mut found, mut after) = (Vec::new(), String::new());
        for _page in 0..MAX_PAGES {
            let page = made(self.get(&format!("{path}?{filter}limit={PAGE_ROWS}{after}")).await?)?;
            let Some(rows) = page.pointer("/data").and_then(Value::as_array) else {
                return Err(unknown("not understood"));
            };
            found.extend(rows.iter().filter(|row| text(row, "/metadata/operation") == Some(key)).cloned());
            let more = page.pointer("/has_more").and_then(Value::as_bool).unwrap_or(false);
            match rows.last().map(id) {
                Some(Ok(last)) if more && found.is_empty() => after = format!("&starting_after={last}"),
                _ => return Ok(found),
            }
        }
        Err(unknown("too many to look through"))
    }

    async fn cancel_charge(&self, charge: &Charge, reference: Option<&str>) -> Result<Outcome, Outcome> {
        let intent = match self.find_intent(charge, reference).await? {
            Some(intent) => intent,
            None if self.key_has_expired(charge.begun_at) => {
                return declined(Decline::Cancelled, "never_made");
            }
            None => {
                // The key is used up by an intent that can do nothing: what is still on its way is refused by Stripe.
                let key = charge.operation.key();
                let (amount, currency) =
                    (charge.money.minor.to_string(), charge.money.currency.word().to_lowercase());
                let fields = [
                    ("amount", amount.as_str()),
                    ("currency", currency.as_str()),
                    ("metadata[operation]", key.as_str()),
                ];
                made(self.post("v1/payment_intents", Some(key.clone()), &fields).await?)?
            }
        };
        match text(&intent, "/status") {
            Some("succeeded" | "canceled" | "processing") => Ok(outcome_of(&intent)),
            _ => self.cancel_intent(id(&intent)?).await,
        }
    }

    async fn cancel_intent(&self, intent: &str) -> Result<Outcome, Outcome> {
        match self.post(&format!("v1/payment_intents/{intent}/cancel"), None, &[]).await? {
            (200, intent) => Ok(outcome_of(&intent)),
            // It has moved meanwhile.
            _ => Ok(outcome_of(&made(self.get(&format!("v1/payment_intents/{intent}")).await?)?)),
        }
    }

    async fn send_refund(&self, refund: &Refund) -> Result<Outcome, Outcome> {
        let mut key = refund.operation.key();
        if self.key_has_expired(refund.begun_at) {
            // A refund that failed is in the list as well: only one that has gone out answers for this one.
            match self.find_sent_refund(refund).await? {
                Some(sent @ (Outcome::Done { .. } | Outcome::Unknown { .. })) => return Ok(sent),
                _ => {
                    key = format!(
                        "{key}-d{}",
                        self.clock.now().since(refund.begun_at).as_secs() / hours(23).as_secs()
                    )
                }
            }
        }
        if refund.refused > 0 {
            // Under an old key Stripe would repeat its old refusal.
            key = format!("{key}-r{}", refund.refused);
        }
        let (amount, operation) = (refund.money.minor.to_string(), refund.operation.key());
        let fields = [
            ("payment_intent", refund.charge_reference.as_str()),
            ("amount", amount.as_str()),
            ("metadata[operation]", operation.as_str()),
        ];
        let answer = self.post("v1/refunds", Some(key), &fields).await?;
        if text(&answer.1, "/error/code") == Some("charge_already_refunded")
            && let Some(sent) = self.find_sent_refund(refund).await?
        {
            return Ok(sent);
        }
        Ok(refund_outcome(&made(answer)?))
    }

    /// Of several tries the one that went best.
    async fn find_sent_refund(&self, refund: &Refund) -> Result<Option<Outcome>, Outcome> {
        let filter = format!("payment_intent={}&", refund.charge_reference);
        let found = self.list("v1/refunds", &filter, &refund.operation.key()).await?;
        let rank = |outcome: &Outcome| match outcome {
            Outcome::Done { .. } => 0,
            Outcome::Unknown { .. } => 1,
            _ => 2,
        };
        Ok(found.iter().map(refund_outcome).min_by_key(rank))
    }
}

/// The brands that it takes.
pub fn takes(brand: Brand) -> bool {
    brand != Brand::Mir
}

impl Gateway for Stripe {
    fn name(&self) -> &'static str {
        NAME
    }

    fn takes(&self, brand: Brand) -> bool {
        takes(brand)
    }

    fn is_asked(&self) -> bool {
        self.client.is_asked()
    }

    fn tokenize<'a>(&'a self, operation: OperationId, card: &'a Card) -> BoxFuture<'a, Tokenized> {
        Box::pin(async move {
            match tokio::time::timeout(TOKEN_WITHIN, self.make_token(operation, card)).await {
                Ok(Ok(made)) => made,
                Ok(Err(Outcome::Declined { reason, code })) => Tokenized::Declined { reason, code },
                Ok(Err(Outcome::Unknown { why, sent })) => Tokenized::Unknown { why, sent },
                Ok(Err(_other)) => Tokenized::Unknown { why: "not understood".to_owned(), sent: true },
                Err(_elapsed) => Tokenized::Unknown { why: "no answer in time".to_owned(), sent: true },
            }
        })
    }

    fn charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Outcome> {
        Box::pin(async move { self.send_charge(charge).await.unwrap_or_else(|outcome| outcome) })
    }

    fn find_charge<'a>(&'a self, charge: &'a Charge, reference: Option<&'a str>) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            found(self.find_intent(charge, reference).await.map(|intent| intent.as_ref().map(outcome_of)))
        })
    }

    fn cancel<'a>(&'a self, charge: &'a Charge, reference: Option<&'a str>) -> BoxFuture<'a, Outcome> {
        Box::pin(async move { self.cancel_charge(charge, reference).await.unwrap_or_else(|outcome| outcome) })
    }

    fn refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Outcome> {
        Box::pin(async move { self.send_refund(refund).await.unwrap_or_else(|outcome| outcome) })
    }

    fn find_refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Found> {
        Box::pin(async move { found(self.find_sent_refund(refund).await) })
    }

    fn forget<'a>(&'a self, token: &'a str) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let method = token.split_once('/').map_or(token, |(_, method)| method);
            match self.post(&format!("v1/payment_methods/{method}/detach"), None, &[]).await {
                Ok((200, detached)) => id(&detached).is_ok(),
                // It is attached no more; it is gone.
                Ok((400 | 404, body)) => body.get("error").is_some(),
                _ => false,
            }
        })
    }

    fn hosted<'a>(&'a self, _hosted: &'a Hosted) -> BoxFuture<'a, HostedPage> {
        Box::pin(std::future::ready(HostedPage::None))
    }

    fn find_token(&self, _operation: OperationId) -> BoxFuture<'_, FoundToken> {
        Box::pin(std::future::ready(FoundToken::GivenUp))
    }

    fn signature_header(&self) -> &'static str {
        "stripe-signature"
    }

    fn callback(
        &self,
        signature: &str,
        body: &[u8],
        now: Moment,
    ) -> Result<Option<OperationId>, BadCallback> {
        let secret = self.secret.as_deref().ok_or(BadCallback::NotSetUp)?;
        signature::check(secret, signature, body, now)?;
        let event: Value = serde_json::from_slice(body).map_err(|_error| BadCallback::Unreadable)?;
        let object = event.pointer("/data/object").ok_or(BadCallback::Unreadable)?;
        Ok(text(object, "/metadata/operation").and_then(OperationId::from_key))
    }
}

/// Of a call that follows the one with the card: that one was sent, whatever became of this.
fn after_the_card(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Unknown { why, .. } => Outcome::Unknown { why, sent: true },
        other => other,
    }
}

fn found(asked: Result<Option<Outcome>, Outcome>) -> Found {
    match asked {
        Ok(Some(Outcome::Unknown { why, .. })) => Found::Unknown { why },
        Ok(Some(outcome)) => Found::Outcome(outcome),
        Ok(None) => Found::Nothing,
        Err(Outcome::Unknown { why, .. }) => Found::Unknown { why },
        Err(_other) => Found::Unknown { why: "not understood".to_owned() },
    }
}

#[cfg(test)]
mod tests;
