//! GET /messages: everything that the account was sent.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::accounts::identifiers::phone::Phone;
use crate::base::in_own_letters;
use crate::notices::log::{self, Entry};
use crate::notices::{Channel, MessageNumber};
use crate::web::{CurrentSession, Cx, Refusal, page};

const PAGE_MESSAGES: usize = 50;

crate::pages! {
    "profile/messages.html" => struct MessagesPage {
        entries: Vec<Entry>,
        /// Whether this is not the first page.
        later: bool,
        /// The last message of this page, when there are older ones.
        before: Option<String>,
    }
}

impl MessagesPage {
    fn subject(&self, entry: &Entry) -> String {
        log::subject(self.cx.locale, &entry.kind)
    }

    /// Whole, as its owner writes it.
    fn to(&self, entry: &Entry) -> String {
        let to = entry.to(&self.cx.state.keys);
        match Phone::from_stored(&to) {
            Some(phone) => phone.spaced(),
            None => in_own_letters(&to).into_owned(),
        }
    }
}

#[derive(Deserialize)]
pub struct PageQuery {
    before: Option<String>,
}

/// GET /messages?before=…: pages are named by the message that they follow, so that new messages do not move them.
pub async fn index(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    place: Option<web::Query<PageQuery>>,
) -> Result<HttpResponse, Refusal> {
    let before =
        place.and_then(|place| place.into_inner().before).and_then(|typed| MessageNumber::read(&typed));
    let (id, later) = (session.account_id.as_i64(), before.is_some());
    let one_more = i64::try_from(PAGE_MESSAGES).unwrap_or(i64::MAX).saturating_add(1);
    let mut entries = cx.read(move |tx| log::list(tx, id, before.as_ref(), one_more)).await?;
    let more = entries.len() > PAGE_MESSAGES;
    entries.truncate(PAGE_MESSAGES);
    let before = entries.last().filter(|_| more).map(|last| last.number.clone());
    Ok(page(StatusCode::OK, &MessagesPage { entries, later, before, cx }))
}
