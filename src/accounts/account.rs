//! The account: who it is, how it is found, its password.

use diesel::prelude::*;
use zeroize::Zeroizing;

use crate::accounts::identifiers::account_number::AccountNumber;
use crate::accounts::identifiers::email::Email;
use crate::accounts::identifiers::login_name::LoginName;
use crate::accounts::identifiers::phone::Phone;
use crate::base::{AccountId, Keys, Moment};
use crate::db::Db;
use crate::db::schema::accounts;
use crate::on_connection;
use crate::text_enum;
use crate::texts::{DEFAULT_TIME_ZONE, Locale};

text_enum! {
    /// Whether an account can be used.
    AccountStatus { Invited => "invited", Active => "active", Blocked => "blocked" }
}

/// Both names of a unique constraint: PostgreSQL's and SQLite's.
pub const PHONE_TAKEN: (&str, &str) = ("accounts_phone_is_one", "accounts.phone");
pub const EMAIL_TAKEN: (&str, &str) = ("accounts_email_is_one", "accounts.email_key");
const NUMBER_TAKEN: (&str, &str) = ("accounts_number_is_one", "accounts.number");
const NUMBER_TRIES: u32 = 8;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Account {
    pub id: AccountId,
    pub number: AccountNumber,
    pub status: AccountStatus,
    pub phone: Option<Phone>,
    pub email: Option<Email>,
    password: Option<Vec<u8>>,
    pub name: Option<String>,
    /// Rises when all sessions are ended.
    pub epoch: i64,
    pub locale: Locale,
    pub time_zone: String,
    pub created_at: Moment,
}

/// An account about to be made.
pub struct NewAccount<'a> {
    pub phone: &'a Phone,
    pub locale: Locale,
    /// A PHC string.
    pub password_hash: &'a str,
}

impl Account {
    /// Makes an account with a number of its own. None when somebody has confirmed this phone meanwhile.
    pub fn create(db: &mut Db, keys: &Keys, now: Moment, new: &NewAccount) -> QueryResult<Option<Account>> {
        let id = AccountId::next();
        let sealed = keys.seal(&password_aad(id), new.password_hash.as_bytes());
        let row = NewRow {
            id,
            status: AccountStatus::Active,
            phone: Some(new.phone),
            password: Some(&sealed),
            locale: new.locale,
            now,
        };
        match insert(db, &row) {
            Ok(account) => Ok(Some(account)),
            Err(error) if crate::db::violates(&error, PHONE_TAKEN) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes an account that waits for its owner: nobody can sign in to it.
    pub fn invite(db: &mut Db, locale: Locale, now: Moment) -> QueryResult<Account> {
        let id = AccountId::next();
        insert(db, &NewRow { id, status: AccountStatus::Invited, phone: None, password: None, locale, now })
    }

    /// Makes an invited account its owner's. False when it is not invited any more.
    pub fn activate(
        db: &mut Db,
        keys: &Keys,
        id: AccountId,
        password_hash: &str,
        locale: Locale,
    ) -> QueryResult<bool> {
        let invited = accounts::table.find(id).filter(accounts::status.eq(AccountStatus::Invited));
        let sealed = keys.seal(&password_aad(id), password_hash.as_bytes());
        let changes = (
            accounts::status.eq(AccountStatus::Active),
            accounts::password.eq(sealed),
            accounts::locale.eq(locale),
        );
        Ok(diesel::update(invited).set(changes).execute(db)? == 1)
    }

    pub fn find(db: &mut Db, id: AccountId) -> QueryResult<Option<Account>> {
        on_connection!(db, |c| accounts::table.find(id).select(Account::as_select()).first(c).optional())
    }

    /// Whether the account is still as it was read, as far as getting in goes: it may be used, and its sessions were not ended since.
    pub fn is_still_valid(&self, db: &mut Db) -> QueryResult<bool> {
        let valid = |account: Account| account.is_active() && account.epoch == self.epoch;
        Ok(Account::find(db, self.id)?.is_some_and(valid))
    }

    pub fn email_owner(db: &mut Db, email: &Email) -> QueryResult<Option<AccountId>> {
        accounts::table
            .filter(accounts::email_key.eq(email.key().as_str()))
            .select(accounts::id)
            .first(db)
            .optional()
    }

    /// By account number, e-mail or phone: whichever the name can be, in that order.
    pub fn find_by_login(db: &mut Db, name: &LoginName) -> QueryResult<Option<Account>> {
        if let Some(number) = &name.number {
            let same = accounts::table.filter(accounts::number.eq(number));
            let found = same.select(Account::as_select()).first(db).optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        if let Some(email) = &name.email {
            let same = accounts::table.filter(accounts::email_key.eq(email.as_str()));
            return same.select(Account::as_select()).first(db).optional();
        }
        name.phone.as_ref().map_or(Ok(None), |phone| Account::with_phone(db, phone))
    }

    /// The password's PHC string; None when there is none yet, or when its key is gone.
    pub fn password_hash(&self, keys: &Keys) -> Option<Zeroizing<String>> {
        let opened = keys.open_sealed(&password_aad(self.id), self.password.as_deref()?).ok()?;
        String::from_utf8(opened.to_vec()).ok().map(Zeroizing::new)
    }

    /// Stores another PHC string of the same password or of a new one.
    pub fn set_password_hash(
        db: &mut Db,
        keys: &Keys,
        id: AccountId,
        password_hash: &str,
    ) -> QueryResult<()> {
        let sealed = keys.seal(&password_aad(id), password_hash.as_bytes());
        diesel::update(accounts::table.find(id)).set(accounts::password.eq(sealed)).execute(db)?;
        Ok(())
    }

    /// Gives the account a confirmed address. Err with `EMAIL_TAKEN` when another account has it.
    pub fn set_email(db: &mut Db, id: AccountId, email: &Email) -> QueryResult<()> {
        diesel::update(accounts::table.find(id))
            .set((accounts::email.eq(email), accounts::email_key.eq(email.key().as_str())))
            .execute(db)?;
        Ok(())
    }

    /// Neither invited only nor blocked.
    pub fn is_active(&self) -> bool {
        self.status == AccountStatus::Active
    }

    pub fn grouped_number(&self) -> String {
        self.number.grouped()
    }

    pub fn masked_number(&self) -> String {
        self.number.masked()
    }

    /// By what its owner entered first: the phone or the address that it was opened with, as pages and password managers show it.
    pub fn first_login(&self) -> String {
        let email = || self.email.as_ref().map(|email| email.as_str().to_owned());
        let phone = self.phone.as_ref().map(Phone::spaced);
        phone.or_else(email).unwrap_or_else(|| self.grouped_number())
    }

    /// Whose phone this is.
    pub fn with_phone(db: &mut Db, phone: &Phone) -> QueryResult<Option<Account>> {
        accounts::table.filter(accounts::phone.eq(phone)).select(Account::as_select()).first(db).optional()
    }

    pub fn rename(db: &mut Db, id: AccountId, name: &str) -> QueryResult<()> {
        diesel::update(accounts::table.find(id)).set(accounts::name.eq(name)).execute(db)?;
        Ok(())
    }

    /// The language of messages.
    pub fn set_locale(db: &mut Db, id: AccountId, locale: Locale) -> QueryResult<()> {
        diesel::update(accounts::table.find(id)).set(accounts::locale.eq(locale)).execute(db)?;
        Ok(())
    }

    pub fn set_time_zone(db: &mut Db, id: AccountId, time_zone: &str) -> QueryResult<()> {
        diesel::update(accounts::table.find(id)).set(accounts::time_zone.eq(time_zone)).execute(db)?;
        Ok(())
    }

    /// Gives the account a confirmed phone. Err with `PHONE_TAKEN` when another account has it.
    pub fn set_phone(db: &mut Db, id: AccountId, phone: &Phone) -> QueryResult<()> {
        diesel::update(accounts::table.find(id)).set(accounts::phone.eq(phone)).execute(db)?;
        Ok(())
    }

    /// Takes the address away, while the phone stays. False when nothing was taken away.
    pub fn clear_email(db: &mut Db, id: AccountId) -> QueryResult<bool> {
        let both = accounts::table
            .find(id)
            .filter(accounts::email_key.is_not_null())
            .filter(accounts::phone.is_not_null());
        let nothing = (accounts::email.eq(None::<String>), accounts::email_key.eq(None::<String>));
        Ok(diesel::update(both).set(nothing).execute(db)? == 1)
    }

    /// Takes the phone away, while the address stays. False when nothing was taken away.
    pub fn clear_phone(db: &mut Db, id: AccountId) -> QueryResult<bool> {
        let both = accounts::table
            .find(id)
            .filter(accounts::phone.is_not_null())
            .filter(accounts::email_key.is_not_null());
        Ok(diesel::update(both).set(accounts::phone.eq(None::<String>)).execute(db)? == 1)
    }

    /// Stores the PHC string of a new password, unless all sessions have been ended since the account was read: then whoever asks
    /// for this is nobody any more.
    pub fn change_password_hash(&self, db: &mut Db, keys: &Keys, password_hash: &str) -> QueryResult<bool> {
        let same = accounts::table.find(self.id).filter(accounts::epoch.eq(self.epoch));
        let sealed = keys.seal(&password_aad(self.id), password_hash.as_bytes());
        Ok(diesel::update(same).set(accounts::password.eq(sealed)).execute(db)? == 1)
    }
}

struct NewRow<'a> {
    id: AccountId,
    status: AccountStatus,
    phone: Option<&'a Phone>,
    password: Option<&'a [u8]>,
    locale: Locale,
    now: Moment,
}

/// Tries numbers until one is free.
fn insert(db: &mut Db, row: &NewRow) -> QueryResult<Account> {
    for _ in 0..NUMBER_TRIES {
        let number = AccountNumber::random();
        let inserted = db.transaction(|db| {
            diesel::insert_into(accounts::table)
                .values((
                    accounts::id.eq(row.id),
                    accounts::number.eq(&number),
                    accounts::status.eq(row.status),
                    accounts::phone.eq(row.phone),
                    accounts::password.eq(row.password),
                    accounts::epoch.eq(0),
                    accounts::locale.eq(row.locale),
                    accounts::time_zone.eq(DEFAULT_TIME_ZONE),
                    accounts::created_at.eq(row.now),
                ))
                .execute(db)
        });
        match inserted {
            Ok(_) => return Account::find(db, row.id)?.ok_or(diesel::NotFound),
            Err(error) if crate::db::violates(&error, NUMBER_TAKEN) => {}
            Err(error) => return Err(error),
        }
    }
    Err(diesel::NotFound)
}

fn password_aad(id: AccountId) -> String {
    format!("accounts/{}/password", id.as_i64())
}
