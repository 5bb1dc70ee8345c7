//! What must be true: who owns what, what is under way, and which browser is signed in. It knows the rules as a person is told them
//! and nothing of how the portal keeps them.

use std::collections::BTreeMap;
use std::time::Duration;

use kabinet::base::{Moment, days, hours, minutes, seconds};
use totp_rs::Totp;

pub const MAILED_FOR: Duration = hours(24);
pub const RECOVERY_FOR: Duration = minutes(30);
pub const SMS_FOR: Duration = minutes(5);
const IDLE: Duration = minutes(30);
const LONGEST: Duration = hours(12);
const FRESH: Duration = minutes(5);

/// Places in the lists of the model.
pub type AccountNo = usize;
pub type BrowserNo = usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Invited,
    Active,
    Blocked,
}

#[derive(Clone)]
pub struct Account {
    pub owner: usize,
    pub id: i64,
    pub number: String,
    pub status: Status,
    pub password: String,
    /// Passwords that were once right.
    pub former: Vec<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub questions: bool,
    pub factor: Option<Factor>,
    /// How often all sessions were ended.
    pub epoch: i64,
}

impl Account {
    pub fn new(owner: usize, id: i64, number: String, status: Status, password: String) -> Account {
        let (former, phone, email) = (Vec::new(), None, None);
        Account {
            owner,
            id,
            number,
            status,
            password,
            former,
            phone,
            email,
            questions: false,
            factor: None,
            epoch: 0,
        }
    }
}

#[derive(Clone)]
pub struct Factor {
    pub app: Totp,
    pub paper: Vec<String>,
    /// Codes that were taken once, of the app and of the paper.
    pub used: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Session {
    pub account: AccountNo,
    pub began: Moment,
    slid: Moment,
    pub proved: Moment,
}

impl Session {
    pub fn new(account: AccountNo, now: Moment) -> Session {
        Session { account, began: now, slid: now, proved: now }
    }

    pub fn is_fresh(&self, now: Moment) -> bool {
        now.since(self.proved) <= FRESH
    }

    fn lives(&self, now: Moment) -> bool {
        now < self.slid.after(IDLE) && now < self.began.after(LONGEST)
    }
}

/// A registration by phone.
#[derive(Debug, Clone)]
pub struct Registration {
    pub phone: String,
    /// None: the phone was somebody's already.
    pub code: Option<String>,
    pub code_ends: Moment,
    pub ends: Moment,
    /// How many steps were made.
    pub step: usize,
    pub tries: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    Questions,
    Password,
    Support,
    Dead,
}

/// A mailed link that confirms an address.
#[derive(Debug, Clone)]
pub struct Confirmation {
    pub account: AccountNo,
    pub email: String,
    pub link: String,
    pub code: String,
    pub ends: Moment,
    pub state: State,
}

#[derive(Debug, Clone)]
pub struct Recovery {
    /// None: nobody can be restored by what was typed.
    pub account: Option<AccountNo>,
    pub link: Option<String>,
    pub code: Option<String>,
    pub ends: Moment,
    pub state: State,
    pub tries: usize,
    pub answers: usize,
}

/// What a browser holds of a recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    Asker,
    Walker,
}

#[derive(Debug, Clone)]
pub struct Invitation {
    pub account: AccountNo,
    pub email: String,
    pub link: String,
    pub code: String,
    pub ends: Moment,
    pub state: State,
    /// Steps after the button; and the password of the second.
    pub step: usize,
    pub password: String,
}

#[derive(Debug, Clone)]
pub struct PhoneChange {
    pub phone: String,
    pub code: Option<String>,
    pub ends: Moment,
    pub tries: usize,
}

#[derive(Debug, Clone)]
pub struct SecondStep {
    pub account: AccountNo,
    pub epoch: i64,
    pub ends: Moment,
    pub tries: usize,
}

#[derive(Debug, Clone, Default)]
pub struct Browser {
    pub owner: usize,
    pub session: Option<Session>,
    /// Accounts that ask for no second factor here, and until when.
    pub trusted: BTreeMap<AccountNo, Moment>,
    pub registration: Option<Registration>,
    pub recovery: Option<(usize, Hand)>,
    pub invitation: Option<usize>,
    pub second: Option<SecondStep>,
}

#[derive(Clone, Default)]
pub struct Model {
    pub accounts: Vec<Account>,
    pub browsers: Vec<Browser>,
    pub confirmations: Vec<Confirmation>,
    pub recoveries: Vec<Recovery>,
    pub invitations: Vec<Invitation>,
    pub phone_changes: BTreeMap<AccountNo, PhoneChange>,
    /// Sessions whose cookie never reached a browser: the hash of the key, and whose they are.
    pub lost: BTreeMap<String, AccountNo>,
}

/// What a deed changes when it succeeds.
#[derive(Debug, Clone)]
pub enum Effect {
    Nothing,
    Enters(AccountNo),
    Leaves,
    PasswordChanged(AccountNo, String),
    PasswordReset(usize, String),
    OthersEnded(AccountNo),
    AddressConfirmed(usize),
    AddressRemoved(AccountNo),
    PhoneConfirmed(AccountNo),
    PhoneRemoved(AccountNo),
    QuestionsSet(AccountNo),
}

impl Model {
    /// Who is signed in there.
    pub fn session(&self, browser: BrowserNo, now: Moment) -> Option<&Session> {
        let session = self.browsers[browser].session.as_ref()?;
        let active = self.accounts[session.account].status == Status::Active;
        (active && session.lives(now)).then_some(session)
    }

    /// A request of that browser: its session goes on for half an hour, reckoned in whole minutes.
    pub fn touch(&mut self, browser: BrowserNo, now: Moment) {
        let lives = self.session(browser, now).is_some();
        let session = &mut self.browsers[browser].session;
        match session {
            Some(session) if lives && now.since(session.slid) >= seconds(60) => session.slid = now,
            Some(_) if !lives => *session = None,
            _ => {}
        }
    }

    pub fn owner_of_phone(&self, phone: &str) -> Option<AccountNo> {
        self.accounts.iter().position(|account| account.phone.as_deref() == Some(phone))
    }

    pub fn owner_of_email(&self, email: &str) -> Option<AccountNo> {
        self.accounts.iter().position(|account| account.email.as_deref() == Some(email))
    }

    pub fn is_active(&self, account: AccountNo) -> bool {
        self.accounts[account].status == Status::Active
    }

    /// Whether a code is asked for after the password.
    pub fn wants_code(&self, account: AccountNo, browser: BrowserNo, now: Moment) -> bool {
        let trusted = self.browsers[browser].trusted.get(&account).is_some_and(|until| now < *until);
        self.accounts[account].factor.is_some() && !trusted
    }

    pub fn enter(&mut self, browser: BrowserNo, account: AccountNo, now: Moment) {
        self.browsers[browser].session = Some(Session::new(account, now));
        // A browser that is shared is turned over.
        self.browsers[browser].trusted.retain(|whose, _| *whose == account);
    }

    /// The other sessions of an account end, and so does what rests on them.
    fn end_all_but(&mut self, account: AccountNo, kept: Option<BrowserNo>) {
        self.accounts[account].epoch += 1;
        for (number, browser) in self.browsers.iter_mut().enumerate() {
            if Some(number) != kept
                && browser.session.as_ref().is_some_and(|session| session.account == account)
            {
                browser.session = None;
            }
        }
        self.lost.retain(|_, whose| *whose != account);
    }

    /// Ways back in that are under way come to nothing.
    pub fn withdraw_recoveries(&mut self, account: AccountNo) {
        for recovery in self.recoveries.iter_mut().filter(|recovery| recovery.account == Some(account)) {
            if recovery.state != State::Support {
                recovery.state = State::Dead;
            }
        }
    }

    fn new_password(&mut self, account: AccountNo, password: &str, kept: Option<BrowserNo>) {
        let old = std::mem::replace(&mut self.accounts[account].password, password.to_owned());
        self.accounts[account].former.push(old);
        self.end_all_but(account, kept);
        for (number, browser) in self.browsers.iter_mut().enumerate() {
            if Some(number) != kept {
                browser.trusted.remove(&account);
            }
        }
        self.no_confirmation_counts(account);
        self.withdraw_recoveries(account);
        self.phone_changes.remove(&account);
    }

    /// What would confirm an address is of no use any more.
    fn no_confirmation_counts(&mut self, account: AccountNo) {
        let of_account = self.confirmations.iter_mut().filter(|mail| mail.account == account);
        of_account.for_each(|mail| mail.state = State::Dead);
    }

    pub fn apply(&mut self, effect: &Effect, browser: BrowserNo, now: Moment) {
        match effect {
            Effect::Nothing => {}
            Effect::Enters(account) => self.enter(browser, *account, now),
            Effect::Leaves => self.browsers[browser].session = None,
            Effect::PasswordChanged(account, password) => {
                self.new_password(*account, password, Some(browser));
                self.enter(browser, *account, now);
            }
            Effect::PasswordReset(recovery, password) => {
                let account = self.recoveries[*recovery].account.unwrap();
                self.new_password(account, password, None);
                self.browsers[browser].recovery = None;
            }
            Effect::OthersEnded(account) => self.end_all_but(*account, Some(browser)),
            Effect::AddressConfirmed(mail) => {
                let Confirmation { account, email, .. } = self.confirmations[*mail].clone();
                self.accounts[account].email = Some(email);
                self.no_confirmation_counts(account);
                self.withdraw_recoveries(account);
            }
            Effect::AddressRemoved(account) => {
                self.accounts[*account].email = None;
                self.no_confirmation_counts(*account);
                self.withdraw_recoveries(*account);
            }
            Effect::PhoneConfirmed(account) => {
                let change = self.phone_changes.remove(account).unwrap();
                self.accounts[*account].phone = Some(change.phone);
                self.withdraw_recoveries(*account);
            }
            Effect::PhoneRemoved(account) => {
                self.accounts[*account].phone = None;
                self.phone_changes.remove(account);
                self.withdraw_recoveries(*account);
            }
            Effect::QuestionsSet(account) => self.accounts[*account].questions = true,
        }
    }

    /// The factor goes, and every browser forgets that it was trusted.
    pub fn factor_goes(&mut self, account: AccountNo) {
        self.accounts[account].factor = None;
        self.browsers.iter_mut().for_each(|browser| _ = browser.trusted.remove(&account));
    }

    pub fn trust(&mut self, browser: BrowserNo, account: AccountNo, now: Moment) {
        self.browsers[browser].trusted.insert(account, now.after(days(30)));
    }
}
