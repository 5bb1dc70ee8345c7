//! What a gateway is asked, and what it answers.

use std::fmt;
use std::time::Duration;

use url::Url;

use super::card::{Card, Holder};
use super::expiry::Expiry;
use super::pan::Brand;
use crate::base::{BoxFuture, Moment, Money, seconds};
use crate::texts::Locale;
use crate::{row_id, text_enum};

row_id! {
    /// One thing that a gateway does for us, once, however often it is asked: its idempotency key.
    OperationId
}

impl OperationId {
    /// As gateways see it.
    pub fn key(self) -> String {
        format!("op-{}", self.as_i64())
    }

    pub fn from_key(key: &str) -> Option<OperationId> {
        let digits = key.strip_prefix("op-")?;
        let id = digits.parse().ok()?;
        let ours = OperationId::from_i64(id);
        (ours.key() == key).then_some(ours)
    }
}

text_enum! {
    /// Why a gateway refused. For staff: shoppers read a general sentence, so that nobody can test stolen cards here.
    Decline {
        InsufficientFunds => "insufficient-funds",
        Stolen => "stolen",
        WrongCode => "wrong-code",
        Expired => "expired",
        NoSuchCard => "no-such-card",
        NotPermitted => "not-permitted",
        Fraud => "fraud",
        // The cardholder did not confirm the charge at their bank, or refused it there.
        NotConfirmed => "not-confirmed",
        // We took it back before it was done.
        Cancelled => "cancelled",
        // The gateway cannot give money back now: it is asked again later, under the same operation.
        RefundLater => "refund-later",
        Other => "other",
    }
}

/// A card as the gateway keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// What stands for the number at that gateway, and nowhere else. Never shown or logged.
    pub text: String,
    pub brand: Brand,
    pub last_four: String,
    /// Both are told by the gateway's own page only; our form knows them itself.
    pub expiry: Option<Expiry>,
    pub holder: Option<Holder>,
    /// The same for the same number at that gateway, for limits where we never saw the number.
    pub fingerprint: Option<String>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({} …{})", self.brand.word(), self.last_four)
    }
}

/// What came of handing a card over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tokenized {
    Token(Token),
    /// `code` is the gateway's own word.
    Declined {
        reason: Decline,
        code: String,
    },
    /// No answer that can be believed. The same operation may be asked for again. `sent` is false when the card certainly never
    /// left here.
    Unknown {
        why: String,
        sent: bool,
    },
}

/// Money to be taken from a card.
#[derive(Debug, Clone)]
pub struct Charge {
    pub operation: OperationId,
    /// `Token::text`.
    pub token: String,
    pub money: Money,
    /// Where the cardholder comes back to from their bank's page, by GET.
    pub return_url: Url,
    /// What the cardholder reads in the bank's message: up to 22 Latin letters, digits and spaces.
    pub statement: String,
    /// The reader's language, for the gateway's own pages.
    pub locale: Locale,
    /// When the operation was made: gateways remember keys for a limited time.
    pub begun_at: Moment,
}

/// Money to be given back, out of a charge.
#[derive(Debug, Clone)]
pub struct Refund {
    pub operation: OperationId,
    pub charge: OperationId,
    /// The reference that came with the charge's `Done`.
    pub charge_reference: String,
    pub money: Money,
    /// How many times the gateway has refused this refund: a repeat after a refusal is a new question.
    pub refused: u32,
    pub begun_at: Moment,
}

/// What came of a charge or a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The money has moved. The reference is the gateway's name for it.
    Done { reference: String },
    /// It has not, and under this operation it never will (but for `Decline::RefundLater`).
    Declined { reason: Decline, code: String },
    /// The cardholder has to say yes at that address; then `find_charge` tells.
    NeedsCustomer { url: Url, reference: String },
    /// Nobody knows: no answer, or none that can be believed. `sent` is false when this call certainly never left here (which
    /// says nothing of earlier ones). Ask again under the same operation.
    Unknown { why: String, sent: bool },
}

/// What a gateway knows of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Outcome(Outcome),
    /// It has not heard of it. What is still on its way may arrive: repeat the call, or `cancel` the charge.
    Nothing,
    /// It does not answer.
    Unknown {
        why: String,
    },
}

/// A card to be entered on the gateway's own page, so that its number never comes here.
#[derive(Debug, Clone)]
pub struct Hosted {
    pub operation: OperationId,
    pub return_url: Url,
    pub locale: Locale,
}

/// Where that page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostedPage {
    At(Url),
    /// This gateway has none.
    None,
    /// `sent` is false when the gateway certainly never heard of it.
    Unknown {
        why: String,
        sent: bool,
    },
}

/// What came of that page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundToken {
    Token(Token),
    /// Nothing was entered yet.
    Waiting,
    /// The reader pressed «Отказаться», or the page has lapsed.
    GivenUp,
    Unknown {
        why: String,
    },
}

/// A message that does not come from the gateway, or not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadCallback {
    #[error("no signature that can be read")]
    Unsigned,
    #[error("the signature is wrong")]
    Forged,
    #[error("signed too long ago, or in the future")]
    Untimely,
    #[error("signed, but not understood")]
    Unreadable,
    /// No secret is set: `KABINET_GATEWAY_WEBHOOK_SECRET`.
    #[error("callbacks are not set up")]
    NotSetUp,
}

/// What a call may take, repeats and searches included: whoever waits longer takes it for `Unknown`. Claims outlast it.
pub const PATIENCE: Duration = seconds(45);

/// A card gateway. Every call is safe to repeat with the same contents. None may be made inside a transaction, and but for
/// `tokenize`, `hosted` and `find_token` none in a request.
pub trait Gateway: Send + Sync {
    /// Stored with each card: a token is of use at its own gateway only.
    fn name(&self) -> &'static str;

    fn takes(&self, brand: Brand) -> bool;

    /// Whether calls are made at present. False while it is left alone after a row of failures: then all calls answer
    /// `Unknown` without being sent.
    fn is_asked(&self) -> bool;

    fn tokenize<'a>(&'a self, operation: OperationId, card: &'a Card) -> BoxFuture<'a, Tokenized>;

    fn charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Outcome>;

    /// What became of a charge; `reference` where one is known (`NeedsCustomer` gives one too). Changes nothing.
    fn find_charge<'a>(&'a self, charge: &'a Charge, reference: Option<&'a str>) -> BoxFuture<'a, Found>;

    /// Takes back a charge that waits for its cardholder, or whose outcome is not known and not wanted any more. Answers what
    /// is true from then on: `Declined { Cancelled }`, or `Done` when it was too late.
    fn cancel<'a>(&'a self, charge: &'a Charge, reference: Option<&'a str>) -> BoxFuture<'a, Outcome>;

    fn refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Outcome>;

    fn find_refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Found>;

    /// The card is unbound: the gateway may forget it. True when it has (or never knew it); else ask again later.
    fn forget<'a>(&'a self, token: &'a str) -> BoxFuture<'a, bool>;

    /// Opens the gateway's own page for a card. The same operation leads to the same page.
    fn hosted<'a>(&'a self, hosted: &'a Hosted) -> BoxFuture<'a, HostedPage>;

    fn find_token(&self, operation: OperationId) -> BoxFuture<'_, FoundToken>;

    /// The header that carries the signature of a callback.
    fn signature_header(&self) -> &'static str;

    /// Checks a callback and says which operation has moved: None when it is about something else. It proves nothing of the
    /// outcome: the worker asks `find_charge` or `find_refund`.
    fn callback(&self, signature: &str, body: &[u8], now: Moment)
    -> Result<Option<OperationId>, BadCallback>;
}
