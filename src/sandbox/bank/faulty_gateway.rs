//! The bank without a network: a gateway for tests, with a line that breaks where the test says.

use std::sync::Arc;
use std::time::Duration;

use super::{Bank, ResponseDelay};
use crate::base::{BoxFuture, seconds};
use crate::gateway::Decline;
use crate::gateway::sandbox::{BankLine, BankRequest, BankResponse, NoAnswer, Sandbox};

/// Nobody waits here: what takes longer than a client waits never comes.
const CLIENT_WAITS: Duration = seconds(10);

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

type Faults = dyn Fn(&BankRequest) -> Fault + Send + Sync;

/// A line with faults.
#[derive(Clone)]
pub struct FaultyLine {
    bank: Bank,
    faults: Arc<Faults>,
}

/// Asks the bank directly, through a line with faults.
pub type FaultyGateway = Sandbox<FaultyLine>;

impl FaultyGateway {
    pub fn over(bank: Bank, faults: impl Fn(&BankRequest) -> Fault + Send + Sync + 'static) -> FaultyGateway {
        let secret = bank.secrets.callbacks.clone();
        Sandbox::new(FaultyLine { bank, faults: Arc::new(faults) }, Some(secret))
    }

    /// A line that never breaks. What the card's own behaviour loses is lost all the same.
    pub fn reliable(bank: Bank) -> FaultyGateway {
        FaultyGateway::over(bank, |_request| Fault::None)
    }

    pub fn bank(&self) -> &Bank {
        &self.line().bank
    }
}

impl FaultyLine {
    fn answer(&self, request: &BankRequest) -> Result<BankResponse, NoAnswer> {
        let no_answer = |why: &str, sent| Err(NoAnswer { why: why.to_owned(), sent });
        let fault = (self.faults)(request);
        match fault {
            Fault::NotSent => return no_answer("no connection", false),
            Fault::LostBefore => return no_answer("no answer in time", true),
            Fault::Twice => drop(self.bank.answer(request)),
            Fault::NotNow if matches!(request, BankRequest::Refund(_)) => {
                return Ok(BankResponse::declined(Decline::RefundLater, "not-now"));
            }
            Fault::None | Fault::LostAfter | Fault::NotNow => {}
        }
        let answer =
            self.bank.answer(request).map_err(|error| NoAnswer { why: error.to_string(), sent: true })?;
        match (fault, answer.delay) {
            (Fault::LostAfter, _) => no_answer("the connection broke", true),
            (_, ResponseDelay::Lost) => no_answer("failed (500)", true),
            (_, ResponseDelay::After(time)) if time > CLIENT_WAITS => no_answer("no answer in time", true),
            _ => Ok(answer.response),
        }
    }
}

impl BankLine for FaultyLine {
    fn is_asked(&self) -> bool {
        true
    }

    fn send(&self, request: BankRequest) -> BoxFuture<'_, Result<BankResponse, NoAnswer>> {
        Box::pin(async move { self.answer(&request) })
    }
}
