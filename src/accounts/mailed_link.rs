//! Mailed links: each leads to a page with one button, and one that is about an address has a short code for another browser.
//!
//! Scanners open links; only the button's POST uses one up. A newer link replaces the older. The token stands in the table as a
//! hash.

use std::time::Duration;

use diesel::prelude::*;

use crate::accounts::account::Account;
use crate::accounts::identifiers::email::Email;
use crate::accounts::messages::{self, ADDRESS_TAKEN};
use crate::base::{AccountId, Moment, Token, hours};
use crate::db::schema::mailed_links;
use crate::db::{Db, Tx};
use crate::limits::{Declared, Per, RateLimit, Spent};
use crate::one_time_code::{CodeId, CodeKind};
use crate::texts::Locale;
use crate::{on_connection, row_id, text_enum};

row_id! {
    /// The row of one mailed link.
    MailedLinkId
}

text_enum! {
    /// What has become of a link. None is stored as expired: the time tells.
    LinkState { Open => "open", Used => "used", Replaced => "replaced", Taken => "taken", Expired => "expired" }
}

text_enum! {
    /// What a link is for.
    LinkPurpose { Email => "email", Unlock => "unlock" }
}

impl LinkPurpose {
    /// What the address of a new link ends in.
    fn token(self) -> Token {
        match self {
            LinkPurpose::Email => Token::random(),
            // It may go by SMS.
            LinkPurpose::Unlock => Token::brief(),
        }
    }
}

const EMAIL_LIFETIME: Duration = hours(24);
/// The code beside the link that confirms an address. It is the address that it is bound to.
pub const EMAIL_CODE: CodeKind = CodeKind { purpose: "email", digits: 6, lifetime: EMAIL_LIFETIME, tries: 3 };
const KEPT_AFTER: Duration = hours(24);
const PURGE_BATCH: i64 = 1_000;

/// Mails to one address, whoever asks for them: nobody is to be flooded through us.
const MAILS_TO_ONE: RateLimit = RateLimit::new("accounts.mails_to_one", Per::Email, 5, hours(24));

pub const LIMITS: &[Declared] = &[MAILS_TO_ONE.declared()];

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = mailed_links)]
pub struct MailedLink {
    pub id: MailedLinkId,
    status: LinkState,
    pub account_id: AccountId,
    /// What it confirms; None when it is about no address.
    pub email: Option<Email>,
    pub code_id: Option<CodeId>,
    expires_at: Moment,
}

/// A link about to be mailed.
pub struct NewLink<'a> {
    pub purpose: LinkPurpose,
    pub account_id: AccountId,
    /// The address that it confirms, when it is about one, and its code.
    pub email: Option<(&'a Email, CodeId)>,
    pub lifetime: Duration,
}

/// Queues the mail that confirms an address, unless too many went there. When the address is another account's, its owner is told
/// instead, and the page shows no difference.
pub fn confirm_email(tx: &mut Tx, account: &Account, email: &Email, locale: Locale) -> QueryResult<Spent> {
    let key = email.key().as_str();
    if let Spent::Wait { until } = tx.spend(&MAILS_TO_ONE, key)? {
        return Ok(Spent::Wait { until });
    }
    MailedLink::replace_open(tx.db, account.id, LinkPurpose::Email)?;
    let now = tx.now;
    let code = EMAIL_CODE.create(tx, now)?;
    let (purpose, lifetime) = (LinkPurpose::Email, EMAIL_LIFETIME);
    let new = NewLink { purpose, account_id: account.id, email: Some((email, code.id)), lifetime };
    let token = new.create(tx.db, now)?;
    let owner = Account::email_owner(tx.db, email)?.filter(|owner| *owner != account.id);
    // Each of the two finds it among what they were sent, and only theirs.
    match owner {
        Some(owner) => tx.queue_message(email.into(), Some(owner), locale, &ADDRESS_TAKEN)?,
        None => {
            let (number, code) = (account.grouped_number(), EMAIL_CODE.text(tx.keys, &code, key));
            let message = messages::confirm_email(number, &token, code);
            tx.queue_message(email.into(), Some(account.id), locale, &message)?
        }
    };
    Ok(Spent::Allowed)
}

impl NewLink<'_> {
    /// Writes it down. Returns what the mailed address is to end in.
    pub fn create(&self, db: &mut Db, now: Moment) -> QueryResult<Token> {
        let token = self.purpose.token();
        diesel::insert_into(mailed_links::table)
            .values((
                mailed_links::id.eq(MailedLinkId::next()),
                mailed_links::token_hash.eq(token.hash()),
                mailed_links::purpose.eq(self.purpose),
                mailed_links::status.eq(LinkState::Open),
                mailed_links::account_id.eq(self.account_id),
                mailed_links::email.eq(self.email.map(|(email, _)| email)),
                mailed_links::code_id.eq(self.email.map(|(_, code)| code)),
                mailed_links::expires_at.eq(now.after(self.lifetime)),
                mailed_links::created_at.eq(now),
            ))
            .execute(db)?;
        Ok(token)
    }
}

impl MailedLink {
    /// The newest link of one purpose that can still be used.
    pub fn open_of(
        db: &mut Db,
        account_id: AccountId,
        purpose: LinkPurpose,
        now: Moment,
    ) -> QueryResult<Option<MailedLink>> {
        let open = mailed_links::table
            .filter(mailed_links::account_id.eq(account_id))
            .filter(mailed_links::purpose.eq(purpose))
            .filter(mailed_links::status.eq(LinkState::Open))
            .filter(mailed_links::expires_at.gt(now))
            .order(mailed_links::id.desc());
        on_connection!(db, |c| open.select(MailedLink::as_select()).first(c).optional())
    }

    /// The address that an account is to confirm: whole, for its owner.
    pub fn pending_email(db: &mut Db, account_id: AccountId, now: Moment) -> QueryResult<Option<String>> {
        let open = MailedLink::open_of(db, account_id, LinkPurpose::Email, now)?;
        Ok(open.and_then(|link| link.email).map(|email| email.as_str().to_owned()))
    }

    /// The address that an account was last asked to confirm and has not, whether or not its link still works.
    pub fn unconfirmed_email(db: &mut Db, account_id: AccountId) -> QueryResult<Option<Email>> {
        let newest = mailed_links::table
            .filter(mailed_links::account_id.eq(account_id))
            .filter(mailed_links::purpose.eq(LinkPurpose::Email))
            .filter(mailed_links::status.eq(LinkState::Open))
            .order(mailed_links::id.desc())
            .select(mailed_links::email)
            .first::<Option<Email>>(db);
        Ok(newest.optional()?.flatten())
    }

    /// Whether the newest of an account's links of one purpose has done what it is for.
    pub fn newest_is_used(db: &mut Db, account_id: AccountId, purpose: LinkPurpose) -> QueryResult<bool> {
        let newest = mailed_links::table
            .filter(mailed_links::account_id.eq(account_id))
            .filter(mailed_links::purpose.eq(purpose))
            .order(mailed_links::id.desc())
            .select(mailed_links::status)
            .first::<LinkState>(db);
        Ok(newest.optional()? == Some(LinkState::Used))
    }

    /// What a mailed link of this purpose leads to. Changes nothing.
    pub fn find(db: &mut Db, token: &Token, purpose: LinkPurpose) -> QueryResult<Option<MailedLink>> {
        mailed_links::table
            .filter(mailed_links::token_hash.eq(token.hash()))
            .filter(mailed_links::purpose.eq(purpose))
            .select(MailedLink::as_select())
            .first(db)
            .optional()
    }

    pub fn state(&self, now: Moment) -> LinkState {
        let over = self.status == LinkState::Open && self.expires_at <= now;
        if over { LinkState::Expired } else { self.status }
    }

    /// The same, for the page of the account that it belongs to: of one that cannot be used, nothing is open.
    pub fn state_for(&self, account: &Account, now: Moment) -> LinkState {
        match self.state(now) {
            LinkState::Open if !account.is_active() => LinkState::Expired,
            state => state,
        }
    }

    /// Uses a link up; false when somebody was first or it is dead.
    pub fn use_up(&self, db: &mut Db, now: Moment) -> QueryResult<bool> {
        let open = mailed_links::table
            .find(self.id)
            .filter(mailed_links::status.eq(LinkState::Open))
            .filter(mailed_links::expires_at.gt(now));
        Ok(diesel::update(open).set(mailed_links::status.eq(LinkState::Used)).execute(db)? == 1)
    }

    /// What a used link says whose address another account has confirmed first.
    pub fn mark_taken(&self, db: &mut Db) -> QueryResult<()> {
        diesel::update(mailed_links::table.find(self.id))
            .set(mailed_links::status.eq(LinkState::Taken))
            .execute(db)?;
        Ok(())
    }

    /// Ends the open links of one purpose.
    pub fn replace_open(db: &mut Db, account_id: AccountId, purpose: LinkPurpose) -> QueryResult<usize> {
        let open = mailed_links::table
            .filter(mailed_links::account_id.eq(account_id))
            .filter(mailed_links::purpose.eq(purpose))
            .filter(mailed_links::status.eq(LinkState::Open));
        diesel::update(open).set(mailed_links::status.eq(LinkState::Replaced)).execute(db)
    }
}

/// Deletes links a day after they ran out.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over = mailed_links::table.filter(mailed_links::expires_at.lt(now.before(KEPT_AFTER)));
    let over: Vec<MailedLinkId> = over.select(mailed_links::id).limit(PURGE_BATCH).load(db)?;
    diesel::delete(mailed_links::table.filter(mailed_links::id.eq_any(over))).execute(db)?;
    Ok(())
}
