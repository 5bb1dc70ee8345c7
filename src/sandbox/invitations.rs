//! What a marketplace would do: inviting somebody to an account of their own. The portal is asked over HTTP, as by any peer, with a
//! secret that both compute from the installation's key.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use reqwest::header::HOST;
use serde::Deserialize;

use super::cx::{Cx, Shown, page, redirect_to};
use crate::base::{in_own_letters, seconds};
use crate::gateway::http_client;
use crate::texts::Locale;

const WAIT: Duration = seconds(5);

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

    /// The status of the portal's answer.
    async fn invite(&self, email: &str, locale: Locale) -> Result<u16, String> {
        let request = http_client(WAIT)?
            .post(format!("http://{}/sandbox/invitations", self.listen))
            .header(HOST, &self.host)
            .header("x-kabinet-sandbox", &self.secret)
            .form(&[("email", email), ("locale", locale.code())]);
        let answer = request.send().await.map_err(|error| error.to_string())?;
        Ok(answer.status().as_u16())
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
    let (status, problem) = match inviter.invite(&email, locale).await {
        Ok(200..=299) => return Ok(redirect_to("/messages")),
        Ok(400) => (StatusCode::UNPROCESSABLE_ENTITY, "sandbox-invite-wrong"),
        Ok(429) => (StatusCode::TOO_MANY_REQUESTS, "sandbox-invite-wait"),
        Ok(_) => (StatusCode::BAD_GATEWAY, "sandbox-invite-refused"),
        Err(error) => {
            tracing::warn!(%error, "the portal does not take an invitation");
            (StatusCode::BAD_GATEWAY, "sandbox-invite-refused")
        }
    };
    let email = in_own_letters(&email).into_owned();
    page(status, &Invitations { cx, email, problem: Some(problem) })
}
