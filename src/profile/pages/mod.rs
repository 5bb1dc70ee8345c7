//! The pages of an account's owner.

use diesel::result::QueryResult;

use crate::db::Tx;
use crate::web::{Cx, Refusal, Visit, session_lives};

pub mod email;
pub mod factor;
pub mod journal;
pub mod messages;
pub mod password;
pub mod phone;
pub mod profile;
pub mod questions;
pub mod removal;
pub mod security;
pub mod sms_settings;

/// Writes for whoever is signed in, unless the session was ended while the request was on its way: then nothing is written.
pub(crate) async fn write_as<T: Send + 'static>(
    cx: &Cx,
    visit: &Visit,
    mut job: impl FnMut(&mut Tx) -> QueryResult<T> + Send + 'static,
) -> Result<T, Refusal> {
    let visit = visit.clone();
    let write =
        cx.write(move |tx| if session_lives(tx.db, &visit, tx.now)? { job(tx).map(Some) } else { Ok(None) });
    write.await?.ok_or(Refusal::SignIn)
}
