//! Accounts of the ledger: whose, of what kind, in which currency. One of each, made when it is first asked for.

use diesel::prelude::*;

use super::balance::Balance;
use super::chart::Kind;
use crate::base::Currency;
use crate::db::schema::ledger_accounts as table;
use crate::db::{Db, retry, violates};
use crate::{row_id, text_enum};

row_id! {
    /// An account of the ledger.
    LedgerAccountId
}

text_enum! {
    /// What an owner's number counts.
    OwnerKind { Account => "account", System => "system" }
}

/// Whose an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner {
    pub kind: OwnerKind,
    pub id: i64,
}

impl Owner {
    /// The portal itself.
    pub const SYSTEM: Owner = Owner { kind: OwnerKind::System, id: 0 };

    /// A person's account (`accounts.id`).
    pub const fn account(id: i64) -> Owner {
        Owner { kind: OwnerKind::Account, id }
    }
}

/// An account as it stands.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Row {
    pub id: LedgerAccountId,
    pub currency: Currency,
    pub may_go_below_zero: bool,
    pub posted: i64,
    pub pending_debits: i64,
    pub pending_credits: i64,
    pub entries: i64,
}

impl Row {
    pub fn balance(&self) -> Balance {
        let Row { posted, pending_debits, pending_credits, .. } = *self;
        Balance { posted, pending_debits, pending_credits }
    }
}

/// The account of that owner, kind and currency; made when there is none.
pub fn account(db: &mut Db, owner: Owner, kind: Kind, currency: Currency) -> QueryResult<LedgerAccountId> {
    let found = table::table
        .filter(table::owner_kind.eq(owner.kind))
        .filter(table::owner_id.eq(owner.id))
        .filter(table::kind.eq(kind))
        .filter(table::currency.eq(currency))
        .select(table::id)
        .first(db)
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    let id = LedgerAccountId::next();
    let made = diesel::insert_into(table::table)
        .values((
            table::id.eq(id),
            table::owner_kind.eq(owner.kind),
            table::owner_id.eq(owner.id),
            table::kind.eq(kind),
            table::currency.eq(currency),
            table::may_go_below_zero.eq(kind.may_go_below_zero()),
            table::posted.eq(0),
            table::pending_debits.eq(0),
            table::pending_credits.eq(0),
            table::entries.eq(0),
        ))
        .execute(db);
    match made {
        Ok(_one) => Ok(id),
        Err(error) if violates(&error, ("ledger_accounts_are_one", "ledger_accounts.owner_kind")) => {
            Err(retry())
        }
        Err(error) => Err(error),
    }
}

/// What stands on an account; None when there is no such account.
pub fn balance(db: &mut Db, account: LedgerAccountId) -> QueryResult<Option<Balance>> {
    table::table.find(account).select(Balance::as_select()).first(db).optional()
}
