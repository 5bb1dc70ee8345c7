//! What a test may not do: go home before it has looked, or sleep to see that nothing happens.

use std::collections::BTreeSet;

use super::sources::{File, end_of_block, files};

/// Who sleeps, and what for. That something did not happen is seen on a clock that stands still, by what was written in the same
/// transaction, or by the next thing that did happen.
const SLEEPERS: &[(&str, &str)] = &[
    ("tests/cards/crashes/mod.rs", "until the moment of the next kill"),
    ("tests/cards/crashes/shopper.rs", "until the portal is back"),
    ("tests/portal/crashes.rs", "until the moment of the next kill; until the portal is back"),
    ("tests/gateway/sandbox.rs", "until the moment of the next kill"),
    ("tests/gateway/faults.rs", "a gateway that says nothing"),
    (
        "tests/notices/outages.rs",
        "while a line is cut; to count how often a centre is asked that knows nobody",
    ),
    ("tests/faults/line.rs", "what is passed on late, or not at all"),
    ("tests/web/memory.rs", "until the last buffers are wiped"),
    ("tests/db/stories/outage.rs", "until the pages are back"),
    ("tests/db/outages.rs", "between two blows of a storm"),
    ("tests/house/messages.rs", "until a message is in a state"),
    ("tests/worker/stories/deliveries.rs", "until the worker has come so far; while a message is on its way"),
    ("tests/support/process.rs", "until there is something to see"),
    ("tests/support/w3m.rs", "until there is something to see"),
];

/// The name of each test, and what it does.
fn tests(file: &File) -> Vec<(String, String)> {
    let code = file.code();
    let parts = code.split("#[test]").flat_map(|part| part.split("::test]"));
    let mut found = Vec::new();
    for part in parts.skip(1) {
        let name = part.split("fn ").nth(1).and_then(|rest| rest.split('(').next()).unwrap();
        found.push((name.to_owned(), part[..end_of_block(part)].to_owned()));
    }
    found
}

fn with_tests() -> Vec<File> {
    files("src", ".rs").into_iter().chain(files("tests", ".rs")).collect()
}

#[test]
fn no_test_returns_before_it_has_looked() {
    let (mut early, mut seen) = (Vec::new(), 0);
    for file in with_tests() {
        for (name, body) in tests(&file) {
            seen += 1;
            let body: String = body.split_whitespace().collect();
            if body.contains("return;") || body.contains("return}") {
                early.push(format!("{}: {name}", file.path));
            }
        }
    }
    assert!(early.is_empty(), "{early:#?}");
    assert!(seen > 600, "only {seen} tests were read");
}

#[test]
fn what_is_about_one_database_says_so_before_anything_else() {
    for (module, guard) in
        [("mod postgres_only {", "needs_postgres();"), ("mod sqlite_only {", "needs_sqlite();")]
    {
        let mut seen = 0;
        for file in with_tests() {
            let code = file.code();
            for part in code.split(module).skip(1) {
                let inside = File {
                    path: file.path.clone(),
                    text: part[..end_of_block(&format!("{{{part}")) - 1].to_owned(),
                };
                for (name, body) in tests(&inside) {
                    seen += 1;
                    let first = body.split_once('{').unwrap().1.trim_start();
                    assert!(first.starts_with(guard), "{}: {name} does not begin with {guard}", file.path);
                }
            }
        }
        assert!(seen > 0, "no test stands in a {module}");
    }
}

#[test]
fn nobody_sleeps_but_for_something_that_happens() {
    let sleeping = |file: &File| match file.path.starts_with("src/") && !file.path.contains("test") {
        true => false,
        false => file.code().contains("sleep("),
    };
    let sleepers: BTreeSet<String> =
        with_tests().into_iter().filter(sleeping).map(|file| file.path).collect();
    assert_eq!(sleepers, SLEEPERS.iter().map(|(path, _)| (*path).to_owned()).collect());
}
