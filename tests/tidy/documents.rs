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
