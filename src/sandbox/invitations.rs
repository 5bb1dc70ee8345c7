//! What a marketplace would do: inviting somebody to an account of their own. The portal is asked over HTTP, as by any peer, with a
//! secret that both compute from the installation's key.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::cx::{Cx, Shown, page, redirect_to};
use crate::texts::Locale;

const WAIT: Duration = Duration::from_secs(5);
/// More than the status line; the rest is not read.
const ANSWER_BYTES: usize = 512;

/// Where the portal takes invitations, and by what it knows the sandbox.
#[derive(Clone)]
pub struct Inviter {
    listen: SocketAddr,
    host: String,
    secret: String,
}

impl Inviter {
    /// `listen` is the portal's own address, `host` the name that its links have.
    pub fn new(listen: SocketAddr, host: &str, secret: String) -> Inviter {
        let ip = if listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { listen.ip() };
        Inviter { listen: SocketAddr::new(ip, listen.port()), host: host.to_owned(), secret }
    }

    async fn invite(&self, email: String, locale: Locale) -> io::Result<u16> {
        let inviter = self.clone();
        let asked = tokio::task::spawn_blocking(move || inviter.ask(&email, locale));
        asked.await.map_err(io::Error::other)?
    }

    /// The status of the portal's answer.
    fn ask(&self, email: &str, locale: Locale) -> io::Result<u16> {
        let mut body = form_urlencoded::Serializer::new(String::new());
        let body = body.append_pair("email", email).append_pair("locale", locale.code()).finish();
        let Inviter { listen, host, secret } = self;
        let mut portal = TcpStream::connect_timeout(listen, WAIT)?;
        portal.set_read_timeout(Some(WAIT))?;
        portal.set_write_timeout(Some(WAIT))?;
        let length = body.len();
        write!(
            portal,
            "POST /sandbox/invitations HTTP/1.1\r\nhost: {host}\r\nx-kabinet-sandbox: {secret}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = [0; ANSWER_BYTES];
        let mut read = 0;
        // "HTTP/1.1 204" is all that matters.
        while read < 12 {
            match answer.get_mut(read..).map(|rest| portal.read(rest)).transpose()? {
                None | Some(0) => break,
                Some(more) => read += more,
            }
        }
        let status = answer.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        status.ok_or_else(|| io::Error::other("the portal's answer is no HTTP"))
    }
}

#[derive(Template)]
#[template(path = "sandbox/invitations.html")]
struct Invitations {
    cx: Cx,
    email: String,
    problem: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct InviteForm {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    locale: String,
}

/// GET /invitations
pub(super) async fn new(request: HttpRequest) -> Shown {
    let (cx, email) = (Cx::of(&request), String::new());
    page(StatusCode::OK, &Invitations { cx, email, problem: None })
}

/// POST /invitations
pub(super) async fn create(
    request: HttpRequest,
    inviter: web::Data<Inviter>,
    form: web::Form<InviteForm>,
) -> Shown {
    let web::Form(InviteForm { csrf, email, locale }) = form;
    let cx = Cx::of_form(&request, &csrf)?;
    let locale = Locale::read(&locale).unwrap_or(Locale::DEFAULT);
    let (status, problem) = match inviter.invite(email.clone(), locale).await {
        Ok(200..=299) => return Ok(redirect_to("/messages")),
        Ok(400) => (StatusCode::UNPROCESSABLE_ENTITY, "sandbox-invite-wrong"),
        Ok(429) => (StatusCode::TOO_MANY_REQUESTS, "sandbox-invite-wait"),
        Ok(_) => (StatusCode::BAD_GATEWAY, "sandbox-invite-refused"),
        Err(error) => {
            tracing::warn!(%error, "the portal does not take an invitation");
            (StatusCode::BAD_GATEWAY, "sandbox-invite-refused")
        }
    };
    page(status, &Invitations { cx, email, problem: Some(problem) })
}
