//! How long files may be, and words that working code does not have.

use std::collections::BTreeMap;

use kabinet::portal::CHORES;

use super::sources::{files, paths, read, working_sources};

const MAX_LINES: usize = 400;
const MOST_ROOM_LINES: usize = 4_000;
const MOST_FILES_OF_A_FOLDER: usize = 20;
const MOST_STYLE_BYTES: usize = 10 * 1024;

#[test]
fn no_file_is_longer_than_400_lines() {
    let all = files("src", ".rs").into_iter().chain(files("tests", ".rs"));
    let long: Vec<String> = all
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn no_room_is_larger_than_4000_lines() {
    let mut rooms: BTreeMap<String, usize> = BTreeMap::new();
    for file in files("src", ".rs") {
        *rooms.entry(file.room().to_owned()).or_default() += file.text.lines().count();
    }
    let large: Vec<_> = rooms.into_iter().filter(|(_, lines)| *lines > MOST_ROOM_LINES).collect();
    assert!(large.is_empty(), "{large:?}");
}

#[test]
fn no_folder_has_more_than_20_files() {
    let mut folders: BTreeMap<String, usize> = BTreeMap::new();
    for top in ["src", "templates", "tests", "locales", "docs", "static"] {
        for path in paths(top) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            *folders.entry(folder.to_owned()).or_default() += 1;
        }
    }
    let full: Vec<_> = folders.into_iter().filter(|(_, files)| *files > MOST_FILES_OF_A_FOLDER).collect();
    assert!(full.is_empty(), "{full:?}");
}

#[test]
fn nothing_is_exported_under_another_name_than_its_own() {
    let mut found = Vec::new();
    for file in working_sources() {
        for part in file.code().split("pub use ").skip(1) {
            let export = part.split(';').next().unwrap_or_default();
            if export.split_whitespace().any(|word| word == "as") {
                found.push(format!(
                    "{}: pub use {}",
                    file.path,
                    export.split_whitespace().collect::<Vec<_>>().join(" ")
                ));
            }
        }
    }
    assert!(found.is_empty(), "what one greps is the name that stands at its definition: {found:#?}");
}

#[test]
fn working_code_neither_panics_nor_builds_queries_out_of_text() {
    const NEVER: [&str; 9] = [
        ".unwrap()",
        ".expect(",
        "panic!(",
        "todo!(",
        "unimplemented!(",
        "unreachable!(",
        "dbg!(",
        "sql_query(format!",
        "sql_query(&format!",
    ];
    let places = |path: &str, code: &str| {
        let mut found = Vec::new();
        for (number, line) in code.lines().enumerate() {
            let line: String = line.split_whitespace().collect();
            found.extend(
                NEVER
                    .iter()
                    .filter(|word| line.contains(**word))
                    .map(|word| format!("{path}:{}: {word}", number + 1)),
            );
        }
        found
    };
    let found: Vec<String> =
        working_sources().iter().flat_map(|file| places(&file.path, &file.working_code())).collect();
    assert!(found.is_empty(), "{found:#?}");
    // Tests may: what is looked for is found.
    let tests = files("tests", ".rs");
    assert!(tests.iter().map(|file| places(&file.path, &file.code()).len()).sum::<usize>() > 100);
}

#[test]
fn the_stylesheet_stays_small_and_fetches_nothing() {
    let style = read("static/style.css");
    assert!(style.text.len() < MOST_STYLE_BYTES, "{} bytes", style.text.len());
    for word in ["url(", "@import", "http:", "https:"] {
        assert!(!style.text.contains(word), "{word}");
    }
}

#[test]
fn whatever_is_to_be_forgotten_stands_on_the_worker_s_list() {
    let cleaning: Vec<String> = files("src", ".rs")
        .into_iter()
        .filter(|file| file.text.contains("pub fn clean(db: &mut Db, now: Moment)"))
        .map(|file| file.path)
        .collect();
    assert_eq!(cleaning.len(), CHORES.len(), "{cleaning:#?}");
}
