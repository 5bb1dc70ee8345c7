//! A QR code as the path of an SVG: one unit a square, a margin of four.

use qrcode::{Color, EcLevel, QrCode};

const MARGIN: usize = 4;

/// What `<svg viewBox>` and `<path d>` hold: digits, spaces, and the letters M, h, v, z.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Squares {
    /// The length of a side, margins included.
    pub side: usize,
    pub path: String,
}

/// None only for texts that no QR code can hold.
pub fn squares(text: &str) -> Option<Squares> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                path.push_str(&format!("M{} {}h{}v1h-{}z", x + MARGIN, y + MARGIN, run.len(), run.len()));
            }
            x += run.len();
        }
    }
    Some(Squares { side: width + 2 * MARGIN, path })
}
