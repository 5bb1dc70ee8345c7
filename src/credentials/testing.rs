//! For tests of this room: an account in a database of its own, and what its owner does about the second factor.

use diesel::prelude::*;

use crate::accounts::account::{Account, NewAccount};
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::journal::EventKind;
use crate::accounts::telling::Occasion;
use crate::base::{Client, Moment, Token};
use crate::credentials::backup_code::{self, BackupCode};
use crate::credentials::second_factor::{self, Change, Changed};
use crate::credentials::totp::{self, Factor, TotpSecret};
use crate::db::schema::events;
use crate::notices::testing::TestDb;
use crate::texts::Locale;

pub struct Owner {
    pub db: TestDb,
    pub account: Account,
    pub from: Client,
}

/// What the app shows.
pub fn code_at(secret: &TotpSecret, at: Moment) -> String {
    let url = format!("otpauth://totp/a?secret={}", secret.groups().concat());
    let seconds = u64::try_from(at.micros()).unwrap() / 1_000_000;
    totp_rs::Totp::from_url(&url).unwrap().generate(seconds).to_string()
}

impl Owner {
    pub async fn new() -> Owner {
        let db = TestDb::new();
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
        Owner { db, account, from }
    }

    /// Now, from the owner's browser.
    pub fn on(&self) -> Occasion {
        Occasion { now: self.now(), from: self.from.clone(), site: "https://pay.example.org".to_owned() }
    }

    pub fn now(&self) -> Moment {
        self.db.clock.now()
    }

    /// The secret that waits for its first code.
    pub async fn begins(&self) -> TotpSecret {
        let (keys, now, id) = (self.db.keys.clone(), self.now(), self.account.id);
        let begun = self.db.store.write(move |db| {
            totp::begin(db, &keys, id, now)?;
            totp::find(db, &keys, id, now)
        });
        let Factor::Waiting(secret) = begun.await.unwrap() else { panic!("nothing waits") };
        secret
    }

    pub async fn turns_on(&self) -> (TotpSecret, Vec<BackupCode>) {
        let (secret, codes) = (self.begins().await, backup_code::fresh());
        let (code, given) = (code_at(&secret, self.now()), codes.clone());
        let changed = self
            .changes(move |db, keys, change| second_factor::turn_on(db, keys, change, &code, &given))
            .await;
        assert_eq!(changed, Changed::Yes);
        (secret, codes)
    }

    pub async fn changes(
        &self,
        mut verb: impl FnMut(&mut crate::db::Db, &crate::base::Keys, &Change) -> QueryResult<Changed>
        + Send
        + 'static,
    ) -> Changed {
        let (keys, on, account) = (self.db.keys.clone(), self.on(), self.account.clone());
        let changed = self.db.store.write(move |db| verb(db, &keys, &Change { account: &account, on: &on }));
        changed.await.unwrap()
    }

    pub async fn uses_app_code(&self, code: &str) -> bool {
        let (keys, now, id, code) = (self.db.keys.clone(), self.now(), self.account.id, code.to_owned());
        self.db.store.write(move |db| totp::use_code(db, &keys, id, &code, now)).await.unwrap()
    }

    /// What the journal says, the oldest first.
    pub async fn journal(&self) -> Vec<EventKind> {
        let id = self.account.id;
        let entries =
            events::table.filter(events::account_id.eq(id)).order(events::id.asc()).select(events::kind);
        self.db.store.read(move |db| entries.load(db)).await.unwrap()
    }

    /// A known browser's cookie.
    pub async fn has_a_known_browser(&self) -> Token {
        let (now, id) = (self.now(), self.account.id);
        self.db
            .store
            .write(move |db| crate::credentials::trusted_browser::remember(db, id, None, now))
            .await
            .unwrap()
    }
}
