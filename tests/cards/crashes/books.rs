//! What the bank has done, and what the portal's books say: as lists of operations and sums that must be the same.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::browser::Browser;
use crate::support::database::Database;
use crate::support::portal::Portal;

/// `operation sum`, each list in order.
pub struct Books {
    charged: Vec<String>,
    refunded: Vec<String>,
    /// `refund charge`
    refunds_of: Vec<String>,
    settled: Vec<String>,
    reversed: Vec<String>,
    /// `reversal transfer`, by their operations.
    reversals_of: Vec<String>,
    /// What the checks say: charges that came back, with their refunds; and those that never were.
    returned: Vec<String>,
    declined: i64,
    /// Whatever else stands in the books.
    pending: i64,
    voided: i64,
    other: i64,
    /// Accounts of the ledger that are not at zero, or hold something.
    open_accounts: i64,
}

const CARD_SIDE: &str = "FROM transfers t JOIN postings p ON p.transfer_id = t.id \
     JOIN ledger_accounts a ON a.id = p.account_id AND a.kind = 'card-verification'";

impl Books {
    pub fn read(portal: &Portal) -> Books {
        let journal = Browser::new(portal.sandbox_address()).get("/bank/journal.json").is(200).json();
        let done = |event: &str| {
            sorted(journal.as_array().unwrap().iter().filter(|line| line["event"] == event).map(line_of))
        };
        let (lines, count) = (
            |sql: &str| sorted(portal.database.lines(sql).into_iter()),
            |what: &str| portal.database.count(&counting(what)),
        );
        Books {
            charged: done("charged"),
            refunded: done("refunded"),
            refunds_of: sorted(
                bank(portal)
                    .lines("SELECT key || ' ' || charge AS line FROM operations WHERE kind = 'refund' AND state = 'done'")
                    .into_iter()
                    .map(|line| line.replace("op-", "")),
            ),
            settled: lines(&format!(
                "SELECT CAST(t.operation_id AS TEXT) || ' ' || CAST(p.amount_minor AS TEXT) AS line {CARD_SIDE} \
                 WHERE t.phase = 'settled' AND t.reason = 'verification-charged'"
            )),
            reversed: lines(&format!(
                "SELECT CAST(t.operation_id AS TEXT) || ' ' || CAST(-p.amount_minor AS TEXT) AS line {CARD_SIDE} \
                 WHERE t.reverses IS NOT NULL AND t.reason = 'verification-returned'"
            )),
            reversals_of: lines(
                "SELECT CAST(t.operation_id AS TEXT) || ' ' || CAST(o.operation_id AS TEXT) AS line \
                 FROM transfers t JOIN transfers o ON o.id = t.reverses",
            ),
            returned: lines(
                "SELECT CAST(refund_operation AS TEXT) || ' ' || CAST(charge_operation AS TEXT) AS line \
                 FROM card_verifications WHERE status = 'returned'",
            ),
            declined: count("card_verifications WHERE status = 'declined'"),
            pending: count("transfers WHERE phase = 'pending'"),
            voided: count("transfers WHERE phase = 'voided'"),
            other: count("transfers WHERE phase = 'posted' AND reverses IS NULL"),
            open_accounts: count("ledger_accounts WHERE posted <> 0 OR pending_debits <> 0 OR pending_credits <> 0"),
        }
    }

    pub fn charges(&self) -> usize {
        self.charged.len()
    }

    pub fn summary(&self) -> String {
        format!(
            "{} charges, {} refunds, {} never taken",
            self.charged.len(),
            self.refunded.len(),
            self.declined
        )
    }

    pub fn are_equal(&self) {
        assert_eq!(
            self.charged, self.settled,
            "each charge of the bank is one settled transfer of the same sum"
        );
        assert_eq!(self.refunded, self.reversed, "each refund of the bank is one reversal of the same sum");
        assert_eq!(self.refunds_of, self.reversals_of, "and of the same charge");
        assert_eq!(self.refunds_of, self.returned, "the checks say so, too");
        let once: BTreeSet<&str> = self.refunds_of.iter().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(once.len(), self.charged.len(), "each charge came back once");
        let sums = |lines: &[String]| {
            lines.iter().filter_map(|line| line.split(' ').nth(1)?.parse::<i64>().ok()).sum::<i64>()
        };
        assert_eq!(sums(&self.charged), sums(&self.refunded));
        let ends = i64::try_from(self.settled.len()).unwrap() + self.voided;
        assert_eq!(
            (self.pending, self.voided, self.other, self.open_accounts),
            (ends, self.declined, 0, 0),
            "and nothing else"
        );
    }
}

/// Calls to the bank that were under way when the portal died, and how many of those the bank had carried out.
pub fn under_way(portal: &Portal) -> (i64, i64) {
    let asked = portal.database.lines(
        "SELECT 'op-' || CAST(CASE WHEN status = 'returning' THEN refund_operation ELSE charge_operation END AS TEXT) AS line \
         FROM card_verifications WHERE attempts > 0 AND status IN ('charging', 'cancelling', 'returning')",
    );
    let bank = bank(portal);
    let done = asked
        .iter()
        .map(|key| bank.count(&counting(&format!("operations WHERE key = '{key}' AND state = 'done'"))));
    (i64::try_from(asked.len()).unwrap(), done.sum())
}

/// In the bank's own file: it can be read while nothing runs.
pub fn charges_so_far(portal: &Portal) -> usize {
    bank(portal).lines("SELECT operation AS line FROM journal WHERE event = 'charged'").len()
}

fn bank(portal: &Portal) -> Database {
    Database::Sqlite(portal.dir.path("bank.db"))
}

fn counting(what: &str) -> String {
    format!("SELECT COUNT(*) AS count FROM {what}")
}

fn line_of(line: &Value) -> String {
    format!("{} {}", line["operation"].as_str().unwrap().replace("op-", ""), line["minor"])
}

fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}
