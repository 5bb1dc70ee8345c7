//! The sandbox bank as a gateway: the one of a first run. What both sides say to each other stands here.

use std::fmt;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

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
/// Where the bank takes requests.
pub const API_PATH: &str = "bank/api/requests";
const NOT_UNDERSTOOD: &str = "not understood";

/// What the bank is asked. Operations are named by their keys.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BankRequest {
    Tokenize { operation: String, card: CardDetails },
    Charge(NewCharge),
    FindCharge { operation: String },
    Cancel(NewCharge),
    Refund(NewRefund),
    FindRefund { operation: String },
    Forget { token: String },
    OpenPage(NewPage),
    FindToken { operation: String },
}

/// A card on its way to the bank. Wiped when it goes.
#[derive(Serialize, Deserialize)]
pub struct CardDetails {
    pub number: Zeroizing<String>,
    pub holder: String,
    pub month: i8,
    pub year: i16,
    pub code: Zeroizing<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct NewCharge {
    pub operation: String,
    pub token: String,
    pub minor: i64,
    pub currency: String,
    pub return_url: String,
    pub statement: String,
    pub locale: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct NewRefund {
    pub operation: String,
    pub charge: String,
    pub minor: i64,
    pub currency: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct NewPage {
    pub operation: String,
    pub return_url: String,
    pub locale: String,
}

/// A token with what stands on the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenizedCard {
    pub token: String,
    pub brand: String,
    pub last_four: String,
    pub month: i8,
    pub year: i16,
    pub holder: String,
    pub fingerprint: String,
}

/// What the bank says of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    Token(TokenizedCard),
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

/// Why there is no answer, and whether the request was sent.
#[derive(Debug)]
pub struct NoAnswer {
    pub why: String,
    pub sent: bool,
}

/// How the bank is reached.
pub trait BankLine: Send + Sync {
    /// Whether it is asked at present.
    fn is_asked(&self) -> bool;

    fn send(&self, request: BankRequest) -> BoxFuture<'_, Result<BankResponse, NoAnswer>>;
}

impl BankLine for HttpClient {
    fn is_asked(&self) -> bool {
        HttpClient::is_asked(self)
    }

    fn send(&self, request: BankRequest) -> BoxFuture<'_, Result<BankResponse, NoAnswer>> {
        let ask = Ask { method: Method::POST, path: API_PATH, key: None, body: Body::json(&request) };
        Box::pin(async move {
            match self.ask(ask).await {
                Reply::Answer { body, .. } => serde_json::from_value(body)
                    .map_err(|_error| NoAnswer { why: NOT_UNDERSTOOD.to_owned(), sent: true }),
                Reply::Unknown { why, sent } => Err(NoAnswer { why: why.into_owned(), sent }),
            }
        })
    }
}

/// A signed message of the bank: an operation has moved.
#[derive(Serialize, Deserialize)]
pub struct Callback {
    pub operation: String,
}

/// The bank as a gateway.
#[derive(Clone)]
pub struct Sandbox<L> {
    line: L,
    /// What its callbacks are signed with.
    secret: Option<Vec<u8>>,
}

/// The bank over HTTP.
pub(super) fn open(opening: Opening) -> Result<Sandbox<HttpClient>, String> {
    let authorization = format!("Bearer {}", opening.url.key.as_str());
    Ok(Sandbox::new(HttpClient::new(opening.url, &authorization, opening.clock)?, opening.secret))
}

impl<L: BankLine> Sandbox<L> {
    pub fn new(line: L, secret: Option<Vec<u8>>) -> Sandbox<L> {
        Sandbox { line, secret }
    }

    pub fn line(&self) -> &L {
        &self.line
    }

    async fn outcome(&self, request: BankRequest) -> Outcome {
        match self.line.send(request).await {
            Ok(response) => outcome(response),
            Err(NoAnswer { why, sent }) => Outcome::Unknown { why, sent },
        }
    }

    async fn find(&self, request: BankRequest) -> Found {
        match self.line.send(request).await {
            Ok(BankResponse::Nothing) => Found::Nothing,
            Ok(response) => match outcome(response) {
                Outcome::Unknown { why, .. } => Found::Unknown { why },
                outcome => Found::Outcome(outcome),
            },
            Err(NoAnswer { why, .. }) => Found::Unknown { why },
        }
    }
}

/// The brands that it takes.
pub const fn takes(_brand: Brand) -> bool {
    true
}

impl<L: BankLine> Gateway for Sandbox<L> {
    fn name(&self) -> &'static str {
        NAME
    }

    fn takes(&self, brand: Brand) -> bool {
        takes(brand)
    }

    fn is_asked(&self) -> bool {
        self.line.is_asked()
    }

    fn tokenize<'a>(&'a self, operation: OperationId, card: &'a Card) -> BoxFuture<'a, Tokenized> {
        Box::pin(async move {
            let request = BankRequest::Tokenize { operation: operation.key(), card: CardDetails::of(card) };
            let not_understood = || Tokenized::Unknown { why: NOT_UNDERSTOOD.to_owned(), sent: true };
            match self.line.send(request).await {
                Ok(BankResponse::Token(card)) => card.read().map_or_else(not_understood, Tokenized::Token),
                Ok(response) => match outcome(response) {
                    Outcome::Declined { reason, code } => Tokenized::Declined { reason, code },
                    Outcome::Unknown { why, sent } => Tokenized::Unknown { why, sent },
                    _ => not_understood(),
                },
                Err(NoAnswer { why, sent }) => Tokenized::Unknown { why, sent },
            }
        })
    }

    fn charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Outcome> {
        Box::pin(self.outcome(BankRequest::Charge(NewCharge::of(charge))))
    }

    fn find_charge<'a>(&'a self, charge: &'a Charge, _reference: Option<&'a str>) -> BoxFuture<'a, Found> {
        Box::pin(self.find(BankRequest::FindCharge { operation: charge.operation.key() }))
    }

    fn cancel<'a>(&'a self, charge: &'a Charge, _reference: Option<&'a str>) -> BoxFuture<'a, Outcome> {
        Box::pin(self.outcome(BankRequest::Cancel(NewCharge::of(charge))))
    }

    fn refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Outcome> {
        Box::pin(self.outcome(BankRequest::Refund(NewRefund::of(refund))))
    }

    fn find_refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Found> {
        Box::pin(self.find(BankRequest::FindRefund { operation: refund.operation.key() }))
    }

    fn forget<'a>(&'a self, token: &'a str) -> BoxFuture<'a, bool> {
        let sent = self.line.send(BankRequest::Forget { token: token.to_owned() });
        Box::pin(async move { matches!(sent.await, Ok(BankResponse::Forgotten)) })
    }

    fn hosted<'a>(&'a self, hosted: &'a Hosted) -> BoxFuture<'a, HostedPage> {
        Box::pin(async move {
            let url = match self.line.send(BankRequest::OpenPage(NewPage::of(hosted))).await {
                Ok(BankResponse::Page { url }) => Url::parse(&url).ok(),
                Ok(_other) => None,
                Err(NoAnswer { why, sent }) => return HostedPage::Unknown { why, sent },
            };
            url.map_or_else(
                || HostedPage::Unknown { why: NOT_UNDERSTOOD.to_owned(), sent: true },
                HostedPage::At,
            )
        })
    }

    fn find_token(&self, operation: OperationId) -> BoxFuture<'_, FoundToken> {
        Box::pin(async move {
            let not_understood = || FoundToken::Unknown { why: NOT_UNDERSTOOD.to_owned() };
            match self.line.send(BankRequest::FindToken { operation: operation.key() }).await {
                Ok(BankResponse::Token(card)) => card.read().map_or_else(not_understood, FoundToken::Token),
                Ok(BankResponse::Waiting) => FoundToken::Waiting,
                Ok(BankResponse::GivenUp | BankResponse::Nothing) => FoundToken::GivenUp,
                Ok(_other) => not_understood(),
                Err(NoAnswer { why, .. }) => FoundToken::Unknown { why },
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
        let moved: Callback = serde_json::from_slice(body).map_err(|_error| BadCallback::Unreadable)?;
        OperationId::from_key(&moved.operation).map(Some).ok_or(BadCallback::Unreadable)
    }
}

impl CardDetails {
    pub fn of(card: &Card) -> CardDetails {
        CardDetails {
            number: card.number.digits().to_owned().into(),
            holder: card.holder.as_str().to_owned(),
            month: card.expiry.month(),
            year: card.expiry.year(),
            code: card.security_code.digits().to_owned().into(),
        }
    }
}

impl fmt::Debug for CardDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardDetails(…)")
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

impl NewRefund {
    fn of(refund: &Refund) -> NewRefund {
        NewRefund {
            operation: refund.operation.key(),
            charge: refund.charge.key(),
            minor: refund.money.minor,
            currency: refund.money.currency.word().to_owned(),
        }
    }
}

impl NewPage {
    fn of(hosted: &Hosted) -> NewPage {
        NewPage {
            operation: hosted.operation.key(),
            return_url: hosted.return_url.to_string(),
            locale: hosted.locale.word().to_owned(),
        }
    }
}

impl TokenizedCard {
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
    pub fn declined(reason: Decline, code: &str) -> BankResponse {
        BankResponse::Declined { reason: reason.word().to_owned(), code: code.to_owned() }
    }

    pub fn misused(why: &str) -> BankResponse {
        BankResponse::Misused { why: why.to_owned() }
    }
}

fn outcome(response: BankResponse) -> Outcome {
    let unknown = |why: &str| Outcome::Unknown { why: why.to_owned(), sent: true };
    match response {
        BankResponse::Done { reference } => Outcome::Done { reference },
        BankResponse::Declined { reason, code } => {
            Outcome::Declined { reason: Decline::from_word(&reason).unwrap_or(Decline::Other), code }
        }
        BankResponse::NeedsCustomer { url, reference } => Url::parse(&url)
            .map_or_else(|_error| unknown(NOT_UNDERSTOOD), |url| Outcome::NeedsCustomer { url, reference }),
        BankResponse::Misused { why } => unknown(&why),
        _ => unknown(NOT_UNDERSTOOD),
    }
}
