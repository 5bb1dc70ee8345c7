//! The sandbox bank over HTTP: the gateway of a first run. What both sides say to each other stands here.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::call::{
    BadCallback, Charge, Decline, Found, FoundToken, Gateway, Hosted, HostedPage, OperationId, Outcome,
    Refund, Token, Tokenized,
};
use super::card::{Card, Holder};
use super::client::{Ask, Body, HttpClient, Reply};
use super::expiry::Expiry;
use super::pan::Brand;
use super::{Opening, signature};
use crate::base::{BoxFuture, Moment};

pub const NAME: &str = "sandbox";
pub const SIGNATURE: &str = "kabinet-signature";

/// A card on its way to the bank.
#[derive(Serialize, Deserialize)]
pub struct NewCard<'a> {
    pub operation: &'a str,
    pub number: &'a str,
    pub holder: &'a str,
    pub month: i8,
    pub year: i16,
    pub code: &'a str,
}

#[derive(Serialize, Deserialize)]
pub struct NewCharge {
    pub operation: String,
    pub token: String,
    pub minor: i64,
    pub currency: String,
    pub return_url: String,
    pub statement: String,
    pub locale: String,
}

#[derive(Serialize, Deserialize)]
pub struct NewRefund {
    pub operation: String,
    pub charge: String,
    pub minor: i64,
    pub currency: String,
}

#[derive(Serialize, Deserialize)]
pub struct NewPage {
    pub operation: String,
    pub return_url: String,
    pub locale: String,
}

/// A token with what stands on the card.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    pub token: String,
    pub brand: String,
    pub last_four: String,
    pub month: i8,
    pub year: i16,
    pub holder: String,
    pub fingerprint: String,
}

/// What the bank says of an operation.
#[derive(Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum BankResponse {
    Done {
        reference: String,
    },
    Declined {
        reason: String,
        code: String,
    },
    NeedsCustomer {
        url: String,
        reference: String,
    },
    Token(Kept),
    Page {
        url: String,
    },
    Waiting,
    GivenUp,
    Nothing,
    Forgotten,
    /// The same key with other contents, or a request that makes no sense: a mistake of ours, and nothing was done.
    Misused {
        why: String,
    },
}

/// A signed message of the bank: an operation has moved.
#[derive(Serialize, Deserialize)]
pub struct Callback {
    pub operation: String,
}

/// The bank as a gateway.
pub struct Sandbox {
    client: HttpClient,
    secret: Option<Vec<u8>>,
}

/// Makes the client.
pub fn open(opening: Opening) -> Result<Sandbox, String> {
    let client =
        HttpClient::new(opening.url, &format!("Bearer {}", opening.url.key.as_str()), opening.clock)?;
    Ok(Sandbox { client, secret: opening.secret })
}

impl Sandbox {
    async fn ask(&self, method: Method, path: &str, body: Body) -> Result<BankResponse, (String, bool)> {
        match self.client.ask(Ask { method, path, key: None, body }).await {
            Reply::Answer { body, .. } => read(body).map_err(|why| (why, true)),
            Reply::Unknown { why, sent } => Err((why.into_owned(), sent)),
        }
    }

    async fn find(&self, operation: OperationId) -> Found {
        let path = format!("bank/api/operations/{}", operation.key());
        match self.ask(Method::GET, &path, Body::None).await {
            Ok(BankResponse::Nothing) => Found::Nothing,
            Ok(said) => match outcome(said) {
                Outcome::Unknown { why, .. } => Found::Unknown { why },
                outcome => Found::Outcome(outcome),
            },
            Err((why, _sent)) => Found::Unknown { why },
        }
    }

    async fn do_it(&self, path: &str, body: Body) -> Outcome {
        match self.ask(Method::POST, path, body).await {
            Ok(said) => outcome(said),
            Err((why, sent)) => Outcome::Unknown { why, sent },
        }
    }
}

impl Gateway for Sandbox {
    fn name(&self) -> &'static str {
        NAME
    }

    fn takes(&self, _brand: Brand) -> bool {
        true
    }

    fn is_asked(&self) -> bool {
        self.client.is_asked()
    }

    fn tokenize<'a>(&'a self, operation: OperationId, card: &'a Card) -> BoxFuture<'a, Tokenized> {
        Box::pin(async move {
            let body = Body::json(&NewCard {
                operation: &operation.key(),
                number: card.number.digits(),
                holder: card.holder.as_str(),
                month: card.expiry.month(),
                year: card.expiry.year(),
                code: card.security_code.digits(),
            });
            match self.ask(Method::POST, "bank/api/tokens", body).await {
                Ok(BankResponse::Token(kept)) => match kept.read() {
                    Some(token) => Tokenized::Token(token),
                    None => Tokenized::Unknown { why: "not understood".to_owned(), sent: true },
                },
                Ok(said) => match outcome(said) {
                    Outcome::Declined { reason, code } => Tokenized::Declined { reason, code },
                    Outcome::Unknown { why, sent } => Tokenized::Unknown { why, sent },
                    _ => Tokenized::Unknown { why: "not understood".to_owned(), sent: true },
                },
                Err((why, sent)) => Tokenized::Unknown { why, sent },
            }
        })
    }

    fn charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Outcome> {
        Box::pin(async move { self.do_it("bank/api/charges", Body::json(&NewCharge::of(charge))).await })
    }

    fn find_charge<'a>(&'a self, charge: &'a Charge, _reference: Option<&'a str>) -> BoxFuture<'a, Found> {
        Box::pin(self.find(charge.operation))
    }

    fn cancel<'a>(&'a self, charge: &'a Charge, _reference: Option<&'a str>) -> BoxFuture<'a, Outcome> {
        Box::pin(
            async move { self.do_it("bank/api/cancellations", Body::json(&NewCharge::of(charge))).await },
        )
    }

    fn refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Outcome> {
        Box::pin(async move { self.do_it("bank/api/refunds", Body::json(&NewRefund::of(refund))).await })
    }

    fn find_refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Found> {
        Box::pin(self.find(refund.operation))
    }

    fn forget<'a>(&'a self, token: &'a str) -> BoxFuture<'a, bool> {
        let body = Body::json(&serde_json::json!({ "token": token }));
        Box::pin(async move {
            matches!(self.ask(Method::POST, "bank/api/forgotten", body).await, Ok(BankResponse::Forgotten))
        })
    }

    fn hosted<'a>(&'a self, hosted: &'a Hosted) -> BoxFuture<'a, HostedPage> {
        let body = Body::json(&NewPage::of(hosted));
        Box::pin(async move {
            let not_understood = || HostedPage::Unknown { why: "not understood".to_owned(), sent: true };
            match self.ask(Method::POST, "bank/api/pages", body).await {
                Ok(BankResponse::Page { url }) => {
                    Url::parse(&url).map_or_else(|_error| not_understood(), HostedPage::At)
                }
                Ok(_other) => not_understood(),
                Err((why, sent)) => HostedPage::Unknown { why, sent },
            }
        })
    }

    fn find_token(&self, operation: OperationId) -> BoxFuture<'_, FoundToken> {
        Box::pin(async move {
            let path = format!("bank/api/pages/{}", operation.key());
            let not_understood = || FoundToken::Unknown { why: "not understood".to_owned() };
            match self.ask(Method::GET, &path, Body::None).await {
                Ok(BankResponse::Token(kept)) => kept.read().map_or_else(not_understood, FoundToken::Token),
                Ok(BankResponse::Waiting) => FoundToken::Waiting,
                Ok(BankResponse::GivenUp | BankResponse::Nothing) => FoundToken::GivenUp,
                Ok(_other) => not_understood(),
                Err((why, _sent)) => FoundToken::Unknown { why },
            }
        })
    }

    fn signature_header(&self) -> &'static str {
        SIGNATURE
    }

    fn callback(
        &self,
        signature: &str,
        body: &[u8],
        now: Moment,
    ) -> Result<Option<OperationId>, BadCallback> {
        let secret = self.secret.as_deref().ok_or(BadCallback::NotSetUp)?;
        signature::check(secret, signature, body, now)?;
        moved(body)
    }
}

/// Reads a callback whose signature is good.
pub fn moved(body: &[u8]) -> Result<Option<OperationId>, BadCallback> {
    let moved: Callback = serde_json::from_slice(body).map_err(|_error| BadCallback::Unreadable)?;
    OperationId::from_key(&moved.operation).map(Some).ok_or(BadCallback::Unreadable)
}

impl NewRefund {
    pub fn of(refund: &Refund) -> NewRefund {
        NewRefund {
            operation: refund.operation.key(),
            charge: refund.charge.key(),
            minor: refund.money.minor,
            currency: refund.money.currency.word().to_owned(),
        }
    }
}

impl NewPage {
    pub fn of(hosted: &Hosted) -> NewPage {
        NewPage {
            operation: hosted.operation.key(),
            return_url: hosted.return_url.to_string(),
            locale: hosted.locale.word().to_owned(),
        }
    }
}

impl NewCharge {
    pub fn of(charge: &Charge) -> NewCharge {
        NewCharge {
            operation: charge.operation.key(),
            token: charge.token.clone(),
            minor: charge.money.minor,
            currency: charge.money.currency.word().to_owned(),
            return_url: charge.return_url.to_string(),
            statement: charge.statement.clone(),
            locale: charge.locale.word().to_owned(),
        }
    }
}

impl Kept {
    pub fn of(token: &Token) -> Kept {
        Kept {
            token: token.text.clone(),
            brand: token.brand.word().to_owned(),
            last_four: token.last_four.clone(),
            month: token.expiry.map_or(0, Expiry::month),
            year: token.expiry.map_or(0, Expiry::year),
            holder: token.holder.as_ref().map_or_else(String::new, |holder| holder.as_str().to_owned()),
            fingerprint: token.fingerprint.clone().unwrap_or_default(),
        }
    }

    fn read(self) -> Option<Token> {
        Some(Token {
            brand: Brand::from_word(&self.brand)?,
            text: self.token,
            last_four: self.last_four,
            expiry: Expiry::new(self.month, self.year),
            holder: Holder::read(&self.holder).ok(),
            fingerprint: Some(self.fingerprint).filter(|text| !text.is_empty()),
        })
    }
}

impl BankResponse {
    pub fn of(outcome: Outcome) -> BankResponse {
        match outcome {
            Outcome::Done { reference } => BankResponse::Done { reference },
            Outcome::Declined { reason, code } => {
                BankResponse::Declined { reason: reason.word().to_owned(), code }
            }
            Outcome::NeedsCustomer { url, reference } => {
                BankResponse::NeedsCustomer { url: url.into(), reference }
            }
            Outcome::Unknown { why, .. } => BankResponse::Misused { why },
        }
    }
}

fn read(body: Value) -> Result<BankResponse, String> {
    serde_json::from_value(body).map_err(|_error| "not understood".to_owned())
}

fn outcome(said: BankResponse) -> Outcome {
    let unknown = |why: &str| Outcome::Unknown { why: why.to_owned(), sent: true };
    match said {
        BankResponse::Done { reference } => Outcome::Done { reference },
        BankResponse::Declined { reason, code } => {
            Outcome::Declined { reason: Decline::from_word(&reason).unwrap_or(Decline::Other), code }
        }
        BankResponse::NeedsCustomer { url, reference } => Url::parse(&url)
            .map_or_else(|_error| unknown("not understood"), |url| Outcome::NeedsCustomer { url, reference }),
        BankResponse::Misused { why } => unknown(&why),
        _ => unknown("not understood"),
    }
}
