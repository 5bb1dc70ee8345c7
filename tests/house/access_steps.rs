//! What people do to get in when they have no password: security questions, recovery, invitations.

use kabinet::access::invitation;
use kabinet::accounts::identifiers::email::Email;
use kabinet::limits::Spent;
use kabinet::texts::Locale;

use super::{House, PASSWORD, Visitor, code_in, path_in};
use crate::support::http::Answer;

/// Strong, and not the one that people register with.
pub const ANOTHER_PASSWORD: &str = "tuman-rastayal-nad-5-rekoy";
pub const ANSWERS: [&str; 3] = ["Ёжик Тоша", "манная каша", "Бородино"];
/// As people type them a year later.
pub const SAME_ANSWERS: [&str; 3] = [" ежик  тоша.", "МАННАЯ КАША", "«бородино»"];
pub const QUESTIONS: [&str; 3] = ["toy", "dish", "poem"];

fn chosen<'a>(answers: &[&'a str; 3]) -> Vec<(&'static str, &'a str)> {
    vec![
        ("question1", QUESTIONS[0]),
        ("answer1", answers[0]),
        ("question2", QUESTIONS[1]),
        ("answer2", answers[1]),
        ("question3", QUESTIONS[2]),
        ("answer3", answers[2]),
    ]
}

impl House {
    /// What the marketplace does.
    pub async fn invites(&self, email: &str) {
        let email = Email::parse(email).unwrap();
        let invited =
            self.state().txs.write(move |tx| invitation::invite(tx, &email, Locale::Ru)).await.unwrap();
        assert_eq!(invited, Spent::Allowed);
    }

    /// The path of the newest invitation to an address.
    pub async fn invitation_to(&self, email: &str) -> String {
        path_in(&self.letter_to(email).await, "/invitations/")
    }

    /// The path of the newest way back in.
    pub async fn recovery_link_to(&self, email: &str) -> String {
        path_in(&self.letter_to(email).await, "/recovery/links/")
    }
}

impl Visitor<'_> {
    /// Registers and confirms an address. Returns the account number.
    pub async fn has_an_account_with(&self, email: &str) -> String {
        let number = self.registers().await;
        self.confirms_address(email).await;
        number
    }

    pub async fn chooses_questions(&self) {
        let mut fields = chosen(&ANSWERS);
        fields.push(("password", PASSWORD));
        self.submits("/questions", &fields).await.goes_to("/questions/set");
    }

    pub async fn has_forgotten(&self, email: &str) -> Answer {
        self.submits("/recovery", &[("email", email)]).await
    }

    pub async fn has_forgotten_by_phone(&self) -> Answer {
        let phone = self.phone.clone();
        self.submits("/recovery/phone", &[("country", "RU"), ("phone", &phone)]).await
    }

    pub async fn gives_recovery_code(&self, code: &str) -> Answer {
        self.submits("/recovery/code", &[("code", code)]).await
    }

    /// What the newest mail says.
    pub async fn reads_code_of(&self, email: &str) -> String {
        code_in(&self.house.letter_to(email).await, 6)
    }

    /// Opens the mailed link; nothing is used up by that.
    pub async fn opens_recovery(&self, link: &str) {
        self.gets(link).await.goes_to("/recovery/step");
        self.gets("/recovery/step").await.is(200);
    }

    /// Opens the newest mailed link and presses its button.
    pub async fn follows_recovery(&self, email: &str) -> Answer {
        let link = self.house.recovery_link_to(email).await;
        self.opens_recovery(&link).await;
        self.submits("/recovery/step", &[]).await
    }

    pub async fn answers(&self, answers: &[&str; 3]) -> Answer {
        let fields = [("answer1", answers[0]), ("answer2", answers[1]), ("answer3", answers[2])];
        self.submits("/recovery/questions", &fields).await
    }

    pub async fn makes_up(&self, password: &str) -> Answer {
        self.submits("/recovery/password", &[("password", password), ("again", password)]).await
    }

    /// All the way back in, without questions.
    pub async fn restores_by_mail(&self, email: &str) {
        self.has_forgotten(email).await.goes_to("/recovery/code");
        self.follows_recovery(email).await.goes_to("/recovery/password");
        self.makes_up(ANOTHER_PASSWORD).await.goes_to("/sign-in");
    }

    /// From the button of an invitation up to the questions.
    pub async fn accepts_up_to_the_questions(&self, link: &str) {
        self.submits(link, &[]).await.goes_to("/invitation/privacy");
        self.submits("/invitation/privacy", &[("agree", "yes")]).await.goes_to("/invitation/password");
        self.submits("/invitation/password", &[("password", PASSWORD), ("again", PASSWORD)])
            .await
            .goes_to("/invitation/questions");
    }

    pub async fn sends_questions(&self) -> Answer {
        self.submits("/invitation/questions", &chosen(&ANSWERS)).await
    }
}
