//! The steps of a registration after its first: code, Agree, Yes, password.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::registration::pages::{Place, at, left, place, show_place, waiting};
use crate::access::registration::status::Step;
use crate::access::registration::{CODE_DIGITS, Ending, Finished, Judged, Registration};
use crate::access::sign_in::pages::begin_visit;
use crate::accounts::account::{Account, AccountStatus};
use crate::accounts::consent::{Circumstances, ConsentKind, POLICY_VERSION};
use crate::accounts::identifiers::email::{EMAIL_MAX_CHARS, Email};
use crate::base::{Moment, Token};
use crate::credentials::hashing::{Hashers, Verdict};
use crate::credentials::new_password::problem_of;
use crate::credentials::{authenticator, device, password as rules};
use crate::one_time_code::read_code;
use crate::web::{Cx, DEVICE, Form, Nothing, Problem, Refusal, Shown, page, see_other, shown_again};

#[derive(Template)]
#[template(path = "access/registration/code.html")]
struct CodePage {
    cx: Cx,
    form: Shown,
    phone: String,
    again_at: Option<Moment>,
    left: u32,
}

#[derive(Template)]
#[template(path = "access/registration/agree.html")]
struct AgreePage {
    cx: Cx,
    form: Shown,
    version: &'static str,
}

#[derive(Template)]
#[template(path = "access/registration/version.html")]
struct VersionPage {
    cx: Cx,
}

#[derive(Template)]
#[template(path = "access/registration/password.html")]
struct PasswordPage {
    cx: Cx,
    form: Shown,
}

crate::pages!(CodePage, AgreePage, VersionPage, PasswordPage);

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
pub struct AgreeForm {
    #[serde(default)]
    pub(crate) agree: String,
}

#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    password: Zeroizing<String>,
    #[serde(default)]
    again: Zeroizing<String>,
    #[serde(default)]
    email: String,
}

fn code_page(cx: Cx, form: Shown, found: &Registration) -> CodePage {
    let (phone, again_at) = waiting(&cx, found);
    CodePage { phone, again_at, left: left(found), form, cx }
}

/// GET /registration/code
pub async fn code(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    Ok(match at(cx, &req, Step::Code).await? {
        Ok((cx, _token, found)) => page(StatusCode::OK, &code_page(cx, Shown::empty(), &found)),
        Err(elsewhere) => elsewhere,
    })
}

/// The code's page, after another message was asked for too soon or too often.
pub(crate) async fn again_refused(
    cx: Cx,
    req: &HttpRequest,
    problem: Problem,
    until: Moment,
) -> Result<HttpResponse, Refusal> {
    Ok(match at(cx, req, Step::Code).await? {
        Ok((cx, _token, found)) => {
            let seconds = until.since(cx.now()).as_secs().max(1);
            let mut response =
                page(StatusCode::TOO_MANY_REQUESTS, &code_page(cx, Shown::empty().problem(problem), &found));
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
            response
        }
        Err(elsewhere) => elsewhere,
    })
}

/// POST /registration/code
pub async fn enter_code(cx: Cx, req: HttpRequest, form: Form<CodeForm>) -> Result<HttpResponse, Refusal> {
    let (cx, token, found) = match at(cx, &req, Step::Code).await? {
        Ok(here) => here,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let typed = match read_code(&form.0.code, CODE_DIGITS) {
        Ok(typed) => typed,
        Err(problem) => {
            return Ok(shown_again(&code_page(
                cx,
                Shown::empty().with("code", &form.0.code).problem(problem),
                &found,
            )));
        }
    };
    let (keys, now, spender) = (cx.state.keys.clone(), cx.now(), token.clone());
    let judged =
        cx.state.store.write(move |db| Registration::judge(db, &keys, now, &spender, &typed)).await?;
    let problem = match judged {
        Judged::Matched => return Ok(see_other(Step::Privacy.path())),
        Judged::Elsewhere => {
            let place = place(&cx, &req).await?;
            return Ok(show_place(cx, place));
        }
        Judged::Missed { left } => Problem::new("code", "code-wrong").arg("left", left),
        Judged::Spent => Problem::new("code", "code-spent"),
        Judged::Expired => Problem::new("code", "code-expired"),
    };
    cx.state.metrics.happened("code_missed");
    Ok(match at(cx, &req, Step::Code).await? {
        Ok((cx, _token, found)) => shown_again(&code_page(cx, Shown::empty().problem(problem), &found)),
        Err(elsewhere) => elsewhere,
    })
}

pub(crate) fn circumstances(cx: &Cx) -> Circumstances {
    Circumstances { locale: cx.locale, address: cx.address.to_string() }
}

async fn agreed(cx: Cx, req: &HttpRequest, token: Token, kind: ConsentKind) -> Result<HttpResponse, Refusal> {
    let (of, now) = (circumstances(&cx), cx.now());
    cx.state.store.write(move |db| Registration::agree(db, &token, kind, &of, now)).await?;
    // Whether this form or another tab's was first: what counts is where the registration is now.
    let place = place(&cx, req).await?;
    Ok(show_place(cx, place))
}

/// GET /registration/privacy
pub async fn privacy(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    Ok(match at(cx, &req, Step::Privacy).await? {
        Ok((cx, ..)) => {
            page(StatusCode::OK, &AgreePage { cx, form: Shown::empty(), version: POLICY_VERSION })
        }
        Err(elsewhere) => elsewhere,
    })
}

/// POST /registration/privacy
pub async fn agree(cx: Cx, req: HttpRequest, form: Form<AgreeForm>) -> Result<HttpResponse, Refusal> {
    let (cx, token, _found) = match at(cx, &req, Step::Privacy).await? {
        Ok(here) => here,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if form.0.agree != "yes" {
        let form = Shown::empty().problem(Problem::new("agree", "agree-unticked"));
        return Ok(shown_again(&AgreePage { cx, form, version: POLICY_VERSION }));
    }
    agreed(cx, &req, token, ConsentKind::Privacy).await
}

/// GET /registration/version
pub async fn version(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    Ok(match at(cx, &req, Step::Version).await? {
        Ok((cx, ..)) => page(StatusCode::OK, &VersionPage { cx }),
        Err(elsewhere) => elsewhere,
    })
}

/// POST /registration/version
pub async fn choose_version(cx: Cx, req: HttpRequest, _form: Form<Nothing>) -> Result<HttpResponse, Refusal> {
    match at(cx, &req, Step::Version).await? {
        Ok((cx, token, _found)) => agreed(cx, &req, token, ConsentKind::International).await,
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// GET /registration/password
pub async fn password(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    Ok(match at(cx, &req, Step::Password).await? {
        Ok((cx, ..)) => page(StatusCode::OK, &PasswordPage { cx, form: Shown::empty() }),
        Err(elsewhere) => elsewhere,
    })
}

/// POST /registration/password
pub async fn choose_password(
    cx: Cx,
    req: HttpRequest,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<PasswordForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(form) = form;
    let (token, found) = match place(&cx, &req).await? {
        Place::At(token, found) if found.step == Step::Password => (token, found),
        Place::At(_, found) if found.step == Step::Done => {
            return sent_twice(cx, &req, &session, &hashers, found, &form).await;
        }
        elsewhere => return Ok(show_place(cx, elsewhere)),
    };
    let shown = Shown::empty().with("email", &form.email);
    let (email, problems) = mistakes(&cx, &found, &form).await?;
    if !problems.is_empty() {
        return Ok(shown_again(&PasswordPage { cx, form: shown.all(problems) }));
    }
    let phc = hashers.hash(rules::normal(&form.password)).await?;
    let locale = cx.locale;
    let finished = cx.write(move |tx| {
        let ending = Ending { phc: &phc, email: email.as_ref(), locale };
        Registration::finish(tx, &token, &ending)
    });
    match finished.await? {
        Finished::Account(account) => {
            cx.state.wake_worker();
            cx.state.metrics.happened("registered");
            begin(&cx, &req, &session, &account).await
        }
        Finished::PhoneTaken => Ok(see_other("/sign-in")),
        Finished::Elsewhere => match place(&cx, &req).await? {
            Place::At(_, found) if found.step == Step::Done => {
                sent_twice(cx, &req, &session, &hashers, found, &form).await
            }
            elsewhere => Ok(show_place(cx, elsewhere)),
        },
    }
}

/// What is wrong with the last form. The strength of a password takes a moment to estimate: off the request threads.
async fn mistakes(
    cx: &Cx,
    found: &Registration,
    form: &PasswordForm,
) -> Result<(Option<Email>, Vec<Problem>), Refusal> {
    let email = (!form.email.trim().is_empty()).then(|| Email::parse(&form.email)).transpose();
    let (phone, address, brand) = (found.phone(), email.as_ref().ok().cloned().flatten(), cx.brand);
    let (password, again) = (form.password.clone(), form.again.clone());
    let check = move || {
        let context = rules::Context { brand, phone: phone.as_ref(), email: address.as_ref(), name: None };
        rules::check(&password, &again, &context)
    };
    let broken = web::block(check).await.map_err(|_stopping| Refusal::Busy)?;
    let mut problems: Vec<Problem> = broken.into_iter().map(problem_of).collect();
    Ok(match email {
        Ok(email) => (email, problems),
        Err(problem) => {
            problems.push(Problem::new("email", problem.key()).arg("max", EMAIL_MAX_CHARS));
            (None, problems)
        }
    })
}

/// The last form came a second time (a double click, a reload after a crash): the account stands, so let its owner in who has
/// just typed its password twice, and nobody else. A few tries, for a few minutes: after that there is the sign-in page. An
/// account that wants a code as well is entered by that page alone.
async fn sent_twice(
    cx: Cx,
    req: &HttpRequest,
    session: &Session,
    hashers: &Hashers,
    found: Registration,
    form: &PasswordForm,
) -> Result<HttpResponse, Refusal> {
    let Some(id) = found.account_id.filter(|_| form.password == form.again) else {
        return Ok(see_other("/sign-in"));
    };
    let now = cx.now();
    let account = cx.state.store.write(move |db| {
        match found.let_in_again(db, now)? && !authenticator::is_on(db, id)? {
            true => Account::find(db, id),
            false => Ok(None),
        }
    });
    let Some(account) = account.await?.filter(|account| account.status == AccountStatus::Active) else {
        return Ok(see_other("/sign-in"));
    };
    match hashers.verify(rules::normal(&form.password), account.phc(&cx.state.keys)).await? {
        Verdict::Wrong => Ok(see_other("/sign-in")),
        Verdict::Right | Verdict::RightButDated => begin(&cx, req, session, &account).await,
    }
}

/// Signs the new owner in, in a browser that is known from now on; unless all sessions were ended or a second factor was turned on
/// while the request was on its way: then there is the sign-in page.
pub(crate) async fn begin(
    cx: &Cx,
    req: &HttpRequest,
    session: &Session,
    account: &Account,
) -> Result<HttpResponse, Refusal> {
    let held = cx.state.cookies.token(req, DEVICE);
    let (id, owner, now) = (account.id, account.clone(), cx.now());
    let device = cx.state.store.write(move |db| {
        if !owner.stands(db)? || authenticator::is_on(db, owner.id)? {
            return Ok(None);
        }
        device::remember(db, owner.id, held.as_ref(), now).map(Some)
    });
    let Some(device) = device.await? else { return Ok(see_other("/sign-in")) };
    begin_visit(cx, session, account)?;
    tracing::info!(request = cx.request_id, account = id.as_i64(), address = %cx.address, "registered");
    let mut response = see_other(Step::Done.path());
    let _ = response.add_cookie(&cx.state.cookies.make(DEVICE, device.as_str(), Some(device::DAYS)));
    Ok(response)
}
