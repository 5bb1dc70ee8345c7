//! Consents: each with the version of its text, its time and the address that it came from (152-FZ).

use diesel::prelude::*;

use crate::base::{AccountId, next_id};
use crate::db::schema::consents;
use crate::db::{Db, Tx};
use crate::texts::Locale;
use crate::{row_id, text_enum};

row_id! {
    /// What somebody agreed in: a registration or an invitation under way. Rows of both never share an id.
    RegistrationId
}

/// The version of the text that people agree to (`agree-…`): a page of its own, apart from the policy (152-FZ, article 9). A new text
/// has a new version.
pub const CONSENT_VERSION: &str = "2026-11";

text_enum! {
    /// What was agreed to.
    ConsentKind { Privacy => "privacy", International => "international" }
}

/// Notes a consent of a registration under way, and in which language it was given.
pub fn give(tx: &mut Tx, id: RegistrationId, kind: ConsentKind, locale: Locale) -> QueryResult<()> {
    diesel::insert_into(consents::table)
        .values((
            consents::id.eq(next_id()),
            consents::registration_id.eq(id),
            consents::kind.eq(kind),
            consents::text_version.eq(CONSENT_VERSION),
            consents::locale.eq(locale),
            consents::ip.eq(&tx.client.ip),
            consents::given_at.eq(tx.now),
        ))
        .execute(tx.db)?;
    Ok(())
}

/// Passes a registration's consents on to the account that came of it.
pub fn hand_over(db: &mut Db, id: RegistrationId, account_id: AccountId) -> QueryResult<()> {
    diesel::update(consents::table.filter(consents::registration_id.eq(id)))
        .set(consents::account_id.eq(account_id))
        .execute(db)?;
    Ok(())
}
