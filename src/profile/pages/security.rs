//! GET /security: who is signed in to the account, what guards it. Ending sessions, forgetting browsers.

use actix_session::Session as SessionCookie;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use crate::base::{Moment, short_browser};
use crate::credentials::backup_code;
use crate::credentials::current_session::write_for;
use crate::credentials::events::SESSIONS_ENDED;
use crate::credentials::sessions::{self, Listed};
use crate::credentials::totp::{self, Factor};
use crate::credentials::trusted_browser::{self, TrustedBrowser};
use crate::profile::events::{BROWSER_FORGOTTEN, SESSION_ENDED};
use crate::web::{ButtonForm, CurrentSession, Cx, Flash, Form, Refusal, Session, page};

const PATH: &str = "/security";

crate::pages! {
    "profile/security.html" => struct SecurityPage {
        rows: Vec<SessionRow>,
        factor: Option<Moment>,
        codes_left: i64,
        browsers: Vec<TrustedBrowserRow>,
    }
}

/// A session as the page shows it.
struct SessionRow {
    handle: String,
    /// `Firefox, Windows`; empty when the browser did not say.
    browser: String,
    ip: String,
    since: Moment,
    seen: Moment,
    current: bool,
}

impl SessionRow {
    fn of(listed: Listed, here: &str) -> SessionRow {
        SessionRow {
            current: listed.handle == here,
            browser: short_browser(&listed.user_agent),
            handle: listed.handle,
            ip: listed.ip,
            since: listed.created_at,
            seen: listed.seen_at,
        }
    }
}

/// A browser in which no second factor is asked for, as the page shows it.
struct TrustedBrowserRow {
    handle: String,
    browser: String,
    ip: String,
    until: Moment,
}

impl TrustedBrowserRow {
    fn of(trusted: TrustedBrowser) -> Option<TrustedBrowserRow> {
        let browser = short_browser(&trusted.user_agent.unwrap_or_default());
        Some(TrustedBrowserRow { handle: trusted.handle?, browser, ip: trusted.ip?, until: trusted.until? })
    }
}

/// GET /security
pub async fn show(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let id = session.account_id;
    let found = cx.read(move |tx| {
        let factor = match totp::find(tx, id)? {
            Factor::On { since } => Some(since),
            Factor::Off | Factor::Waiting(_) => None,
        };
        Ok((
            sessions::list(tx.db, id, tx.now)?,
            factor,
            backup_code::left(tx.db, id)?,
            trusted_browser::trusted(tx.db, id, tx.now)?,
        ))
    });
    let (sessions, factor, codes_left, trusted) = found.await?;
    let mut rows: Vec<SessionRow> =
        sessions.into_iter().map(|listed| SessionRow::of(listed, &session.handle)).collect();
    rows.sort_by_key(|row| !row.current);
    let browsers = trusted.into_iter().filter_map(TrustedBrowserRow::of).collect();
    Ok(page(StatusCode::OK, &SecurityPage { rows, factor, codes_left, browsers, cx }))
}

/// POST /security/sessions/{handle}/end
pub async fn end_session(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    handle: web::Path<String>,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Refusal> {
    let id = session.account_id;
    let ended = write_for(&cx, &session, move |tx| {
        let Some(browser) = sessions::end_one(tx, id, &handle)? else { return Ok(false) };
        tx.record(id, &SESSION_ENDED, &short_browser(&browser)).map(|()| true)
    });
    if ended.await? {
        Ok(cx.leads_on(PATH, Flash::good("flash-session-ended")))
    } else {
        Err(Refusal::NotFound)
    }
}

/// POST /security/sessions/end-others: a copy of this browser's own cookie is of no use either.
pub async fn end_others(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    cookie: SessionCookie,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Refusal> {
    let (id, handle) = (session.account_id, session.handle.clone());
    let ended = write_for(&cx, &session, move |tx| {
        sessions::end_others(tx.db, id, &handle)?;
        tx.record(id, &SESSIONS_ENDED, "")
    });
    ended.await?;
    Session::turn_over(&cookie);
    Ok(cx.leads_on(PATH, Flash::good("flash-sessions-ended")))
}

/// POST /security/browsers/{handle}/forget
pub async fn forget_browser(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    handle: web::Path<String>,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Refusal> {
    let id = session.account_id;
    let forgotten = write_for(&cx, &session, move |tx| {
        if !trusted_browser::untrust(tx.db, id, &handle)? {
            return Ok(false);
        }
        tx.record(id, &BROWSER_FORGOTTEN, "").map(|()| true)
    });
    if forgotten.await? {
        Ok(cx.leads_on(PATH, Flash::good("flash-browser-forgotten")))
    } else {
        Err(Refusal::NotFound)
    }
}
