//! What no template may hold.

use crate::support::markup::{Token, attribute, tokens};

use super::sources::{File, files};

/// Mail programs ignore stylesheets: the shell of mails alone may say how an element looks.
const STYLED: &str = "templates/notices/mail.html";

#[test]
fn templates_hold_no_script_no_style_and_nothing_from_elsewhere() {
    let (mut wrong, mut elements) = (Vec::new(), 0);
    for file in templates() {
        for token in tokens(&file.text) {
            let Token::Open { name, attributes } = token else { continue };
            elements += 1;
            let mut complain = |what: &str| wrong.push(format!("{}: <{name}> {what}", file.path));
            if matches!(name.as_str(), "script" | "style" | "iframe" | "object" | "embed" | "base") {
                complain("is not used here");
            }
            if name == "button" || name == "input" && attribute(&attributes, "type") == Some("button") {
                complain("shows in a plain browser as nothing: use <input type=\"submit\">");
            }
            for (attribute, value) in &attributes {
                match attribute.as_str() {
                    "style" if file.path == STYLED => {}
                    "style" => complain("has a style"),
                    handler if handler.starts_with("on") => complain("has a handler"),
                    "href" | "src" | "action" if leads_away(value) => complain("leads elsewhere"),
                    _ => {}
                }
            }
        }
        if file.text.contains("|safe") || file.text.contains("| safe") || file.text.contains("autoescape") {
            wrong.push(format!("{}: says that a text is safe", file.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(elements > 500, "only {elements} elements were read");
}

/// Every address in a template is a path of ours, or comes from the program.
fn leads_away(value: &str) -> bool {
    value.contains("//") || value.contains("javascript:") || value.contains("data:")
}

#[test]
fn every_form_that_posts_carries_its_token_and_one_button() {
    let mut forms = 0;
    for file in templates() {
        for form in file.text.split("<form").skip(1) {
            forms += 1;
            let form = form.split("</form>").next().unwrap();
            // A filter asks and changes nothing: its token would end up in an address.
            let asks = form.contains("method=\"get\"");
            assert!(asks || form.contains("method=\"post\""), "{}: a form that says neither", file.path);
            let has_token =
                form.contains("name=\"csrf\" value=\"{{ cx.csrf() }}\"") || form.contains("call f::csrf(cx)");
            assert_eq!(has_token, !asks, "{}: the token of a form", file.path);
            let presses = ["type=\"submit\"", "call f::submit(", "call f::ends(", "call f::glossed("];
            assert_eq!(
                presses.iter().map(|press| form.matches(press).count()).sum::<usize>(),
                1,
                "{}: buttons",
                file.path
            );
        }
    }
    assert!(forms > 30, "only {forms} forms were read");
}

#[test]
fn every_page_has_one_first_heading_and_a_title_that_begins_with_it() {
    let pages: Vec<File> = templates().into_iter().filter(|file| file.text.contains("{% extends")).collect();
    assert!(pages.len() > 50, "only {} pages were read", pages.len());
    for page in pages {
        let title = between(&page.text, "{% block title %}", "{% endblock %}").unwrap_or_default();
        let headings: Vec<&str> =
            page.text.split("<h1>").skip(1).filter_map(|rest| rest.split("</h1>").next()).collect();
        assert!(!headings.is_empty(), "{}: no <h1>", page.path);
        for heading in headings {
            assert!(title.contains(heading), "{}: the title does not say {heading}", page.path);
        }
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split_once(end).map(|(inside, _)| inside)
}

/// Templates without their comments.
fn templates() -> Vec<File> {
    let uncommented = |file: File| {
        let text = file
            .text
            .split("{#")
            .map(|part| part.split_once("#}").map_or(part, |(_, after)| after))
            .collect();
        File { path: file.path, text }
    };
    files("templates", ".html").into_iter().map(uncommented).collect()
}

/// A translator in the browser turns "codes" into words, account numbers into dates and names into nouns.
#[test]
fn what_is_no_language_is_not_translated() {
    let (mut wrong, mut marked) = (Vec::new(), 0);
    for file in templates() {
        for token in tokens(&file.text) {
            let Token::Open { name, attributes } = token else { continue };
            let class = attribute(&attributes, "class").unwrap_or_default();
            let is_no_language = class.split(' ').any(|word| matches!(word, "number" | "code" | "brand")) && name != "div"
                // The sandbox is called by a word, and a header's number has its name beside it.
                && !file.path.ends_with("/base.html");
            if is_no_language && attribute(&attributes, "translate") != Some("no") {
                wrong.push(format!("{}: <{name} class=\"{class}\"> wants translate=\"no\"", file.path));
            }
            marked += usize::from(attribute(&attributes, "translate") == Some("no"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(marked > 20, "{marked}");
}
