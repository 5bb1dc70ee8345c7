//! The mailbox's pages, on a port of their own.

use std::io;
use std::net::{SocketAddr, TcpListener};

use actix_web::dev::Server;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, guard, web};
use askama::Template;
use serde::Serialize;

use super::bank::{self, Bank};
use super::cx::{Cx, PageError, STYLE_PATH, Shown, page};
use super::forms::guard_forms;
use super::invitations::{self, Inviter};
use super::mailbox::{Mailbox, StoredMessage};
use crate::base::{Moment, in_own_letters};
use crate::connections::own_host::is_for_loopback;
use crate::texts;
use crate::web::{detach_headers, refuse_encoded, whole_body};

const STYLE: &str = include_str!("../../static/style.css");

/// What the pages show.
#[derive(Clone)]
pub struct Pages {
    pub mailbox: Mailbox,
    pub bank: Bank,
    /// The portal's address, without a slash at its end: only links into it can be followed.
    pub portal: String,
    pub inviter: Inviter,
}

/// Takes the sandbox's address. Whoever connects waits until `serve` runs.
pub fn bind(listen: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(listen)
}

/// Makes the sandbox's server, to be awaited by the caller (who also stops it).
pub fn serve(listener: TcpListener, pages: Pages) -> io::Result<Server> {
    let make = move || {
        App::new()
            .wrap(from_fn(whole_body))
            .wrap(headers(&pages.portal))
            .wrap(from_fn(detach_headers))
            .configure(|app| routes(app, &pages))
    };
    Ok(HttpServer::new(make).workers(1).disable_signals().shutdown_timeout(2).listen(listener)?.run())
}

/// The bank's forms lead back to the portal: browsers look at that, too.
pub(super) fn headers(portal: &str) -> DefaultHeaders {
    let csp = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {portal}; frame-ancestors 'none'; \
         base-uri 'none'; script-src 'none'; object-src 'none'; connect-src 'none'"
    );
    DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, csp))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::REFERRER_POLICY, "no-referrer"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        // As in the portal: lynx needs both to fetch a page again.
        .add((header::CACHE_CONTROL, "no-store, max-age=0"))
        .add(("cross-origin-opener-policy", "same-origin"))
        .add(("cross-origin-resource-policy", "same-origin"))
}

/// Every route of the sandbox. A foreign `Host` gets nothing: a page elsewhere whose name is pointed at this machine must not
/// read people's codes.
pub(super) fn routes(app: &mut web::ServiceConfig, pages: &Pages) {
    app.service(
        web::scope("")
            .wrap(from_fn(guard_forms))
            .wrap(from_fn(refuse_encoded))
            .app_data(web::Data::new(pages.clone()))
            .app_data(web::Data::new(pages.bank.clone()))
            .app_data(web::Data::new(pages.inviter.clone()))
            .guard(guard::fn_guard(|request| is_for_loopback(request.head())))
            .route("/", web::get().to(index))
            .route("/messages", web::get().to(index))
            .route("/invitations", web::get().to(invitations::new))
            .route("/invitations", web::post().to(invitations::create))
            .route("/messages.json", web::get().to(json))
            .route("/messages/{id}", web::get().to(message))
            .route("/messages/{id}/html", web::get().to(html))
            .route(STYLE_PATH, web::get().to(style))
            .configure(bank::api_routes)
            .configure(bank::page_routes),
    );
}

/// A message as the pages show it.
struct MessageView {
    id: i64,
    channel: &'static str,
    to: String,
    subject: String,
    text: String,
    number: String,
    at: Moment,
    /// Links into the portal that the text names.
    links: Vec<String>,
    /// Whether there is an HTML part, which has a page of its own.
    has_html: bool,
}

impl MessageView {
    fn of(message: StoredMessage, portal: &str) -> MessageView {
        MessageView {
            id: message.id,
            channel: message.channel.word(),
            links: links(&message.body, portal),
            has_html: message.html.is_some(),
            to: in_own_letters(&message.recipient).into_owned(),
            subject: message.subject,
            text: message.body,
            number: message.number,
            at: message.at,
        }
    }
}

fn links(text: &str, portal: &str) -> Vec<String> {
    let ours = |word: &&str| {
        word.strip_prefix(portal).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            && portal.starts_with("http")
    };
    text.split_whitespace().filter(ours).map(str::to_owned).collect()
}

#[derive(Template)]
#[template(path = "sandbox/index.html")]
struct MailboxPage {
    cx: Cx,
    portal: String,
    messages: Vec<MessageView>,
}

#[derive(Template)]
#[template(path = "sandbox/message.html")]
struct MessagePage {
    cx: Cx,
    message: MessageView,
}

async fn index(request: HttpRequest, pages: web::Data<Pages>) -> Shown {
    let stored = pages.mailbox.messages().await?;
    let messages = stored.into_iter().map(|message| MessageView::of(message, &pages.portal)).collect();
    let (cx, portal) = (Cx::of(&request), pages.portal.clone());
    page(StatusCode::OK, &MailboxPage { cx, portal, messages })
}

async fn message(request: HttpRequest, pages: web::Data<Pages>, id: web::Path<String>) -> Shown {
    let id = id.parse().map_err(|_no_number| PageError::NotFound)?;
    let stored = pages.mailbox.message(id).await?.ok_or(PageError::NotFound)?;
    let message = MessageView::of(stored, &pages.portal);
    page(StatusCode::OK, &MessagePage { cx: Cx::of(&request), message })
}

/// What the HTML of a mail may do: look as it says itself. It is no page of the sandbox: `sandbox` gives it an origin of nobody.
const MAIL_CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; \
                        script-src 'none'; sandbox";

/// The HTML part of a mail, as it is.
async fn html(pages: web::Data<Pages>, id: web::Path<String>) -> Shown {
    let id = id.parse().map_err(|_no_number| PageError::NotFound)?;
    let stored = pages.mailbox.message(id).await?.ok_or(PageError::NotFound)?;
    let html = stored.html.ok_or(PageError::NotFound)?;
    let mut answer = HttpResponse::Ok();
    answer
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, MAIL_CSP));
    Ok(answer.body(html))
}

/// A message for programs. `html` is null and `subject` empty for an SMS; `at` is UTC.
#[derive(Serialize)]
struct MessageJson {
    id: i64,
    channel: &'static str,
    to: String,
    subject: String,
    text: String,
    html: Option<String>,
    number: String,
    at: String,
}

async fn json(pages: web::Data<Pages>) -> Shown {
    let plain = |message: StoredMessage| MessageJson {
        id: message.id,
        channel: message.channel.word(),
        to: in_own_letters(&message.recipient).into_owned(),
        subject: message.subject,
        text: message.body,
        html: message.html,
        number: message.number,
        at: texts::iso(message.at),
    };
    let messages: Vec<MessageJson> = pages.mailbox.messages().await?.into_iter().map(plain).collect();
    Ok(HttpResponse::Ok().json(messages))
}

async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(STYLE)
}
