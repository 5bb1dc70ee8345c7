//! A person at a browser without JavaScript: keeps cookies, opens pages, fills in forms.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};

use super::html::{Form, Page};
use super::http::{Answer, ask, connect_from, exchange};

pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

static PEOPLE: AtomicU32 = AtomicU32::new(1);

#[derive(Debug, Clone)]
pub struct Browser {
    pub portal: SocketAddr,
    /// The name that the address bar shows.
    pub host: String,
    /// The address that the proxy in front of the portal names.
    pub from: String,
    /// The address that it connects from itself; this machine's usual one if none is set.
    pub source: Option<Ipv4Addr>,
    pub cookies: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
}

impl Browser {
    /// Each browser comes from a network of its own, so that one person's limits do not touch another's.
    pub fn new(portal: SocketAddr) -> Browser {
        let number = PEOPLE.fetch_add(1, Ordering::Relaxed) + std::process::id() % 97 * 256;
        let from = format!("10.{}.{}.7", number / 256 % 256, number % 256);
        let (host, cookies, headers) = (portal.to_string(), Vec::new(), Vec::new());
        Browser { portal, host, from, source: None, cookies, headers }
    }

    pub fn from(mut self, ip: &str) -> Browser {
        self.from = ip.to_owned();
        self
    }

    /// Sits at an address of this machine's own, one of 127.0.0.0/8.
    pub fn sits_at(mut self, source: Ipv4Addr) -> Browser {
        self.source = Some(source);
        self
    }

    pub fn with_header(mut self, name: &str, value: &str) -> Browser {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Under another name than its address.
    pub fn knowing_it_as(mut self, host: &str) -> Browser {
        host.clone_into(&mut self.host);
        self
    }

    /// The same person, cookies and all, at another instance.
    pub fn at(&self, portal: SocketAddr) -> Browser {
        Browser { portal, ..self.clone() }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn forget(&mut self, name: &str) {
        self.cookies.retain(|(known, _)| known != name);
    }

    pub fn speaks(mut self, locale: &str) -> Browser {
        self.get(&format!("/?locale={locale}"));
        self
    }

    #[track_caller]
    pub fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, &[], None)
    }

    /// Opens a page and goes where it sends one.
    #[track_caller]
    pub fn opens(&mut self, path: &str) -> Page {
        let mut path = path.to_owned();
        for _ in 0..6 {
            let answer = self.get(&path);
            if answer.status != 303 {
                assert_eq!(answer.status, 200, "{path} answered:\n{}", answer.page().text());
                return answer.page();
            }
            path = answer.location().to_owned();
        }
        panic!("{path} goes round in circles");
    }

    /// Where one ends up after opening the path: the last path and its answer.
    pub fn follows(&mut self, path: &str) -> (String, Answer) {
        let mut path = path.to_owned();
        let mut answer = self.get(&path);
        for _ in 0..6 {
            if answer.status != 303 {
                break;
            }
            path = answer.location().to_owned();
            answer = self.get(&path);
        }
        (path, answer)
    }

    /// Fills in the form at that address (GET and POST have the same one) and presses its button.
    #[track_caller]
    pub fn submits(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.submits_on(path, path, fields)
    }

    /// The form with that action on the page at that path.
    #[track_caller]
    pub fn submits_on(&mut self, path: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.opens(path);
        let Some(form) = page.form_to(action) else {
            panic!("no form to {action} on {path}:\n{}", page.source)
        };
        self.sends(action, &form, fields)
    }

    #[track_caller]
    pub fn sends(&mut self, action: &str, form: &Form, fields: &[(&str, &str)]) -> Answer {
        self.posts(action, &form.filled(fields))
    }

    /// The form's own token, for a body that is written by hand.
    #[track_caller]
    pub fn token(&mut self, path: &str) -> String {
        let page = self.opens(path);
        page.value("csrf").unwrap_or_else(|| panic!("no token on {path}:\n{}", page.source))
    }

    #[track_caller]
    pub fn posts(&mut self, path: &str, body: &[u8]) -> Answer {
        self.ask("POST", path, &[FORM], Some(body))
    }

    #[track_caller]
    pub fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
        let answer = self.tries(method, path, headers, body);
        answer.unwrap_or_else(|| panic!("{method} {path}: the connection was closed without an answer"))
    }

    /// None: nobody listens there, or the connection broke before the answer was whole.
    pub fn tries(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Option<Answer> {
        let request = self.request(method, path, headers, body);
        let answered = match self.source {
            Some(source) => connect_from(source, self.portal).ok().and_then(|stream| ask(stream, &request)),
            None => exchange(self.portal, &request),
        };
        let mut answer = answered?;
        answer.path = path.to_owned();
        self.keep_cookies(&answer);
        Some(answer)
    }

    /// Like `submits`, for a portal that may die at any moment.
    pub fn tries_to_submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        let form = self.tries("GET", path, &[], None)?.page().form_to(path)?;
        let body = form.filled(fields);
        self.tries("POST", path, &[FORM], Some(&body))
    }

    pub fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Vec<u8> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.host);
        if !self.from.is_empty() {
            head.push_str(&format!("x-forwarded-for: {}\r\n", self.from));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            head.push_str(&format!("cookie: {}\r\n", pairs.join("; ")));
        }
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in own.chain(headers.iter().copied()) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(body) = body {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        let mut request = format!("{head}\r\n").into_bytes();
        request.extend_from_slice(body.unwrap_or_default());
        request
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for line in answer.headers("set-cookie") {
            let mut parts = line.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            self.forget(name);
            let gone = value.is_empty() || parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
            if !gone {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}
