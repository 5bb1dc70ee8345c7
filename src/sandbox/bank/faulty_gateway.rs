//! The bank without a network: a gateway for tests, with a line that breaks where the test says.

use std::sync::Arc;

use crate::base::{BoxFuture, Moment};
use crate::gateway::sandbox::{NewCharge, NewPage, NewRefund};
use crate::gateway::{
    BadCallback, Brand, Card, Charge, Decline, Found, FoundToken, Gateway, Hosted, HostedPage, OperationId,
    Outcome, Refund, Tokenized, sandbox, signature,
};

use super::{Answer, Bank, BankError, Details, ResponseDelay};

/// What is being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    Tokenize,
    Charge,
    FindCharge,
    Cancel,
    Refund,
    FindRefund,
    Forget,
    Hosted,
    FindToken,
}

/// What becomes of a call on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    None,
    /// No connection: certainly not sent.
    NotSent,
    /// Lost on its way there: nobody here can tell.
    LostBefore,
    /// Done, and the answer is lost.
    LostAfter,
    /// It arrives twice.
    Twice,
    /// The bank answers, and will not do it now: a refund. Other calls it does.
    NotNow,
}

type Faults = dyn Fn(Call, OperationId) -> Fault + Send + Sync;

/// Asks the bank directly, through a line with faults.
#[derive(Clone)]
pub struct FaultyGateway {
    bank: Bank,
    faults: Arc<Faults>,
}

impl FaultyGateway {
    pub fn new(
        bank: Bank,
        faults: impl Fn(Call, OperationId) -> Fault + Send + Sync + 'static,
    ) -> FaultyGateway {
        FaultyGateway { bank, faults: Arc::new(faults) }
    }

    /// A line that never breaks. What the card's own behaviour loses is lost all the same.
    pub fn reliable(bank: Bank) -> FaultyGateway {
        FaultyGateway::new(bank, |_call, _operation| Fault::None)
    }

    pub fn bank(&self) -> &Bank {
        &self.bank
    }

    /// The answer, or why there is none and whether the question was sent.
    fn call<T>(
        &self,
        call: Call,
        operation: OperationId,
        ask: impl Fn(&Bank) -> Result<Answer<T>, BankError>,
    ) -> Result<T, (String, bool)> {
        self.through((self.faults)(call, operation), ask)
    }

    fn through<T>(
        &self,
        fault: Fault,
        ask: impl Fn(&Bank) -> Result<Answer<T>, BankError>,
    ) -> Result<T, (String, bool)> {
        match fault {
            Fault::NotSent => return Err(("no connection".to_owned(), false)),
            Fault::LostBefore => return Err(("no answer in time".to_owned(), true)),
            Fault::Twice => drop(ask(&self.bank)),
            Fault::None | Fault::LostAfter | Fault::NotNow => {}
        }
        let answer = ask(&self.bank).map_err(|error| (error.to_string(), true))?;
        // Nobody waits here: what takes longer than a client waits never comes.
        let late = matches!(answer.delay, ResponseDelay::After(time) if time > crate::base::seconds(10));
        match (fault, answer.delay) {
            (Fault::LostAfter, _) => Err(("the connection broke".to_owned(), true)),
            (_, ResponseDelay::Lost) => Err(("failed (500)".to_owned(), true)),
            _ if late => Err(("no answer in time".to_owned(), true)),
            _ => Ok(answer.what),
        }
    }

    fn outcome(
        &self,
        call: Call,
        operation: OperationId,
        ask: impl Fn(&Bank) -> Result<Answer<Outcome>, BankError>,
    ) -> Outcome {
        self.call(call, operation, ask).unwrap_or_else(|(why, sent)| Outcome::Unknown { why, sent })
    }

    fn find(&self, call: Call, operation: OperationId) -> Found {
        let ask = |bank: &Bank| bank.find(operation).map(Answer::at_once);
        self.call(call, operation, ask).unwrap_or_else(|(why, _sent)| Found::Unknown { why })
    }
}

impl Gateway for FaultyGateway {
    fn name(&self) -> &'static str {
        sandbox::NAME
    }

    fn takes(&self, _brand: Brand) -> bool {
        true
    }

    fn is_asked(&self) -> bool {
        true
    }

    fn tokenize<'a>(&'a self, operation: OperationId, card: &'a Card) -> BoxFuture<'a, Tokenized> {
        Box::pin(async move {
            let details = Details {
                number: card.number.digits(),
                holder: card.holder.as_str(),
                month: card.expiry.month(),
                year: card.expiry.year(),
                code: card.security_code.digits(),
            };
            let made = self.call(Call::Tokenize, operation, |bank| bank.tokenize(&operation.key(), &details));
            made.unwrap_or_else(|(why, sent)| Tokenized::Unknown { why, sent })
        })
    }

    fn charge<'a>(&'a self, charge: &'a Charge) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            self.outcome(Call::Charge, charge.operation, |bank| bank.charge(&NewCharge::of(charge)))
        })
    }

    fn find_charge<'a>(&'a self, charge: &'a Charge, _reference: Option<&'a str>) -> BoxFuture<'a, Found> {
        Box::pin(async move { self.find(Call::FindCharge, charge.operation) })
    }

    fn cancel<'a>(&'a self, charge: &'a Charge, _reference: Option<&'a str>) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            self.outcome(Call::Cancel, charge.operation, |bank| bank.cancel(&NewCharge::of(charge)))
        })
    }

    fn refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let fault = (self.faults)(Call::Refund, refund.operation);
            if fault == Fault::NotNow {
                return Outcome::Declined { reason: Decline::RefundLater, code: "not-now".to_owned() };
            }
            let asked = self.through(fault, |bank| bank.refund(&NewRefund::of(refund)));
            asked.unwrap_or_else(|(why, sent)| Outcome::Unknown { why, sent })
        })
    }

    fn find_refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Found> {
        Box::pin(async move { self.find(Call::FindRefund, refund.operation) })
    }

    fn forget<'a>(&'a self, token: &'a str) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let nothing = OperationId::from_i64(0);
            self.call(Call::Forget, nothing, |bank| bank.forget(token).map(Answer::at_once)).is_ok()
        })
    }

    fn hosted<'a>(&'a self, hosted: &'a Hosted) -> BoxFuture<'a, HostedPage> {
        Box::pin(async move {
            let open = |bank: &Bank| bank.open_page(&NewPage::of(hosted)).map(Answer::at_once);
            let url = match self.call(Call::Hosted, hosted.operation, open) {
                Ok(opened) => opened.and_then(|url| url::Url::parse(&url).ok()),
                Err((why, sent)) => return HostedPage::Unknown { why, sent },
            };
            url.map_or_else(
                || HostedPage::Unknown { why: "no address".to_owned(), sent: true },
                HostedPage::At,
            )
        })
    }

    fn find_token(&self, operation: OperationId) -> BoxFuture<'_, FoundToken> {
        Box::pin(async move {
            let found =
                self.call(Call::FindToken, operation, |bank| bank.find_token(operation).map(Answer::at_once));
            found.unwrap_or_else(|(why, _sent)| FoundToken::Unknown { why })
        })
    }

    fn signature_header(&self) -> &'static str {
        sandbox::SIGNATURE
    }

    fn callback(
        &self,
        signature: &str,
        body: &[u8],
        now: Moment,
    ) -> Result<Option<OperationId>, BadCallback> {
        signature::check(&self.bank.secrets.callbacks, signature, body, now)?;
        sandbox::moved(body)
    }
}
