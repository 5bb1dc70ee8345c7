//! What the card gateway tells us: signed, believed only so far that the worker asks.

use actix_web::http::header::HeaderName;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::cards::gateway_access::GatewayAccess;
use crate::gateway::BadCallback;
use crate::web::{State, WholeBody};

/// POST /gateway/callbacks. No form of ours: the signature says where it comes from.
pub async fn callback(
    state: web::Data<State>,
    access: web::Data<GatewayAccess>,
    request: HttpRequest,
    WholeBody(body): WholeBody,
) -> HttpResponse {
    let name = HeaderName::from_static(access.gateway.signature_header());
    let signature = request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match access.gateway.callback(signature, &body, state.now()) {
        Ok(operation) => {
            if let Some(operation) = operation {
                access.callbacks.push(operation);
                state.wake_worker();
            }
            state.metrics.count_event("gateway_callback");
            HttpResponse::Ok().finish()
        }
        Err(error) => {
            if error != BadCallback::Unsigned {
                tracing::warn!(%error, "a callback was refused");
            }
            state.metrics.count_event("gateway_callback_refused");
            HttpResponse::BadRequest().finish()
        }
    }
}
