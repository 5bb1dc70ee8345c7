//! What was measured, held against what must be reached.

use std::time::Duration;

/// One line of the table.
struct Row {
    what: String,
    figures: String,
    held: String,
    target: String,
    reached: bool,
}

#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// `held` is the one figure that the target speaks of.
    pub fn add(&mut self, what: &str, figures: String, held: String, target: &str, reached: bool) {
        println!("  {what}: {figures}; {held} ({target})");
        self.rows.push(Row { what: what.to_owned(), figures, held, target: target.to_owned(), reached });
    }

    /// A ratio of processor times, and the most it may be.
    pub fn ratio(&mut self, what: &str, figures: String, ratio: f64, most: f64) {
        self.add(what, figures, format!("{ratio:.2} times"), &format!("≤ {most:.2} times"), ratio <= most);
    }

    pub fn print(&self) {
        println!("\n| what | measured | held | target | |\n|---|---|---|---|---|");
        for Row { what, figures, held, target, reached } in &self.rows {
            println!(
                "| {what} | {figures} | {held} | {target} | {} |",
                if *reached { "reached" } else { "MISSED" }
            );
        }
        println!("\nThe cabinet is measured without operations: those come with payments.");
    }
}

/// `21.4 µs`
pub fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.div_duration_f64(Duration::from_micros(1)))
}

/// `15.83 ms`
pub fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.div_duration_f64(Duration::from_millis(1)))
}

/// `12.4 MB`, of 2^20 bytes.
pub fn megabytes(kib: u64) -> String {
    format!("{}.{} MB", kib / 1024, kib % 1024 * 10 / 1024)
}

/// The middle one of the ratios of several rounds.
pub fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
}
