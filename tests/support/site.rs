//! The portal as its users meet it: real mail, real SMS, one address. On PostgreSQL two instances stand behind that address and take
//! turns, request by request.

use std::time::Duration;

use serde_json::Value;

use super::balancer::Balancer;
use super::browser::Browser;
use super::chromium::chromium;
use super::database::on_postgres;
use super::lynx::Lynx;
use super::peers::{Smsc, Smtp};
use super::person::{Codes, PASSWORD};
use super::portal::{Portal, SOON, code_in};
use super::process::{Port, eventually};

pub struct Site {
    pub smtp: Smtp,
    pub smsc: Smsc,
    url: String,
    // Before the portals: nobody is asked any more when they end.
    balancer: Option<Balancer>,
    portals: Vec<Portal>,
}

impl Site {
    #[track_caller]
    pub fn start() -> Site {
        let (smtp, smsc) = (Smtp::start(), Smsc::start());
        let setup = Portal::with().mail_through(&smtp).sms_through(&smsc);
        if !on_postgres() {
            let portal = setup.start();
            return Site { smtp, smsc, url: portal.url(""), balancer: None, portals: vec![portal] };
        }
        let port = Port::free();
        let url = format!("http://127.0.0.1:{}", port.number);
        let first = setup.set("KABINET_PUBLIC_URL", &url).start();
        let second = Portal::with().beside(&first).start();
        let balancer = Balancer::before(port, vec![first.listen(), second.listen()]);
        Site { smtp, smsc, url, balancer: Some(balancer), portals: vec![first, second] }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Its own address is the public one, where links lead.
    pub fn browser(&self) -> Browser {
        Browser::new(self.url.trim_start_matches("http://").parse().unwrap())
    }

    pub fn sandbox(&self, path: &str) -> String {
        format!("http://{}{path}", self.portals[0].sandbox_address())
    }

    /// As if so much time had gone by that no limit counts any more.
    pub fn lets_limits_pass(&self) {
        self.portals[0].lets_limits_pass();
    }

    /// Through the pages: a phone, an address that is confirmed. Returns the browser, still signed in, and the phone.
    #[track_caller]
    pub fn registers(&self, email: &str) -> (Browser, String) {
        let (mut browser, phone) = (self.browser(), super::person::phone());
        browser.registers_up_to("/registration/password", &phone, &self.smsc);
        browser.thinks_up(PASSWORD, email).goes_to("/registration/done");
        if !email.is_empty() {
            let code =
                super::portal::mailed_code_in(&self.mail(email, "Подтвердите адрес электронной почты"));
            browser.submits("/email/code", &[("code", &code)]).is(303);
        }
        self.lets_limits_pass();
        (browser, phone)
    }

    /// A lynx in which somebody is signed in.
    #[track_caller]
    pub fn lynx(&self, login: &str) -> Lynx {
        let mut lynx = Lynx::opens(&self.url("/sign-in?locale=ru_RU"));
        lynx.fills("text entry field", 0, login);
        lynx.fills("password entry field", 0, PASSWORD);
        lynx.presses("Войти");
        lynx.sees("Операций пока нет");
        lynx
    }

    /// The newest mail with that subject.
    #[track_caller]
    pub fn mail(&self, email: &str, subject: &str) -> Value {
        self.mails(email, subject, 1)
    }

    /// The newest, when there are so many.
    #[track_caller]
    pub fn mails(&self, email: &str, subject: &str, count: usize) -> Value {
        eventually(&format!("mail {count} «{subject}» to {email}"), SOON, || {
            let mut mails = self.smtp.mails_to(email);
            mails.retain(|mail| mail["subject"] == subject);
            (mails.len() >= count).then(|| mails.pop()).flatten()
        })
    }

    /// The newest SMS that says so.
    #[track_caller]
    pub fn sms(&self, phone: &str, words: &str) -> String {
        eventually(&format!("an SMS «{words}» to {phone}"), SOON, || {
            let texts =
                self.smsc.messages_to(phone).into_iter().map(|sms| sms["text"].as_str().unwrap().to_owned());
            texts.rev().find(|text| text.contains(words))
        })
    }

    /// The code of an SMS that says so.
    #[track_caller]
    pub fn code(&self, phone: &str, words: &str) -> String {
        code_in(&serde_json::json!({ "text": self.sms(phone, words) }))
    }

    /// The sum of the newest charge of a card with those last digits, as the bank tells its holder: `4,37`.
    #[track_caller]
    pub fn charged(&self, last_four: &str) -> String {
        let told = Browser::new(self.portals[0].sandbox_address()).get("/bank/messages.json").is(200).json();
        let charged = |line: &&Value| line["event"] == "charged" && line["last_four"] == last_four;
        let minor = told.as_array().unwrap().iter().find(charged).unwrap()["minor"].as_i64().unwrap();
        format!("{},{:02}", minor / 100, minor % 100)
    }

    /// The whole link that begins so.
    #[track_caller]
    pub fn link(&self, mail: &Value, beginning: &str) -> String {
        let text = mail["text"].as_str().unwrap();
        let start = text.find(&self.url(beginning)).unwrap_or_else(|| panic!("no link in «{text}»"));
        text[start..].split_whitespace().next().unwrap().to_owned()
    }

    /// A deed of `tests/peers/chromium.mjs`, without JavaScript.
    #[track_caller]
    pub fn chromium(&self, deed: &str, options: &[(&str, &str)]) -> Value {
        let (url, sandbox) = (self.url(""), self.sandbox(""));
        let (codes, mails) = (self.smsc.journal_path(), self.smtp.journal_path());
        let own = [("portal", url.as_str()), ("sandbox", &sandbox), ("codes", &codes), ("mails", &mails)];
        let all: Vec<(&str, &str)> = own.into_iter().chain(options.iter().copied()).collect();
        let seen = chromium(deed, &all, Duration::from_secs(330));
        self.was_served_by_all();
        seen
    }

    /// Behind one address each instance had its share.
    #[track_caller]
    pub fn was_served_by_all(&self) {
        if let Some(balancer) = &self.balancer {
            let served = balancer.served();
            assert!(served.iter().all(|count| *count >= 5), "{served:?}");
        }
    }
}

impl Codes for Site {
    fn newest(&self, phone: &str) -> Option<String> {
        self.smsc.newest(phone)
    }
}
