//! Reads the portal's pages the way a plain browser would: forms, links, headings, visible text.

use super::http::encoded;
use super::markup::{Token, attribute, folded, tokens};

#[derive(Debug, Clone)]
pub struct Page {
    pub source: String,
    tokens: Vec<Token>,
}

/// A form with the values that a browser would send if its owner pressed the first button.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub action: String,
    pub method: String,
    pub fields: Vec<(String, String)>,
    pub names: Vec<String>,
    pub captions: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Link {
    pub href: String,
    pub text: String,
}

impl Page {
    pub fn read(source: &str) -> Page {
        Page { source: source.to_owned(), tokens: tokens(source) }
    }

    pub fn title(&self) -> String {
        self.inner("title").into_iter().next().unwrap_or_default()
    }

    pub fn headings(&self) -> Vec<String> {
        self.inner("h1")
    }

    /// What a person sees, with blanks folded.
    pub fn text(&self) -> String {
        let mut seen = String::new();
        let mut skipped = false;
        for token in &self.tokens {
            match token {
                Token::Open { name, .. } if is_unseen(name) => skipped = true,
                Token::Close(name) if is_unseen(name) => skipped = false,
                Token::Open { name, attributes } if name == "input" => {
                    if matches!(attribute(attributes, "type"), Some("submit" | "button")) {
                        seen.push(' ');
                        seen.push_str(attribute(attributes, "value").unwrap_or_default());
                    }
                    seen.push(' ');
                }
                Token::Open { name, .. } | Token::Close(name) if !is_inline(name) => seen.push(' '),
                Token::Text(text) if !skipped => seen.push_str(text),
                _ => {}
            }
        }
        folded(&seen)
    }

    pub fn says(&self, words: &str) -> bool {
        self.text().contains(&folded(words))
    }

    pub fn links(&self) -> Vec<Link> {
        let mut links = Vec::new();
        let mut open: Option<Link> = None;
        for token in &self.tokens {
            match token {
                Token::Open { name, attributes } if name == "a" => {
                    let href = attribute(attributes, "href").unwrap_or_default().to_owned();
                    open = Some(Link { href, text: String::new() });
                }
                Token::Text(text) => {
                    if let Some(link) = open.as_mut() {
                        link.text.push_str(text);
                    }
                }
                Token::Close(name) if name == "a" => {
                    if let Some(mut link) = open.take() {
                        link.text = folded(&link.text);
                        links.push(link);
                    }
                }
                _ => {}
            }
        }
        links
    }

    pub fn link(&self, text: &str) -> Option<Link> {
        self.links().into_iter().find(|link| link.text == text)
    }

    pub fn forms(&self) -> Vec<Form> {
        let mut reader = FormReader::default();
        for token in &self.tokens {
            reader.take(token);
        }
        reader.forms
    }

    pub fn form_to(&self, action: &str) -> Option<Form> {
        self.forms()
            .into_iter()
            .find(|form| form.action == action || form.action.is_empty() && form.method == "post")
    }

    /// Values of one attribute over all elements of that name ("*" for any element).
    pub fn attributes(&self, element: &str, wanted: &str) -> Vec<String> {
        self.tokens
            .iter()
            .filter_map(|token| match token {
                Token::Open { name, attributes } if element == "*" || name == element => {
                    attribute(attributes, wanted).map(str::to_owned)
                }
                _ => None,
            })
            .collect()
    }

    /// The value shown in the field of that name, whatever kind of field it is.
    pub fn value(&self, field: &str) -> Option<String> {
        self.forms()
            .into_iter()
            .flat_map(|form| form.fields)
            .find(|(name, _)| name == field)
            .map(|(_, value)| value)
    }

    /// What the field's `aria-describedby` points to, all of it: hints and the error.
    pub fn description(&self, field: &str) -> String {
        let described = self.tokens.iter().find_map(|token| match token {
            Token::Open { attributes, .. } if attribute(attributes, "name") == Some(field) => {
                Some(attribute(attributes, "aria-describedby").unwrap_or_default().to_owned())
            }
            _ => None,
        });
        let described = described.unwrap_or_default();
        let parts: Vec<String> = described.split_whitespace().map(|id| self.by_id(id)).collect();
        parts.join(" ")
    }

    pub fn is_invalid(&self, field: &str) -> bool {
        self.tokens.iter().any(|token| match token {
            Token::Open { attributes, .. } => {
                attribute(attributes, "name") == Some(field)
                    && attribute(attributes, "aria-invalid") == Some("true")
            }
            _ => false,
        })
    }

    /// The text of the element with that id.
    pub fn by_id(&self, id: &str) -> String {
        let start = self
            .tokens
            .iter()
            .position(|token| matches!(token, Token::Open { attributes, .. } if attribute(attributes, "id") == Some(id)));
        let Some(Token::Open { name: wanted, .. }) = start.map(|start| &self.tokens[start]) else {
            panic!("nothing is #{id} on this page:\n{}", self.text())
        };
        let mut depth = 0;
        let mut text = String::new();
        for token in self.tokens.iter().skip(start.unwrap()) {
            match token {
                Token::Open { name, .. } if name == wanted => depth += 1,
                Token::Close(name) if name == wanted => depth -= 1,
                Token::Text(part) => text.push_str(part),
                _ => text.push(' '),
            }
            if depth == 0 {
                break;
            }
        }
        folded(&text)
    }

    fn inner(&self, element: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut open: Option<String> = None;
        for token in &self.tokens {
            match token {
                Token::Open { name, .. } if name == element => open = Some(String::new()),
                Token::Text(text) => {
                    if let Some(inner) = open.as_mut() {
                        inner.push_str(text);
                    }
                }
                Token::Close(name) if name == element => {
                    found.extend(open.take().map(|inner| folded(&inner)))
                }
                _ => {}
            }
        }
        found
    }
}

impl Form {
    /// The body that a browser sends when these fields were filled in and the others left as they are.
    pub fn filled(&self, fields: &[(&str, &str)]) -> Vec<u8> {
        let left = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut all: Vec<(&str, &str)> =
            left.filter(|(name, _)| !fields.iter().any(|(given, _)| given == name)).collect();
        all.extend_from_slice(fields);
        encoded(&all)
    }
}

#[derive(Default)]
struct FormReader {
    forms: Vec<Form>,
    inside: bool,
    select: Option<(String, Option<String>)>,
    area: Option<(String, String)>,
}

impl FormReader {
    fn take(&mut self, token: &Token) {
        match token {
            Token::Open { name, attributes } if name == "form" => {
                self.inside = true;
                self.forms.push(Form {
                    action: attribute(attributes, "action").unwrap_or_default().to_owned(),
                    method: attribute(attributes, "method").unwrap_or("get").to_lowercase(),
                    ..Form::default()
                });
            }
            Token::Close(name) if name == "form" => self.inside = false,
            _ if !self.inside => {}
            Token::Open { name, attributes } => self.open(name, attributes),
            Token::Close(name) => self.close(name),
            Token::Text(text) => {
                if let Some((_, value)) = self.area.as_mut() {
                    value.push_str(text);
                }
            }
        }
    }

    fn open(&mut self, element: &str, attributes: &[(String, String)]) {
        let name = attribute(attributes, "name").unwrap_or_default().to_owned();
        let value = attribute(attributes, "value");
        match element {
            "input" => self.input(name, value, attributes),
            "select" => {
                self.name(&name);
                self.select = Some((name, None));
            }
            "option" => {
                if let Some((_, chosen)) = self.select.as_mut()
                    && (chosen.is_none() || attribute(attributes, "selected").is_some())
                {
                    *chosen = Some(value.unwrap_or_default().to_owned());
                }
            }
            "textarea" => {
                self.name(&name);
                self.area = Some((name, String::new()));
            }
            _ => {}
        }
    }

    fn input(&mut self, name: String, value: Option<&str>, attributes: &[(String, String)]) {
        let checked = attribute(attributes, "checked").is_some();
        match attribute(attributes, "type").unwrap_or("text") {
            "submit" => self.last().captions.push(value.unwrap_or_default().to_owned()),
            "checkbox" | "radio" => {
                self.name(&name);
                if checked {
                    self.last().fields.push((name, value.unwrap_or("on").to_owned()));
                }
            }
            _ => {
                self.name(&name);
                self.last().fields.push((name, value.unwrap_or_default().to_owned()));
            }
        }
    }

    fn close(&mut self, element: &str) {
        let finished = match element {
            "select" => self.select.take().map(|(name, chosen)| (name, chosen.unwrap_or_default())),
            "textarea" => self.area.take(),
            _ => None,
        };
        if let Some(field) = finished {
            self.last().fields.push(field);
        }
    }

    fn name(&mut self, name: &str) {
        self.last().names.push(name.to_owned());
    }

    fn last(&mut self) -> &mut Form {
        self.forms.last_mut().expect("a field stands inside a form")
    }
}

fn is_unseen(element: &str) -> bool {
    matches!(element, "script" | "style" | "head" | "template" | "svg")
}

fn is_inline(element: &str) -> bool {
    matches!(element, "a" | "b" | "strong" | "em" | "i" | "span" | "abbr" | "code" | "time" | "bdi" | "small")
}
