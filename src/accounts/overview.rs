//! What is on an account, as its first pages tell.

use crate::accounts::account::Account;
use crate::accounts::confirmation::Confirmation;
use crate::accounts::promo_gift::{self, PromoGift};
use crate::base::AccountId;
use crate::web::{Cx, Refusal};

pub struct Overview {
    pub account: Account,
    pub gift: Option<PromoGift>,
    /// Masked.
    pub email_pending: Option<String>,
}

pub async fn overview(cx: &Cx, account_id: AccountId) -> Result<Overview, Refusal> {
    let now = cx.now();
    let found = cx.state.store.read(move |db| {
        let Some(account) = Account::find(db, account_id)? else { return Ok(None) };
        let gift = promo_gift::unspent(db, account_id, now)?;
        let email_pending = match account.email {
            Some(_) => None,
            None => Confirmation::open_of(db, account_id, now)?.map(|open| open.masked_email()),
        };
        Ok(Some(Overview { account, gift, email_pending }))
    });
    found.await?.ok_or(Refusal::SignIn)
}
