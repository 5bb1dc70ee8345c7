//! GET /security/activity

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::accounts::activity::{self, ActivityEntry, Topic};
use crate::base::short_browser;
use crate::web::{CurrentSession, Cx, Refusal, page};

const PAGE_ENTRIES: i64 = 50;

crate::pages! {
    "profile/activity.html" => struct ActivityPage {
        entries: Vec<ActivityEntry>,
        /// The topic's word; empty for all.
        chosen: &'static str,
        topics: Vec<(&'static str, &'static str)>,
        first: bool,
        older: Option<String>,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ActivityQuery {
    topic: String,
    before: String,
}

pub async fn show(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    query: web::Query<ActivityQuery>,
) -> Result<HttpResponse, Refusal> {
    let id = session.account_id;
    let topic = Topic::from_word(&query.topic);
    let before: Option<i64> = query.before.parse().ok();
    let mut entries = cx.read(move |tx| activity::list(tx.db, id, topic, before, PAGE_ENTRIES + 1)).await?;
    let page_length = usize::try_from(PAGE_ENTRIES).unwrap_or(usize::MAX);
    let more = entries.len() > page_length;
    entries.truncate(page_length);
    let chosen = topic.map_or("", Topic::word);
    let last = entries.last().filter(|_| more);
    let older = last.map(|last| format!("/security/activity?topic={chosen}&before={}", last.id));
    let topics = Topic::ALL.iter().map(|topic| (topic.word(), topic.text())).collect();
    Ok(page(StatusCode::OK, &ActivityPage { entries, chosen, topics, first: before.is_none(), older, cx }))
}

impl ActivityEntry {
    /// `Firefox, Windows`.
    fn short_browser(&self) -> String {
        short_browser(&self.user_agent)
    }
}
