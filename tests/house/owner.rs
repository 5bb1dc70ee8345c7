//! An account and its owner without pages: what its owner does about the second factor.

use diesel::prelude::*;
use kabinet::accounts::account::{Account, NewAccount};
use kabinet::accounts::identifiers::phone::Phone;
use kabinet::base::{Client, Moment, Token};
use kabinet::credentials::backup_code::{self, BackupCode};
use kabinet::credentials::second_factor::{self, FactorOutcome};
use kabinet::credentials::totp::{self, Factor, TotpSecret};
use kabinet::credentials::trusted_browser;
use kabinet::db::schema::activity;
use kabinet::db::{Db, Tx, TxSource};
use kabinet::texts::Locale;

use super::House;

pub struct Owner {
    pub house: House,
    /// Transactions from the owner's browser.
    pub txs: TxSource,
    pub account: Account,
}

/// What the app shows.
pub fn code_at(secret: &TotpSecret, at: Moment) -> String {
    let url = format!("otpauth://totp/a?secret={}", secret.groups().concat());
    let seconds = u64::try_from(at.micros()).unwrap() / 1_000_000;
    totp_rs::Totp::from_url(&url).unwrap().generate(seconds).to_string()
}

impl Owner {
    pub async fn new() -> Owner {
        let house = House::open().await;
        let (keys, now) = (house.keys.clone(), house.now());
        let phone = Phone::parse_any("+79161234567").unwrap();
        let make = move |db: &mut Db| {
            let new = NewAccount { phone: &phone, locale: Locale::Ru, password_hash: "none" };
            Account::create(db, &keys, now, &new)
        };
        let account = house.writes(make).await.expect("the phone is taken");
        let client = Client { ip: "203.0.113.7".to_owned(), user_agent: "Lynx/2.9.0".to_owned() };
        Owner { txs: house.state().txs.of(client), house, account }
    }

    pub fn now(&self) -> Moment {
        self.house.now()
    }

    /// Writes from the owner's browser.
    pub async fn writes<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut Tx) -> QueryResult<T> + Send + 'static,
    ) -> T {
        self.txs.write(job).await.unwrap()
    }

    /// The same database, as two instances of the portal see it.
    pub fn two_instances(&self) -> [TxSource; 2] {
        let mut second = self.txs.clone();
        second.store = self.house.opens_store();
        [self.txs.clone(), second]
    }

    /// The secret that waits for its first code.
    pub async fn begins(&self) -> TotpSecret {
        let id = self.account.id;
        let begun = self.writes(move |tx| {
            totp::begin(tx, id)?;
            totp::find(tx, id)
        });
        let Factor::Waiting(secret) = begun.await else { panic!("nothing waits") };
        secret
    }

    pub async fn turns_on(&self) -> (TotpSecret, Vec<BackupCode>) {
        let (secret, codes) = (self.begins().await, backup_code::fresh());
        let (code, given) = (code_at(&secret, self.now()), codes.clone());
        let changed =
            self.changes(move |tx, account| second_factor::turn_on(tx, account, &code, &given)).await;
        assert_eq!(changed, FactorOutcome::Done);
        (secret, codes)
    }

    pub async fn changes(
        &self,
        mut verb: impl FnMut(&mut Tx, &Account) -> QueryResult<FactorOutcome> + Send + 'static,
    ) -> FactorOutcome {
        let account = self.account.clone();
        self.writes(move |tx| verb(tx, &account)).await
    }

    pub async fn uses_app_code(&self, code: &str) -> bool {
        let (id, code) = (self.account.id, code.to_owned());
        self.writes(move |tx| totp::use_code(tx, id, &code)).await
    }

    /// What the journal says, the oldest first.
    pub async fn journal(&self) -> Vec<String> {
        let id = self.account.id;
        let entries = activity::table
            .filter(activity::account_id.eq(id))
            .order(activity::id.asc())
            .select(activity::kind);
        self.house.reads(move |db| entries.load(db)).await
    }

    /// A known browser's cookie.
    pub async fn has_a_known_browser(&self) -> Token {
        let id = self.account.id;
        self.writes(move |tx| trusted_browser::remember(tx, id, None)).await
    }
}
