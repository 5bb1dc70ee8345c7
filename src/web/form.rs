//! Reading forms, and showing them again.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;

use super::csrf::{Owner, SentToken};
use super::cx::{Cx, TokenAge};
use super::field_error::Problem;
use super::flash::{OldForm, SentForm};
use super::own_pages::NEXT;
use super::refusal::Refusal;
use super::request::body::read_whole;
use super::request::same_origin::is_foreign;
use crate::base::{in_own_letters, strip_invisible};
use crate::connections::own_host::is_host_of;

const FIELDS: usize = 50;
/// The hidden field with the form's token.
const TOKEN: &str = "csrf";

/// A form that came from a page of ours, in the browser that the page was shown to.
pub struct Form<T>(pub T);

/// What of a form may be shown again when its page was too old: each form says it, so that no secret is by mistake.
pub trait ShownAgain {
    const FIELDS: &'static [&'static str];

    /// Whether what was typed there may be a secret in the wrong field.
    fn is_secret(_typed: &str) -> bool {
        false
    }
}

/// `shown_again!(NameForm: ["name"])`
#[macro_export]
macro_rules! shown_again {
    ($($form:ty: [$($field:literal),*]),+ $(,)?) => {
        $(impl $crate::web::ShownAgain for $form {
            const FIELDS: &'static [&'static str] = &[$($field),*];
        })+
    };
}

/// A form of one button.
#[derive(serde::Deserialize)]
pub struct ButtonForm {}

shown_again!(ButtonForm: []);

/// What is kept of such a form.
fn old_form<T: ShownAgain>(fields: &[(String, String)], owner: Owner) -> OldForm {
    let value = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
    // A box that is not ticked is not sent.
    let typed = T::FIELDS.iter().map(|name| (*name, value(name).cloned().unwrap_or_default()));
    let typed = typed.filter(|(_, value)| !T::is_secret(value));
    let typed: Vec<_> = typed.map(|(name, value)| (name.to_owned(), value)).collect();
    let is_shown = |name: &str| [TOKEN, NEXT].contains(&name) || typed.iter().any(|(known, _)| known == name);
    OldForm {
        has_secrets: fields.iter().any(|(name, value)| !value.is_empty() && !is_shown(name)),
        typed,
        owner,
        next: value(NEXT).cloned(),
    }
}

impl<T: DeserializeOwned + ShownAgain + 'static> FromRequest for Form<T> {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Form<T>, Refusal>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let body = read_whole(payload.take());
        Box::pin(async move {
            let cx = Cx::of(&req)?;
            // Whoever is not signed in is told that first; what they have typed waits for them.
            let refuses = |refusal| if cx.lacks_session() { Refusal::SignIn } else { refusal };
            refuse_foreign(req.headers(), &cx.state.settings.public_url.origin().ascii_serialization())
                .map_err(refuses)?;
            refuse_other_kinds(req.headers()).map_err(refuses)?;
            let body = body.await?;
            let fields = fields(&body).map_err(refuses)?;
            let token = fields.iter().find(|(name, _)| name == TOKEN).map_or("", |(_, value)| value);
            match cx.age_of(token) {
                TokenAge::Current(_) if cx.lacks_session() => return Err(Refusal::SignIn),
                TokenAge::Current(owner) => {
                    req.extensions_mut().insert(SentToken(token.to_owned()));
                    req.extensions_mut().insert(SentForm(old_form::<T>(&fields, owner).typed));
                }
                TokenAge::Foreign => return Err(refuses(Refusal::Stale)),
                TokenAge::Earlier(owner) => {
                    req.extensions_mut().insert(old_form::<T>(&fields, owner));
                    return Err(refuses(Refusal::OldForm));
                }
            }
            let fields = MapDeserializer::<_, serde::de::value::Error>::new(fields.into_iter());
            T::deserialize(fields).map(Form).map_err(|_error| Refusal::BadRequest)
        })
    }
}

/// A form sent by a page of another site.
fn refuse_foreign(headers: &HeaderMap, ours: &str) -> Result<(), Refusal> {
    let same_host = |origin: &str| ours.starts_with("http://") && is_host_of(headers, origin);
    if is_foreign(headers, |origin| origin == ours || same_host(origin)) {
        Err(Refusal::Foreign)
    } else {
        Ok(())
    }
}

fn refuse_other_kinds(headers: &HeaderMap) -> Result<(), Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        Ok(())
    } else {
        Err(Refusal::BadRequest)
    }
}

/// Names and values, decoded once. Invalid UTF-8, broken escapes and repeated names are refused: what one reader of a
/// request takes for the first value another takes for the last.
fn fields(body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let (name, value) =
            match pair.iter().position(|byte| *byte == b'=').and_then(|at| pair.split_at_checked(at)) {
                Some((name, value)) => (name, value.strip_prefix(b"=").unwrap_or(value)),
                None => (pair, b"".as_slice()),
            };
        let name = decoded(name)?;
        if fields.iter().any(|(known, _)| *known == name) || fields.len() == FIELDS {
            return Err(Refusal::BadRequest);
        }
        fields.push((name, decoded(value)?));
    }
    Ok(fields)
}

fn decoded(part: &[u8]) -> Result<String, Refusal> {
    let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    String::from_utf8(bytes).map_err(|_not_utf8| Refusal::BadRequest)
}

/// A form as a page shows it: what was typed, what is wrong. Secrets are never put in.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    typed: Vec<(&'static str, String)>,
    problems: Vec<Problem>,
}

impl FormState {
    pub fn empty() -> FormState {
        FormState::default()
    }

    /// Keeps a field as it was typed, without characters that HTML cannot hold; an address as people write it, however the browser sent it.
    #[must_use]
    pub fn with(mut self, field: &'static str, typed: &str) -> FormState {
        self.typed.push((field, in_own_letters(&strip_invisible(typed)).into_owned()));
        self
    }

    #[must_use]
    pub fn problem(mut self, problem: Problem) -> FormState {
        self.problems.push(problem);
        self
    }

    #[must_use]
    pub fn all(mut self, problems: impl IntoIterator<Item = Problem>) -> FormState {
        self.problems.extend(problems);
        self
    }

    pub fn value(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| *name == field).map_or("", |(_, typed)| typed)
    }

    pub fn error(&self, field: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.field == field)
    }

    /// All that is wrong with a field.
    pub fn errors(&self, field: &str) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(move |problem| problem.field == field)
    }

    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

#[cfg(test)]
mod tests {
    use super::{Refusal, fields};

    #[test]
    fn fields_are_decoded_once_and_never_twice_under_one_name() {
        let read = |body: &str| fields(body.as_bytes());
        assert_eq!(
            read("a=1&b=%D0%AF+x&c&d=%2541").unwrap()[1..],
            [("b".into(), "Я x".into()), ("c".into(), String::new()), ("d".into(), "%41".into())]
        );
        for body in ["a=1&a=2", "a=1&%61=2", "a=%FF", "a=%D0", &"x=1&".repeat(60)] {
            assert_eq!(read(body).unwrap_err(), Refusal::BadRequest, "{body}");
        }
    }
}
