//! The chart of accounts: what accounts there are, which of them may owe, and why money moves. A room that brings money of a new
//! kind adds its words here, and touches no other file of the ledger.

use crate::text_enum;

text_enum! {
    /// What an account is for.
    Kind {
        // What the gateway keeps for us: below zero.
        Gateway => "gateway",
        // A verification charge on its way back to the cardholder: above zero.
        CardVerification => "card-verification",
    }
}

impl Kind {
    /// Whether the account may owe more than it has.
    pub const fn may_go_below_zero(self) -> bool {
        match self {
            Kind::Gateway => true,
            Kind::CardVerification => false,
        }
    }
}

text_enum! {
    /// Why a transfer was made.
    Reason {
        // A card's verification charge was taken: gateway to cardholder.
        VerificationCharged => "verification-charged",
        // It went back.
        VerificationReturned => "verification-returned",
        // An entry was wrong.
        Correction => "correction",
    }
}
