//! The data: accounts made through the portal's own verbs, in a database of their own.

use std::path::Path;

use anyhow::{Context, Result, bail};
use diesel::prelude::*;
use kabinet::accounts::account::{Account, NewAccount};
use kabinet::accounts::identifiers::email::Email;
use kabinet::accounts::identifiers::phone::Phone;
use kabinet::accounts::promo_gift;
use kabinet::base::{Clock, Keys, minutes};
use kabinet::config::DatabaseUrl;
use kabinet::credentials::hashing::Hashers;
use kabinet::db::schema::sessions;
use kabinet::db::{Db, Store, migrate};
use kabinet::texts::Locale;
use zeroize::Zeroizing;

pub const PASSWORD: &str = "Warm-Lantern-58-over-the-bay";
pub const ACCOUNTS: u32 = 480;

/// What the raw hashing is compared with.
pub struct Seeded {
    /// The PHC string of everybody's password.
    pub phc: String,
}

pub fn database(home: &Path) -> DatabaseUrl {
    DatabaseUrl::Sqlite(home.join("kabinet.db"))
}

/// A phone that an account has.
pub fn phone(number: u32) -> String {
    format!("+79161{number:06}")
}

/// Migrates a new database and makes the accounts: confirmed phone and mail, a gift, all with one password.
pub fn plant(home: &Path) -> Result<Seeded> {
    migrate(&database(home))?;
    let keys = Keys::open(&home.join("secret.key"))?;
    let store = Store::open(&database(home))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let phc = runtime.block_on(async {
        Hashers::start(minutes(1))?.hash(Zeroizing::new(PASSWORD.to_owned())).await.context("no hash")
    })?;
    let (shared, now) = (phc.clone(), Clock::default().now());
    let planted = runtime.block_on(store.write(move |db| {
        for number in 0..ACCOUNTS {
            plant_one(db, &keys, now, &shared, number)?;
        }
        Ok(())
    }));
    planted?;
    store.close();
    Ok(Seeded { phc })
}

fn plant_one(
    db: &mut Db,
    keys: &Keys,
    now: kabinet::base::Moment,
    phc: &str,
    number: u32,
) -> QueryResult<()> {
    let (Ok(phone), Ok(email)) =
        (Phone::parse_any(&phone(number)), Email::parse(&format!("reader{number}@example.org")))
    else {
        return Err(diesel::NotFound);
    };
    let Some(account) = Account::create(
        db,
        keys,
        now,
        &NewAccount { phone: &phone, locale: Locale::Ru, password_hash: phc },
    )?
    else {
        return Err(diesel::NotFound);
    };
    Account::set_email(db, account.id, &email)?;
    promo_gift::give(db, account.id, now)
}

/// The row of the session that was begun last: what the bare server looks for.
pub fn last_session(home: &Path) -> Result<String> {
    let store = Store::open(&database(home))?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let last = sessions::table.order(sessions::created_at.desc()).select(sessions::key_hash);
    let Some(hash) = runtime.block_on(store.read(move |db| last.first::<String>(db).optional()))? else {
        bail!("no session")
    };
    store.close();
    Ok(hash)
}
