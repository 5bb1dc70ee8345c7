//! The body of a request: whole, not too large and in time, before anybody looks at it. Until then its connection waits like one
//! that has not asked for anything, and neither the database nor a hash is touched for it.

use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_http::h1;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;

use crate::connections::Seat;
use crate::web::refusal::Refusal;

/// How long a body may take to arrive, from its head on.
const WAIT: Duration = Duration::from_secs(15);
/// Of a form, and of what a program sends to the sandbox.
pub(in crate::web) const FORM_BYTES: usize = 16 * 1024;
/// Stripe's longest events are some 20 KiB; what a bank gives a browser along (`PaRes`) may be as long.
const CALLBACK_BYTES: usize = 64 * 1024;

/// How much a request may bring: `from_others` when programs or pages of others send there.
pub(in crate::web) const fn limit(from_others: bool) -> usize {
    if from_others { CALLBACK_BYTES } else { FORM_BYTES }
}

/// What has come of a request.
pub(in crate::web) struct Arrived {
    pub refusal: Option<Refusal>,
    /// The body has begun and has not ended.
    pub in_part: bool,
    unread: Payload,
}

impl Arrived {
    /// Nothing of the body is looked at.
    pub fn refused(req: &mut ServiceRequest, refusal: Refusal) -> Arrived {
        Arrived { refusal: Some(refusal), in_part: false, unread: req.take_payload() }
    }

    /// Waits for what a form needs, and puts it in its place. Only forms have bodies that anybody reads. `sender` is the visitor.
    pub async fn of(req: &mut ServiceRequest, limit: usize, sender: Option<IpAddr>) -> Arrived {
        let mut unread = req.take_payload();
        if matches!(unread, Payload::None) || *req.method() != Method::POST {
            return Arrived { refusal: None, in_part: false, unread };
        }
        let length = req.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: usize| length > limit) {
            return Arrived { refusal: Some(Refusal::TooLarge), in_part: false, unread };
        }
        let seat = req.conn_data::<Seat>().cloned();
        if let (Some(seat), Some(sender)) = (&seat, sender) {
            seat.receives(sender);
        }
        let read = tokio::time::timeout(WAIT, read(&mut unread, limit)).await;
        let read = read.unwrap_or(Err(Refusal::Timeout));
        match read {
            Err(_cut) if seat.as_ref().is_some_and(Seat::gave_way) => {
                return Arrived { refusal: Some(Refusal::Busy), in_part: true, unread };
            }
            _ => seat.iter().for_each(Seat::has_received),
        }
        match read {
            Ok(body) => {
                req.set_payload(put_back(body));
                Arrived { refusal: None, in_part: false, unread: Payload::None }
            }
            Err(refusal) => Arrived { refusal: Some(refusal), in_part: true, unread },
        }
    }

    /// Where something is left to come, the connection ends with the answer: the server asks at its end whether somebody still holds
    /// what was not read, and otherwise goes on reading for as long as it comes.
    pub fn ends(self, response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        if matches!(self.unread, Payload::None) {
            return response;
        }
        response.map_body(|_, body| BoxBody::new(LastBody { body, _unread: self.unread }))
    }
}

/// The bytes of a body as they came: nothing is inflated.
pub struct WholeBody(pub Bytes);

impl FromRequest for WholeBody {
    type Error = Refusal;
    type Future = LocalBoxFuture<'static, Result<WholeBody, Refusal>>;

    fn from_request(_req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = payload.take();
        Box::pin(async { read_whole(payload).await.map(WholeBody) })
    }
}

/// What is here already, and was measured when it came.
pub(in crate::web) async fn read_whole(mut payload: Payload) -> Result<Bytes, Refusal> {
    read(&mut payload, CALLBACK_BYTES).await
}

/// A body that was read, for whoever reads it next.
pub(in crate::web) fn put_back(body: Bytes) -> Payload {
    let (_sender, mut whole) = h1::Payload::create(true);
    whole.unread_data(body);
    Payload::from(whole)
}

async fn read(payload: &mut Payload, limit: usize) -> Result<Bytes, Refusal> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_broken| Refusal::BadRequest)?;
        if body.len() + chunk.len() > limit {
            return Err(Refusal::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// For servers beside the portal: a bare status.
pub async fn whole_body(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let arrived = Arrived::of(&mut req, FORM_BYTES, None).await;
    let response = match arrived.refusal {
        Some(refusal) => req.into_response(HttpResponse::new(refusal.status_code())),
        None => next.call(req).await?.map_into_boxed_body(),
    };
    Ok(arrived.ends(response))
}

struct LastBody {
    body: BoxBody,
    _unread: Payload,
}

impl MessageBody for LastBody {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
