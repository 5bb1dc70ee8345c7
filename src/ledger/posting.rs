//! A transfer's parts, as rows and refusals name them.

use super::account::LedgerAccountId;
use crate::base::Money;
use crate::{row_id, text_enum};

/// A transfer has no more postings than this.
pub const MAX_POSTINGS: usize = 64;

row_id! {
    /// A transfer.
    TransferId
}

text_enum! {
    /// How far a transfer has come. A pending one has an end of its own: a row that is settled or voided.
    Phase { Posted => "posted", Pending => "pending", Settled => "settled", Voided => "voided" }
}

/// A credit (above zero) or a debit (below) of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    pub account: LedgerAccountId,
    pub money: Money,
}

impl Posting {
    pub const fn new(account: LedgerAccountId, money: Money) -> Posting {
        Posting { account, money }
    }
}
