//! A password that somebody makes up: the rules, off the request threads.

use actix_web::web;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::accounts::identifiers::email::Email;
use crate::accounts::identifiers::phone::Phone;
use crate::credentials::password::{self as rules, PasswordProblem};
use crate::web::{Cx, Problem, Refusal};

#[derive(Deserialize)]
pub struct NewPasswordForm {
    #[serde(default)]
    pub(crate) password: Zeroizing<String>,
    #[serde(default)]
    pub(crate) again: Zeroizing<String>,
}

crate::shown_again!(NewPasswordForm: []);

/// What is wrong with a new password of this account.
pub(crate) async fn mistakes(
    cx: &Cx,
    form: &NewPasswordForm,
    account: &Account,
    email: Option<Email>,
) -> Result<Vec<Problem>, Refusal> {
    broken_rules(cx, form, account.phone.clone(), email, account.name.clone()).await
}

/// The rules that a new password breaks, told what is known of its owner. The strength of a password takes a moment to estimate: off
/// the request threads.
pub(crate) async fn broken_rules(
    cx: &Cx,
    form: &NewPasswordForm,
    phone: Option<Phone>,
    email: Option<Email>,
    name: Option<String>,
) -> Result<Vec<Problem>, Refusal> {
    let (password, again, brand) = (form.password.clone(), form.again.clone(), cx.brand);
    let check = move || {
        let context =
            rules::Context { brand, phone: phone.as_ref(), email: email.as_ref(), name: name.as_deref() };
        rules::check(&password, &again, &context)
    };
    let broken = web::block(check).await.map_err(|_stopping| Refusal::Busy)?;
    Ok(broken.iter().filter(|problem| !is_said(problem, &broken)).map(problem_of).collect())
}

/// Whether what is said of a password anyway makes this one go as well: one reason to think up another is enough.
fn is_said(problem: &PasswordProblem, all: &[PasswordProblem]) -> bool {
    let reasons: &[PasswordProblem] = match problem {
        PasswordProblem::Common => &[PasswordProblem::Personal],
        PasswordProblem::Weak => {
            &[PasswordProblem::Personal, PasswordProblem::Common, PasswordProblem::Short]
        }
        _ => &[],
    };
    reasons.iter().any(|reason| all.contains(reason))
}

/// A broken rule at its field.
fn problem_of(broken: &PasswordProblem) -> Problem {
    let problem = Problem::new(broken.field(), broken.key());
    match broken.argument() {
        Some((name, rules::Argument::Number(number))) => problem.arg(name, number),
        Some((name, rules::Argument::Text(text))) => problem.arg(name, text.to_owned()),
        None => problem,
    }
}
