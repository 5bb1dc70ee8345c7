//! Whoever is signed in: where a request comes from, and what is written on behalf of a session that still lives.

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::credentials::hashing::Overload;
use crate::credentials::sessions;
use crate::db::Tx;
use crate::web::{Cx, Refusal, Session};

/// Writes for whoever is signed in, unless the session was ended while the request was on its way: then nothing is written.
pub async fn write_for<T: Send + 'static>(
    cx: &Cx,
    session: &Session,
    mut job: impl FnMut(&mut Tx) -> QueryResult<T> + Send + 'static,
) -> Result<T, Refusal> {
    let session = session.clone();
    let write = move |tx: &mut Tx| match sessions::is_alive(tx.db, &session, tx.now)? {
        true => job(tx).map(Some),
        false => Ok(None),
    };
    cx.write(write).await?.ok_or(Refusal::SignIn)
}

/// The account of whoever is signed in.
pub async fn account_of(cx: &Cx, session: &Session) -> Result<Account, Refusal> {
    let id = session.account_id;
    cx.read(move |tx| Account::find(tx.db, id)).await?.ok_or(Refusal::SignIn)
}

impl From<Overload> for Refusal {
    fn from(_full: Overload) -> Refusal {
        Refusal::Busy
    }
}

impl From<Overload> for actix_web::Error {
    fn from(full: Overload) -> actix_web::Error {
        Refusal::from(full).into()
    }
}
