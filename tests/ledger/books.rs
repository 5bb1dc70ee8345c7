//! `kabinet ledger audit`, told to the real binary: books that are in order, and books that somebody has been at.

use std::time::Duration;

use kabinet::base::{Currency, Moment, Money};
use kabinet::config::DatabaseUrl;
use kabinet::db::{Db, Store};
use kabinet::ledger::{
    Kind, LedgerAccountId, NewTransfer, Owner, Reason, TransferId, account, hold, post, reverse, settle, void,
};

use crate::support::database::needs_sqlite;
use crate::support::portal::Portal;
use crate::support::process::finished;

const NOW: Moment = Moment::from_micros(1);

/// Books with something of everything.
#[derive(Clone, Copy)]
struct Books {
    gateway: LedgerAccountId,
    anna: LedgerAccountId,
    charged: TransferId,
    held: TransferId,
    settled: TransferId,
    dropped: TransferId,
    returned: TransferId,
    reversal: TransferId,
    open: TransferId,
}

fn keep(db: &mut Db) -> diesel::QueryResult<Books> {
    let gateway = account(db, Owner::SYSTEM, Kind::Gateway, Currency::Rub)?;
    let anna = account(db, Owner::account(7), Kind::CardVerification, Currency::Rub)?;
    let charge = |operation, minor| {
        NewTransfer::between(
            operation,
            Reason::VerificationCharged,
            gateway,
            anna,
            Money::new(minor, Currency::Rub),
        )
        .unwrap()
    };
    let charged = post(db, &charge(1, 500), NOW)?.unwrap();
    let held = hold(db, &charge(2, 30), NOW)?.unwrap();
    let settled = settle(db, held, NOW)?.unwrap();
    let dropped = hold(db, &charge(3, 9), NOW)?.unwrap();
    void(db, dropped, NOW)?.unwrap();
    let returned = post(db, &charge(4, 70), NOW)?.unwrap();
    let reversal = reverse(db, returned, 5, Reason::VerificationReturned, NOW)?.unwrap();
    let open = hold(db, &charge(6, -8), NOW)?.unwrap();
    Ok(Books { gateway, anna, charged, held, settled, dropped, returned, reversal, open })
}

fn portal_with_books() -> (Portal, Books) {
    let portal = Portal::with().prepared();
    let url = DatabaseUrl::parse(&portal.database.url()).unwrap();
    kabinet::db::migrate(&url).unwrap();
    let store = Store::open(&url).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let books = runtime.block_on(store.write(keep)).unwrap();
    store.close();
    (portal, books)
}

/// The exit code, and everything said.
fn checks(portal: &Portal) -> (Option<i32>, String) {
    let output = finished(&mut portal.command(&["ledger", "audit"]), Duration::from_secs(20));
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// Somebody changes the books by this SQL; the check says this.
#[track_caller]
fn is_found(sql: impl Fn(&Books) -> String, named: impl Fn(&Books) -> String) {
    let (portal, books) = portal_with_books();
    portal.database.executes(&sql(&books));
    let (code, said) = checks(&portal);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(said.trim_end(), format!("kabinet: the ledger is not in order. {}", named(&books)));
}

fn id(transfer: TransferId) -> i64 {
    transfer.as_i64()
}

#[test]
fn books_in_order_are_summed_up() {
    let (portal, _books) = portal_with_books();
    let (code, said) = checks(&portal);
    assert_eq!(code, Some(0), "{said}");
    let expected = "The ledger is in order.\naccounts: 2; transfers: 8 (open holds: 1); postings: 14\n\
                    RUB 530 in minor units on either side\n";
    assert_eq!(said, expected);
}

#[test]
fn empty_books_are_in_order() {
    let portal = Portal::with().prepared();
    kabinet::db::migrate(&DatabaseUrl::parse(&portal.database.url()).unwrap()).unwrap();
    assert_eq!(
        checks(&portal),
        (
            Some(0),
            "The ledger is in order.\naccounts: 0; transfers: 0 (open holds: 0); postings: 0\n".to_owned()
        )
    );
}

#[test]
fn books_that_cannot_be_read_are_not_called_wrong() {
    let portal = Portal::with().prepared();
    let (code, said) = checks(&portal);
    assert!(code == Some(2) && said.contains("KABINET_DATABASE_URL"), "{said}");
}

#[test]
fn a_changed_balance_is_found() {
    is_found(
        |books| {
            format!("UPDATE ledger_accounts SET posted = posted + 1 WHERE id = {}", books.gateway.as_i64())
        },
        |books| format!("account {}: posted balance: expected -530, found -529", books.gateway.as_i64()),
    );
    is_found(
        |books| format!("UPDATE ledger_accounts SET pending_debits = 0 WHERE id = {}", books.anna.as_i64()),
        |books| format!("account {}: pending debits: expected 8, found 0", books.anna.as_i64()),
    );
    is_found(
        |books| {
            format!("UPDATE ledger_accounts SET pending_credits = 9 WHERE id = {}", books.gateway.as_i64())
        },
        |books| format!("account {}: pending credits: expected 8, found 9", books.gateway.as_i64()),
    );
}

#[test]
fn a_missing_posting_is_found() {
    is_found(
        |books| format!("DELETE FROM postings WHERE transfer_id = {} AND amount_minor > 0", id(books.held)),
        |books| format!("transfer {}: postings: expected 2 to 64, found 1", id(books.held)),
    );
}

#[test]
fn a_changed_amount_is_found_even_when_the_other_side_is_changed_too() {
    let transfer = |books: &Books| id(books.charged);
    is_found(
        |books| {
            format!(
                "UPDATE postings SET amount_minor = 600 WHERE transfer_id = {} AND amount_minor > 0",
                transfer(books)
            )
        },
        |books| format!("transfer {}: sum of the postings in RUB: expected 0, found 100", transfer(books)),
    );
    is_found(
        |books| {
            format!(
                "UPDATE postings SET amount_minor = amount_minor * 2 WHERE transfer_id = {}",
                transfer(books)
            )
        },
        |books| {
            format!("account {}: balance after line 1: expected -1000, found -500", books.gateway.as_i64())
        },
    );
}

#[test]
fn a_transfer_without_postings_is_found() {
    is_found(
        |_| {
            "INSERT INTO transfers (id, operation_id, reason, phase, at) VALUES (5, 99, 'correction', 'posted', 1)".to_owned()
        },
        |_| "transfer 5: postings: expected 2 to 64, found 0".to_owned(),
    );
}

#[test]
fn a_hold_that_is_settled_and_voided_at_once_is_found() {
    is_found(
        |books| {
            format!(
                "DROP INDEX transfers_resolved_once; INSERT INTO transfers (id, operation_id, reason, phase, resolves, at) \
                 VALUES (9000000000000000000, 2, 'verification-charged', 'voided', {}, 1)",
                id(books.held)
            )
        },
        |books| format!("transfer {}: times settled or voided: expected at most 1, found 2", id(books.held)),
    );
}

#[test]
fn a_double_reversal_is_found() {
    is_found(
        |books| {
            format!(
                "DROP INDEX transfers_reversed_once; INSERT INTO transfers (id, operation_id, reason, phase, reverses, at) \
                 VALUES (9000000000000000000, 98, 'correction', 'posted', {}, 1)",
                id(books.returned)
            )
        },
        |books| format!("transfer {}: times reversed: expected at most 1, found 2", id(books.returned)),
    );
}

#[test]
fn an_operation_that_was_entered_twice_is_found() {
    is_found(
        |books| {
            format!(
                "DROP INDEX transfers_asked_once; UPDATE transfers SET operation_id = 1 WHERE id = {}",
                id(books.returned)
            )
        },
        |books| {
            format!(
                "transfer {}: earlier transfers of the same operation and reason: expected 0, found 1",
                id(books.returned)
            )
        },
    );
}

#[test]
fn an_end_or_a_reversal_of_something_else_is_found() {
    is_found(
        |books| {
            format!("UPDATE transfers SET reverses = {} WHERE id = {}", id(books.charged), id(books.reversal))
        },
        |books| {
            let (gateway, anna) = (books.gateway.as_i64(), books.anna.as_i64());
            format!(
                "transfer {}: postings: expected {gateway}: 500, {anna}: -500, found {gateway}: 70, {anna}: -70",
                id(books.reversal)
            )
        },
    );
    is_found(
        |books| {
            format!("UPDATE transfers SET resolves = {} WHERE id = {}", id(books.charged), id(books.settled))
        },
        |books| {
            format!("transfer {}: phase of what it ends: expected pending, found posted", id(books.settled))
        },
    );
    is_found(
        |books| {
            format!("UPDATE transfers SET reverses = {} WHERE id = {}", id(books.open), id(books.reversal))
        },
        |books| {
            format!(
                "transfer {}: what it reverses: expected posted or settled, found pending",
                id(books.reversal)
            )
        },
    );
}

#[test]
fn a_hold_whose_end_has_vanished_is_found() {
    is_found(
        |books| format!("DELETE FROM transfers WHERE resolves = {}", id(books.dropped)),
        |books| format!("account {}: pending debits: expected 9, found 0", books.gateway.as_i64()),
    );
}

#[test]
fn a_transfer_that_has_vanished_with_all_its_postings_is_found() {
    is_found(
        |books| {
            format!(
                "DELETE FROM postings WHERE transfer_id = {0}; DELETE FROM transfers WHERE id = {0}",
                id(books.open)
            )
        },
        |books| format!("account {}: lines: expected 6, found 7", books.gateway.as_i64()),
    );
    is_found(
        |books| {
            let both = format!("{}, {}", id(books.returned), id(books.reversal));
            format!(
                "DELETE FROM postings WHERE transfer_id IN ({both}); DELETE FROM transfers WHERE id IN ({both})"
            )
        },
        |books| format!("account {}: number of the next line: expected 5, found 7", books.gateway.as_i64()),
    );
}

#[test]
fn an_account_that_was_tampered_with_is_found() {
    is_found(
        |books| {
            format!("UPDATE ledger_accounts SET may_go_below_zero = TRUE WHERE id = {}", books.anna.as_i64())
        },
        |books| {
            format!("account {}: leave to go below zero: expected false, found true", books.anna.as_i64())
        },
    );
    is_found(
        |books| format!("UPDATE ledger_accounts SET currency = 'JPY' WHERE id = {}", books.anna.as_i64()),
        |books| format!("transfer {}: sum of the postings in RUB: expected 0, found -500", id(books.charged)),
    );
}

mod sqlite_only {
    use super::*;

    #[test]
    fn looking_makes_no_database() {
        needs_sqlite();
        let portal = Portal::with().prepared();
        let (code, said) = checks(&portal);
        assert_eq!(code, Some(2), "{said}");
        assert!(!portal.database.file().exists());
    }
}
