//! People who go through the pages.

use std::sync::atomic::{AtomicU32, Ordering};

use super::browser::Browser;
use super::html::Page;
use super::http::Answer;
use super::peers::Smsc;
use super::portal::{Portal, SOON, code_in};
use super::process::eventually;

static PHONES: AtomicU32 = AtomicU32::new(1);

pub const PASSWORD: &str = "korabl-plyvet-7-v-tumane";

/// Someone who has an account.
#[derive(Debug, Clone)]
pub struct Person {
    pub browser: Browser,
    /// 12 digits.
    pub number: String,
    pub phone: String,
    pub password: String,
}

/// A Russian mobile number that nobody else in this test has.
pub fn phone() -> String {
    let number = PHONES.fetch_add(1, Ordering::Relaxed);
    // The last four digits stay clear of those that the message centre treats in a special way.
    format!("+7916{:03}{:04}", 200 + number / 5000, 2000 + number % 5000)
}

/// How codes reach people in this test.
pub trait Codes {
    fn newest(&self, phone: &str) -> Option<String>;

    #[track_caller]
    fn code_for(&self, phone: &str) -> String {
        eventually(&format!("an SMS to {phone}"), SOON, || self.newest(phone))
    }
}

impl Codes for Portal {
    fn newest(&self, phone: &str) -> Option<String> {
        self.sms_to(phone).pop().map(|sms| code_in(&sms))
    }
}

impl Codes for Smsc {
    fn newest(&self, phone: &str) -> Option<String> {
        self.messages_to(phone).pop().map(|sms| code_in(&sms))
    }
}

impl Browser {
    #[track_caller]
    pub fn gives_phone(&mut self, phone: &str) -> Answer {
        self.submits("/registration", &[("country", "RU"), ("phone", phone)])
    }

    #[track_caller]
    pub fn gives_code(&mut self, code: &str) -> Answer {
        self.submits("/registration/code", &[("code", code)])
    }

    #[track_caller]
    pub fn agrees(&mut self) -> Answer {
        self.submits("/registration/privacy", &[("agree", "yes")])
    }

    #[track_caller]
    pub fn says_yes(&mut self) -> Answer {
        self.submits("/registration/version", &[])
    }

    #[track_caller]
    pub fn thinks_up(&mut self, password: &str, email: &str) -> Answer {
        self.submits(
            "/registration/password",
            &[("password", password), ("again", password), ("email", email)],
        )
    }

    /// Up to the step whose page is at that path.
    #[track_caller]
    pub fn registers_up_to(&mut self, step: &str, phone: &str, codes: &dyn Codes) {
        self.gives_phone(phone).goes_to("/registration/code");
        for here in
            ["/registration/code", "/registration/privacy", "/registration/version", "/registration/password"]
        {
            if here == step {
                return;
            }
            match here {
                "/registration/code" => {
                    self.gives_code(&codes.code_for(phone)).goes_to("/registration/privacy")
                }
                "/registration/privacy" => self.agrees().goes_to("/registration/version"),
                _ => self.says_yes().goes_to("/registration/password"),
            };
        }
        panic!("{step} is not a step of the registration");
    }

    #[track_caller]
    pub fn signs_in(&mut self, login: &str, password: &str) -> Answer {
        self.submits("/sign-in", &[("login", login), ("password", password)])
    }

    #[track_caller]
    pub fn signs_out(&mut self) -> Answer {
        self.submits_on("/cabinet", "/sign-out", &[])
    }

    pub fn is_signed_in(&mut self) -> bool {
        let answer = self.get("/cabinet");
        assert!(matches!(answer.status, 200 | 303), "/cabinet answered {}", answer.status);
        answer.status == 200
    }
}

impl Portal {
    /// A new account, through the pages; the browser stays signed in.
    #[track_caller]
    pub fn registers(&self) -> Person {
        self.registers_in(self.browser(), self, "")
    }

    #[track_caller]
    pub fn registers_in(&self, mut browser: Browser, codes: &dyn Codes, email: &str) -> Person {
        let phone = phone();
        browser.registers_up_to("/registration/password", &phone, codes);
        browser.thinks_up(PASSWORD, email).goes_to("/registration/done");
        let number = account_number(&browser.opens("/registration/done"));
        Person { browser, number, phone, password: PASSWORD.to_owned() }
    }
}

impl Person {
    /// "1234 5678 9012"
    pub fn grouped(&self) -> String {
        grouped(&self.number)
    }
}

pub fn grouped(number: &str) -> String {
    format!("{} {} {}", &number[..4], &number[4..8], &number[8..])
}

/// The first 12 digits in groups of four that the page shows, without the spaces.
#[track_caller]
pub fn account_number(page: &Page) -> String {
    find_number(&page.text()).unwrap_or_else(|| panic!("no account number on:\n{}", page.text()))
}

pub fn find_number(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_group = |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    words.windows(3).find(|three| three.iter().all(is_group)).map(|three| three.concat())
}
