//! What the documents name is there.

use super::sources::{files, read, root};

/// Files that a document names in backticks: `src/…`, `tests/…` and the like.
fn named(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    let tops = ["src/", "tests/", "docs/", "templates/", "locales/", "static/", "benches/", ".ci/"];
    let is_path = |word: &&str| tops.iter().any(|top| word.starts_with(top));
    let is_one = |word: &&str| !word.contains(['*', '…', '<', '{', ' ']);
    quoted.filter(is_path).filter(is_one).map(str::to_owned).collect()
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let mut documents = files("docs", ".md");
    documents.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(read));
    let mut missing = Vec::new();
    let mut count = 0;
    for document in &documents {
        for path in named(&document.text) {
            count += 1;
            if !root().join(&path).exists() {
                missing.push(format!("{}: {path}", document.path));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(count > 40, "the documents name {count} files only: are they read rightly?");
}

#[test]
fn every_row_of_the_outages_names_a_test_that_is_there() {
    let all = files("tests", ".rs").into_iter().chain(files("src", ".rs"));
    let tests: String = all.map(|file| file.text).collect();
    let outages = read("docs/outages.md");
    let rows: Vec<&str> =
        outages.text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| When")).collect();
    for row in &rows {
        let held_by = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let names: Vec<&str> = held_by.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test holds this: {row}");
        for name in names.iter().filter(|name| !name.contains('/')) {
            assert!(tests.contains(&format!("fn {name}(")), "there is no test {name}");
        }
    }
    assert!(rows.len() > 20, "{} rows only", rows.len());
}
