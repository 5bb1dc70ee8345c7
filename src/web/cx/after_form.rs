//! What a handler is refused only after its form was read.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpRequest;
use actix_web::http::Method;

/// Of what a handler asks for, the first refusal is the answer. A form is here in whole when anybody asks, so whoever lets the others go
/// first by one turn lets it be read: what was typed is kept for whoever has to sign in first.
pub struct AfterForm<T> {
    answer: Option<T>,
    waits: bool,
}

impl<T, E> AfterForm<Result<T, E>> {
    pub fn of(req: &HttpRequest, answer: Result<T, E>) -> AfterForm<Result<T, E>> {
        AfterForm { waits: answer.is_err() && req.method() == Method::POST, answer: Some(answer) }
    }
}

impl<T> AfterForm<T> {
    /// What is answered, without a turn.
    pub fn into_inner(self) -> Option<T> {
        self.answer
    }
}

impl<T: Unpin> Future for AfterForm<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        if std::mem::take(&mut self.waits) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.answer.take().map_or(Poll::Pending, Poll::Ready)
    }
}
