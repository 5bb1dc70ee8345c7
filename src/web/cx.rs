//! The context of one request: who asks, in which language, from where.

mod address;
mod after_form;
mod between;
mod languages;
mod marks;
mod old_form;

use std::cell::{Cell, OnceCell};
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv6Addr};
use std::ops::Deref;
use std::sync::Arc;

use actix_session::{SessionExt, SessionStatus};
use actix_web::body::MessageBody;
use actix_web::cookie::Cookie;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use diesel::result::QueryResult;

use self::address::{query, query_locale};
use super::assets;
use super::cookies::{FLASH, LOCALE, PRE_SESSION, RECOVERED, RECOVERY};
use super::csrf::{Owner, PreSession, Secret, Token};
use super::drafts::Drafts;
use super::field_error::Problem;
use super::flash::{Flash, OldForm};
use super::own_pages::{ANEW, NEXT, OwnPages, UNSAVED, WantedPage};
use super::redirect::see_other;
use super::refusal::Refusal;
use super::request::arrival::{Arrival, RequestId};
use super::request::user_agent;
use super::session::Session;
use super::state::State;
use crate::base::{Client, Moment};
use crate::config::Site;
use crate::connections::client_ip;
use crate::db::Tx;
use crate::packing::Offered;
use crate::texts::{self, Locale, Reader};

pub use after_form::AfterForm;

/// The word in the address of a form's page that is shown again to a browser without cookies.
pub(super) const AGAIN: &str = "again";

/// What a form's token says of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenAge {
    Current(Owner),
    /// From before somebody signed in or out here, or before the browser was closed.
    Earlier(Owner),
    /// Of another browser, made up, or none.
    Foreign,
}

/// What handlers and templates know about a request.
pub struct Cx {
    pub state: Arc<State>,
    reader: Reader,
    pub ip: IpAddr,
    /// The `User-Agent` header.
    pub user_agent: String,
    pub request_id: RequestId,
    pub brand: &'static str,
    pub site: &'static Site,
    pub style: &'static str,
    pub session: Option<Session>,
    /// Where an SMS that was just sent can be read, when there is no SMS centre but the sandbox.
    pub sandbox_sms: Option<Arc<str>>,
    /// The same for mail.
    pub sandbox_mail: Option<Arc<str>>,
    /// The page that opens after signing in.
    pub wanted: Option<WantedPage>,
    /// A form was not taken, because nobody was signed in any more.
    pub unsaved: bool,
    /// A form is asked for from which somebody has gone on already.
    pub begins_anew: bool,
    pub(super) old_form: Option<OldForm>,
    /// How the answer may be packed.
    pub(super) offered: Offered,
    path: String,
    own_pages: Option<OwnPages>,
    flash: Option<Flash>,
    drafts: Drafts,
    has_flash: bool,
    /// A form was shown again, and the browser has kept no cookie of the page before.
    keeps_nothing: bool,
    chosen: bool,
    /// Whether a form was sent here.
    is_form: bool,
    /// What an address says of the part of a list that it shows.
    place: Vec<(&'static str, String)>,
    /// The page is a form that is shown again because of what is wrong in it.
    refused: Cell<bool>,
    pre_session: OnceCell<(PreSession, bool)>,
    token: OnceCell<String>,
    /// What stands in the places of a page that is kept, while it is written: token, number, time.
    marks: OnceCell<[String; 3]>,
}

impl Cx {
    /// For what a request asks for. Refused while it is not known who asks.
    pub(super) fn of(req: &HttpRequest) -> Result<Cx, Refusal> {
        if let Some(refusal) = Session::unreadable(&req.get_session()) {
            return Err(refusal);
        }
        Cx::of_request(req).ok_or(Refusal::Broken)
    }

    /// None only when the app was put together wrongly.
    pub fn of_request(req: &HttpRequest) -> Option<Cx> {
        let state = req.app_data::<web::Data<State>>()?.clone().into_inner();
        let arrival = req.extensions().get::<Arrival>().copied()?;
        let mut cx = Cx::bare(Arc::clone(&state), arrival, own_path(req.path()));
        cx.chosen = query_locale(req).is_some();
        cx.is_form = req.method() == Method::POST;
        cx.place = languages::place(req);
        cx.own_pages = req.app_data::<OwnPages>().copied();
        cx.wanted = query(req, NEXT).and_then(|address| cx.own_page(&address));
        cx.unsaved = query(req, UNSAVED).is_some();
        cx.offered = Offered::of(req);
        cx.begins_anew = query(req, ANEW).is_some();
        cx.old_form = req.extensions_mut().remove::<OldForm>();
        let flash = state.cookies.read(req, FLASH);
        cx.has_flash = flash.is_some();
        // A form that is sent brings what is typed now; what was typed before is no part of its answer.
        cx.flash = flash.filter(|_| !cx.is_form).and_then(|cookie| Flash::open(&cookie, &state.keys));
        cx.drafts = Drafts::read(req, &state);
        cx.ip = client_ip::of(req, &state.settings.trusted_proxies);
        cx.user_agent = user_agent::of(req);
        cx.session = session_of(req);
        if let Some(session) = &cx.session {
            cx.reader.zone = session.time_zone.clone().into();
        }
        if let Some(held) = pre_session(req, &state) {
            let _ = cx.pre_session.set((held, false));
        }
        cx.keeps_nothing = cx.known_secret().is_none() && query(req, AGAIN).is_some();
        Some(cx)
    }

    /// For a page to nobody in particular.
    pub(super) fn bare(state: Arc<State>, Arrival { id, locale }: Arrival, path: String) -> Cx {
        let sandbox = |used: bool| state.sandbox.clone().filter(|_| used);
        Cx {
            reader: Reader::new(locale),
            chosen: false,
            is_form: false,
            place: Vec::new(),
            ip: IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            user_agent: String::new(),
            request_id: id,
            brand: &texts::site().brand,
            site: texts::site(),
            style: assets::stylesheet_path(),
            session: None,
            sandbox_sms: sandbox(state.settings.sms.is_none()),
            sandbox_mail: sandbox(state.settings.mail.is_none()),
            wanted: None,
            unsaved: false,
            begins_anew: false,
            old_form: None,
            offered: Offered::default(),
            path,
            own_pages: None,
            flash: None,
            drafts: Drafts::default(),
            has_flash: false,
            keeps_nothing: false,
            refused: Cell::new(false),
            pre_session: OnceCell::new(),
            token: OnceCell::new(),
            marks: OnceCell::new(),
            state,
        }
    }

    /// What the link asks for, else what was chosen before, else what the browser wishes, else Russian.
    pub(super) fn locale_of(req: &HttpRequest, state: &State) -> Locale {
        let saved = || state.cookies.read(req, LOCALE).as_deref().and_then(Locale::read);
        let wished = || {
            req.headers()
                .get(ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok())
                .and_then(texts::from_accept_language)
        };
        query_locale(req).or_else(saved).or_else(wished).unwrap_or(Locale::DEFAULT)
    }

    /// Speaks another language from now on: the answer leaves its cookie.
    pub fn set_locale(&mut self, locale: Locale) {
        (self.reader.locale, self.chosen) = (locale, true);
    }

    /// Whether this page is a form shown again: its title says so, which is read aloud first.
    pub fn is_refused(&self) -> bool {
        self.refused.get() || self.says_not_taken()
    }

    pub(super) fn refuses(&self) {
        self.refused.set(true);
    }

    /// When something may be tried again.
    pub fn when(&self, at: &Moment) -> String {
        self.next_minute(at, self.now())
    }

    pub fn problem(&self, problem: &Problem) -> String {
        texts::words_with(self.locale, &problem.key, problem.args.clone())
    }

    pub fn now(&self) -> Moment {
        self.state.now()
    }

    /// Who asks, as rows keep it.
    pub fn client(&self) -> Client {
        Client { ip: self.ip.to_string(), user_agent: self.user_agent.clone() }
    }

    /// A line for whoever looks for why somebody does not get on: which code was refused; neither the code nor whose it was.
    pub fn code_refused(&self, of: &'static str) {
        tracing::info!(request = %self.request_id, ip = %self.ip, of, "a code was refused");
    }

    /// Runs a read for this request, off its thread.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnMut(&mut Tx) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        Ok(self.state.txs.of(self.client()).read(query).await?)
    }

    /// Writes for this request: answers once it is committed. The job may run more than once, so it does nothing but SQL.
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut Tx) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, Refusal> {
        Ok(self.state.txs.of(self.client()).write(job).await?)
    }

    /// What a form's token says: it has to belong to this browser's session, or to its cookie from before.
    pub(super) fn age_of(&self, token: &str) -> TokenAge {
        let Some(token) = Token::read(token, &self.state.keys) else { return TokenAge::Foreign };
        if self.known_secret().is_some_and(|secret| secret.accepts(&token)) {
            return TokenAge::Current(token.owner());
        }
        let earlier = match self.pre_session.get() {
            Some((held, _)) => held.browser.has_seen(&token),
            // Nothing of this browser is left. Then nobody is signed in here either: a form shown again does nobody harm.
            None => self.session.is_none(),
        };
        if earlier { TokenAge::Earlier(token.owner()) } else { TokenAge::Foreign }
    }

    /// The way to another page, with the language that this request chose.
    pub fn redirect_to(&self, path: &str) -> HttpResponse {
        let mut response = see_other(path);
        for cookie in self.cookies_to_set() {
            let _ = response.add_cookie(&cookie);
        }
        response
    }

    /// Cookies that showing a page leaves behind: a chosen language, the secret of a first form.
    pub(super) fn cookies_to_set(&self) -> impl Iterator<Item = Cookie<'static>> {
        let cookies = self.state.cookies;
        let locale = self.chosen.then(|| cookies.locale(self.locale));
        let first_form = self.pre_session.get().filter(|(_, fresh)| *fresh);
        let pre =
            first_form.map(|(held, _)| cookies.make(PRE_SESSION, &held.to_cookie(&self.state.keys), None));
        locale.into_iter().chain(pre)
    }

    /// The cookie that makes the forms which this browser was shown so far useless, if it has any.
    pub fn turned_over(&self) -> Option<Cookie<'static>> {
        let (held, _) = self.pre_session.get()?;
        let cookie = held.turned_over().to_cookie(&self.state.keys);
        Some(self.state.cookies.make(PRE_SESSION, &cookie, None))
    }

    fn secret(&self) -> Secret {
        self.known_secret().unwrap_or_else(|| self.pre_session().secret)
    }

    /// The browser's own, whoever is signed in there.
    fn browser(&self) -> Secret {
        self.pre_session().browser
    }

    fn pre_session(&self) -> PreSession {
        self.pre_session.get_or_init(|| (PreSession::random(), true)).0
    }

    fn known_secret(&self) -> Option<Secret> {
        match &self.session {
            Some(session) => Some(session.secret),
            None => self.pre_session.get().filter(|(_, fresh)| !fresh).map(|(held, _)| held.secret),
        }
    }
}

impl Deref for Cx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

/// Keeps who asks with the request: the session itself is gone by the time the middleware makes a refusal's page. With a session that
/// begins, ends or is turned over goes the secret of the forms from before: whoever sat here earlier may know it.
pub async fn keep_session(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let before = Session::read(&req.get_session());
    req.extensions_mut().insert(KnownSession(before.clone()));
    let mut response = next.call(req).await?;
    let cookie = response.request().get_session();
    if cookie.status() == SessionStatus::Unchanged {
        return Ok(response);
    }
    let after = Session::read(&cookie);
    let is_as_before = match (&before, &after) {
        (Some(before), Some(after)) => before.shares_forms_with(after),
        (before, after) => before.is_none() && after.is_none(),
    };
    if is_as_before {
        return Ok(response);
    }
    let request = response.request();
    if let Some(state) = request.app_data::<web::Data<State>>().cloned() {
        let forms = pre_session(request, &state)
            .map(|held| state.cookies.make(PRE_SESSION, &held.turned_over().to_cookie(&state.keys), None));
        // Whoever is in has read that the password is changed.
        let is_recovered = state.cookies.read(request, RECOVERY).as_deref() == Some(RECOVERED);
        let recovered = (after.is_some() && is_recovered).then(|| state.cookies.removal(RECOVERY));
        for cookie in forms.iter().chain(&recovered) {
            let _ = response.response_mut().add_cookie(cookie);
        }
    }
    Ok(response)
}

/// What the browser holds for its forms without a session.
fn pre_session(req: &HttpRequest, state: &State) -> Option<PreSession> {
    PreSession::from_cookie(&state.cookies.read(req, PRE_SESSION)?, &state.keys)
}

struct KnownSession(Option<Session>);

fn session_of(req: &HttpRequest) -> Option<Session> {
    req.extensions().get::<KnownSession>().and_then(|known| known.0.clone())
}

/// The path for links to this page: `//elsewhere` would lead to another host.
fn own_path(path: &str) -> String {
    match path.strip_prefix('/') {
        Some(rest) if !rest.starts_with(['/', '\\']) => path.to_owned(),
        _ => format!("/{}", path.trim_start_matches(['/', '\\'])),
    }
}

impl FromRequest for Cx {
    type Error = Refusal;
    type Future = Ready<Result<Cx, Refusal>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Cx::of(req))
    }
}

/// The person who is signed in. Without one the request goes to the sign-in page.
pub struct CurrentSession(pub Session);

impl FromRequest for CurrentSession {
    type Error = Refusal;
    type Future = AfterForm<Result<CurrentSession, Refusal>>;

    fn from_request(req: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        AfterForm::of(req, session_of(req).map(CurrentSession).ok_or(Refusal::SignIn))
    }
}
