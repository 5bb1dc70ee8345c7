//! The password again, before something sensitive: a field of the form that asks for it, when the last time is over five minutes ago.

use actix_session::Session as SessionCookie;

use crate::accounts::account::Account;
use crate::base::minutes;
use crate::credentials::hashing::{Hashers, Verdict};
use crate::credentials::password as rules;
use crate::limits::{Declared, Judged, Per, RateLimit, Spent};
use crate::web::{Cx, Problem, Refusal, Session};

const GUESSES: RateLimit = RateLimit::new("credentials.reauthentication", Per::Account, 5, minutes(15));
pub const LIMITS: &[Declared] = &[GUESSES.declared()];

/// None when the person has just proved who they are, or does so now; otherwise what is wrong with the field `password`. The try is
/// spent before the password is compared, once for the same password sent again.
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
    let (counted, password) = (id.clone(), rules::normal(password));
    let judged = cx.judged("reauthentication", &[id.as_bytes(), password.as_bytes()]).map(Judged::with_work);
    let sent = judged.clone();
    let spent = cx.write(move |tx| match &sent {
        Some(judged) if tx.is_repeat(judged)? => Ok(None),
        _ => tx.spend(&GUESSES, &counted).map(Some),
    });
    let spent = spent.await?;
    if let Some(Spent::Wait { until }) = spent {
        return Err(Refusal::TooMany { until });
    }
    if hashers.verify(password, account.password_hash(&cx.state.keys)).await? == Verdict::Wrong {
        if let Some(judged) = judged.filter(|_| spent.is_some()) {
            cx.write(move |tx| {
                tx.remember_judged(&judged, GUESSES.within);
                Ok(())
            })
            .await?;
        }
        return Ok(Some(Problem::new(field, "password-wrong")));
    }
    cx.write(move |tx| tx.reset_failures(&[tx.counter(GUESSES.name, &id)])).await?;
    Session::reauthenticated(cookie, cx.now());
    Ok(None)
}
