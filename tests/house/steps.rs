//! What people do at the portal, always through its pages.

use std::sync::atomic::{AtomicU32, Ordering};

use super::{Visitor, code_in};
use crate::support::http::Answer;

pub use crate::support::person::PASSWORD;

/// A code that is not this one, as long as it, and another one each time: the same wrong code again counts as no try.
pub fn another_code(code: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    loop {
        let digits = code.len();
        let made = format!("{:0digits$}", NEXT.fetch_add(1, Ordering::Relaxed) % 10_000);
        if made != code {
            return made;
        }
    }
}

impl Visitor<'_> {
    pub async fn gives_phone(&self) -> Answer {
        let phone = self.phone.clone();
        self.submits("/registration", &[("country", "RU"), ("phone", &phone)]).await
    }

    /// What the newest SMS says.
    pub async fn receives_code(&self) -> String {
        code_in(&self.house.letter_to(&self.phone).await, 4)
    }

    pub async fn gives_code(&self, code: &str) -> Answer {
        self.submits("/registration/code", &[("code", code)]).await
    }

    pub async fn wants_another_message(&self) -> Answer {
        self.posts_with_token("/registration/messages", &[]).await
    }

    pub async fn agrees(&self) -> Answer {
        self.submits("/registration/privacy", &[("agree", "yes")]).await
    }

    pub async fn says_yes(&self) -> Answer {
        self.submits("/registration/version", &[]).await
    }

    pub async fn thinks_up(&self, password: &str, email: &str) -> Answer {
        self.submits(
            "/registration/password",
            &[("password", password), ("again", password), ("email", email)],
        )
        .await
    }

    pub async fn registers_up_to_the_code(&self) {
        self.gives_phone().await.goes_to("/registration/code");
    }

    pub async fn registers_up_to_the_consent(&self) {
        self.registers_up_to_the_code().await;
        let code = self.receives_code().await;
        self.gives_code(&code).await.goes_to("/registration/privacy");
    }

    pub async fn registers_up_to_the_password(&self) {
        self.registers_up_to_the_consent().await;
        self.agrees().await.goes_to("/registration/version");
        self.says_yes().await.goes_to("/registration/password");
    }

    /// All the way. Returns the account number, 12 digits.
    pub async fn registers(&self) -> String {
        self.registers_with("").await
    }

    /// All the way, with an address that is not confirmed yet.
    pub async fn registers_with(&self, email: &str) -> String {
        self.registers_up_to_the_password().await;
        self.thinks_up(PASSWORD, email).await.goes_to("/registration/done");
        self.account_number().await
    }

    pub async fn account_number(&self) -> String {
        let text = self.opens("/cabinet").await.text();
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_group = |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        let number = words.windows(3).find(|three| three.iter().all(is_group));
        number.unwrap_or_else(|| panic!("{} sees no account number:\n{text}", self.name)).concat()
    }

    pub async fn signs_in(&self, login: &str, password: &str) -> Answer {
        self.submits("/sign-in", &[("login", login), ("password", password)]).await
    }

    pub async fn signs_out(&self) -> Answer {
        self.submits_on("/cabinet", "/sign-out", &[]).await
    }

    pub async fn is_signed_in(&self) -> bool {
        match self.gets("/cabinet").await.status {
            200 => true,
            303 => false,
            status => panic!("{} got {status} from /cabinet", self.name),
        }
    }

    /// Adds an address and presses the button in the mail.
    pub async fn confirms_address(&self, email: &str) {
        self.asks_to_confirm(email).await;
        let link = super::link_in(&self.house.letter_to(email).await);
        self.submits(&link, &[]).await.goes_to(&link);
    }

    pub async fn asks_to_confirm(&self, email: &str) {
        self.submits("/email", &[("email", email), ("password", PASSWORD)]).await.goes_to("/email/code");
    }

    /// After the session has ended: at the same browser, by the phone.
    pub async fn signs_in_again(&self) {
        let phone = self.phone.clone();
        self.signs_in(&phone, PASSWORD).await.goes_to("/cabinet");
    }
}
