//! The second factor: turning it on with an app, turning it off, new recovery codes.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::base::{Keys, Moment};
use crate::credentials::backup_code::{self, BackupCode};
use crate::credentials::hashing::Hashers;
use crate::credentials::qr::{self, Squares};
use crate::credentials::reauthentication::prove;
use crate::credentials::second_factor::{self, Change, Changed, Code};
use crate::credentials::signed_in::{occasion, write_for_db};
use crate::credentials::totp::{self, Factor, TotpSecret};
use crate::db::Db;
use crate::web::{Cx, Form, Problem, Refusal, Shown, SignedIn, Visit, page, see_other, shown_again};

/// Off: what it is, and how to begin.
#[derive(Template)]
#[template(path = "profile/factor.html")]
struct BeginPage {
    cx: Cx,
    form: Shown,
    ask_password: bool,
}

/// The secret for the app, and the field for its first code.
#[derive(Template)]
#[template(path = "profile/factor_secret.html")]
struct SecretPage {
    cx: Cx,
    form: Shown,
    squares: Option<Squares>,
    groups: Vec<String>,
    name: String,
}

#[derive(Template)]
#[template(path = "profile/factor_on.html")]
struct OnPage {
    cx: Cx,
    since: Moment,
    left: i64,
}

/// Asks for a code before the factor goes.
#[derive(Template)]
#[template(path = "profile/factor_off.html")]
struct OffPage {
    cx: Cx,
    form: Shown,
    ask_password: bool,
}

/// Asks for a code before new recovery codes take the place of the older ones.
#[derive(Template)]
#[template(path = "profile/recovery_codes_new.html")]
struct NewCodesPage {
    cx: Cx,
    form: Shown,
    ask_password: bool,
}

/// Shown once, to be printed.
#[derive(Template)]
#[template(path = "profile/recovery_codes.html")]
struct CodesPage {
    cx: Cx,
    codes: Vec<String>,
    number: String,
    made_at: Moment,
}

crate::pages!(BeginPage, SecretPage, OnPage, OffPage, NewCodesPage, CodesPage);

/// What a code is asked for.
#[derive(Clone, Copy)]
enum What {
    Off,
    Codes,
}

impl What {
    fn show(self, cx: Cx, status: StatusCode, form: Shown, ask_password: bool) -> HttpResponse {
        match self {
            What::Off => page(status, &OffPage { cx, form, ask_password }),
            What::Codes => page(status, &NewCodesPage { cx, form, ask_password }),
        }
    }
}

#[derive(Deserialize)]
pub struct FactorForm {
    #[serde(default)]
    password: Zeroizing<String>,
    #[serde(default)]
    code: Zeroizing<String>,
}

async fn found(cx: &Cx, visit: &Visit) -> Result<(Account, Factor), Refusal> {
    let (keys, now, id) = (cx.state.keys.clone(), cx.now(), visit.account_id);
    let found = cx.state.store.read(move |db| {
        let factor = totp::find(db, &keys, id, now)?;
        Ok(Account::find(db, id)?.map(|account| (account, factor)))
    });
    found.await?.ok_or(Refusal::SignIn)
}

fn secret_page(cx: Cx, account: &Account, authenticator: &TotpSecret, form: Shown) -> SecretPage {
    let squares = authenticator.uri(cx.brand, account).as_deref().and_then(qr::squares);
    SecretPage { squares, groups: authenticator.groups(), name: account.grouped_number(), form, cx }
}

/// GET /security/factor. The secret is shown only to somebody who has just given the password.
pub async fn show(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let (account, factor) = found(&cx, &who.0).await?;
    let fresh = who.0.is_fresh(cx.now());
    Ok(match factor {
        Factor::On { since } => {
            let left = cx.state.store.read(move |db| backup_code::left(db, account.id)).await?;
            page(StatusCode::OK, &OnPage { since, left, cx })
        }
        Factor::Waiting(authenticator) if fresh => {
            page(StatusCode::OK, &secret_page(cx, &account, &authenticator, Shown::empty()))
        }
        Factor::Waiting(_) | Factor::Off => {
            page(StatusCode::OK, &BeginPage { form: Shown::empty(), ask_password: !fresh, cx })
        }
    })
}

/// POST /security/factor: the password leads to the secret.
pub async fn begin(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<FactorForm>,
) -> Result<HttpResponse, Refusal> {
    let (account, _factor) = found(&cx, &who.0).await?;
    if let Some(problem) = prove(&cx, &session, &who.0, &hashers, &account, &form.0.password).await? {
        return Ok(shown_again(&BeginPage { form: Shown::empty().problem(problem), ask_password: true, cx }));
    }
    let (keys, now) = (cx.state.keys.clone(), cx.now());
    write_for_db(&cx, &who.0, move |db| totp::begin(db, &keys, account.id, now)).await?;
    Ok(see_other("/security/factor"))
}

/// POST /security/factor/confirmation: the app's first code turns it on. The recovery codes are on this page and nowhere else.
pub async fn confirm(
    cx: Cx,
    who: SignedIn,
    session: Session,
    form: Form<FactorForm>,
) -> Result<HttpResponse, Refusal> {
    let (account, factor) = found(&cx, &who.0).await?;
    let Factor::Waiting(authenticator) = factor else { return Ok(see_other("/security/factor")) };
    if !who.0.is_fresh(cx.now()) {
        let form = Shown::empty().problem(Problem::new("password", "password-empty"));
        return Ok(shown_again(&BeginPage { form, ask_password: true, cx }));
    }
    let wrong = |key| Shown::empty().problem(Problem::new("code", key));
    let Some(Code::App(typed)) = Code::read(&form.0.code) else {
        return Ok(shown_again(&secret_page(cx, &account, &authenticator, wrong("factor-code-format"))));
    };
    let codes = backup_code::fresh();
    let made = codes.clone();
    let owner = account.clone();
    let changed = change(&cx, who.0, owner, move |db, keys, change| {
        second_factor::turn_on(db, keys, change, &typed, &made)
    })
    .await?;
    match changed {
        Changed::Yes => Ok(show_codes(cx, &session, &account, &codes)),
        Changed::Missed => {
            Ok(shown_again(&secret_page(cx, &account, &authenticator, wrong("factor-first-code-wrong"))))
        }
        Changed::Elsewhere => Ok(see_other("/security/factor")),
        Changed::TooMany { until } => Err(Refusal::TooMany { until }),
    }
}

/// GET /security/factor/off
pub async fn off(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    show_change(cx, &who.0, What::Off).await
}

/// GET /security/factor/codes
pub async fn recovery_codes(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    show_change(cx, &who.0, What::Codes).await
}

async fn show_change(cx: Cx, visit: &Visit, what: What) -> Result<HttpResponse, Refusal> {
    let (_account, factor) = found(&cx, visit).await?;
    let ask_password = !visit.is_fresh(cx.now());
    Ok(match factor {
        Factor::On { .. } => what.show(cx, StatusCode::OK, Shown::empty(), ask_password),
        Factor::Off | Factor::Waiting(_) => see_other("/security/factor"),
    })
}

/// POST /security/factor/off
pub async fn turn_off(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<FactorForm>,
) -> Result<HttpResponse, Refusal> {
    let (account, _factor) = found(&cx, &who.0).await?;
    let (code, problems) = given(&cx, &session, &who.0, &hashers, &account, &form.0).await?;
    let Some(code) = code.filter(|_| problems.is_empty()) else {
        return Ok(change_again(cx, problems, What::Off));
    };
    match change(&cx, who.0, account, move |db, keys, change| {
        second_factor::turn_off(db, keys, change, &code)
    })
    .await?
    {
        Changed::Yes | Changed::Elsewhere => Ok(see_other("/security/factor")),
        Changed::Missed => Ok(change_again(cx, vec![Problem::new("code", "factor-code-wrong")], What::Off)),
        Changed::TooMany { until } => Err(Refusal::TooMany { until }),
    }
}

/// POST /security/factor/codes: new ones on this page and nowhere else; the older ones are dead.
pub async fn replace(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<FactorForm>,
) -> Result<HttpResponse, Refusal> {
    let (account, _factor) = found(&cx, &who.0).await?;
    let (code, problems) = given(&cx, &session, &who.0, &hashers, &account, &form.0).await?;
    let Some(code) = code.filter(|_| problems.is_empty()) else {
        return Ok(change_again(cx, problems, What::Codes));
    };
    let codes = backup_code::fresh();
    let (made, owner) = (codes.clone(), account.clone());
    let replaced = move |db: &mut Db, keys: &Keys, change: &Change| {
        second_factor::replace_codes(db, keys, change, &code, &made)
    };
    match change(&cx, who.0, owner, replaced).await? {
        Changed::Yes => Ok(show_codes(cx, &session, &account, &codes)),
        Changed::Elsewhere => Ok(see_other("/security/factor")),
        Changed::Missed => Ok(change_again(cx, vec![Problem::new("code", "factor-code-wrong")], What::Codes)),
        Changed::TooMany { until } => Err(Refusal::TooMany { until }),
    }
}

/// The code, and what is wrong with the form.
async fn given(
    cx: &Cx,
    session: &Session,
    visit: &Visit,
    hashers: &Hashers,
    account: &Account,
    form: &FactorForm,
) -> Result<(Option<Code>, Vec<Problem>), Refusal> {
    let code = Code::read(&form.code);
    let proof = prove(cx, session, visit, hashers, account, &form.password).await?;
    let format = code.is_none().then(|| Problem::new("code", "factor-either-code-format"));
    Ok((code, proof.into_iter().chain(format).collect()))
}

/// The password is asked for again only when it was the trouble.
fn change_again(cx: Cx, problems: Vec<Problem>, what: What) -> HttpResponse {
    let ask_password = problems.iter().any(|problem| problem.field == "password");
    what.show(cx, StatusCode::UNPROCESSABLE_ENTITY, Shown::empty().all(problems), ask_password)
}

/// Runs a change for a session that is still alive, and sends off what it has to tell.
async fn change(
    cx: &Cx,
    visit: Visit,
    account: Account,
    mut verb: impl FnMut(&mut Db, &Keys, &Change) -> diesel::QueryResult<Changed> + Send + 'static,
) -> Result<Changed, Refusal> {
    let (keys, on) = (cx.state.keys.clone(), occasion(cx));
    let changed =
        write_for_db(cx, &visit, move |db| verb(db, &keys, &Change { account: &account, on: &on })).await?;
    cx.state.wake_worker();
    Ok(changed)
}

/// With the codes goes a new session id: what guards the account has changed. The codes are the answer itself, not a 303 to a page
/// of theirs: only their hashes are stored, so no other request could show them.
fn show_codes(cx: Cx, session: &Session, account: &Account, codes: &[BackupCode]) -> HttpResponse {
    Visit::proved_again(session, cx.now());
    let codes = codes.iter().map(BackupCode::shown).collect();
    page(StatusCode::OK, &CodesPage { codes, number: account.masked_number(), made_at: cx.now(), cx })
}
