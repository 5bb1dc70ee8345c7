//! The last form of each browser that has just sent one, and the answer that led on from it: for a form that comes twice.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use bytes::Bytes;
use tokio::sync::watch;

use crate::base::{Moment, seconds};

/// How long somebody waits for an answer before they press again.
const KEPT_FOR: Duration = seconds(30);
/// Of so many browsers; some hundred bytes each.
const MOST: usize = 4_096;

/// Of what is told apart and not kept.
pub type Digest = [u8; 32];

/// One for the whole process.
#[derive(Default)]
pub struct LastForms(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    of: HashMap<Digest, SentForm>,
    /// Browsers in the order of their forms.
    order: VecDeque<(Moment, Digest)>,
}

/// A form that came, and what comes of it.
#[derive(Clone)]
pub struct SentForm {
    pub at: Moment,
    pub form: Digest,
    /// The cookies that it was sent with.
    pub before: Digest,
    pub answer: watch::Receiver<Option<Answer>>,
}

/// A way on, or a page that is shown once, with the cookies that go with it.
#[derive(Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
    /// What the browser holds once it has read them.
    pub after: Digest,
}

impl LastForms {
    /// What this browser has sent last, if that is the same; otherwise this is the last from here on.
    pub fn sent(&self, browser: Digest, new: SentForm) -> Option<SentForm> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((at, oldest)) = kept.order.front().copied()
            && (new.at.since(at) > KEPT_FOR || kept.order.len() >= MOST)
        {
            kept.order.pop_front();
            if kept.of.get(&oldest).is_some_and(|sent| sent.at == at) {
                kept.of.remove(&oldest);
            }
        }
        if let Some(same) = kept.of.get(&browser).filter(|sent| sent.form == new.form) {
            return Some(same.clone());
        }
        kept.order.push_back((new.at, browser));
        kept.of.insert(browser, new);
        None
    }
}
