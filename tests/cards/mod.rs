//! Tests about bank cards.

mod album;
mod broken_bank;
mod canaries;
mod crashes;
mod journeys;
pub mod stories;
mod units;
mod verification_money;

/// Sums that could have been charged, and were not: as many as there are but that one.
pub fn wrong_sums(right: &str) -> impl Iterator<Item = String> + use<> {
    let right: i64 = right.replace(',', "").parse().unwrap();
    (1..900)
        .map(move |by| (right - 100 + by) % 900 + 100)
        // A sum without kopecks costs no try.
        .filter(|sum| sum % 100 != 0)
        .map(|sum| format!("{},{:02}", sum / 100, sum % 100))
}

pub fn wrong_sum(right: &str) -> String {
    wrong_sums(right).next().unwrap()
}
