//! The page that says why a request is not served.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::header::RETRY_AFTER;
use askama::Template;

use super::cx::{AGAIN, Cx};
use super::drafts::Draft;
use super::flash::Flash;
use super::own_pages::UNSAVED;
use super::page::{page, with_cookie};
use super::redirect::see_other;
use super::refusal::Refusal;
use crate::pages;

#[derive(Template)]
#[template(path = "web/refusal.html")]
struct RefusalPage {
    cx: Cx,
    title_key: &'static str,
    text_key: &'static str,
    retry: Option<String>,
    next: Vec<(Cow<'static, str>, &'static str)>,
    /// Whether the log has a line with the request's number.
    is_noted: bool,
}

pages!(RefusalPage);

/// The page in the reader's language; the way to the sign-in page for whoever has to sign in.
pub(super) fn show(refusal: Refusal, cx: Cx, is_form: bool) -> HttpResponse {
    let (status, title_key, text_key) = refusal.told();
    let home = if cx.session.is_some() { ("/cabinet", "next-cabinet") } else { ("/", "next-home") };
    let (retry, seconds) = match refusal {
        Refusal::SignIn => return sign_in(cx, is_form),
        Refusal::OldForm => return form_again(cx),
        Refusal::TooMany { until } | Refusal::Network { until } => {
            (Some(cx.when(&until)), Some(until.since(cx.now()).as_secs().max(1)))
        }
        _ => (None, None),
    };
    let next = match refusal {
        // Under this name there is nothing; under the right one there is.
        Refusal::WrongHost => vec![(cx.state.settings.link("/").into(), "next-home")],
        _ => [home, ("/help", "next-help")].map(|(path, key)| (path.into(), key)).into(),
    };
    if matches!(refusal, Refusal::Unsure) {
        tracing::warn!(request = %cx.request_id, "somebody was told that it is not known whether their change was made");
    }
    // What passes by itself, and what is wrong with a request, have a line each at `debug` alone.
    let is_broken = status.is_server_error() && !matches!(refusal, Refusal::Busy);
    let is_noted = is_broken || tracing::enabled!(tracing::Level::DEBUG);
    let shown = RefusalPage { title_key, text_key, retry, next, is_noted, cx };
    let mut response = page(status, &shown);
    if let Some(seconds) = seconds {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    refusal.put_headers(&mut response);
    response
}

/// To the sign-in page, which knows where its reader was going, and whether a form was not taken.
fn sign_in(mut cx: Cx, is_form: bool) -> HttpResponse {
    let page = if is_form { cx.form_page().to_owned() } else { cx.address() };
    let Some(wanted) = cx.own_page(&page) else { return cx.redirect_to("/sign-in") };
    let sign_in = wanted.asked_at("/sign-in");
    let old = cx.old_form.take();
    let mut response = cx.redirect_to(&if is_form { format!("{sign_in}&{UNSAVED}=yes") } else { sign_in });
    // What was typed is shown to nobody but whom the form was made for. A form of such a page with the token of a page for everybody was
    // put together by somebody: it would wait here for whoever signs in next.
    if let Some(old) = old.filter(|old| old.owner != cx.nobody())
        && let Some(kept) = cx.keeping(Draft::of(&page, cx.path(), old).of_ended_session())
    {
        let _ = response.add_cookie(&kept);
    }
    response
}

/// To the form's page once more: nothing was done, and what was typed stands there.
fn form_again(mut cx: Cx) -> HttpResponse {
    let Some(old) = cx.old_form.take() else { return see_other("/") };
    cx.wanted = old.next.as_deref().and_then(|next| cx.own_page(next));
    let page = cx.form_page().to_owned();
    let is_own = cx.own_page(&page).is_some();
    let (is_of_nobody, is_of_another) =
        (is_own && old.owner == cx.nobody(), is_own && old.owner != cx.owner());
    let is_of_another = is_of_another && !is_of_nobody;
    let flash = if is_of_another { Flash::OTHER_ACCOUNT } else { Flash::of_old_form(cx.path()) };
    let draft = Draft::of(&page, cx.path(), old).for_everybody_if(!is_own, cx.nobody());
    let kept = if is_of_another || is_of_nobody { None } else { cx.keeping(draft) };
    let mut address = cx.wanting(&page);
    if cx.browser_secret().is_none() {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(AGAIN);
        address.push_str("=yes");
    }
    let response = cx.telling(see_other(&address), flash);
    kept.iter().fold(response, with_cookie)
}
