//! An account's balance, and the one rule of how it moves.

use diesel::prelude::*;

use crate::db::schema::ledger_accounts;

/// What stands on an account, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Queryable, Selectable)]
#[diesel(table_name = ledger_accounts)]
pub struct Balance {
    /// Credits less debits of all that is posted.
    pub posted: i64,
    /// What open holds would take away.
    pub pending_debits: i64,
    /// What open holds would bring.
    pub pending_credits: i64,
}

/// What a transfer does with the amounts of its postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Post,
    Hold,
    Settle,
    Void,
}

impl Balance {
    /// The balance after an amount has gone through a step. None when that leaves the range: then it must not be done.
    ///
    /// A balance in the range can take the settling of all its holds: `-MAX ≤ posted - pending_debits` and
    /// `posted + pending_credits ≤ MAX`. So nothing that could be held will be refused when it is settled.
    #[rustfmt::skip]
    pub(super) fn after(self, step: Step, amount: i64) -> Option<Balance> {
        let (posts, holds) = match step {
            Step::Post   => (amount, 0),
            Step::Hold   => (0, amount),
            Step::Settle => (amount, amount.checked_neg()?),
            Step::Void   => (0, amount.checked_neg()?),
        };
        let (on_debits, on_credits) = if amount < 0 { (holds.checked_neg()?, 0) } else { (0, holds) };
        let moved = Balance {
            posted: self.posted.checked_add(posts)?,
            pending_debits: self.pending_debits.checked_add(on_debits)?,
            pending_credits: self.pending_credits.checked_add(on_credits)?,
        };
        moved.is_in_range().then_some(moved)
    }

    pub(super) fn is_in_range(self) -> bool {
        let lowest = self.posted.checked_sub(self.pending_debits);
        let highest = self.posted.checked_add(self.pending_credits);
        self.pending_debits >= 0
            && self.pending_credits >= 0
            && highest.is_some()
            && lowest.is_some_and(|low| low > i64::MIN)
    }

    /// What may still be taken away: holds count as gone, and what they may bring does not count.
    pub const fn available(self) -> i64 {
        self.posted.saturating_sub(self.pending_debits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Balance, Step};

    fn balance(posted: i64, pending_debits: i64, pending_credits: i64) -> Balance {
        Balance { posted, pending_debits, pending_credits }
    }

    #[test]
    fn each_step_moves_what_it_should() {
        let start = balance(100, 10, 20);
        let grid: Vec<_> = [Step::Post, Step::Hold, Step::Settle, Step::Void]
            .into_iter()
            .flat_map(|step| [-7, 7].map(|amount| (step, amount, start.after(step, amount).unwrap())))
            .collect();
        assert_eq!(
            grid,
            [
                (Step::Post, -7, balance(93, 10, 20)),
                (Step::Post, 7, balance(107, 10, 20)),
                (Step::Hold, -7, balance(100, 17, 20)),
                (Step::Hold, 7, balance(100, 10, 27)),
                (Step::Settle, -7, balance(93, 3, 20)),
                (Step::Settle, 7, balance(107, 10, 13)),
                (Step::Void, -7, balance(100, 3, 20)),
                (Step::Void, 7, balance(100, 10, 13)),
            ]
        );
    }

    #[test]
    fn the_range_ends_where_64_bits_end() {
        let empty = Balance::default();
        assert_eq!(empty.after(Step::Post, i64::MAX), Some(balance(i64::MAX, 0, 0)));
        assert_eq!(empty.after(Step::Post, -i64::MAX), Some(balance(-i64::MAX, 0, 0)));
        assert_eq!(balance(i64::MAX, 0, 0).after(Step::Post, 1), None);
        assert_eq!(balance(i64::MAX, 0, 0).after(Step::Hold, 1), None);
        assert_eq!(balance(-i64::MAX, 0, 0).after(Step::Hold, -1), None);
        for step in [Step::Post, Step::Hold, Step::Settle, Step::Void] {
            assert_eq!(empty.after(step, i64::MIN), None, "{step:?}");
        }
        assert_eq!(empty.after(Step::Void, 1), None, "nothing is held");
    }

    proptest! {
        #[test]
        fn what_could_be_held_can_be_settled_and_voided(
            posted in any::<i64>(), debits in 0..i64::MAX / 2, credits in 0..i64::MAX / 2, amount in any::<i64>(),
        ) {
            let start = balance(posted, debits, credits);
            prop_assume!(start.is_in_range());
            if let Some(held) = start.after(Step::Hold, amount) {
                prop_assert_eq!(held.after(Step::Void, amount), Some(start));
                prop_assert_eq!(held.after(Step::Settle, amount), start.after(Step::Post, amount));
                prop_assert!(held.after(Step::Settle, amount).is_some());
            }
        }
    }
}
