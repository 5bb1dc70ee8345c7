//! Row ids.

use kabinet::base::next_id;

#[test]
fn ids_rise_even_when_made_at_once() {
    let threads: Vec<_> =
        (0..4).map(|_| std::thread::spawn(|| (0..5_000).map(|_| next_id()).collect::<Vec<_>>())).collect();
    let mut all: Vec<i64> = threads.into_iter().flat_map(|t| t.join().unwrap()).collect();
    let made = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), made);
}
