//! The second factor: turning it on with an app, turning it off, new backup codes.

use actix_session::Session as SessionCookie;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::base::Moment;
use crate::credentials::backup_code::{self, BackupCode};
use crate::credentials::current_session::write_for;
use crate::credentials::qr::{self, Squares};
use crate::credentials::second_factor::{self, Code, FactorOutcome};
use crate::credentials::totp::{self, Factor, TotpSecret};
use crate::db::Tx;
use crate::profile::pages::reauthentication::Reauthentication;
use crate::web::{
    CurrentSession, Cx, Flash, Form, FormState, Problem, Refusal, Session, page, secret_page, see_other,
    unprocessable,
};

crate::pages! {
    /// Off: what it is, and how to begin.
    "profile/second_factor/status.html" => struct BeginPage { form: FormState, ask_password: bool }
    /// The secret for the app, and the field for its first code.
    "profile/second_factor/secret.html" => struct SecretPage {
        form: FormState,
        squares: Option<Squares>,
        groups: Vec<String>,
        name: String,
        /// The same as the squares, for the phone that the page is open on.
        uri: Option<String>,
    }
    "profile/second_factor/on.html" => struct OnPage { since: Moment, left: i64 }
    /// Asks for a code before the factor goes.
    "profile/second_factor/off.html" => struct OffPage { form: FormState, ask_password: bool }
    /// Asks for a code before new backup codes take the place of the older ones.
    "profile/second_factor/backup_codes_new.html" => struct NewCodesPage {
        form: FormState,
        ask_password: bool,
    }
    /// Shown once, to be printed.
    "profile/second_factor/backup_codes.html" => struct CodesPage {
        /// What has come to a good end: the key of a text.
        done: &'static str,
        codes: Vec<String>,
        number: String,
        made_at: Moment,
    }
}

/// What a code is asked for.
#[derive(Clone, Copy)]
enum FactorChange {
    Off,
    Codes,
}

impl FactorChange {
    fn show(self, cx: Cx, status: StatusCode, form: FormState, ask_password: bool) -> HttpResponse {
        match self {
            FactorChange::Off => page(status, &OffPage { cx, form, ask_password }),
            FactorChange::Codes => page(status, &NewCodesPage { cx, form, ask_password }),
        }
    }

    /// The password is asked for again only when it was the trouble.
    fn again(self, cx: Cx, problems: Vec<Problem>) -> HttpResponse {
        let ask_password = problems.iter().any(|problem| problem.field == "password");
        self.show(cx, StatusCode::UNPROCESSABLE_ENTITY, FormState::empty().all(problems), ask_password)
    }

    fn answer(self, cx: Cx, outcome: FactorOutcome) -> Result<HttpResponse, Refusal> {
        match outcome {
            FactorOutcome::Done => Ok(cx.leads_on("/security/factor", Flash::good("flash-factor-off"))),
            FactorOutcome::WrongStep => Ok(done_already(&cx)),
            FactorOutcome::Wrong => {
                cx.code_refused("second factor");
                let problem = Problem::new("code", "factor-code-wrong");
                Ok(self.again(cx, vec![problem]))
            }
            FactorOutcome::TooMany { until } => Err(Refusal::TooMany { until }),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SecondFactorForm {
    password: Zeroizing<String>,
    code: Zeroizing<String>,
}

crate::shown_again!(SecondFactorForm: []);

impl SecondFactorForm {
    /// The code, or all that is wrong with the form.
    async fn read(
        &self,
        cx: &Cx,
        owner: &Reauthentication,
        account: &Account,
    ) -> Result<Result<Code, Vec<Problem>>, Refusal> {
        let password = owner.problem(cx, account, &self.password).await?;
        Ok(match (Code::read(&self.code), password) {
            (Some(code), None) => Ok(code),
            (code, password) => {
                let format = code.is_none().then(|| Problem::new("code", "factor-either-code-format"));
                Err(password.into_iter().chain(format).collect())
            }
        })
    }
}

/// The form came once more: the page says how things stand.
fn done_already(cx: &Cx) -> HttpResponse {
    cx.leads_on("/security/factor", Flash::DONE_ALREADY)
}

/// It was turned on a moment ago, by the first of two presses: the page with the codes may be lost, and new ones are one link away.
fn on_already(cx: &Cx, factor: &Factor) -> HttpResponse {
    match factor {
        Factor::On { .. } => cx.leads_on("/security/factor", Flash::new("flash-factor-on")),
        Factor::Off | Factor::Waiting(_) => done_already(cx),
    }
}

async fn found(cx: &Cx, session: &Session) -> Result<(Account, Factor), Refusal> {
    let id = session.account_id;
    let found = cx.read(move |tx| {
        let factor = totp::find(tx, id)?;
        Ok(Account::find(tx.db, id)?.map(|account| (account, factor)))
    });
    found.await?.ok_or(Refusal::SignIn)
}

fn show_secret(
    status: StatusCode,
    cx: Cx,
    account: &Account,
    authenticator: &TotpSecret,
    form: FormState,
) -> HttpResponse {
    let uri = authenticator.uri(cx.brand, account);
    let squares = uri.as_deref().and_then(qr::squares);
    let (groups, name) = (authenticator.groups(), account.grouped_number());
    secret_page(status, &SecretPage { squares, groups, name, uri, form, cx })
}

/// GET /security/factor. The secret is shown only to somebody who has just given the password.
pub async fn show(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let (account, factor) = found(&cx, &session).await?;
    let fresh = session.is_fresh(cx.now());
    Ok(match factor {
        Factor::On { since } => {
            let left = cx.read(move |tx| backup_code::left(tx.db, account.id)).await?;
            page(StatusCode::OK, &OnPage { since, left, cx })
        }
        Factor::Waiting(authenticator) if fresh => {
            show_secret(StatusCode::OK, cx, &account, &authenticator, FormState::empty())
        }
        Factor::Waiting(_) | Factor::Off => {
            page(StatusCode::OK, &BeginPage { form: FormState::empty(), ask_password: !fresh, cx })
        }
    })
}

/// POST /security/factor: the password leads to the secret.
pub async fn begin(
    cx: Cx,
    owner: Reauthentication,
    form: Form<SecondFactorForm>,
) -> Result<HttpResponse, Refusal> {
    let (account, _factor) = found(&cx, &owner.session).await?;
    if let Some(problem) = owner.problem(&cx, &account, &form.0.password).await? {
        return Ok(unprocessable(&BeginPage {
            form: FormState::empty().problem(problem),
            ask_password: true,
            cx,
        }));
    }
    write_for(&cx, &owner.session, move |tx| totp::begin(tx, account.id)).await?;
    Ok(cx.leads_on("/security/factor", Flash::good("flash-factor-begun")))
}

/// POST /security/factor/confirmation: the app's first code turns it on. The backup codes are on this page and nowhere else.
pub async fn confirm(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    cookie: SessionCookie,
    form: Form<SecondFactorForm>,
) -> Result<HttpResponse, Refusal> {
    let (account, factor) = found(&cx, &session).await?;
    let Factor::Waiting(authenticator) = factor else { return Ok(on_already(&cx, &factor)) };
    if !session.is_fresh(cx.now()) {
        let form = FormState::empty().problem(Problem::new("password", "password-empty"));
        return Ok(unprocessable(&BeginPage { form, ask_password: true, cx }));
    }
    let wrong = |key| FormState::empty().problem(Problem::new("code", key));
    let Some(Code::App(typed)) = Code::read(&form.0.code) else {
        let form = wrong("factor-code-format");
        return Ok(show_secret(StatusCode::UNPROCESSABLE_ENTITY, cx, &account, &authenticator, form));
    };
    let codes = backup_code::fresh();
    let (made, owner) = (codes.clone(), account.clone());
    match change(&cx, &session, move |tx| second_factor::turn_on(tx, &owner, &typed, &made)).await? {
        FactorOutcome::Done => Ok(show_codes(cx, &cookie, &account, "backup-codes-done", &codes)),
        FactorOutcome::Wrong => {
            cx.code_refused("first code of the app");
            let form = wrong("factor-first-code-wrong");
            Ok(show_secret(StatusCode::UNPROCESSABLE_ENTITY, cx, &account, &authenticator, form))
        }
        FactorOutcome::WrongStep => Ok(cx.leads_on("/security/factor", Flash::new("flash-factor-on"))),
        FactorOutcome::TooMany { until } => Err(Refusal::TooMany { until }),
    }
}

/// GET /security/factor/off
pub async fn off(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    show_change(cx, &session, FactorChange::Off).await
}

/// GET /security/factor/codes
pub async fn backup_codes(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    show_change(cx, &session, FactorChange::Codes).await
}

async fn show_change(cx: Cx, session: &Session, what: FactorChange) -> Result<HttpResponse, Refusal> {
    let (_account, factor) = found(&cx, session).await?;
    let ask_password = !session.is_fresh(cx.now());
    Ok(match factor {
        Factor::On { .. } => what.show(cx, StatusCode::OK, FormState::empty(), ask_password),
        Factor::Off | Factor::Waiting(_) => see_other("/security/factor"),
    })
}

/// POST /security/factor/off
pub async fn turn_off(
    cx: Cx,
    owner: Reauthentication,
    form: Form<SecondFactorForm>,
) -> Result<HttpResponse, Refusal> {
    let (account, _factor) = found(&cx, &owner.session).await?;
    let code = match form.0.read(&cx, &owner, &account).await? {
        Ok(code) => code,
        Err(problems) => return Ok(FactorChange::Off.again(cx, problems)),
    };
    let changed = change(&cx, &owner.session, move |tx| second_factor::turn_off(tx, &account, &code)).await?;
    FactorChange::Off.answer(cx, changed)
}

/// POST /security/factor/codes: new ones on this page and nowhere else; the older ones are dead.
pub async fn replace_backup_codes(
    cx: Cx,
    owner: Reauthentication,
    form: Form<SecondFactorForm>,
) -> Result<HttpResponse, Refusal> {
    let (account, _factor) = found(&cx, &owner.session).await?;
    let code = match form.0.read(&cx, &owner, &account).await? {
        Ok(code) => code,
        Err(problems) => return Ok(FactorChange::Codes.again(cx, problems)),
    };
    let codes = backup_code::fresh();
    let (made, asker) = (codes.clone(), account.clone());
    let replace = move |tx: &mut Tx| second_factor::replace_codes(tx, &asker, &code, &made);
    match change(&cx, &owner.session, replace).await? {
        FactorOutcome::Done => Ok(show_codes(cx, &owner.cookie, &account, "backup-codes-replaced", &codes)),
        FactorOutcome::WrongStep => Ok(cx.leads_on("/security/factor", Flash::new("flash-factor-on"))),
        other => FactorChange::Codes.answer(cx, other),
    }
}

/// Runs a change for a session that is still alive, and sends off what it has to tell.
async fn change(
    cx: &Cx,
    session: &Session,
    verb: impl FnMut(&mut Tx) -> diesel::QueryResult<FactorOutcome> + Send + 'static,
) -> Result<FactorOutcome, Refusal> {
    let changed = write_for(cx, session, verb).await?;
    cx.state.wake_worker();
    Ok(changed)
}

/// With the codes goes a new session id: what guards the account has changed. The codes are the answer itself, not a 303 to a page
/// of theirs: only their hashes are stored, so no other request could show them.
fn show_codes(
    cx: Cx,
    cookie: &SessionCookie,
    account: &Account,
    done: &'static str,
    codes: &[BackupCode],
) -> HttpResponse {
    Session::reauthenticated(cookie, cx.now());
    let codes = codes.iter().map(BackupCode::shown).collect();
    let (number, made_at) = (account.grouped_number(), cx.now());
    secret_page(StatusCode::OK, &CodesPage { done, codes, number, made_at, cx })
}
