//! GET /security/journal

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::accounts::journal::{self, Event, Group};
use crate::web::{Cx, Refusal, SignedIn, page, short_browser};

const A_PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "profile/journal.html")]
struct JournalPage {
    cx: Cx,
    entries: Vec<Event>,
    /// The group's word; empty for all.
    chosen: &'static str,
    groups: Vec<(&'static str, &'static str)>,
    first: bool,
    older: Option<String>,
}

crate::pages!(JournalPage);

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    before: String,
}

pub async fn show(cx: Cx, who: SignedIn, wanted: web::Query<Wanted>) -> Result<HttpResponse, Refusal> {
    let id = who.0.account_id;
    let group = Group::from_word(&wanted.kind);
    let before: Option<i64> = wanted.before.parse().ok();
    let kinds = group.map(Group::kinds).unwrap_or_default();
    let mut entries = cx.read(move |tx| journal::list(tx.db, id, &kinds, before, A_PAGE + 1)).await?;
    let page_length = usize::try_from(A_PAGE).unwrap_or(usize::MAX);
    let more = entries.len() > page_length;
    entries.truncate(page_length);
    let chosen = group.map_or("", Group::word);
    let last = entries.last().filter(|_| more);
    let older = last.map(|last| format!("/security/journal?kind={chosen}&before={}", last.id));
    let groups = Group::ALL.into_iter().map(|group| (group.word(), group.text())).collect();
    Ok(page(StatusCode::OK, &JournalPage { entries, chosen, groups, first: before.is_none(), older, cx }))
}

impl Event {
    /// `Firefox, Windows`.
    fn short_browser(&self) -> String {
        short_browser(&self.browser)
    }
}
