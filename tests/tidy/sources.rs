//! The files of the project, as the rules read them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub struct File {
    /// From the root of the project: `src/web/form.rs`.
    pub path: String,
    pub text: String,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &str) -> File {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    File { path: path.to_owned(), text }
}

/// Every file under a folder whose name ends so, in order.
pub fn files(folder: &str, ending: &str) -> Vec<File> {
    let paths: Vec<String> = paths(folder).into_iter().filter(|path| path.ends_with(ending)).collect();
    assert!(!paths.is_empty(), "no {ending} in {folder}");
    paths.iter().map(|path| read(path)).collect()
}

/// The same, without reading them: pictures are files as well.
pub fn paths(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    let relative = |path: &Path| path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
    let mut paths: Vec<String> = found.iter().map(|path| relative(path)).collect();
    paths.sort();
    paths
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}

impl File {
    /// `src/web/form.rs` and `src/web.rs` belong to `web`.
    pub fn room(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap();
        inside.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The code alone: comments gone, what stands in quotes blanked, lines where they were.
    pub fn code(&self) -> String {
        bare(&self.text)
    }

    /// The code that runs outside of tests.
    pub fn working_code(&self) -> String {
        without_test_modules(&self.code())
    }
}

/// Sources without the modules that exist for tests only.
pub fn working_sources() -> Vec<File> {
    let all = files("src", ".rs");
    let for_tests: BTreeSet<String> = all.iter().flat_map(test_files).collect();
    all.into_iter().filter(|file| !for_tests.contains(&file.path)).collect()
}

/// `#[cfg(test)] mod tests;` of a file names another one.
fn test_files(file: &File) -> Vec<String> {
    let folder = match file.path.strip_suffix("/mod.rs") {
        Some(folder) => folder.to_owned(),
        None => file.path.trim_end_matches(".rs").to_owned(),
    };
    let beside = file.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let mut found = Vec::new();
    for part in file.text.split("#[cfg(test)]").skip(1) {
        let declaration = part.split([';', '{']).next().unwrap_or_default();
        let name = declaration.rsplit("mod ").next().unwrap_or_default().trim();
        let given = declaration.split("#[path = \"").nth(1).and_then(|rest| rest.split('"').next());
        found.push(given.map_or_else(|| format!("{folder}/{name}.rs"), |path| format!("{beside}/{path}")));
    }
    found
}

fn without_test_modules(code: &str) -> String {
    let mut kept = String::new();
    let mut rest = code;
    while let Some(start) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..start]);
        let after = &rest[start..];
        let opens = after.find('{').unwrap_or(usize::MAX);
        rest = match after.find(';') {
            Some(end) if end < opens => &after[end + 1..],
            _ => &after[end_of_block(after)..],
        };
    }
    kept + rest
}

/// Where the first block ends.
pub fn end_of_block(code: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in code.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let taken = match letter {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => quoted(rest),
            'r' if raw(rest).is_some() && !out.ends_with(|c: char| c.is_alphanumeric() || c == '_') => {
                raw(rest).unwrap()
            }
            '\'' => character(rest),
            _ => {
                out.push(letter);
                rest = &rest[letter.len_utf8()..];
                continue;
            }
        };
        let (gone, after) = rest.split_at(taken);
        let quotes = if gone.starts_with('/') { "" } else { "\"\"" };
        out.push_str(quotes);
        out.extend(gone.chars().filter(|c| *c == '\n'));
        rest = after;
    }
    out
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

fn raw(text: &str) -> Option<usize> {
    let hashes = text[1..].chars().take_while(|c| *c == '#').count();
    let body = text[1 + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(2 + hashes + body.find(&end)? + end.len())
}

/// A character, or the one mark of a lifetime.
fn character(text: &str) -> usize {
    let inside: Vec<(usize, char)> = text.char_indices().skip(1).take(12).collect();
    match inside.as_slice() {
        [(_, '\\'), rest @ ..] => rest.iter().skip(1).find(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 1),
        [_, (at, '\''), ..] => at + 1,
        _ => 1,
    }
}

#[test]
fn code_is_told_from_what_looks_like_code() {
    let text =
        "let a = \"unwrap() // {\"; // todo!()\nlet b = '\"'; let c: &'a str = r#\"x\"y\"#; /* { */ d()";
    assert_eq!(
        bare(text),
        "let a = \"\"; \nlet b = \"\"; let c: &'a str = \"\";  d()".replace("&'a", "&\"\"a")
    );
    let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { c() } }\nfn d() {}\n#[cfg(test)]\nmod e;";
    assert_eq!(without_test_modules(code).split_whitespace().collect::<String>(), "fna(){}fnd(){}");
}
