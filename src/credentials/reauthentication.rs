//! The password again, before something sensitive: a field of the form that asks for it, when the last time is over five minutes ago.

use std::time::Duration;

use actix_session::Session;

use crate::accounts::account::Account;
use crate::base::{Purpose, minutes};
use crate::credentials::hashing::{Hashers, Verdict};
use crate::credentials::password as rules;
use crate::limits::{self, Limit, Spent};
use crate::web::{Cx, Problem, Refusal, Visit};

const GUESSES_WITHIN: Duration = minutes(15);
const GUESSES: Limit = Limit { most: 5, within: GUESSES_WITHIN };

/// None when the person has just proved who they are, or does so now; otherwise what is wrong with the field `password`. The try is
/// spent before the password is compared.
pub async fn prove(
    cx: &Cx,
    session: &Session,
    visit: &Visit,
    hashers: &Hashers,
    account: &Account,
    password: &str,
) -> Result<Option<Problem>, Refusal> {
    if visit.is_fresh(cx.now()) {
        return Ok(None);
    }
    prove_now(cx, session, hashers, account, "password", password).await
}

/// The same, however lately the person has proved it. `field` holds the password.
pub(crate) async fn prove_now(
    cx: &Cx,
    session: &Session,
    hashers: &Hashers,
    account: &Account,
    field: &'static str,
    password: &str,
) -> Result<Option<Problem>, Refusal> {
    if password.is_empty() {
        return Ok(Some(Problem::new(field, "password-empty")));
    }
    let (keys, now, id) = (cx.state.keys.clone(), cx.now(), account.id.as_i64());
    let name = format!("prove:{}", keys.name(Purpose::Counters, &[b"prove", &id.to_be_bytes()]));
    let counter = name.clone();
    if let Spent::Wait { until } =
        cx.state.store.write(move |db| limits::spend(db, &counter, GUESSES, now)).await?
    {
        return Err(Refusal::TooMany { until });
    }
    if hashers.verify(rules::normal(password), account.password_hash(&cx.state.keys)).await? == Verdict::Wrong
    {
        return Ok(Some(Problem::new(field, "password-wrong")));
    }
    cx.state.store.write(move |db| limits::forget(db, &name)).await?;
    Visit::proved_again(session, now);
    Ok(None)
}
