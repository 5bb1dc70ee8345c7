//! Coming in: registration by phone, signing in, the second factor's code, signing out.

use diesel::prelude::*;
use kabinet::base::{Moment, hours, minutes};
use kabinet::db::schema::accounts;

use super::model::{Account, AccountNo, BrowserNo, Effect, Registration, SMS_FOR, SecondStep, Status};
use super::world::{Deed, Outcome, World};
use crate::house::{another_code, code_in};

const STEPS: [&str; 5] = [
    "/registration/code",
    "/registration/privacy",
    "/registration/version",
    "/registration/password",
    "/registration/done",
];

impl World<'_> {
    /// A phone is given; it may be somebody's already, and that is told to its owner alone.
    pub async fn begins_to_register(&mut self, browser: BrowserNo) {
        let under_way = self.model.browsers[browser].registration.is_some() && !self.dice.one_in(6);
        if self.signed_in(browser).is_some() || under_way {
            return;
        }
        let person = if self.dice.one_in(8) { self.anybody() } else { self.model.browsers[browser].owner };
        let phone = self.phone_of(person);
        // With the number kept where a registration was under way.
        let restarted = self.sends(browser, "/registration/restart", &[]).await;
        let place = restarted.header("location").unwrap_or_default();
        assert!(["/registration", "/registration?anew=yes"].contains(&place), "restarted to {place}");
        let fields = [("country", "RU".to_owned()), ("phone", phone.clone())];
        let before = self.house.letters_to(&phone).await.len();
        self.sends(browser, "/registration", &fields).await.goes_to(STEPS[0]);
        let letters = self.house.letters_to(&phone).await;
        let are_codes: Vec<bool> =
            letters.iter().map(|letter| letter.text.contains("никому не говорите")).collect();
        // The owner of a number is told no more than a few times a day, and of codes never.
        let taken = self.model.owner_of_phone(&phone).is_some();
        assert!(!taken || !are_codes[before..].contains(&true), "{phone}: {letters:?}");
        self.counts("registrations begun");
        let waits = |held: &&Registration| held.phone == phone && held.step == 0 && self.now() < held.ends;
        if self.model.browsers[browser].registration.as_ref().filter(waits).is_some() {
            // The same number in the same browser: its code is still good, and it ends when it was to end.
            return;
        }
        let code = are_codes.iter().rposition(|is_code| *is_code).filter(|_| !taken);
        let now = self.now();
        self.model.browsers[browser].registration = Some(Registration {
            code: code.map(|at| code_in(&letters[at], 4)),
            phone,
            code_ends: now.after(SMS_FOR),
            ends: now.after(hours(1)),
            step: 0,
            tries: 3,
        });
    }

    /// The next step of what this browser has begun.
    pub async fn goes_on_registering(&mut self, browser: BrowserNo) {
        let Some(mut attempt) = self.model.browsers[browser].registration.clone() else { return };
        if self.signed_in(browser).is_some() {
            return;
        }
        let now = self.now();
        let free = self.model.owner_of_phone(&attempt.phone).is_none();
        if now >= attempt.ends {
            let answer = self.sends(browser, STEPS[attempt.step], &[("code", "0000".to_owned())]).await;
            assert!(matches!(answer.status, 303 | 410), "an attempt that is over answered {}", answer.status);
            self.model.browsers[browser].registration = None;
            return;
        }
        match attempt.step {
            0 => {
                let right = attempt.code.clone().filter(|_| !self.dice.one_in(6));
                let typed =
                    right.clone().unwrap_or_else(|| another_code(attempt.code.as_deref().unwrap_or("0000")));
                let matched = right.is_some() && free && now < attempt.code_ends && attempt.tries > 0;
                let answer = self.sends(browser, STEPS[0], &[("code", typed)]).await;
                match matched {
                    true => _ = answer.goes_to(STEPS[1]),
                    false => _ = answer.is(422),
                }
                if now < attempt.code_ends {
                    attempt.tries = attempt.tries.saturating_sub(1);
                }
                attempt.step += usize::from(matched);
            }
            1 | 2 => {
                self.sends(browser, STEPS[attempt.step], &[("agree", "yes".to_owned())])
                    .await
                    .goes_to(STEPS[attempt.step + 1]);
                attempt.step += 1;
            }
            _ => return self.ends_registering(browser, &attempt, free).await,
        }
        self.model.browsers[browser].registration = Some(attempt);
    }

    async fn ends_registering(&mut self, browser: BrowserNo, attempt: &Registration, free: bool) {
        let password = self.new_password();
        let fields = [("password", password.clone()), ("again", password.clone())];
        let answer = self.sends(browser, STEPS[3], &fields).await;
        self.model.browsers[browser].registration = None;
        if !free {
            answer.goes_to("/sign-in");
            return;
        }
        answer.goes_to(STEPS[4]);
        let phone = attempt.phone.clone();
        let found = accounts::table
            .filter(accounts::phone.eq(phone.clone()))
            .select((accounts::id, accounts::number));
        let (id, number) = self.house.reads(move |db| found.clone().first::<(i64, String)>(db)).await;
        let owner = self.model.browsers[browser].owner;
        self.model.accounts.push(Account {
            phone: Some(phone),
            ..Account::new(owner, id, number, Status::Active, password)
        });
        let (account, now) = (self.model.accounts.len() - 1, self.now());
        self.model.enter(browser, account, now);
        self.counts("accounts registered");
    }

    /// Any name of an account.
    pub fn login_of(&mut self, account: AccountNo) -> String {
        let Account { number, phone, email, .. } = &self.model.accounts[account];
        let names: Vec<String> =
            [Some(number.clone()), phone.clone(), email.clone()].into_iter().flatten().collect();
        self.dice.pick(&names).unwrap().clone()
    }

    pub async fn signs_in(&mut self, browser: BrowserNo) {
        let owner = self.model.browsers[browser].owner;
        let mine: Vec<AccountNo> = (0..self.model.accounts.len())
            .filter(|account| {
                self.model.accounts[*account].owner == owner
                    && self.model.accounts[*account].status != Status::Invited
            })
            .collect();
        let Some(account) = self.dice.pick(&mine).copied().filter(|_| self.signed_in(browser).is_none())
        else {
            return;
        };
        let (login, now) = (self.login_of(account), self.now());
        let password = self.model.accounts[account].password.clone();
        let fields = vec![("login", login), ("password", password)];
        if self.model.is_active(account) && self.model.wants_code(account, browser, now) {
            self.sends(browser, "/sign-in", &fields).await.goes_to("/sign-in/code");
            assert!(self.browsers[browser].cookie("sid-dev").is_none() || self.signed_in(browser).is_none());
            let epoch = self.model.accounts[account].epoch;
            self.model.browsers[browser].second =
                Some(SecondStep { account, epoch, ends: now.after(minutes(5)), tries: 5 });
            return self.counts("codes asked for");
        }
        let (outcome, effect) = match self.model.is_active(account) {
            true => (Outcome::Goes("/cabinet".to_owned()), Effect::Enters(account)),
            false => (Outcome::Is(422), Effect::Nothing),
        };
        self.does(Deed { browser, path: "/sign-in".to_owned(), fields, outcome, effect, tells: Vec::new() })
            .await;
        self.counts("sign-ins");
    }

    /// The code that the app shows now.
    pub fn app_code(&self, account: AccountNo, now: Moment) -> String {
        let factor = self.model.accounts[account].factor.as_ref().unwrap();
        factor.app.generate(u64::try_from(now.micros()).unwrap() / 1_000_000).to_string()
    }

    /// A code that has not been used: of the app, or from the paper.
    pub fn fresh_code(&mut self, account: AccountNo) -> String {
        if self.dice.one_in(3)
            && let Some(code) =
                self.model.accounts[account].factor.as_ref().and_then(|factor| factor.paper.last().cloned())
        {
            return code;
        }
        self.house.passes(kabinet::base::seconds(30));
        self.app_code(account, self.now())
    }

    /// It was taken: never again.
    pub fn code_is_used(&mut self, account: AccountNo, code: &str) {
        let Some(factor) = self.model.accounts[account].factor.as_mut() else { return };
        factor.paper.retain(|unused| unused != code);
        factor.used.push(code.to_owned());
    }

    pub async fn gives_the_code(&mut self, browser: BrowserNo) {
        let Some(mut step) = self.model.browsers[browser].second.clone() else { return };
        if self.signed_in(browser).is_some() {
            return;
        }
        let account = step.account;
        if self.model.accounts[account].factor.is_none() {
            // What waits for a code of a factor that is gone waits in vain.
            self.sends(browser, "/sign-in/code", &[("code", "000000".to_owned())]).await.is(422);
            self.model.browsers[browser].second = None;
            return;
        }
        let code = match self.dice.one_in(5) {
            true => "bad-code-00".replace("bad-code", "zzzz-zzzz"),
            false => self.fresh_code(account),
        };
        let now = self.now();
        let Account { epoch, status, .. } = self.model.accounts[account];
        let open = now < step.ends && epoch == step.epoch && status == Status::Active && step.tries > 0;
        let right = open && code != "zzzz-zzzz-00";
        let remember = self.dice.one_in(2);
        let mut fields = vec![("code", code.clone())];
        if remember {
            fields.push(("remember", "yes".to_owned()));
        }
        let answer = self.sends(browser, "/sign-in/code", &fields).await;
        if !right {
            answer.is(422);
            step.tries -= usize::from(open);
            self.model.browsers[browser].second = Some(step).filter(|step| step.tries > 0 && open);
            return;
        }
        answer.goes_to("/cabinet");
        self.code_is_used(account, &code);
        self.model.browsers[browser].second = None;
        self.model.enter(browser, account, now);
        if remember {
            self.model.trust(browser, account, now);
        }
        self.counts("second steps");
    }

    pub async fn signs_out(&mut self, browser: BrowserNo) {
        let outcome = Outcome::Goes("/".to_owned());
        let deed = Deed {
            browser,
            path: "/sign-out".to_owned(),
            fields: Vec::new(),
            outcome,
            effect: Effect::Leaves,
            tells: Vec::new(),
        };
        self.does(deed).await;
        self.model.browsers[browser].registration = None;
    }
}
