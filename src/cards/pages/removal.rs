//! GET and POST /cards/{handle}/removal

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::found;
use crate::base::Moment;
use crate::cards::card::Card;
use crate::cards::check::Check;
use crate::cards::status::CardStatus;
use crate::credentials::hashing::Hashers;
use crate::credentials::reauthentication::prove;
use crate::credentials::signed_in::{account_of, occasion, write_for_db};
use crate::web::{Cx, Form, Refusal, Shown, SignedIn, Visit, page, see_other, shown_again};

#[derive(Template)]
#[template(path = "cards/removal.html")]
struct RemovalPage {
    cx: Cx,
    form: Shown,
    name: String,
    handle: String,
    /// By when the check charge is back, while it is away or may be.
    away_until: Option<Moment>,
    /// What is said of it: the key of a text.
    away: &'static str,
    ask_password: bool,
    words: &'static RemovalWords,
}

/// What a card that is bound is told, and one that is still to be typed: keys of texts.
struct RemovalWords {
    title: &'static str,
    text: &'static str,
    button: &'static str,
    keep: &'static str,
}

const UNBINDS: RemovalWords = RemovalWords {
    title: "card-removal-title",
    text: "card-removal-text",
    button: "card-remove",
    keep: "card-keep",
};
const DROPS: RemovalWords = RemovalWords {
    title: "card-drop-title",
    text: "card-drop-text",
    button: "card-drop",
    keep: "card-drop-keep",
};

crate::pages!(RemovalPage);

#[derive(Deserialize)]
pub struct RemovalForm {
    #[serde(default)]
    password: Zeroizing<String>,
}

/// There is nothing to unbind any more: the card's page says how it stands.
fn elsewhere(card: &Card) -> Option<HttpResponse> {
    let is_over = matches!(card.status, CardStatus::Failed | CardStatus::Unbound);
    is_over.then(|| see_other(&format!("/cards/{}/check", card.handle)))
}

fn removal_page(cx: Cx, visit: &Visit, card: &Card, check: Option<&Check>) -> RemovalPage {
    RemovalPage {
        form: Shown::empty(),
        name: card.name(),
        handle: card.handle.clone(),
        away_until: check.filter(|check| check.status.is_open()).map(|check| check.return_by),
        away: match check {
            Some(check) if check.status.was_taken() => "card-removal-away",
            _ => "card-removal-charging",
        },
        ask_password: !visit.is_fresh(cx.now()),
        words: if card.status == CardStatus::Entering { &DROPS } else { &UNBINDS },
        cx,
    }
}

/// GET /cards/{handle}/removal
pub async fn new(cx: Cx, who: SignedIn, handle: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let (card, check) = found(&cx, &who.0, &handle).await?;
    let shown = || page(StatusCode::OK, &removal_page(cx, &who.0, &card, check.as_ref()));
    Ok(elsewhere(&card).unwrap_or_else(shown))
}

/// POST /cards/{handle}/removal
pub async fn remove(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    handle: web::Path<String>,
    form: Form<RemovalForm>,
) -> Result<HttpResponse, Refusal> {
    let account = account_of(&cx, &who.0).await?;
    let (card, check) = found(&cx, &who.0, &handle).await?;
    if let Some(elsewhere) = elsewhere(&card) {
        return Ok(elsewhere);
    }
    if let Some(problem) = prove(&cx, &session, &who.0, &hashers, &account, &form.0.password).await? {
        let mut shown = removal_page(cx, &who.0, &card, check.as_ref());
        shown.form = shown.form.problem(problem);
        return Ok(shown_again(&shown));
    }
    let (keys, on, handle) = (cx.state.keys.clone(), occasion(&cx), handle.into_inner());
    if write_for_db(&cx, &who.0, move |db| Card::unbind(db, &keys, &on, &account, &handle)).await? {
        cx.state.wake_worker();
    }
    Ok(see_other("/cards"))
}
