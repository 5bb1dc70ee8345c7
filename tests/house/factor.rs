//! The second factor, as its owner holds it: an app and a printed page.

use kabinet::base::seconds;
use totp_rs::{Builder, Secret, Totp};

use super::{House, PASSWORD, Visitor};
use crate::support::html::Page;
use crate::support::http::Answer;

/// Somebody with the factor on: the account number, the app, the ten codes on paper.
pub struct Guarded {
    pub number: String,
    pub app: Totp,
    pub paper: Vec<String>,
}

impl Guarded {
    /// What the app shows; a step later than the last time, so that it was not used yet.
    pub fn next_code(&self, house: &House) -> String {
        house.passes(seconds(30));
        self.app.generate(u64::try_from(house.now().micros()).unwrap() / 1_000_000).to_string()
    }
}

pub fn app_of(page: &Page) -> Totp {
    let text = page.text();
    let is_group = |word: &&str| {
        word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let groups = words
        .windows(8)
        .find(|groups| groups.iter().all(is_group))
        .unwrap_or_else(|| panic!("no secret:\n{text}"));
    Builder::new().with_secret(Secret::try_from_base32(groups.concat()).unwrap()).build().unwrap()
}

pub fn paper_of(page: &Page) -> Vec<String> {
    let text = page.text();
    let is_code = |word: &&str| {
        let lengths: Vec<usize> = word.split('-').map(str::len).collect();
        lengths == [4, 4, 2]
            && word.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.split_whitespace().filter(is_code).map(str::to_owned).collect()
}

impl Visitor<'_> {
    pub async fn guards_the_account(&self) -> Guarded {
        let number = self.account_number().await;
        self.submits("/security/factor", &[("password", PASSWORD)]).await.goes_to("/security/factor");
        let page = self.opens("/security/factor").await;
        let app = app_of(&page);
        let guarded = Guarded { number, app, paper: Vec::new() };
        let code = guarded.next_code(self.house);
        let answer = self.sends(&page, "/security/factor/confirmation", &[("code", &code)]).await.is(200);
        Guarded { paper: paper_of(&answer.page()), ..guarded }
    }

    pub async fn gives_second_code(&self, code: &str) -> Answer {
        self.submits("/sign-in/code", &[("code", code)]).await
    }
}
