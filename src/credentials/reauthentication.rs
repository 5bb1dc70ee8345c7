//! The password again, before something sensitive: a field of the form that asks for it, when the last time is over five minutes ago.

use actix_session::Session as SessionCookie;

use crate::accounts::account::Account;
use crate::base::minutes;
use crate::credentials::hashing::{Hashers, Verdict};
use crate::credentials::password as rules;
use crate::limits::{Declared, Per, RateLimit, Spent};
use crate::web::{Cx, Problem, Refusal, Session};

const GUESSES: RateLimit = RateLimit::new("credentials.reauthentication", Per::Account, 5, minutes(15));
pub const LIMITS: &[Declared] = &[GUESSES.declared()];

/// None when the person has just proved who they are, or does so now; otherwise what is wrong with the field `password`. The try is
/// spent before the password is compared.
pub async fn verify_password(
    cx: &Cx,
    cookie: &SessionCookie,
    session: &Session,
    hashers: &Hashers,
    account: &Account,
    password: &str,
) -> Result<Option<Problem>, Refusal> {
    if session.is_fresh(cx.now()) {
        return Ok(None);
    }
    verify_password_now(cx, cookie, hashers, account, "password", password).await
}

/// The same, however lately the person has proved it. `field` holds the password.
pub(crate) async fn verify_password_now(
    cx: &Cx,
    cookie: &SessionCookie,
    hashers: &Hashers,
    account: &Account,
    field: &'static str,
    password: &str,
) -> Result<Option<Problem>, Refusal> {
    if password.is_empty() {
        return Ok(Some(Problem::new(field, "password-empty")));
    }
    let id = account.id.as_i64().to_string();
    let counted = id.clone();
    if let Spent::Wait { until } = cx.write(move |tx| tx.spend(&GUESSES, &counted)).await? {
        return Err(Refusal::TooMany { until });
    }
    if hashers.verify(rules::normal(password), account.password_hash(&cx.state.keys)).await? == Verdict::Wrong
    {
        return Ok(Some(Problem::new(field, "password-wrong")));
    }
    cx.write(move |tx| tx.reset_failures(&tx.counter(GUESSES.name, &id))).await?;
    Session::reauthenticated(cookie, cx.now());
    Ok(None)
}
