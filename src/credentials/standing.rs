//! What stands for and against letting somebody in, read with one statement when a password was right: the account as it is by now, its
//! second factor, what it knows of the browser, and how much it has of sessions and browsers.

use diesel::prelude::*;

use crate::accounts::account::{Account, AccountStatus};
use crate::base::{AccountId, Moment, Token};
use crate::db::Db;
use crate::db::schema::{accounts, sessions, totp_secrets, trusted_browsers};
use crate::on_connection;

/// An account's sessions at the same time; the oldest makes room.
pub(super) const MAX_SESSIONS: i64 = 10;

#[derive(Debug, Clone, Queryable)]
pub struct Standing {
    status: AccountStatus,
    epoch: i64,
    factor_since: Option<Moment>,
    trusted_until: Option<Moment>,
    seen_at: Option<Moment>,
    /// Rows of the account's sessions: those that have ended by themselves are among them for a while.
    sessions: Option<i64>,
    /// The session that has to go when one more begins, and when it would have ended at the latest.
    surplus: Option<String>,
    surplus_ends_at: Option<Moment>,
    browsers: Option<i64>,
}

impl Standing {
    /// None for an account that is no more. `held`: what the browser's cookie of known browsers held.
    pub fn find(
        db: &mut Db,
        account_id: AccountId,
        held: Option<&Token>,
        now: Moment,
    ) -> QueryResult<Option<Standing>> {
        let all_browsers = diesel::alias!(trusted_browsers as all_browsers);
        let this = trusted_browsers::account_id.eq(accounts::id);
        let this = this.and(trusted_browsers::token_hash.nullable().eq(held.map(Token::hash)));
        let of_account = sessions::table.filter(sessions::account_id.eq(account_id));
        // The oldest of those that an account may have at the same time.
        let surplus = of_account
            .filter(sessions::expires_at.gt(now))
            .order((sessions::created_at.desc(), sessions::key_hash.asc()))
            .offset(MAX_SESSIONS - 1)
            .limit(1);
        let browsers = all_browsers.filter(all_browsers.field(trusted_browsers::account_id).eq(account_id));
        let standing = accounts::table
            .left_join(totp_secrets::table.on(totp_secrets::account_id.eq(accounts::id)))
            .left_join(trusted_browsers::table.on(this))
            .filter(accounts::id.eq(account_id))
            .select((
                accounts::status,
                accounts::epoch,
                totp_secrets::confirmed_at.nullable(),
                trusted_browsers::factor_until.nullable(),
                trusted_browsers::seen_at.nullable(),
                of_account.count().single_value(),
                surplus.select(sessions::key_hash).single_value(),
                surplus.select(sessions::ends_at).single_value(),
                browsers.count().single_value(),
            ));
        on_connection!(db, |c| standing.first::<Standing>(c).optional())
    }

    /// Whether the account is still as it was read, as far as getting in goes.
    pub fn is_of(&self, account: &Account) -> bool {
        self.status == AccountStatus::Active && self.epoch == account.epoch
    }

    /// Whether this browser's cookie was given to it after a sign-in to this account.
    pub const fn knows_browser(&self) -> bool {
        self.seen_at.is_some()
    }

    /// When somebody has last signed in here; None for a browser that is not known.
    pub(super) const fn browser_seen_at(&self) -> Option<Moment> {
        self.seen_at
    }

    pub const fn has_factor(&self) -> bool {
        self.factor_since.is_some()
    }

    /// Whether this browser still has to give a code after the right password.
    pub fn wants_code(&self, now: Moment) -> bool {
        self.has_factor() && self.trusted_until.is_none_or(|until| until <= now)
    }

    pub(super) fn has_sessions(&self, most: i64) -> bool {
        self.sessions.is_some_and(|sessions| sessions >= most)
    }

    /// The session that has to go when one more begins, and when it would have ended at the latest.
    pub(super) fn surplus_session(&self) -> Option<(&str, Moment)> {
        self.surplus.as_deref().zip(self.surplus_ends_at)
    }

    pub(super) fn has_browsers(&self, most: i64) -> bool {
        self.browsers.is_some_and(|browsers| browsers >= most)
    }
}
