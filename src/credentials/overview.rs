//! What is on an account, as its first pages tell.

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::mailed_link::MailedLink;
use crate::accounts::promo_gift::{self, PromoGift};
use crate::base::AccountId;
use crate::credentials::security_question::SecurityQuestions;
use crate::db::Tx;
use crate::web::{Cx, Refusal};

pub struct Overview {
    pub account: Account,
    pub gift: Option<PromoGift>,
    /// Masked.
    pub email_pending: Option<String>,
    /// Whether a forgotten password could be replaced: by a mail to a confirmed address, or by SMS and security questions.
    pub can_restore: bool,
}

impl Overview {
    /// None when there is no such account (any more).
    pub fn read(tx: &mut Tx, account_id: AccountId) -> QueryResult<Option<Overview>> {
        let Some(account) = Account::find(tx.db, account_id)? else { return Ok(None) };
        let gift = promo_gift::unspent(tx.db, account_id, tx.now)?;
        let email_pending = match account.email {
            Some(_) => None,
            None => MailedLink::pending_email(tx.db, account_id, tx.now)?,
        };
        let can_restore = account.email.is_some() || SecurityQuestions::are_chosen(tx.db, account_id)?;
        Ok(Some(Overview { account, gift, email_pending, can_restore }))
    }
}

pub async fn overview(cx: &Cx, account_id: AccountId) -> Result<Overview, Refusal> {
    cx.read(move |tx| Overview::read(tx, account_id)).await?.ok_or(Refusal::SignIn)
}
