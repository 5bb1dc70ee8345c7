//! The mailed link of an invitation, its code for another browser, and another mail.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use validator::Validate;

use crate::access::invitation::status::InvitationStatus;
use crate::access::invitation::{self, CODE, COOKIE_MINUTES, CodeOutcome, Invitation};
use crate::accounts::account::Account;
use crate::accounts::identifiers::email::Email;
use crate::base::{Purpose, Token, constant_time_eq};
use crate::limits::Spent;
use crate::one_time_code::{CodeCheck, read_code};
use crate::texts::Locale;
use crate::web::{
    ButtonForm, Cx, Form, FormState, INVITATION, Problem, Refusal, page, problems, see_other, too_many,
    unprocessable, with_cookie,
};

pub(crate) const CODE_PATH: &str = "/invitation/code";
/// What the sandbox names itself by.
const SANDBOX: &str = "x-kabinet-sandbox";

crate::pages! {
    "access/invitation/invitation.html" => struct InvitationPage {
        state: &'static str,
        email: String,
        number: String,
        path: String,
    }
    "access/invitation/code.html" => struct InvitationCodePage { form: FormState }
    "access/invitation/expired.html" => struct InvitationExpiredPage { replaced: bool }
}

#[derive(Deserialize, Validate, Default)]
#[serde(default)]
pub struct InvitationCodeForm {
    #[validate(custom(function = Email::validate))]
    email: String,
    code: String,
}

crate::shown_again!(InvitationCodeForm: ["email"]);

/// What the sandbox sends.
#[derive(Deserialize)]
pub struct InviteRequest {
    email: String,
    locale: String,
}

/// GET /invitations/{token}, and where another mail is asked for: shows the button and changes nothing.
pub async fn link(cx: Cx, req: HttpRequest, token: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    let (wanted, held) = (token.clone(), cx.state.cookies.token(&req, INVITATION));
    let found = cx.read(move |tx| {
        let Some(found) = Invitation::of_link(tx.db, &wanted)? else { return Ok(None) };
        let mine = held.as_ref().map(|held| Invitation::of_browser(tx.db, held)).transpose()?.flatten();
        let is_mine = mine.is_some_and(|mine| mine.account_id == found.account_id);
        Ok(Account::find(tx.db, found.account_id)?.map(|account| (found, account, is_mine)))
    });
    let (found, account, is_mine) = found.await?.ok_or(Refusal::NotFound)?;
    // Whoever has gone on with it here, or is signed in to it, sees what is theirs; a mail may have been forwarded to anybody.
    let is_mine = is_mine || cx.session.as_ref().is_some_and(|session| session.account_id == account.id);
    let shown = InvitationPage {
        state: found.link_state(cx.now()),
        email: if is_mine { found.email.as_str().to_owned() } else { found.email.masked() },
        number: if is_mine { account.grouped_number() } else { account.masked_number() },
        path: link_path(&token),
        cx,
    };
    Ok(page(StatusCode::OK, &shown))
}

fn link_path(token: &Token) -> String {
    format!("/invitations/{}", token.as_str())
}

/// POST /invitations/{token}: the button. This browser goes on.
pub async fn confirm(
    cx: Cx,
    token: web::Path<String>,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    let used = token.clone();
    Ok(match cx.write(move |tx| Invitation::confirm(tx, &used)).await? {
        Some(held) => go_on(&cx, &held),
        // Dead for one of several reasons, or somebody was first: the link's own page says which.
        None => see_other(&link_path(&token)),
    })
}

fn go_on(cx: &Cx, held: &Token) -> HttpResponse {
    let next = see_other(InvitationStatus::Privacy.path().unwrap_or("/"));
    with_cookie(next, &cx.state.cookies.brief(INVITATION, held.as_str(), COOKIE_MINUTES))
}

/// POST /invitations/{token}/messages: another mail to the same address, for whoever holds a link that is dead.
pub async fn send_again(
    cx: Cx,
    token: web::Path<String>,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    let found = cx.read(move |tx| Invitation::of_link(tx.db, &token)).await?.ok_or(Refusal::NotFound)?;
    invite(&cx, found.email, cx.locale).await?;
    Ok(see_other(CODE_PATH))
}

/// POST /invitation/messages: the same, for the browser in which the time for the steps ran out.
pub async fn send_mine_again(
    cx: Cx,
    req: HttpRequest,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Refusal> {
    let Some(held) = cx.state.cookies.token(&req, INVITATION) else { return Ok(see_other(CODE_PATH)) };
    if let Some(found) = cx.read(move |tx| Invitation::of_browser(tx.db, &held)).await? {
        invite(&cx, found.email, cx.locale).await?;
    }
    Ok(see_other(CODE_PATH))
}

async fn invite(cx: &Cx, email: Email, locale: Locale) -> Result<(), Refusal> {
    let spent = cx.write(move |tx| invitation::invite(tx, &email, locale)).await?;
    cx.state.wake_worker();
    match spent {
        Spent::Allowed => Ok(()),
        Spent::Wait { until } => Err(Refusal::TooMany { until }),
    }
}

/// GET /invitation/code
pub async fn code(cx: Cx) -> HttpResponse {
    page(StatusCode::OK, &InvitationCodePage { form: FormState::empty(), cx })
}

/// POST /invitation/code: the address and the code, in a browser that has not opened the link.
pub async fn enter_code(cx: Cx, form: Form<InvitationCodeForm>) -> Result<HttpResponse, Refusal> {
    let Form(form) = form;
    let shown = FormState::empty().with("email", &form.email);
    let (email, typed) = match (Email::parse(&form.email), read_code(&form.code, CODE.digits)) {
        (Ok(email), Ok(typed)) => (email, typed),
        (_, typed) => {
            let wrong = problems(form.validate(), &["email"]).into_iter().chain(typed.err());
            let shown = shown.with("code", &form.code).all(wrong);
            return Ok(unprocessable(&InvitationCodePage { form: shown, cx }));
        }
    };
    let (status, problem) = match cx.write(move |tx| Invitation::check(tx, &email, &typed)).await? {
        CodeOutcome::Confirmed(held) => return Ok(go_on(&cx, &held)),
        CodeOutcome::Refused(CodeCheck::Wrong { left }) => {
            let problem = Problem::new("code", "invitation-code-wrong").arg("left", left);
            (StatusCode::UNPROCESSABLE_ENTITY, problem)
        }
        CodeOutcome::Refused(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Problem::new("code", "invitation-code-spent"))
        }
        CodeOutcome::Network { until } => {
            cx.code_refused("invitation");
            let problem = Problem::new("code", "invitation-code-network").arg("time", cx.when(&until));
            return Ok(too_many(&InvitationCodePage { form: shown.problem(problem), cx }, until));
        }
        CodeOutcome::TooMany => {
            (StatusCode::TOO_MANY_REQUESTS, Problem::new("code", "invitation-code-spent"))
        }
    };
    cx.code_refused("invitation");
    Ok(page(status, &InvitationCodePage { form: shown.problem(problem), cx }))
}

/// The page of somebody whose steps lead no further.
pub(crate) fn expired(cx: Cx, replaced: bool) -> HttpResponse {
    page(StatusCode::GONE, &InvitationExpiredPage { replaced, cx })
}

/// POST /sandbox/invitations: what a marketplace would ask for, from the sandbox beside this portal. It has no browser and so no form
/// token: it shows a secret that only this installation can compute, over a loopback connection.
pub async fn invite_from_sandbox(
    cx: Cx,
    req: HttpRequest,
    form: web::Form<InviteRequest>,
) -> Result<HttpResponse, Refusal> {
    let expected = cx.state.keys.keyed_hash(Purpose::Sandbox, &[b"invitations"]);
    let shown = req.headers().get(SANDBOX).map_or(b"".as_slice(), |value| value.as_bytes());
    let near = req.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    if cx.state.settings.sandbox.is_none() || !near || !constant_time_eq(shown, expected.as_bytes()) {
        return Err(Refusal::NotFound);
    }
    let email = Email::parse(&form.email).map_err(|_problem| Refusal::BadRequest)?;
    let locale = Locale::read(&form.locale).unwrap_or(Locale::DEFAULT);
    invite(&cx, email, locale).await?;
    Ok(HttpResponse::NoContent().finish())
}
