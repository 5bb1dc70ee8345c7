//! GET and POST /cards/{handle}/removal

use actix_session::Session as SessionCookie;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::found;
use crate::base::Moment;
use crate::cards::card::Card;
use crate::cards::status::CardStatus;
use crate::cards::verification::CardVerification;
use crate::credentials::current_session::{account_of, write_for};
use crate::credentials::hashing::Hashers;
use crate::credentials::reauthentication::verify_password;
use crate::web::{
    CurrentSession, Cx, Flash, Form, FormState, Refusal, Session, page, see_other, unprocessable,
};

#[derive(Template)]
#[template(path = "cards/removal.html")]
struct RemovalPage {
    cx: Cx,
    form: FormState,
    name: String,
    handle: String,
    /// By when the verification charge is back, while it is away or may be.
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

/// The bank has been asked already.
const STOPS: RemovalWords = RemovalWords { text: "card-drop-verifying", ..DROPS };

crate::pages!(RemovalPage);

#[derive(Deserialize)]
pub struct RemovalForm {
    #[serde(default)]
    password: Zeroizing<String>,
}

crate::shown_again!(RemovalForm: []);

/// There is nothing to unbind any more: the card's page says how it stands.
fn already_removed(card: &Card) -> Option<HttpResponse> {
    card.status.is_over().then(|| see_other(&card.path()))
}

fn removal_page(
    cx: Cx,
    session: &Session,
    card: &Card,
    verification: Option<&CardVerification>,
) -> RemovalPage {
    RemovalPage {
        form: FormState::empty(),
        name: card.name(),
        handle: card.handle.clone(),
        away_until: verification.and_then(CardVerification::away_until),
        away: match verification {
            Some(verification) if verification.status.was_taken() => "card-removal-away",
            _ => "card-removal-charging",
        },
        ask_password: !session.is_fresh(cx.now()),
        words: match card.status {
            CardStatus::Entering => &DROPS,
            CardStatus::Verifying => &STOPS,
            _ => &UNBINDS,
        },
        cx,
    }
}

/// GET /cards/{handle}/removal
pub async fn new(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    handle: web::Path<String>,
) -> Result<HttpResponse, Refusal> {
    let (card, verification) = found(&cx, &session, &handle).await?;
    let shown = || page(StatusCode::OK, &removal_page(cx, &session, &card, verification.as_ref()));
    Ok(already_removed(&card).unwrap_or_else(shown))
}

/// POST /cards/{handle}/removal
pub async fn remove(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    cookie: SessionCookie,
    hashers: web::Data<Hashers>,
    handle: web::Path<String>,
    form: Form<RemovalForm>,
) -> Result<HttpResponse, Refusal> {
    let account = account_of(&cx, &session).await?;
    let (card, verification) = found(&cx, &session, &handle).await?;
    if let Some(answer) = already_removed(&card) {
        return Ok(answer);
    }
    if let Some(problem) =
        verify_password(&cx, &cookie, &session, &hashers, &account, &form.0.password).await?
    {
        let mut shown = removal_page(cx, &session, &card, verification.as_ref());
        shown.form = shown.form.problem(problem);
        return Ok(unprocessable(&shown));
    }
    let handle = handle.into_inner();
    if !write_for(&cx, &session, move |tx| Card::unbind(tx, &account, &handle)).await? {
        return Ok(see_other("/cards"));
    }
    cx.state.wake_worker();
    let said = match (card.status, card.name()) {
        (CardStatus::Entering | CardStatus::Verifying, _) => Flash::good("card-dropped"),
        (_, name) if name.is_empty() => Flash::good("card-removed-unnamed"),
        (_, name) => Flash::good("card-removed").arg("card", name),
    };
    Ok(cx.leads_on("/cards", said))
}
