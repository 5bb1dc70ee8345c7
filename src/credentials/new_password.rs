//! A password that somebody makes up: the rules, off the request threads.

use actix_web::web;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::accounts::identifiers::email::Email;
use crate::credentials::password as rules;
use crate::web::{Cx, Problem, Refusal};

#[derive(Deserialize)]
pub struct NewPasswordForm {
    #[serde(default)]
    pub(crate) password: Zeroizing<String>,
    #[serde(default)]
    pub(crate) again: Zeroizing<String>,
}

/// What is wrong with a new password, told what is known of its owner.
pub(crate) async fn mistakes(
    cx: &Cx,
    form: &NewPasswordForm,
    account: &Account,
    email: Option<Email>,
) -> Result<Vec<Problem>, Refusal> {
    let (phone, name, brand) = (account.phone.clone(), account.name.clone(), cx.brand);
    let (password, again) = (form.password.clone(), form.again.clone());
    let check = move || {
        let context =
            rules::Context { brand, phone: phone.as_ref(), email: email.as_ref(), name: name.as_deref() };
        rules::check(&password, &again, &context)
    };
    let broken = web::block(check).await.map_err(|_stopping| Refusal::Busy)?;
    Ok(broken.into_iter().map(problem_of).collect())
}

/// A broken rule at its field.
pub(crate) fn problem_of(broken: rules::PasswordProblem) -> Problem {
    let problem = Problem::new(broken.field(), broken.key());
    match broken.argument() {
        Some((name, rules::Argument::Number(number))) => problem.arg(name, number),
        Some((name, rules::Argument::Text(text))) => problem.arg(name, text.to_owned()),
        None => problem,
    }
}
