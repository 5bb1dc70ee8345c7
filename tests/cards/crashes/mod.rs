//! kill -9 of portal and bank in the middle of charges and refunds: when all has come to rest, the bank's journal and the books of
//! the portal say the same, operation by operation.

mod books;
mod shopper;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use books::{Books, under_way};
use shopper::Shopper;

use crate::support::dice::Dice;
use crate::support::portal::Portal;
use crate::support::process::{eventually, finished};

/// At least so many, and on until enough has happened: a machine with other work on it lets less happen between two of them.
const KILLS: usize = 18;
const MOST_KILLS: usize = 54;
const SHOPPERS: usize = 6;
/// Calls to the bank that a kill cut off, and those of them that the bank had already carried out.
const LEAST_CUT_OFF: i64 = 20;
const LEAST_CHARGES: usize = 20;

/// Different each time, and printed, so that a failure can be looked at again.
fn seed() -> u64 {
    let given = std::env::var("KABINET_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos()))
}

/// While nothing runs, a day goes by for the limits, and a minute for whatever the dead process had claimed.
fn time_passes(portal: &Portal) {
    portal.database.executes(
        "DELETE FROM counters; \
         UPDATE card_verifications SET next_at = next_at - 60000000 WHERE status IN ('charging', 'challenged', 'cancelling', 'returning')",
    );
}

#[test]
fn kill_9_leaves_the_bank_s_journal_and_the_books_equal() {
    // Whoever dies in the middle is not waited for.
    let mut portal = Portal::with().set("KABINET_CARD_WAIT_SECONDS", "0").start();
    let seed = seed();
    println!("KABINET_TEST_SEED={seed}");
    let mut dice = Dice::new(seed);
    let over = AtomicBool::new(false);
    let mut shoppers: Vec<Shopper> =
        (0..SHOPPERS).map(|nth| Shopper::registers(&portal, nth, seed)).collect();
    let (mut kills, mut cut_off, mut done) = (0, 0, 0);
    std::thread::scope(|scope| {
        for shopper in &mut shoppers {
            scope.spawn(|| shopper.keeps_binding(&over));
        }
        while kills < KILLS || kills < MOST_KILLS && books::charges_so_far(&portal) < LEAST_CHARGES {
            std::thread::sleep(Duration::from_millis(200 + 10 * u64::try_from(dice.below(110)).unwrap()));
            portal.kill();
            kills += 1;
            let (asked, carried_out) = under_way(&portal);
            (cut_off, done) = (cut_off + asked, done + carried_out);
            time_passes(&portal);
            portal.restart();
        }
        over.store(true, Ordering::Relaxed);
    });
    for shopper in &mut shoppers {
        shopper.takes_the_last_card_away();
    }
    let open =
        "SELECT COUNT(*) AS count FROM card_verifications WHERE status NOT IN ('returned', 'declined')";
    eventually("all money back", Duration::from_secs(200), || {
        (portal.database.count(open) == 0).then_some(())
    });
    let books = Books::read(&portal);
    println!(
        "{kills} kills cut off {cut_off} calls, {done} of them carried out by the bank; {}",
        books.summary()
    );
    books.are_equal();
    assert!(cut_off >= LEAST_CUT_OFF && done > 0, "too little was cut off to mean anything");
    assert!(books.charges() >= LEAST_CHARGES, "too little happened to mean anything");
    let named: usize = shoppers.iter().map(|shopper| shopper.confirmed).sum();
    assert!(named >= 5, "{named} sums were named");
    let checked = finished(&mut portal.command(&["ledger", "audit"]), Duration::from_secs(60));
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}
