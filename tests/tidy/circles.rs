//! No circle between files: who reads one file finds what it builds on in others, and never comes back.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::working_sources;

type Module = Vec<String>;

/// `src/web/form.rs` is `web::form`; `src/web/mod.rs` is `web`.
fn module(path: &str) -> Module {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    inside.split('/').map(str::to_owned).collect()
}

/// The paths of a `use`, each written out.
fn paths(tree: &str) -> Vec<Module> {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.split("::").map(|part| part.trim().to_owned()).collect()];
    };
    let head: Module =
        head.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for letter in group.trim_end().trim_end_matches('}').chars() {
        match letter {
            ',' if depth == 0 => parts.push(String::new()),
            _ => {
                depth += i32::from(letter == '{') - i32::from(letter == '}');
                parts.last_mut().unwrap().push(letter);
            }
        }
    }
    // The last brace of an inner group was trimmed away with ours.
    let last = parts.last_mut().unwrap();
    let missing = last.matches('{').count() - last.matches('}').count();
    last.push_str(&"}".repeat(missing));
    let inner = parts.iter().filter(|part| !part.trim().is_empty()).flat_map(|part| paths(part));
    inner.map(|path| head.iter().cloned().chain(path).collect()).collect()
}

/// Every `use` of a file, without those that only hand names on from the files below it.
fn uses(code: &str) -> Vec<(bool, Module)> {
    let mut found = Vec::new();
    for statement in code.split(';') {
        let Some(at) = statement.rfind("use ") else { continue };
        let before = statement[..at].trim_end();
        let stands_alone = before.is_empty()
            || before.ends_with(['}', ']', '{'])
            || before.ends_with("pub")
            || before.ends_with(')');
        if stands_alone {
            let is_public = before.ends_with("pub") || before.ends_with(')');
            found.extend(paths(&statement[at + 4..]).into_iter().map(|path| (is_public, path)));
        }
    }
    found
}

/// From the crate's root; None for what is another crate's.
fn absolute(module: &Module, path: &Module, known: &BTreeSet<Module>) -> Option<Module> {
    let mut at = module.clone();
    let mut rest = path.as_slice();
    match rest.first().map(String::as_str) {
        Some("crate") => {
            at.clear();
            rest = &rest[1..];
        }
        Some("self") => rest = &rest[1..],
        Some("super") => {
            while rest.first().is_some_and(|part| part == "super") {
                at.pop();
                rest = &rest[1..];
            }
        }
        Some(first) => {
            let below: Module = module.iter().cloned().chain([first.to_owned()]).collect();
            if !known.contains(&below) {
                return None;
            }
        }
        None => return None,
    }
    at.extend(rest.iter().cloned());
    Some(at)
}

/// What each file hands on: a name, and where it comes from.
type HandedOn = BTreeMap<Module, BTreeMap<String, Module>>;

/// The file that defines a name, through whatever hands it on.
fn file_of(path: &Module, known: &BTreeSet<Module>, handed_on: &HandedOn, depth: u32) -> Option<Module> {
    let longest =
        (1..=path.len()).rev().map(|length| path[..length].to_vec()).find(|part| known.contains(part))?;
    let next = path.get(longest.len());
    match next.and_then(|name| handed_on.get(&longest)?.get(name)) {
        Some(from) if depth < 8 => {
            let onwards: Module =
                from.iter().cloned().chain(path[longest.len() + 1..].iter().cloned()).collect();
            file_of(&onwards, known, handed_on, depth + 1)
        }
        _ => Some(longest),
    }
}

type Edges = BTreeMap<Module, BTreeSet<Module>>;

fn edges() -> Edges {
    let files: Vec<(Module, String)> = working_sources()
        .iter()
        .filter(|file| !matches!(file.path.as_str(), "src/lib.rs" | "src/main.rs"))
        .map(|file| (module(&file.path), file.working_code()))
        .collect();
    let known: BTreeSet<Module> = files.iter().map(|(module, _)| module.clone()).collect();
    let mut handed_on = HandedOn::new();
    for (module, code) in &files {
        for (_, path) in uses(code).into_iter().filter(|(is_public, _)| *is_public) {
            if let (Some(from), Some(name)) = (absolute(module, &path, &known), path.last()) {
                handed_on.entry(module.clone()).or_default().insert(name.clone(), from);
            }
        }
    }
    let mut edges = Edges::new();
    for (module, code) in &files {
        let targets = edges.entry(module.clone()).or_default();
        for (is_public, path) in uses(code) {
            let Some(path) = absolute(module, &path, &known) else { continue };
            // A folder's `mod.rs` hands on what stands below it: that is its business, not a dependence.
            if is_public && path.starts_with(module) {
                continue;
            }
            targets.extend(file_of(&path, &known, &handed_on, 0).filter(|target| target != module));
        }
    }
    edges
}

/// The strongly connected parts with more than one file.
fn circles(edges: &Edges) -> Vec<BTreeSet<Module>> {
    let reach = |from: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(at) = open.pop() {
            for next in edges.get(at).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> = edges.keys().map(|file| (file, reach(file))).collect();
    let mut found: BTreeSet<BTreeSet<Module>> = BTreeSet::new();
    for (file, others) in &reached {
        let circle: BTreeSet<Module> = others
            .iter()
            .filter(|other| reached.get(other).is_some_and(|back| back.contains(*file)))
            .cloned()
            .collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

#[test]
fn no_files_go_round_in_a_circle() {
    let edges = edges();
    let mut wrong = Vec::new();
    for circle in circles(&edges) {
        let line = circle.iter().map(|file| file.join("::")).collect::<Vec<_>>().join(" ");
        let inside = circle.iter().flat_map(|file| {
            let of_circle = edges[file].iter().filter(|to| circle.contains(*to));
            of_circle.map(|to| format!("    {} -> {}", file.join("::"), to.join("::")))
        });
        wrong.push(format!("{line}\n{}", inside.collect::<Vec<_>>().join("\n")));
    }
    assert!(wrong.is_empty(), "these files build on each other:\n{}", wrong.join("\n"));
}

#[test]
fn uses_are_read_as_they_are_written() {
    let read = |code: &str| uses(code).into_iter().map(|(_, path)| path.join("::")).collect::<Vec<_>>();
    assert_eq!(
        read("use crate::a::{b, c::{D, e::F}};\npub use x::{Y as Z};\nfn f() { because(use_it); }"),
        ["crate::a::b", "crate::a::c::D", "crate::a::c::e::F", "x::Y"]
    );
    let ring: Edges = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]
        .map(|(from, to)| (vec![from.to_owned()], BTreeSet::from([vec![to.to_owned()]])))
        .into();
    assert_eq!(circles(&ring).len(), 1);
}
