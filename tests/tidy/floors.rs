//! Rooms and floors: a room imports from lower floors and from itself.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::{File, files, read, working_sources};

/// From the roof to the ground. Rooms of one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["main"],
    &["portal"],
    &["app", "worker"],
    &["sandbox"],
    &["cabinet"],
    &["landing"],
    &["cards"],
    &["profile"],
    &["access"],
    &["credentials"],
    &["accounts"],
    &["ledger"],
    &["one_time_code"],
    &["web", "notices"],
    &["connections", "last_forms"],
    &["limits"],
    &["gateway", "packing"],
    &["texts", "metrics"],
    &["db"],
    &["config"],
    &["base"],
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().rev().position(|rooms| rooms.contains(&room))
}

fn table() -> String {
    FLOORS.iter().map(|rooms| format!("  {}\n", rooms.join(" "))).collect()
}

#[test]
fn each_room_imports_only_from_lower_floors() {
    let macros = macros();
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for file in working_sources().iter().filter(|file| file.path != "src/lib.rs") {
        let own =
            floor(file.room()).unwrap_or_else(|| panic!("{} stands on no floor:\n{}", file.path, table()));
        for name in imports(&file.working_code()) {
            seen += 1;
            let room = macros.get(&name).unwrap_or(&name);
            let other = floor(room)
                .unwrap_or_else(|| panic!("{}: crate::{name} stands on no floor:\n{}", file.path, table()));
            if room != file.room() && other >= own {
                wrong.push(format!("{}: crate::{name}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}\nA room imports from lower floors only:\n{}", table());
    assert!(seen > 100, "only {seen} imports were read");
}

#[test]
fn every_room_stands_on_a_floor_and_every_floor_has_its_rooms() {
    let rooms: BTreeSet<String> = files("src", ".rs").iter().map(|file| file.room().to_owned()).collect();
    let rooms: BTreeSet<&str> = rooms.iter().map(String::as_str).filter(|room| *room != "lib").collect();
    assert_eq!(rooms, FLOORS.iter().flat_map(|rooms| rooms.iter().copied()).collect());
}

#[test]
fn the_architecture_names_every_room() {
    let text = read("ARCHITECTURE.md").text;
    let map = text.split("```").nth(1).expect("ARCHITECTURE.md has a map, between ``` and ```");
    // Names stand before the two spaces or more that set off what is said of them.
    let names = map.lines().filter_map(|line| line.split("  ").next());
    let named: BTreeSet<&str> =
        names.flat_map(|names| names.split(|c: char| !c.is_alphanumeric() && c != '_')).collect();
    for room in FLOORS.iter().flat_map(|rooms| rooms.iter()) {
        assert!(named.contains(room), "the map in ARCHITECTURE.md does not say what `{room}` is");
    }
}

/// Macros stand at the root of the crate; they belong to the room that they are written in.
fn macros() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in files("src", ".rs") {
        for part in file.code().split("macro_rules! ").skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.insert(name, file.room().to_owned());
        }
    }
    found
}

/// What follows `crate::`, and each name of `crate::{a, b::c}`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in code.split("crate::").skip(1).chain(code.split("kabinet::").skip(1)) {
        let names = match path.strip_prefix('{') {
            Some(group) => first_level(group),
            None => vec![path],
        };
        let word = |path: &str| {
            path.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
        };
        found.extend(names.into_iter().map(word).filter(|name| !name.is_empty() && name != "self"));
    }
    found
}

/// The parts of a group, without what stands in groups inside it.
fn first_level(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
}

#[test]
fn imports_are_found_in_groups_too() {
    let file = File {
        path: "src/web/a.rs".into(),
        text: "use crate::{a, b::{c, d}, e::f};\nuse crate::g::h; $crate::i!()".into(),
    };
    assert_eq!(imports(&file.code()), ["a", "b", "e", "g", "i"].map(String::from).into());
    assert_eq!(file.room(), "web");
}
