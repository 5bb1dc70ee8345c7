//! A password that somebody makes up: the rules, off the request threads.

use actix_web::web;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::registration_steps::problem_of;
use crate::accounts::account::Account;
use crate::accounts::email::Email;
use crate::accounts::password as rules;
use crate::accounts::phone::Phone;
use crate::web::{Cx, Problem, Refusal};

#[derive(Deserialize)]
pub struct NewPasswordForm {
    #[serde(default)]
    pub(super) password: Zeroizing<String>,
    #[serde(default)]
    pub(super) again: Zeroizing<String>,
}

/// What is wrong with a new password, told what is known of its owner.
pub(super) async fn mistakes(
    cx: &Cx,
    form: &NewPasswordForm,
    account: &Account,
    email: Option<Email>,
) -> Result<Vec<Problem>, Refusal> {
    let (phone, name, brand) =
        (account.phone.as_deref().and_then(Phone::from_stored), account.name.clone(), cx.brand);
    let (password, again) = (form.password.clone(), form.again.clone());
    let check = move || {
        let context =
            rules::Context { brand, phone: phone.as_ref(), email: email.as_ref(), name: name.as_deref() };
        rules::check(&password, &again, &context)
    };
    let broken = web::block(check).await.map_err(|_stopping| Refusal::Busy)?;
    Ok(broken.into_iter().map(problem_of).collect())
}
