//! Ways back in for somebody who has forgotten the password: by mail, by SMS, with the questions.

use super::model::{BrowserNo, Effect, Hand, RECOVERY_FOR, Recovery, SMS_FOR, State};
use super::world::{Deed, Outcome, World};
use crate::house::{ANSWERS, SAME_ANSWERS, code_in, path_in};

impl World<'_> {
    /// Anybody may ask, for any address: nothing comes of that but a letter to its owner.
    pub async fn asks_for_a_way_back(&mut self, browser: BrowserNo) {
        let person = if self.dice.one_in(4) { self.anybody() } else { self.model.browsers[browser].owner };
        let known = self.account_of(person).and_then(|account| self.model.accounts[account].email.clone());
        let (guessed, now) = (self.email_of(person), self.now());
        let email = known.filter(|_| !self.dice.one_in(4)).unwrap_or(guessed);
        let before = self.house.letters_to(&email).await.len();
        self.sends(browser, "/recovery", &[("email", email.clone())]).await.goes_to("/recovery/code");
        let account = self.model.owner_of_email(&email).filter(|account| self.model.is_active(*account));
        let letters = self.house.letters_to(&email).await;
        assert_eq!(letters.len(), before + usize::from(account.is_some()), "letters to {email}");
        let letter = letters.last().filter(|_| account.is_some());
        self.begins_way_back(
            browser,
            Recovery {
                account,
                link: letter.map(|letter| path_in(letter, "/recovery/links/")),
                code: letter.map(|letter| code_in(letter, 6)),
                ends: now.after(RECOVERY_FOR),
                state: State::Open,
                tries: 3,
                answers: 3,
            },
        );
    }

    pub async fn asks_for_a_way_back_by_phone(&mut self, browser: BrowserNo) {
        let owner = self.model.browsers[browser].owner;
        let (phone, now) = (self.phone_of(owner), self.now());
        let before = self.house.letters_to(&phone).await.len();
        let fields = [("country", "RU".to_owned()), ("phone", phone.clone())];
        self.sends(browser, "/recovery/phone", &fields).await.goes_to("/recovery/code");
        let named = self.model.owner_of_phone(&phone).filter(|account| self.model.is_active(*account));
        let account = named.filter(|account| self.model.accounts[*account].email.is_none());
        let letters = self.house.letters_to(&phone).await;
        assert_eq!(letters.len(), before + usize::from(named.is_some()), "letters to {phone}");
        let letter = letters.last().filter(|_| account.is_some());
        let (link, code) = (None, letter.map(|letter| code_in(letter, 4)));
        let ends = now.after(SMS_FOR);
        self.begins_way_back(
            browser,
            Recovery { account, link, code, ends, state: State::Open, tries: 3, answers: 3 },
        );
    }

    fn begins_way_back(&mut self, browser: BrowserNo, recovery: Recovery) {
        let same = |older: &&mut Recovery| recovery.account.is_some() && older.account == recovery.account;
        for older in self.model.recoveries.iter_mut().filter(same).filter(|older| older.state == State::Open)
        {
            older.state = State::Dead;
        }
        self.model.recoveries.push(recovery);
        self.model.browsers[browser].recovery = Some((self.model.recoveries.len() - 1, Hand::Asker));
    }

    /// What is still good of it at this moment.
    fn leads_on(&self, number: usize, state: State) -> bool {
        let recovery = &self.model.recoveries[number];
        let active = recovery.account.is_some_and(|account| self.model.is_active(account));
        recovery.state == state && active && self.now() < recovery.ends
    }

    /// The mailed link, in a browser of the one it was mailed to.
    pub async fn follows_a_link_back(&mut self) {
        let newer = |number: &usize| {
            let recovery = &self.model.recoveries[*number];
            recovery.link.is_some() && recovery.state != State::Dead
        };
        let links: Vec<usize> = (0..self.model.recoveries.len()).filter(newer).collect();
        let Some(number) = self.dice.pick(&links).copied() else { return };
        let owner = self.model.accounts[self.model.recoveries[number].account.unwrap()].owner;
        let browser = self.browser_of(owner);
        let link = self.model.recoveries[number].link.clone().unwrap();
        self.gets(browser, &link).await.goes_to("/recovery/step");
        let good = self.leads_on(number, State::Open);
        let answer = self.sends(browser, "/recovery/step", &[]).await;
        self.model.browsers[browser].recovery = None;
        match good {
            true => self.is_proved(browser, number, answer.location()),
            // A blocked account: nothing happens.
            false => assert!(
                answer.status == 410 || answer.location() == "/recovery/step",
                "{}",
                answer.location()
            ),
        }
    }

    /// The link or code was taken: now this browser goes on, and no other.
    fn is_proved(&mut self, browser: BrowserNo, number: usize, goes_to: &str) {
        let recovery = &self.model.recoveries[number];
        let questions = self.model.accounts[recovery.account.unwrap()].questions;
        let (state, path) = match (questions, recovery.link.is_some()) {
            (true, _) => (State::Questions, "/recovery/questions"),
            (false, true) => (State::Password, "/recovery/password"),
            (false, false) => (State::Support, "/recovery/support"),
        };
        assert_eq!(goes_to, path);
        let ends = self.now().after(RECOVERY_FOR);
        let recovery = &mut self.model.recoveries[number];
        (recovery.state, recovery.ends) = (state, ends);
        self.model.browsers[browser].recovery = Some((number, Hand::Walker));
        self.counts("ways back proved");
    }

    /// The next step of what this browser holds.
    pub async fn goes_on_back(&mut self, browser: BrowserNo) {
        match self.model.browsers[browser].recovery {
            Some((number, Hand::Asker)) => self.types_the_code_back(browser, number).await,
            Some((number, Hand::Walker)) => match self.model.recoveries[number].state {
                State::Questions => self.answers_the_questions(browser, number).await,
                State::Password => self.sets_a_password(browser, number).await,
                _ => self.model.browsers[browser].recovery = None,
            },
            None => {}
        }
    }

    async fn types_the_code_back(&mut self, browser: BrowserNo, number: usize) {
        let right = self.model.recoveries[number].code.clone().filter(|_| !self.dice.one_in(6));
        let digits = if self.model.recoveries[number].link.is_some() { 6 } else { 4 };
        let Some(code) = right.clone().or_else(|| self.wrong_code(number, digits)) else { return };
        let open = self.leads_on(number, State::Open) && self.model.recoveries[number].tries > 0;
        let answer = self.sends(browser, "/recovery/code", &[("code", code)]).await;
        if open && right.is_some() {
            return self.is_proved(browser, number, answer.location());
        }
        // Where another browser went all the way with it, the sign-in page comes next.
        let is_done = self.model.recoveries[number].state == State::Dead && answer.location() == "/sign-in";
        let refused = matches!(answer.status, 422 | 410) || is_done;
        assert!(refused, "a code that is not good: {} {}", answer.status, answer.location());
        self.model.recoveries[number].tries -= usize::from(open);
        if answer.status != 422 {
            self.model.browsers[browser].recovery = None;
        }
    }

    /// Like the right one, and not it. None: whoever asked for nobody does not know how many digits there are.
    fn wrong_code(&self, number: usize, digits: usize) -> Option<String> {
        let right = self.model.recoveries[number].code.clone()?;
        let wrong = if right.starts_with('1') { "2" } else { "1" };
        Some(format!("{wrong}{}", &right[1..digits]))
    }

    async fn answers_the_questions(&mut self, browser: BrowserNo, number: usize) {
        let mut answers = if self.dice.one_in(2) { ANSWERS } else { SAME_ANSWERS };
        let wrong = self.dice.one_in(4);
        if wrong {
            answers[self.dice.below(3)] = "кукла";
        }
        let good = self.leads_on(number, State::Questions);
        let fields: Vec<(&'static str, String)> =
            ["answer1", "answer2", "answer3"].into_iter().zip(answers.map(str::to_owned)).collect();
        let answer = self.sends(browser, "/recovery/questions", &fields).await;
        if !good {
            // 303: to the beginning, for an account that was blocked meanwhile.
            assert!(
                matches!(answer.status, 410 | 303) && answer.location() != "/recovery/password",
                "{}",
                answer.location()
            );
            self.model.browsers[browser].recovery = None;
        } else if wrong {
            let recovery = &mut self.model.recoveries[number];
            recovery.answers -= 1;
            if recovery.answers == 0 {
                recovery.state = State::Dead;
            }
            answer.is(if recovery.answers == 0 { 410 } else { 422 });
        } else {
            answer.goes_to("/recovery/password");
            self.model.recoveries[number].state = State::Password;
        }
        self.counts("questions answered");
    }

    async fn sets_a_password(&mut self, browser: BrowserNo, number: usize) {
        let new = self.new_password();
        let fields = vec![("password", new.clone()), ("again", new.clone())];
        let path = "/recovery/password".to_owned();
        if !self.leads_on(number, State::Password) {
            let answer = self.sends(browser, &path, &fields).await;
            assert!(
                answer.status == 410 || answer.location() == "/recovery",
                "{} {}",
                answer.status,
                answer.location()
            );
            self.model.browsers[browser].recovery = None;
            return;
        }
        let account = &self.model.accounts[self.model.recoveries[number].account.unwrap()];
        let tells = match (&account.email, &account.phone) {
            (Some(email), _) => vec![(email.clone(), "Пароль изменён")],
            (None, phone) => vec![(phone.clone().unwrap(), "пароль изменён")],
        };
        let (outcome, effect) = (Outcome::Goes("/sign-in".to_owned()), Effect::PasswordReset(number, new));
        self.does(Deed { browser, path, fields, outcome, effect, tells }).await;
        self.counts("passwords restored");
    }
}
