//! For tests of this room: an account in a database of its own, and what its owner does about the second factor.

use diesel::prelude::*;

use crate::accounts::account::{Account, NewAccount};
use crate::accounts::identifiers::phone::Phone;
use crate::base::{Client, Clock, Moment, Token};
use crate::credentials::backup_code::{self, BackupCode};
use crate::credentials::second_factor::{self, FactorOutcome};
use crate::credentials::totp::{self, Factor, TotpSecret};
use crate::credentials::trusted_browser;
use crate::db::schema::activity;
use crate::db::{Store, Tx, TxSource};
use crate::notices::testing::TestDb;
use crate::texts::Locale;

pub struct Owner {
    pub db: TestDb,
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
        let mut db = TestDb::new();
        db.clock = Clock::stopped();
        let (keys, now) = (db.keys.clone(), db.clock.now());
        let phone = Phone::parse_any("+79161234567").unwrap();
        let made = db.store.write(move |db| {
            Account::create(
                db,
                &keys,
                now,
                &NewAccount { phone: &phone, locale: Locale::Ru, password_hash: "phc" },
            )
        });
        let Some(account) = made.await.unwrap() else { panic!("the phone is taken") };
        let from = Client { ip: "203.0.113.7".to_owned(), user_agent: "Lynx/2.9.0".to_owned() };
        let txs =
            TxSource::new(db.store.clone(), db.keys.clone(), db.clock.clone(), "https://pay.example.org");
        Owner { txs: txs.of(from), db, account }
    }

    pub fn now(&self) -> Moment {
        self.db.clock.now()
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
        second.store = Store::open(&self.db.url).unwrap();
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
        self.db.store.read(move |db| entries.load(db)).await.unwrap()
    }

    /// A known browser's cookie.
    pub async fn has_a_known_browser(&self) -> Token {
        let id = self.account.id;
        self.writes(move |tx| trusted_browser::remember(tx, id, None)).await
    }
}
