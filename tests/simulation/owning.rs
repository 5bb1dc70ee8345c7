//! What an owner changes: address, phone, password, questions, sessions.

use kabinet::base::Moment;

use super::model::{AccountNo, BrowserNo, Confirmation, Effect, MAILED_FOR, PhoneChange, SMS_FOR, State};
use super::world::{Deed, Outcome, World};
use crate::house::{ANSWERS, QUESTIONS, another_code, code_in, link_in};

impl World<'_> {
    pub fn password_of(&self, account: AccountNo) -> String {
        self.model.accounts[account].password.clone()
    }

    fn deed(
        &self,
        (browser, account): (BrowserNo, AccountNo),
        path: &str,
        goes_to: &str,
        effect: Effect,
    ) -> Deed {
        Deed {
            browser,
            path: path.to_owned(),
            fields: vec![("password", self.password_of(account))],
            outcome: Outcome::Goes(goes_to.to_owned()),
            effect,
            tells: Vec::new(),
        }
    }

    /// Where an owner is told of what happens to the account.
    fn contact(&self, account: AccountNo) -> String {
        let account = &self.model.accounts[account];
        account.email.clone().or(account.phone.clone()).unwrap()
    }

    pub async fn gives_an_address(&mut self, (browser, account): (BrowserNo, AccountNo)) {
        let person = if self.dice.one_in(5) { self.anybody() } else { self.model.accounts[account].owner };
        let (email, now) = (self.email_of(person), self.now());
        let fields = [("email", email.clone()), ("password", self.password_of(account))];
        self.sends(browser, "/email", &fields).await.goes_to("/email/code");
        self.proves_anew(browser, now);
        for mail in self.model.confirmations.iter_mut().filter(|mail| mail.account == account) {
            mail.state = State::Dead;
        }
        let letter = self.house.letter_to(&email).await;
        let taken = self.model.owner_of_email(&email).is_some_and(|owner| owner != account);
        assert_eq!(taken, !letter.text.contains("/confirmations/"), "{email}: {}", letter.text);
        if !taken {
            let (link, code) = (link_in(&letter), code_in(&letter, 6));
            let mail =
                Confirmation { account, email, link, code, ends: now.after(MAILED_FOR), state: State::Open };
            self.model.confirmations.push(mail);
        }
    }

    /// Somebody has given the password in a form.
    pub fn proves_anew(&mut self, browser: BrowserNo, now: Moment) {
        if let Some(session) =
            self.model.browsers[browser].session.as_mut().filter(|session| !session.is_fresh(now))
        {
            session.proved = now;
        }
    }

    /// By the link, in any browser; or by the code, where its account is signed in.
    pub async fn confirms_an_address(&mut self) {
        let now = self.now();
        let open: Vec<usize> = (0..self.model.confirmations.len())
            .filter(|mail| self.model.confirmations[*mail].state == State::Open)
            .collect();
        let Some(number) = self.dice.pick(&open).copied() else { return };
        let mail = self.model.confirmations[number].clone();
        let account = mail.account;
        let taken = self.model.owner_of_email(&mail.email).is_some_and(|owner| owner != account);
        let good = now < mail.ends && !taken && self.model.is_active(account);
        let old = self.contact(account);
        let changes = self.model.accounts[account].email.as_ref() != Some(&mail.email);
        let effect = if good { Effect::AddressConfirmed(number) } else { Effect::Nothing };
        let subject = match self.model.accounts[account].email {
            Some(_) => "В аккаунте новый адрес электронной почты",
            None => "Почта добавлена в аккаунт",
        };
        let tells = match good && changes {
            true => vec![(old, "почта"), (mail.email.clone(), subject)],
            false => Vec::new(),
        };
        let inside = (0..self.browsers.len()).find(|browser| self.signed_in(*browser) == Some(account));
        let deed = match inside.filter(|_| self.dice.one_in(2)) {
            Some(browser) => {
                let outcome =
                    if good { Outcome::Goes("/email/confirmed".to_owned()) } else { Outcome::Fails };
                Deed {
                    browser,
                    path: "/email/code".to_owned(),
                    fields: vec![("code", mail.code)],
                    outcome,
                    effect,
                    tells,
                }
            }
            None => {
                let outcome = if good { Outcome::Goes(mail.link.clone()) } else { Outcome::Fails };
                let browser = self.any_browser();
                Deed { browser, path: mail.link, fields: Vec::new(), outcome, effect, tells }
            }
        };
        let tells_by_mail = deed.tells.first().is_none_or(|(whom, _)| whom.contains('@'));
        let deed = if tells_by_mail {
            with_words(deed, "В аккаунте новый адрес электронной почты")
        } else {
            deed
        };
        self.does(deed).await;
        if taken && now < mail.ends && self.model.is_active(account) {
            self.model.confirmations[number].state = State::Dead;
        }
        self.counts(if good { "addresses confirmed" } else { "addresses refused" });
    }

    pub async fn removes(&mut self, (browser, account): (BrowserNo, AccountNo), email: bool) {
        let (path, effect, words) = match email {
            true => ("/profile/email/removal", Effect::AddressRemoved(account), "удал"),
            false => ("/profile/phone/removal", Effect::PhoneRemoved(account), "удал"),
        };
        let mut deed = self.deed((browser, account), path, "/profile", effect);
        let places = [self.model.accounts[account].email.clone(), self.model.accounts[account].phone.clone()];
        match places {
            [Some(email), Some(phone)] => deed.tells = vec![(email, words), (phone, words)],
            _ => (deed.outcome, deed.effect) = (Outcome::Is(422), Effect::Nothing),
        }
        self.does(deed).await;
        let now = self.now();
        self.proves_anew(browser, now);
        self.counts("removals");
    }

    pub async fn gives_a_phone(&mut self, (browser, account): (BrowserNo, AccountNo)) {
        let person = if self.dice.one_in(5) { self.anybody() } else { self.model.accounts[account].owner };
        let (phone, now) = (self.phone_of(person), self.now());
        if self.model.accounts[account].phone.as_ref() == Some(&phone) {
            return;
        }
        let fields =
            [("country", "RU".to_owned()), ("phone", phone.clone()), ("password", self.password_of(account))];
        self.sends(browser, "/profile/phone", &fields).await.goes_to("/profile/phone/code");
        self.proves_anew(browser, now);
        let letter = self.house.letter_to(&phone).await;
        let taken = self.model.owner_of_phone(&phone).is_some();
        assert_eq!(taken, letter.text.contains("/sign-in"), "{phone}: {}", letter.text);
        let code = (!taken).then(|| code_in(&letter, 4));
        self.model
            .phone_changes
            .insert(account, PhoneChange { phone, code, ends: now.after(SMS_FOR), tries: 3 });
    }

    pub async fn confirms_a_phone(&mut self, (browser, account): (BrowserNo, AccountNo)) {
        let Some(change) = self.model.phone_changes.get(&account).cloned() else { return };
        let now = self.now();
        let right = change.code.clone().filter(|_| !self.dice.one_in(6));
        let typed = right.clone().unwrap_or_else(|| another_code(change.code.as_deref().unwrap_or("0000")));
        let open = now < change.ends && change.tries > 0;
        let good = open && right.is_some() && self.model.owner_of_phone(&change.phone).is_none();
        let tells = match (good, &self.model.accounts[account].phone, &self.model.accounts[account].email) {
            (true, Some(old), Some(email)) => {
                vec![(old.clone(), "новый телефон"), (email.clone(), "Телефон изменён")]
            }
            (true, Some(old), None) => vec![(old.clone(), "новый телефон")],
            (true, None, Some(email)) => vec![(email.clone(), "Телефон изменён")],
            _ => Vec::new(),
        };
        let (outcome, effect) = match good {
            true => (Outcome::Goes("/profile/phone/changed".to_owned()), Effect::PhoneConfirmed(account)),
            false => (Outcome::Is(422), Effect::Nothing),
        };
        let fields = vec![("code", typed)];
        if good {
            self.does(Deed {
                browser,
                path: "/profile/phone/code".to_owned(),
                fields,
                outcome,
                effect,
                tells,
            })
            .await;
            return self.counts("phones changed");
        }
        let answer = self.sends(browser, "/profile/phone/code", &fields).await;
        // What ran out is forgotten in the end.
        assert!(
            answer.status == 422 || now >= change.ends && answer.location() == "/profile/phone",
            "{}",
            answer.status
        );
        if let Some(change) = self.model.phone_changes.get_mut(&account).filter(|_| open) {
            change.tries -= 1;
        }
    }

    pub async fn changes_the_password(&mut self, (browser, account): (BrowserNo, AccountNo)) {
        let (current, new) = (self.password_of(account), self.new_password());
        let effect = Effect::PasswordChanged(account, new.clone());
        let mut deed =
            self.deed((browser, account), "/profile/password", "/profile/password/changed", effect);
        deed.fields = vec![("current", current), ("password", new.clone()), ("again", new)];
        let contact = self.contact(account);
        deed.tells = vec![(
            contact.clone(),
            if contact.contains('@') { "Пароль изменён" } else { "пароль изменён" },
        )];
        self.does(deed).await;
        self.counts("passwords changed");
    }

    pub async fn chooses_questions(&mut self, (browser, account): (BrowserNo, AccountNo)) {
        let mut deed =
            self.deed((browser, account), "/questions", "/questions/set", Effect::QuestionsSet(account));
        let named = [("question1", "answer1"), ("question2", "answer2"), ("question3", "answer3")];
        for ((question, answer), place) in named.into_iter().zip(0..) {
            deed.fields.push((question, QUESTIONS[place].to_owned()));
            deed.fields.push((answer, ANSWERS[place].to_owned()));
        }
        // Whether they were stored cannot be seen from outside: no going away here.
        self.sends(browser, &deed.path, &deed.fields).await.goes_to("/questions/set");
        let now = self.now();
        self.proves_anew(browser, now);
        self.model.apply(&deed.effect, browser, now);
        self.counts("questions chosen");
    }

    pub async fn ends_the_others(&mut self, (browser, account): (BrowserNo, AccountNo)) {
        let effect = Effect::OthersEnded(account);
        let mut deed = self.deed((browser, account), "/security/sessions/end-others", "/security", effect);
        deed.fields.clear();
        self.does(deed).await;
        self.counts("others ended");
    }

    /// One other session, by the button beside it. The list shows as many as there are.
    pub async fn ends_one(&mut self, (browser, account): (BrowserNo, AccountNo)) {
        self.model.touch(browser, self.now());
        let page = self.browsers[browser].opens("/security").await;
        let ends: Vec<String> =
            page.forms().into_iter().map(|form| form.action).filter(|path| path.ends_with("/end")).collect();
        let others: Vec<BrowserNo> = (0..self.browsers.len())
            .filter(|other| *other != browser && self.signed_in(*other) == Some(account))
            .collect();
        let lost = self.model.lost.values().filter(|whose| **whose == account).count();
        assert_eq!(ends.len(), others.len() + lost, "the list of sessions");
        let Some(path) = self.dice.pick(&ends).cloned() else { return };
        self.sends(browser, &path, &[]).await.goes_to("/security");
        let living = self.living_sessions().await;
        for other in others {
            if self.held(other).is_some_and(|hash| !living.contains_key(&hash)) {
                self.model.browsers[other].session = None;
            }
        }
        self.model.lost.retain(|hash, _| living.contains_key(hash));
        let left = living.values().filter(|id| **id == self.model.accounts[account].id).count();
        assert_eq!(left, ends.len(), "one was ended, and this one stays");
        self.counts("sessions ended");
    }
}

/// The same deed, told in these words.
fn with_words(mut deed: Deed, words: &'static str) -> Deed {
    deed.tells.iter_mut().for_each(|(_, said)| *said = words);
    deed
}
