//! Why the ledger does not do what it is asked to. By then nothing has been changed.

use super::account::LedgerAccountId;
use super::posting::{MAX_POSTINGS, TransferId};
use crate::base::Currency;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    // The postings themselves.
    #[error("a transfer has at least two postings")]
    TooFew,
    #[error("a transfer has at most {MAX_POSTINGS} postings")]
    TooMany,
    #[error("a posting of nothing on account {}", .0.as_i64())]
    Zero(LedgerAccountId),
    #[error("two postings on account {}", .0.as_i64())]
    AccountTwice(LedgerAccountId),
    #[error("the postings in {} sum to {sum}", currency.word())]
    Unbalanced { currency: Currency, sum: i128 },
    #[error("the same operation and reason have made another transfer, {}", .0.as_i64())]
    Different(TransferId),
    // The accounts.
    #[error("there is no account {}", .0.as_i64())]
    UnknownAccount(LedgerAccountId),
    #[error("account {} keeps {}", account.as_i64(), keeps.word())]
    CurrencyMixed { account: LedgerAccountId, keeps: Currency },
    #[error("account {} has {available} to take from", account.as_i64())]
    Overdraft { account: LedgerAccountId, available: i64 },
    #[error("account {} would leave the range of 64 bits", .0.as_i64())]
    Overflow(LedgerAccountId),
    // The transfer that is to be settled, voided or reversed.
    #[error("there is no transfer {}", .0.as_i64())]
    UnknownTransfer(TransferId),
    #[error("transfer {} was never held", .0.as_i64())]
    NotPending(TransferId),
    #[error("transfer {} is not posted", .0.as_i64())]
    NotPosted(TransferId),
    #[error("transfer {} is a reversal", .0.as_i64())]
    IsReversal(TransferId),
    /// Names the transfer that settled it.
    #[error("it has been posted by transfer {}", .0.as_i64())]
    AlreadyPosted(TransferId),
    /// Names the transfer that voided it.
    #[error("it has been voided by transfer {}", .0.as_i64())]
    AlreadyVoided(TransferId),
    /// Names the transfer that reversed it.
    #[error("it has been reversed by transfer {}", .0.as_i64())]
    AlreadyReversed(TransferId),
}
