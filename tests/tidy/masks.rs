//! Numbers and addresses are hidden in one way, which `src/base/mask.rs` knows: no text, template or file of the program writes out another.

use super::sources::{File, files};
use crate::support::masks::other_mask;

/// Where signs that hide something may be written out: the one way, and what makes of it for an SMS in plain letters.
const KNOWN: [&str; 2] = ["src/base/mask.rs", "src/notices/sms_text.rs"];

#[test]
fn nothing_is_hidden_but_by_the_one_way() {
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    let all =
        [files("src", ".rs"), files("locales", ".ftl"), files("templates", ""), files("static", ".css")];
    for file in all.into_iter().flatten().filter(|file| !KNOWN.contains(&file.path.as_str())) {
        for (line, text) in lines(&file) {
            looked_at += 1;
            if text.contains('•') || other_mask(&text).is_some() {
                wrong.push(format!("{}:{line}: {}", file.path, text.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "ask base::mask for it: {wrong:#?}");
    assert!(looked_at > 20_000, "{looked_at} lines");
}

/// What people may be shown: comments, examples of tests and pointers behind pointers are none of it.
fn lines(file: &File) -> impl Iterator<Item = (usize, String)> {
    let is_code = file.path.ends_with(".rs");
    let text = file.text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
    let shown = move |line: &str| {
        // Of code, what stands in quotes.
        let line: String = match is_code {
            true => line.split("//").next().unwrap_or_default().split('"').skip(1).step_by(2).collect(),
            false => line.to_owned(),
        };
        let is_example = is_code && ["Visa", "MasterCard"].iter().any(|brand| line.starts_with(brand));
        (!is_example && !line.starts_with('#')).then_some(line)
    };
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    (1..).zip(lines).filter_map(move |(place, line)| Some((place, shown(&line)?)))
}
