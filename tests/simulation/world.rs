//! The portal beside its model: deeds are done at one and reckoned at the other.

use std::collections::BTreeMap;

use diesel::prelude::*;
use kabinet::base::{Moment, Token};
use kabinet::db::schema::{accounts, backup_codes, counters, sessions, totp_secrets};

use super::model::{AccountNo, Browser, BrowserNo, Effect, Model, Status};
use crate::house::{House, Visitor};
use crate::support::dice::Dice;
use crate::support::http::{Answer, encoded};

const SESSION: &str = "sid-dev";
const PEOPLE: [&str; 4] = ["Anna", "Boris", "Vera", "Eve"];
/// The last of them is up to no good, beside what everybody does.
pub const EVE: usize = 3;
const BROWSERS_EACH: usize = 2;
const WORDS: [&str; 12] = [
    "лодка",
    "корица",
    "смычок",
    "крыша",
    "верблюд",
    "алтын",
    "туман",
    "речка",
    "жираф",
    "подкова",
    "ведро",
    "клён",
];

/// What somebody sends, and what must come of it.
pub struct Deed {
    pub browser: BrowserNo,
    pub path: String,
    pub fields: Vec<(&'static str, String)>,
    pub outcome: Outcome,
    pub effect: Effect,
    /// Who is told, and in which words.
    pub tells: Vec<(String, &'static str)>,
}

#[derive(Debug, Clone)]
pub enum Outcome {
    Goes(String),
    Is(u16),
    /// Refused in whatever words; never with a broken page.
    Fails,
}

pub struct World<'h> {
    pub house: &'h House,
    pub dice: Dice,
    pub model: Model,
    pub browsers: Vec<Visitor<'h>>,
    /// Copies of browsers' cookies, taken some time ago.
    pub stolen: Vec<Visitor<'h>>,
    /// What must never stand in the database.
    pub secrets: Vec<String>,
    /// How often each thing was done.
    pub done: BTreeMap<&'static str, usize>,
}

impl<'h> World<'h> {
    pub fn new(house: &'h House, seed: u64) -> World<'h> {
        let mut model = Model::default();
        let mut browsers = Vec::new();
        for (owner, name) in PEOPLE.iter().enumerate() {
            for _ in 0..BROWSERS_EACH {
                model.browsers.push(Browser { owner, ..Browser::default() });
                browsers.push(house.visitor(name));
            }
        }
        let dice = Dice::new(seed);
        World { house, dice, model, browsers, stolen: Vec::new(), secrets: Vec::new(), done: BTreeMap::new() }
    }

    pub fn now(&self) -> Moment {
        self.house.now()
    }

    pub fn counts(&mut self, what: &'static str) {
        *self.done.entry(what).or_default() += 1;
    }

    pub fn any_browser(&mut self) -> BrowserNo {
        self.dice.below(self.browsers.len())
    }

    pub fn browser_of(&mut self, person: usize) -> BrowserNo {
        person * BROWSERS_EACH + self.dice.below(BROWSERS_EACH)
    }

    /// Everybody has two phones and two addresses.
    pub fn phone_of(&mut self, person: usize) -> String {
        format!("+7926777{person}00{}", self.dice.below(2))
    }

    pub fn email_of(&mut self, person: usize) -> String {
        format!("{}{}@example.org", PEOPLE[person].to_lowercase(), self.dice.below(2))
    }

    pub fn anybody(&mut self) -> usize {
        self.dice.below(PEOPLE.len())
    }

    /// One that nobody has had before.
    pub fn new_password(&mut self) -> String {
        let mut word = || WORDS[self.dice.below(WORDS.len())];
        let (first, second, third) = (word(), word(), word());
        let password = format!(
            "{first} {} {second} 7 {third} {}",
            2 + self.secrets.len() % 7,
            self.secrets.len() * 2 % 10
        );
        self.secrets.push(password.clone());
        password
    }

    /// An account of that person which can be used.
    pub fn account_of(&mut self, person: usize) -> Option<AccountNo> {
        let mine = |(_, account): &(usize, &super::model::Account)| {
            account.owner == person && account.status == Status::Active
        };
        let all: Vec<AccountNo> =
            self.model.accounts.iter().enumerate().filter(mine).map(|(number, _)| number).collect();
        self.dice.pick(&all).copied()
    }

    pub fn signed_in(&self, browser: BrowserNo) -> Option<AccountNo> {
        self.model.session(browser, self.now()).map(|session| session.account)
    }

    /// A browser that is signed in, and where.
    pub fn somebody_inside(&mut self) -> Option<(BrowserNo, AccountNo)> {
        let inside: Vec<_> = (0..self.browsers.len())
            .filter_map(|browser| self.signed_in(browser).map(|account| (browser, account)))
            .collect();
        self.dice.pick(&inside).copied()
    }

    /// Sends a form. A portal that was too busy to look at it is asked again.
    pub async fn sends(
        &mut self,
        browser: BrowserNo,
        path: &str,
        fields: &[(&'static str, String)],
    ) -> Answer {
        self.model.touch(browser, self.now());
        self.counts("requests");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        loop {
            let answer = self.browsers[browser].posts_with_token(path, &fields).await;
            if answer.status != 503 {
                return answer;
            }
        }
    }

    pub async fn gets(&mut self, browser: BrowserNo, path: &str) -> Answer {
        self.model.touch(browser, self.now());
        self.browsers[browser].gets(path).await
    }

    /// Does a deed and looks whether that came of it which must. Now and then the browser goes away in the middle.
    pub async fn does(&mut self, deed: Deed) {
        let mut before = Vec::new();
        for (whom, _) in &deed.tells {
            before.push(self.house.letters_to(whom).await.len());
        }
        let done = match self.dice.one_in(9) {
            true => self.does_half(&deed).await,
            false => {
                let answer = self.sends(deed.browser, &deed.path, &deed.fields).await;
                self.judges(&deed, &answer);
                let now = self.now();
                self.model.apply(&deed.effect, deed.browser, now);
                true
            }
        };
        for ((whom, words), before) in deed.tells.iter().zip(before).filter(|_| done) {
            let letters = self.house.letters_to(whom).await;
            let told = letters[before..]
                .iter()
                .any(|letter| letter.subject.contains(words) || letter.text.contains(words));
            assert!(told, "{whom} is not told «{words}» after {}: {:?}", deed.path, &letters[before..]);
        }
    }

    fn judges(&self, deed: &Deed, answer: &Answer) {
        let said = || {
            format!(
                "{} answered {} {}:\n{}",
                deed.path,
                answer.status,
                answer.location(),
                answer.page().text()
            )
        };
        match &deed.outcome {
            Outcome::Goes(path) => {
                assert_eq!((answer.status, answer.location()), (303, path.as_str()), "{}", said())
            }
            Outcome::Is(status) => assert_eq!(answer.status, *status, "{}", said()),
            Outcome::Fails => assert!(answer.status < 500, "{}", said()),
        }
    }

    /// The form is sent, and nobody waits for the answer; sometimes the portal dies of it. Returns whether it was done all the same.
    async fn does_half(&mut self, deed: &Deed) -> bool {
        self.counts("abandoned");
        self.model.touch(deed.browser, self.now());
        let browser = &self.browsers[deed.browser];
        let token = browser.token().await;
        let mut fields = vec![("csrf", token.as_str())];
        fields.extend(deed.fields.iter().map(|(name, value)| (*name, value.as_str())));
        let patience = self.dice.below(8);
        let answer = browser.abandons(&deed.path, encoded(&fields), patience).await;
        match self.dice.one_in(2) {
            true => self.house.crashes().await,
            false => self.house.settles().await,
        }
        let now = self.now();
        if let Some(answer) = answer.filter(|answer| answer.status != 503) {
            self.judges(deed, &answer);
            self.model.apply(&deed.effect, deed.browser, now);
            return true;
        }
        let mut after = self.model.clone();
        after.apply(&deed.effect, deed.browser, now);
        let not_done = self.differs(&self.model).await;
        let done = not_done.is_some();
        if let (Some(without), Some(with)) = (not_done, self.differs(&after).await) {
            panic!("{} was done by half. Without it: {without}. With it: {with}", deed.path);
        }
        if done {
            self.model = after;
        }
        self.finds_its_session(deed).await;
        done
    }

    /// After an answer that did not arrive: whether the browser is still signed in, and which session nobody knows of.
    async fn finds_its_session(&mut self, deed: &Deed) {
        let living = self.living_sessions().await;
        let before = self.model.browsers[deed.browser].session.take();
        let held = self.held(deed.browser);
        let whose = |id: &i64| self.model.accounts.iter().position(|account| account.id == *id).unwrap();
        if let Some(account) = held.as_ref().and_then(|hash| living.get(hash)).map(whose) {
            let now = self.now();
            let kept = before.filter(|session| session.account == account);
            let mut session = kept.unwrap_or_else(|| super::model::Session::new(account, now));
            session.proved = now;
            self.model.browsers[deed.browser].session = Some(session);
        }
        let known: Vec<String> = (0..self.browsers.len()).filter_map(|browser| self.held(browser)).collect();
        let nobody_s =
            living.iter().filter(|(hash, _)| !known.contains(hash) && !self.model.lost.contains_key(*hash));
        let lost: Vec<(String, AccountNo)> = nobody_s.map(|(hash, id)| (hash.clone(), whose(id))).collect();
        let owner = self.model.browsers[deed.browser].owner;
        assert!(
            lost.len() <= 1 && lost.iter().all(|(_, account)| self.model.accounts[*account].owner == owner),
            "{}",
            deed.path
        );
        self.model.lost.extend(lost);
    }

    /// What the row of a browser's session is called.
    pub fn held(&self, browser: BrowserNo) -> Option<String> {
        hash_of(&self.browsers[browser])
    }

    pub async fn living_sessions(&self) -> BTreeMap<String, i64> {
        let now = self.now();
        let living = sessions::table
            .inner_join(
                accounts::table
                    .on(accounts::id.eq(sessions::account_id).and(accounts::epoch.eq(sessions::epoch))),
            )
            .filter(sessions::expires_at.gt(now))
            .filter(sessions::ends_at.gt(now))
            .filter(accounts::status.eq("active"))
            .select((sessions::key_hash, sessions::account_id));
        self.house.reads(move |db| living.load::<(String, i64)>(db)).await.into_iter().collect()
    }

    /// What is not in the database as the model has it, sessions aside.
    pub async fn differs(&self, model: &Model) -> Option<String> {
        type Row = (i64, String, String, Option<String>, Option<String>, i64);
        let rows = accounts::table.order(accounts::id).select((
            accounts::id,
            accounts::number,
            accounts::status,
            accounts::phone,
            accounts::email_key,
            accounts::epoch,
        ));
        let rows: Vec<Row> = self.house.reads(move |db| rows.load(db)).await;
        let mut expected: Vec<Row> = model.accounts.iter().map(super::invariants::row).collect();
        expected.sort();
        if rows != expected {
            return Some(format!("accounts are {rows:?}, not {expected:?}"));
        }
        let guarded = totp_secrets::table
            .filter(totp_secrets::confirmed_at.is_not_null())
            .order(totp_secrets::account_id);
        let guarded: Vec<i64> =
            self.house.reads(move |db| guarded.select(totp_secrets::account_id).load(db)).await;
        let unused = backup_codes::table.filter(backup_codes::used_at.is_null()).count();
        let unused: i64 = self.house.reads(move |db| unused.get_result(db)).await;
        let with_factor = model.accounts.iter().filter(|account| account.factor.is_some());
        let mut expected: Vec<i64> = with_factor.clone().map(|account| account.id).collect();
        expected.sort_unstable();
        let paper: usize =
            with_factor.filter_map(|account| account.factor.as_ref()).map(|factor| factor.paper.len()).sum();
        let same = guarded == expected && usize::try_from(unused).unwrap() == paper;
        (!same).then(|| format!("factors are {guarded:?} with {unused} codes, not {expected:?} with {paper}"))
    }

    /// Counters have stories of their own: here nobody is to wait.
    pub async fn forgets_tries(&self) {
        self.house.writes(|db| diesel::delete(counters::table).execute(db)).await;
    }
}

/// What the row of a browser's session is called, whether it is there or not.
pub fn hash_of(browser: &Visitor<'_>) -> Option<String> {
    let cookie = browser.cookie(SESSION)?;
    Token::read(&cookie[cookie.len().checked_sub(43)?..]).map(|token| token.hash())
}
