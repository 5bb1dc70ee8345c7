//! Whoever is signed in: where a request comes from, and what is written on behalf of a session that still lives.

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::telling::Occasion;
use crate::base::Client;
use crate::credentials::hashing::Overload;
use crate::credentials::sessions::is_alive;
use crate::db::Db;
use crate::web::{Cx, Refusal, Visit};

/// Where a request came from, for the journal.
pub fn whence(cx: &Cx) -> Client {
    cx.client()
}

/// When and from where a request is made, as the journal and the notices tell it.
pub fn occasion(cx: &Cx) -> Occasion {
    Occasion { now: cx.now(), from: whence(cx), site: cx.state.settings.link("") }
}

/// Writes for whoever is signed in, unless the session was ended while the request was on its way: then nothing is written.
pub async fn write_for<T: Send + 'static>(
    cx: &Cx,
    visit: &Visit,
    mut job: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static,
) -> Result<T, Refusal> {
    let (visit, now) = (visit.clone(), cx.now());
    let write = move |db: &mut Db| if is_alive(db, &visit, now)? { job(db).map(Some) } else { Ok(None) };
    cx.state.store.write(write).await?.ok_or(Refusal::SignIn)
}

/// The account of whoever is signed in.
pub async fn account_of(cx: &Cx, visit: &Visit) -> Result<Account, Refusal> {
    let id = visit.account_id;
    cx.state.store.read(move |db| Account::find(db, id)).await?.ok_or(Refusal::SignIn)
}

impl From<Overload> for Refusal {
    fn from(_full: Overload) -> Refusal {
        Refusal::Busy
    }
}
