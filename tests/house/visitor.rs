//! A person and their browser: keeps cookies, opens pages, fills in forms.

use std::cell::RefCell;
use std::future::poll_fn;
use std::task::Poll;

use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::test::TestRequest;
use futures_util::future::join_all;

use super::{Answering, House, socket};
use crate::support::html::Page;
use crate::support::http::{Answer, encoded};

#[derive(Clone)]
pub struct Visitor<'h> {
    pub house: &'h House,
    pub name: &'static str,
    /// As the outbox names it: `+79160000001`.
    pub phone: String,
    pub ip: String,
    instance: usize,
    headers: Vec<(&'static str, String)>,
    cookies: RefCell<Vec<(String, String)>>,
    pressing: Pressing,
}

/// How somebody presses a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pressing {
    #[default]
    Once,
    /// And again before the answer is there: it is dropped with its cookies.
    BeforeTheAnswer,
    /// And again once its cookies have come, and before the next page has.
    BeforeTheNextPage,
}

impl<'h> Visitor<'h> {
    pub(super) fn new(house: &'h House, name: &'static str, number: u32, pressing: Pressing) -> Visitor<'h> {
        let phone = format!("+7916{:07}", 2_345_000 + number);
        let ip = format!("10.{}.{}.7", 20 + number / 256, number % 256);
        Visitor {
            house,
            name,
            phone,
            ip,
            instance: 0,
            headers: Vec::new(),
            cookies: RefCell::default(),
            pressing,
        }
    }

    /// The same person at a browser that knows nothing of them yet, somewhere else.
    pub fn in_another_browser(&self) -> Visitor<'h> {
        let elsewhere = self.house.visitor(self.name);
        Visitor { phone: self.phone.clone(), ..elsewhere }
    }

    /// The same browser with the cookies that it has now: what they become here, the other one does not learn.
    pub fn copy(&self) -> Visitor<'h> {
        self.clone()
    }

    #[must_use]
    pub fn from(mut self, ip: &str) -> Visitor<'h> {
        self.ip = ip.to_owned();
        self
    }

    #[must_use]
    pub fn calling(mut self, phone: &str) -> Visitor<'h> {
        self.phone = phone.to_owned();
        self
    }

    /// Asks this instance from now on.
    #[must_use]
    pub fn at_instance(mut self, instance: usize) -> Visitor<'h> {
        self.instance = instance;
        self
    }

    /// A header that goes with each request from now on.
    #[must_use]
    pub fn sending(mut self, name: &'static str, value: &str) -> Visitor<'h> {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub async fn gets(&self, path: &str) -> Answer {
        self.asks(Method::GET, path, None).await
    }

    /// A form's body, as it is.
    pub async fn posts(&self, path: &str, body: &[u8]) -> Answer {
        let first = match self.pressing {
            Pressing::Once => return self.asks(Method::POST, path, Some(body.to_vec())).await,
            Pressing::BeforeTheAnswer => self.copy().asks(Method::POST, path, Some(body.to_vec())).await,
            Pressing::BeforeTheNextPage => self.asks(Method::POST, path, Some(body.to_vec())).await,
        };
        let second = self.asks(Method::POST, path, Some(body.to_vec())).await;
        let same = (second.status, second.headers("location")) == (first.status, first.headers("location"));
        assert!(same, "{path}: {} {:?} {}", second.status, second.headers("location"), second.page().text());
        second
    }

    pub async fn asks(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> Answer {
        let answer = self.house.ask(self.instance, self.request(method, path, body)).await;
        self.keep_cookies(&answer);
        self.house.keep_answer(&answer);
        answer
    }

    /// Sends a form and goes away: when it has waited so many times for the portal, nobody is there any more. The answer, where it
    /// came before.
    pub async fn abandons(&self, path: &str, body: Vec<u8>, patience: usize) -> Option<Answer> {
        let mut asking = self.house.ask(self.instance, self.request(Method::POST, path, Some(body)));
        let answer = waits(&mut asking, patience).await;
        answer.iter().for_each(|answer| self.keep_cookies(answer));
        answer
    }

    /// Sends a form that is held up in the middle, after it has waited so many times, while something else happens. The answer, and
    /// whether it was held up: it may have come before.
    pub async fn is_held_up(
        &self,
        path: &str,
        body: Vec<u8>,
        patience: usize,
        meanwhile: impl Future<Output = ()>,
    ) -> (Answer, bool) {
        let mut asking = self.house.ask(self.instance, self.request(Method::POST, path, Some(body)));
        let before = waits(&mut asking, patience).await;
        meanwhile.await;
        let held_up = before.is_none();
        let answer = match before {
            Some(answer) => answer,
            None => asking.await,
        };
        self.keep_cookies(&answer);
        (answer, held_up)
    }

    fn request(&self, method: Method, path: &str, body: Option<Vec<u8>>) -> TestRequest {
        let mut request = TestRequest::with_uri(path).method(method).peer_addr(socket(&self.ip));
        request = request.insert_header(("host", self.house.state().settings.public_url.authority()));
        let cookies = self.cookie_header();
        if !cookies.is_empty() && !self.headers.iter().any(|(name, _)| *name == "cookie") {
            request = request.insert_header(("cookie", bytes(&cookies)));
        }
        for (name, value) in &self.headers {
            // As the last word, but for cookies: several headers of them stand side by side.
            request = match *name {
                "cookie" => request.append_header((*name, bytes(value))),
                _ => request.insert_header((*name, value.as_str())),
            };
        }
        match body {
            Some(body) => {
                request.insert_header(("content-type", "application/x-www-form-urlencoded")).set_payload(body)
            }
            None => request,
        }
    }

    /// Opens a page and goes where it sends one.
    pub async fn opens(&self, path: &str) -> Page {
        let mut path = path.to_owned();
        for _ in 0..6 {
            let answer = self.gets(&path).await;
            if answer.status != 303 {
                assert_eq!(answer.status, 200, "{} opened {path}:\n{}", self.name, answer.page().text());
                return answer.page();
            }
            path = answer.location().to_owned();
        }
        panic!("{path} goes round in circles");
    }

    /// Fills in the form at that address (its page has the same one) and presses its button.
    pub async fn submits(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.submits_on(path, path, fields).await
    }

    /// Fills in the form that leads to `action`, on the page at `path`.
    pub async fn submits_on(&self, path: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.opens(path).await;
        self.sends(&page, action, fields).await
    }

    /// Sends a form of a page that was opened before.
    pub async fn sends(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Answer {
        let form = page
            .form_to(action)
            .unwrap_or_else(|| panic!("{} sees no form to {action}:\n{}", self.name, page.text()));
        self.posts(action, &form.filled(fields)).await
    }

    /// A form with this browser's token, whatever page the person is on.
    pub async fn posts_with_token(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token().await;
        let fields: Vec<(&str, &str)> =
            [("csrf", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.posts(path, &encoded(&fields)).await
    }

    /// The token in this browser's forms: the sign-in page has one for everybody.
    pub async fn token(&self) -> String {
        self.opens("/sign-in").await.value("csrf").unwrap()
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    pub fn keeps(&self, name: &str, value: &str) {
        self.forgets(name);
        self.cookies.borrow_mut().push((name.to_owned(), value.to_owned()));
    }

    pub fn forgets(&self, name: &str) {
        self.cookies.borrow_mut().retain(|(known, _)| known != name);
    }

    fn cookie_header(&self) -> String {
        let cookies = self.cookies.borrow();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep_cookies(&self, answer: &Answer) {
        for line in answer.headers("set-cookie") {
            let mut parts = line.split(';').map(str::trim);
            let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).unwrap();
            let gone = value.is_empty() || parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
            self.forgets(name);
            if !gone {
                self.keeps(name, value);
            }
        }
    }
}

/// Letters of any alphabet: a cookie may have them.
fn bytes(value: &str) -> HeaderValue {
    HeaderValue::from_bytes(value.as_bytes()).unwrap()
}

/// Goes on with a request until it has waited so many times.
async fn waits(asking: &mut Answering, patience: usize) -> Option<Answer> {
    let mut waits = 0;
    let answer = poll_fn(|cx| match asking.as_mut().poll(cx) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending if waits == patience => Poll::Ready(None),
        Poll::Pending => {
            waits += 1;
            Poll::Pending
        }
    });
    answer.await
}

/// They all send at once, each a form of its own: the same form would be a second press of one button.
pub async fn each_sends(
    hands: &[Visitor<'_>],
    page: &str,
    action: &str,
    fields: &[(&str, &str)],
) -> Vec<Answer> {
    let pages: Vec<Page> = join_all(hands.iter().map(|hand| hand.opens(page))).await;
    join_all(hands.iter().zip(&pages).map(|(hand, page)| hand.sends(page, action, fields))).await
}
