//! What the house has sent. A carrier that loses nothing and never fails.

use std::cell::RefCell;

use kabinet::base::minutes;
use kabinet::notices::outbox::{self, Outcome};
use kabinet::notices::{Body, Channel};

use super::House;

#[derive(Default)]
pub struct Postbox {
    letters: RefCell<Vec<Letter>>,
}

#[derive(Debug, Clone)]
pub struct Letter {
    pub to: String,
    /// Empty for an SMS.
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl House {
    /// Everything that is due goes out. Returns how many messages that were.
    pub async fn delivers(&self) -> usize {
        let (mail, sms) = (self.deliver(Channel::Mail).await, self.deliver(Channel::Sms).await);
        mail + sms
    }

    async fn deliver(&self, channel: Channel) -> usize {
        let now = self.now();
        let due = self.reads(move |db| outbox::due(db, now, channel, 1_000)).await;
        let claims = self.writes(move |db| outbox::claim(db, now, minutes(1), &due)).await;
        for claim in &claims {
            let message = claim.message(&self.keys).unwrap();
            let to = message.to.as_str().to_owned();
            let (subject, text, html) = match message.body {
                Body::Sms { text } => (String::new(), text, String::new()),
                Body::Mail { subject, text, html } => (subject, text, html),
            };
            self.postbox.letters.borrow_mut().push(Letter { to, subject, text, html });
            let (id, attempt) = (claim.id, claim.attempt);
            let sent = Outcome::Sent { peer_id: None };
            assert!(self.writes(move |db| outbox::finish(db, now, id, attempt, &sent)).await);
        }
        claims.len()
    }

    /// Everything that went to a phone or an address, the oldest first. What is due goes out before.
    pub async fn letters_to(&self, whom: &str) -> Vec<Letter> {
        self.delivers().await;
        self.postbox.letters.borrow().iter().filter(|letter| letter.to == whom).cloned().collect()
    }

    /// The newest of them.
    pub async fn letter_to(&self, whom: &str) -> Letter {
        self.letters_to(whom).await.pop().unwrap_or_else(|| panic!("nothing was sent to {whom}"))
    }
}

/// The one number of so many digits that stands alone in a letter.
#[track_caller]
pub fn code_in(letter: &Letter, digits: usize) -> String {
    let words = letter.text.split(|c: char| !c.is_alphanumeric());
    let codes: Vec<&str> =
        words.filter(|word| word.len() == digits && word.bytes().all(|byte| byte.is_ascii_digit())).collect();
    // A mail names the account too: «1234 5678 9012» has groups of four.
    assert_eq!(codes.len(), 1, "not one code of {digits} digits in «{}»", letter.text);
    codes.concat()
}

/// The path of the link to a confirmation.
#[track_caller]
pub fn link_in(letter: &Letter) -> String {
    let beginning =
        ["/confirmations/", "/unlock/"].into_iter().find(|beginning| letter.text.contains(beginning));
    path_in(letter, beginning.unwrap_or("/confirmations/"))
}

/// The path of the link that begins so.
#[track_caller]
pub fn path_in(letter: &Letter, beginning: &str) -> String {
    let start = letter.text.find(beginning).unwrap_or_else(|| panic!("no link in «{}»", letter.text));
    letter.text[start..].split_whitespace().next().unwrap().to_owned()
}
