//! The bank's door for the portal: JSON, behind a key.

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpResponse, guard, web};
use tokio::time::sleep;

use super::{Answer, Bank, FileError, ResponseDelay};
use crate::base::constant_time_eq;
use crate::gateway::sandbox::{API_PATH, BankRequest, BankResponse};

const BODY_BYTES: usize = 16 * 1024;

/// Without the key there is no such place.
pub(in crate::sandbox) fn routes(app: &mut web::ServiceConfig) {
    let keyed = guard::fn_guard(|request| {
        let Some(bank) = request.app_data::<web::Data<Bank>>() else { return false };
        let given =
            request.head().headers().get(AUTHORIZATION).map_or(b"".as_slice(), |value| value.as_bytes());
        constant_time_eq(given, format!("Bearer {}", bank.secrets.api.as_str()).as_bytes())
    });
    app.service(
        web::resource(format!("/{API_PATH}"))
            .guard(keyed)
            .app_data(web::PayloadConfig::new(BODY_BYTES))
            .post(serve),
    );
}

/// Reads the request, asks the bank, lets the answer travel.
async fn serve(bank: web::Data<Bank>, body: web::Bytes) -> HttpResponse {
    let Ok(request) = serde_json::from_slice::<BankRequest>(&body) else {
        return HttpResponse::BadRequest().finish();
    };
    match bank.run_blocking(move |bank| bank.answer(&request)).await {
        Ok(Answer { delay: ResponseDelay::Lost, .. }) => HttpResponse::InternalServerError().finish(),
        Ok(Answer { response, delay }) => {
            if let ResponseDelay::After(time) = delay {
                sleep(time).await;
            }
            HttpResponse::Ok().json(response)
        }
        Err(error) => {
            tracing::warn!(%error, "the sandbox bank cannot answer");
            HttpResponse::ServiceUnavailable().finish()
        }
    }
}

impl Bank {
    pub(super) fn answer(&self, request: &BankRequest) -> Result<Answer, FileError> {
        match request {
            BankRequest::Tokenize { operation, card } => self.tokenize(operation, card),
            BankRequest::Charge(new) => self.charge(new),
            BankRequest::Cancel(new) => self.cancel(new),
            BankRequest::Refund(new) => self.refund(new),
            BankRequest::FindCharge { operation } | BankRequest::FindRefund { operation } => {
                self.find(operation).map(Answer::at_once)
            }
            BankRequest::Forget { token } => {
                self.forget(token).map(|()| Answer::at_once(BankResponse::Forgotten))
            }
            BankRequest::OpenPage(new) => {
                let url = self.open_page(new)?;
                let no_address = || BankResponse::misused("no address");
                Ok(Answer::at_once(url.map_or_else(no_address, |url| BankResponse::Page { url })))
            }
            BankRequest::FindToken { operation } => self.find_token(operation).map(Answer::at_once),
        }
    }
}
