//! What a form carries is gone with its request: the server's own buffers are let go, too. (What is freed is wiped: `main`.)

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;

/// Ends the connection with the answer: what the server has read lies in a buffer that lives as long. For forms with a card's number.
pub async fn close_connection(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut answer = next.call(request).await?;
    answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    Ok(answer)
}

/// Puts copies in the place of headers that point into that buffer. The server keeps used heads of requests for later ones, and
/// through them it would keep the body. As a middleware, it comes first: nobody else may hold the request yet.
pub async fn detach_headers(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.method() == Method::POST {
        detach(request.headers_mut());
    }
    next.call(request).await
}

pub(in crate::web) fn detach(headers: &mut HeaderMap) {
    let mut last = None;
    for (name, value) in std::mem::take(headers).drain() {
        last = name.or(last);
        if let (Some(name), Ok(copy)) = (&last, HeaderValue::from_bytes(value.as_bytes())) {
            headers.append(name.clone(), copy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_headers_say_the_same_in_the_same_order() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("cookie", "a=1"), ("host", "x"), ("cookie", "b=2")] {
            headers.append(name.parse().unwrap(), HeaderValue::from_static(value));
        }
        detach(&mut headers);
        assert_eq!(headers.get_all("cookie").collect::<Vec<_>>(), ["a=1", "b=2"]);
        assert_eq!((headers.get("host").unwrap(), headers.len()), (&HeaderValue::from_static("x"), 3));
    }
}
