//! GET /security: who is signed in to the account, what guards it. Ending sessions, forgetting browsers.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::accounts::journal::{self, EventKind};
use crate::base::Moment;
use crate::credentials::backup_code;
use crate::credentials::sessions::{self, Listed};
use crate::credentials::signed_in::whence;
use crate::credentials::totp::{self, Factor};
use crate::credentials::trusted_browser::{self, TrustedBrowser};
use crate::web::{Cx, Form, Nothing, Refusal, SignedIn, page, see_other, short_browser};

#[derive(Template)]
#[template(path = "profile/security.html")]
struct SecurityPage {
    cx: Cx,
    places: Vec<Place>,
    factor: Option<Moment>,
    codes_left: i64,
    browsers: Vec<Remembered>,
}

crate::pages!(SecurityPage);

/// A session as the page shows it.
struct Place {
    handle: String,
    /// `Firefox, Windows`; empty when the browser did not say.
    browser: String,
    address: String,
    since: Moment,
    seen: Moment,
    current: bool,
}

impl Place {
    fn of(listed: Listed, here: &str) -> Place {
        Place {
            current: listed.handle == here,
            browser: short_browser(&listed.browser),
            handle: listed.handle,
            address: listed.address,
            since: listed.created_at,
            seen: listed.seen_at,
        }
    }
}

/// A browser in which no second factor is asked for, as the page shows it.
struct Remembered {
    handle: String,
    browser: String,
    address: String,
    until: Moment,
}

impl Remembered {
    fn of(trusted: TrustedBrowser) -> Option<Remembered> {
        let browser = short_browser(&trusted.browser.unwrap_or_default());
        Some(Remembered {
            handle: trusted.handle?,
            browser,
            address: trusted.address?,
            until: trusted.until?,
        })
    }
}

/// GET /security
pub async fn show(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let (keys, now, id) = (cx.state.keys.clone(), cx.now(), who.0.account_id);
    let found = cx.state.store.read(move |db| {
        let factor = match totp::find(db, &keys, id, now)? {
            Factor::On { since } => Some(since),
            Factor::Off | Factor::Waiting(_) => None,
        };
        Ok((
            sessions::list(db, id, now)?,
            factor,
            backup_code::left(db, id)?,
            trusted_browser::trusted(db, id, now)?,
        ))
    });
    let (sessions, factor, codes_left, trusted) = found.await?;
    let mut places: Vec<Place> =
        sessions.into_iter().map(|listed| Place::of(listed, &who.0.handle)).collect();
    places.sort_by_key(|place| !place.current);
    let browsers = trusted.into_iter().filter_map(Remembered::of).collect();
    Ok(page(StatusCode::OK, &SecurityPage { places, factor, codes_left, browsers, cx }))
}

/// POST /security/sessions/{handle}/end
pub async fn end_session(
    cx: Cx,
    who: SignedIn,
    handle: web::Path<String>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, Refusal> {
    let (visit, now, from, handle) = (who.0, cx.now(), whence(&cx), handle.into_inner());
    let ended = cx.state.store.write(move |db| {
        if !sessions::is_alive(db, &visit, now)? {
            return Ok(Err(Refusal::SignIn));
        }
        let Some(browser) = sessions::end_one(db, visit.account_id, &handle, now)? else {
            return Ok(Err(Refusal::NotFound));
        };
        let id = visit.account_id;
        journal::note(db, id, EventKind::SessionEnded, &short_browser(&browser), &from, now).map(Ok)
    });
    ended.await??;
    Ok(see_other("/security"))
}

/// POST /security/sessions/end-others
pub async fn end_others(cx: Cx, who: SignedIn, _form: Form<Nothing>) -> Result<HttpResponse, Refusal> {
    let (visit, now, from) = (who.0, cx.now(), whence(&cx));
    let ended = cx.state.store.write(move |db| {
        if !sessions::is_alive(db, &visit, now)? {
            return Ok(Err(Refusal::SignIn));
        }
        sessions::end_others(db, visit.account_id, &visit.handle)?;
        journal::note(db, visit.account_id, EventKind::SessionsEnded, "", &from, now).map(Ok)
    });
    ended.await??;
    Ok(see_other("/security"))
}

/// POST /security/browsers/{handle}/forget
pub async fn forget_browser(
    cx: Cx,
    who: SignedIn,
    handle: web::Path<String>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, Refusal> {
    let (visit, now, from, handle) = (who.0, cx.now(), whence(&cx), handle.into_inner());
    let forgotten = cx.state.store.write(move |db| {
        if !sessions::is_alive(db, &visit, now)? {
            return Ok(Err(Refusal::SignIn));
        }
        let id = visit.account_id;
        if !trusted_browser::untrust(db, id, &handle)? {
            return Ok(Err(Refusal::NotFound));
        }
        journal::note(db, id, EventKind::BrowserForgotten, "", &from, now).map(Ok)
    });
    forgotten.await??;
    Ok(see_other("/security"))
}
