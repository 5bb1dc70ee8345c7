//! The bank's door for the portal: JSON, behind a key.

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpResponse, guard, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::sleep;
use zeroize::Zeroizing;

use super::charges::misused;
use super::{Answer, Bank, BankError, Details, ResponseDelay};
use crate::base::constant_time_eq;
use crate::gateway::sandbox::{BankResponse, Kept, NewCharge, NewPage, NewRefund};
use crate::gateway::{Found, FoundToken, OperationId, Outcome, Tokenized};

const BODY_BYTES: usize = 16 * 1024;

/// Without the key there is no such place.
pub(in crate::sandbox) fn routes(app: &mut web::ServiceConfig) {
    let keyed = guard::fn_guard(|ask| {
        let Some(bank) = ask.app_data::<web::Data<Bank>>() else { return false };
        let given = ask.head().headers().get(AUTHORIZATION).map_or(b"".as_slice(), |value| value.as_bytes());
        constant_time_eq(given, format!("Bearer {}", bank.secrets.api.as_str()).as_bytes())
    });
    app.service(
        web::scope("/bank/api")
            .guard(keyed)
            .app_data(web::PayloadConfig::new(BODY_BYTES))
            .route("/tokens", web::post().to(tokenize))
            .route("/charges", web::post().to(charge))
            .route("/cancellations", web::post().to(cancel))
            .route("/refunds", web::post().to(refund))
            .route("/forgotten", web::post().to(forget))
            .route("/pages", web::post().to(open_page))
            .route("/pages/{operation}", web::get().to(find_token))
            .route("/operations/{operation}", web::get().to(find)),
    );
}

/// A card on its way in. Wiped when it goes.
#[derive(Deserialize)]
struct Credential {
    operation: String,
    number: Zeroizing<String>,
    holder: String,
    month: i8,
    year: i16,
    code: Zeroizing<String>,
}

#[derive(Deserialize)]
struct Forgotten {
    token: String,
}

async fn tokenize(bank: web::Data<Bank>, body: web::Bytes) -> HttpResponse {
    let ask = |bank: &Bank, given: &Credential| {
        let details = Details {
            number: &given.number,
            holder: &given.holder,
            month: given.month,
            year: given.year,
            code: &given.code,
        };
        let made = bank.tokenize(&given.operation, &details)?;
        let said = match made.what {
            Tokenized::Token(token) => BankResponse::Token(Kept::of(&token)),
            Tokenized::Declined { reason, code } => BankResponse::of(Outcome::Declined { reason, code }),
            Tokenized::Unknown { why, .. } => BankResponse::Misused { why },
        };
        Ok(Answer { what: said, delay: made.delay })
    };
    answer(&bank, &body, ask).await
}

async fn charge(bank: web::Data<Bank>, body: web::Bytes) -> HttpResponse {
    answer(&bank, &body, |bank, new: &NewCharge| bank.charge(new).map(said)).await
}

async fn cancel(bank: web::Data<Bank>, body: web::Bytes) -> HttpResponse {
    answer(&bank, &body, |bank, new: &NewCharge| bank.cancel(new).map(said)).await
}

async fn refund(bank: web::Data<Bank>, body: web::Bytes) -> HttpResponse {
    answer(&bank, &body, |bank, new: &NewRefund| bank.refund(new).map(said)).await
}

async fn forget(bank: web::Data<Bank>, body: web::Bytes) -> HttpResponse {
    answer(&bank, &body, |bank, card: &Forgotten| {
        bank.forget(&card.token).map(|()| Answer::at_once(BankResponse::Forgotten))
    })
    .await
}

async fn open_page(bank: web::Data<Bank>, body: web::Bytes) -> HttpResponse {
    let ask = |bank: &Bank, new: &NewPage| {
        let said = bank
            .open_page(new)?
            .map_or_else(|| BankResponse::of(misused("no address")), |url| BankResponse::Page { url });
        Ok(Answer::at_once(said))
    };
    answer(&bank, &body, ask).await
}

async fn find(bank: web::Data<Bank>, operation: web::Path<String>) -> HttpResponse {
    let Some(operation) = OperationId::from_key(&operation) else {
        return HttpResponse::BadRequest().finish();
    };
    let found = bank.off(move |bank| bank.find(operation)).await;
    send(found.map(|found| {
        Answer::at_once(match found {
            Found::Outcome(outcome) => BankResponse::of(outcome),
            Found::Nothing => BankResponse::Nothing,
            Found::Unknown { why } => BankResponse::Misused { why },
        })
    }))
    .await
}

async fn find_token(bank: web::Data<Bank>, operation: web::Path<String>) -> HttpResponse {
    let Some(operation) = OperationId::from_key(&operation) else {
        return HttpResponse::BadRequest().finish();
    };
    let found = bank.off(move |bank| bank.find_token(operation)).await;
    send(found.map(|found| {
        Answer::at_once(match found {
            FoundToken::Token(token) => BankResponse::Token(Kept::of(&token)),
            FoundToken::Waiting => BankResponse::Waiting,
            FoundToken::GivenUp => BankResponse::GivenUp,
            FoundToken::Unknown { why } => BankResponse::Misused { why },
        })
    }))
    .await
}

fn said(answer: Answer<Outcome>) -> Answer<BankResponse> {
    Answer { what: BankResponse::of(answer.what), delay: answer.delay }
}

/// Reads the question, asks the bank, lets the answer travel.
async fn answer<T: DeserializeOwned + Send + 'static>(
    bank: &Bank,
    body: &[u8],
    ask: impl FnOnce(&Bank, &T) -> Result<Answer<BankResponse>, BankError> + Send + 'static,
) -> HttpResponse {
    let Ok(question) = serde_json::from_slice::<T>(body) else { return HttpResponse::BadRequest().finish() };
    send(bank.off(move |bank| ask(bank, &question)).await).await
}

async fn send(answer: Result<Answer<BankResponse>, BankError>) -> HttpResponse {
    match answer {
        Ok(Answer { what, delay: ResponseDelay::AtOnce }) => HttpResponse::Ok().json(what),
        Ok(Answer { what, delay: ResponseDelay::After(time) }) => {
            sleep(time).await;
            HttpResponse::Ok().json(what)
        }
        Ok(Answer { delay: ResponseDelay::Lost, .. }) => HttpResponse::InternalServerError().finish(),
        Err(error) => {
            tracing::warn!(%error, "the sandbox bank cannot answer");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}
