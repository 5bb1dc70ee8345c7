//! A real Chromium, driven by `tests/peers/chromium.mjs`.

use std::time::Duration;

use serde_json::Value;

use super::peers::node;
use super::process::finished;

/// What the deed printed; its message is this test's failure.
#[track_caller]
pub fn chromium(deed: &str, options: &[(&str, &str)], limit: Duration) -> Value {
    let mut command = node("chromium.mjs");
    command.arg(deed);
    for (name, value) in options {
        command.arg(format!("--{name}={value}"));
    }
    let output = finished(&mut command, limit);
    let (said, complaint) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "Chromium: {deed}:\n{complaint}");
    serde_json::from_str(said.trim()).unwrap_or_else(|error| panic!("{error}: {said}"))
}
