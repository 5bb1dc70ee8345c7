//! The second factor, and accounts that wait for their owner.

use diesel::prelude::*;
use kabinet::base::hours;
use kabinet::db::schema::accounts;

use super::model::{Account, AccountNo, BrowserNo, Factor, Invitation, MAILED_FOR, State, Status};
use super::world::World;
use crate::house::{ANSWERS, QUESTIONS, app_of, code_in, paper_of, path_in};

const STEPS: [&str; 3] = ["/invitation/privacy", "/invitation/password", "/invitation/questions"];

impl World<'_> {
    pub async fn changes_the_factor(&mut self, (browser, account): (BrowserNo, AccountNo)) {
        match (self.model.accounts[account].factor.is_some(), self.dice.below(3)) {
            (false, _) => self.turns_the_factor_on(browser, account).await,
            (true, 0) => self.turns_the_factor_off(browser, account).await,
            (true, 1) => self.wants_new_paper(browser, account).await,
            (true, _) => self.forgets_a_browser(browser, account).await,
        }
    }

    async fn turns_the_factor_on(&mut self, browser: BrowserNo, account: AccountNo) {
        let password = self.password_of(account);
        self.sends(browser, "/security/factor", &[("password", password)]).await.goes_to("/security/factor");
        let now = self.now();
        self.proves_anew(browser, now);
        let page = self.browsers[browser].opens("/security/factor").await;
        let (app, paper, used) = (app_of(&page), Vec::new(), Vec::new());
        self.secrets.push(app.secret().to_base32());
        self.model.accounts[account].factor = Some(Factor { app, paper, used });
        let code = self.app_code(account, now);
        let answer = self.browsers[browser]
            .sends(&page, "/security/factor/confirmation", &[("code", &code)])
            .await
            .is(200);
        self.model.accounts[account].factor.as_mut().unwrap().paper = paper_of(&answer.page());
        self.model.browsers[browser].session.as_mut().unwrap().proved = now;
        self.code_is_used(account, &code);
        self.counts("factors on");
    }

    /// The account's password and a fresh code. None when the session ran out while the app made another code.
    fn password_and_code(
        &mut self,
        browser: BrowserNo,
        account: AccountNo,
    ) -> Option<Vec<(&'static str, String)>> {
        let code = self.fresh_code(account);
        self.signed_in(browser)?;
        Some(vec![("code", code), ("password", self.password_of(account))])
    }

    async fn turns_the_factor_off(&mut self, browser: BrowserNo, account: AccountNo) {
        let Some(fields) = self.password_and_code(browser, account) else { return };
        self.sends(browser, "/security/factor/off", &fields).await.goes_to("/security/factor");
        let now = self.now();
        self.proves_anew(browser, now);
        self.model.factor_goes(account);
        self.counts("factors off");
    }

    async fn wants_new_paper(&mut self, browser: BrowserNo, account: AccountNo) {
        let Some(fields) = self.password_and_code(browser, account) else { return };
        let answer = self.sends(browser, "/security/factor/codes", &fields).await.is(200);
        let now = self.now();
        self.model.browsers[browser].session.as_mut().unwrap().proved = now;
        self.code_is_used(account, &fields[0].1);
        let factor = self.model.accounts[account].factor.as_mut().unwrap();
        // The old ones are as good as used.
        factor.used.append(&mut factor.paper);
        factor.paper = paper_of(&answer.page());
        self.counts("papers");
    }

    async fn forgets_a_browser(&mut self, browser: BrowserNo, account: AccountNo) {
        let now = self.now();
        self.model.touch(browser, now);
        let page = self.browsers[browser].opens("/security").await;
        let forgets: Vec<String> = page
            .forms()
            .into_iter()
            .map(|form| form.action)
            .filter(|path| path.ends_with("/forget"))
            .collect();
        let trusted: Vec<BrowserNo> = (0..self.browsers.len())
            .filter(|other| {
                self.model.browsers[*other].trusted.get(&account).is_some_and(|until| now < *until)
            })
            .collect();
        assert_eq!(forgets.len(), trusted.len(), "the list of trusted browsers");
        for path in forgets {
            self.sends(browser, &path, &[]).await.goes_to("/security");
        }
        self.model.browsers.iter_mut().for_each(|browser| _ = browser.trusted.remove(&account));
    }

    /// A marketplace wishes an account for an address.
    pub async fn is_invited(&mut self) {
        let owner = self.anybody();
        let (email, now) = (self.email_of(owner), self.now());
        self.house.invites(&email).await;
        let letter = self.house.letter_to(&email).await;
        if self.model.owner_of_email(&email).is_some() {
            assert!(!letter.text.contains("/invitations/"), "{}", letter.text);
            return;
        }
        let waiting = self
            .model
            .invitations
            .iter()
            .rev()
            .filter(|older| older.email == email)
            .map(|older| older.account);
        let waiting = waiting
            .filter(|account| self.model.accounts[*account].status == Status::Invited)
            .collect::<Vec<_>>();
        let account = match waiting.first() {
            Some(account) => *account,
            None => self.finds_the_new_account(owner).await,
        };
        for older in self
            .model
            .invitations
            .iter_mut()
            .filter(|older| older.account == account && older.state == State::Open)
        {
            older.state = State::Dead;
        }
        let (link, code) = (path_in(&letter, "/invitations/"), code_in(&letter, 6));
        let (ends, password) = (now.after(MAILED_FOR), String::new());
        self.model.invitations.push(Invitation {
            account,
            email,
            link,
            code,
            ends,
            state: State::Open,
            step: 0,
            password,
        });
    }

    async fn finds_the_new_account(&mut self, owner: usize) -> AccountNo {
        let newest = accounts::table.filter(accounts::status.eq("invited")).order(accounts::id.desc());
        let (id, number) =
            self.house.reads(move |db| newest.select((accounts::id, accounts::number)).first(db)).await;
        assert!(self.model.accounts.iter().all(|known| known.id != id), "an account was to be made");
        self.model.accounts.push(Account::new(owner, id, number, Status::Invited, String::new()));
        self.model.accounts.len() - 1
    }

    /// The button of the mail, or its code in another browser.
    pub async fn accepts_an_invitation(&mut self) {
        let open: Vec<usize> = (0..self.model.invitations.len())
            .filter(|number| self.model.invitations[*number].state == State::Open)
            .collect();
        let Some(number) = self.dice.pick(&open).copied() else { return };
        let browser = self.browser_of(self.model.accounts[self.model.invitations[number].account].owner);
        if self.signed_in(browser).is_some() {
            return;
        }
        let Invitation { account, email, link, code, ends, .. } = self.model.invitations[number].clone();
        let now = self.now();
        let good = now < ends && self.model.accounts[account].status == Status::Invited;
        let by_code = self.dice.one_in(2);
        let answer = match by_code {
            true => self.sends(browser, "/invitation/code", &[("email", email), ("code", code)]).await,
            false => self.sends(browser, &link, &[]).await,
        };
        match (good, by_code) {
            (true, _) => _ = answer.goes_to(STEPS[0]),
            (false, true) => _ = answer.is(422),
            // Dead links are forgotten in the end.
            (false, false) => assert!(
                answer.status == 404 || answer.location() == link,
                "{link} answered {}",
                answer.status
            ),
        }
        if good {
            let invitation = &mut self.model.invitations[number];
            (invitation.state, invitation.ends) = (State::Password, now.after(hours(2)));
            self.model.browsers[browser].invitation = Some(number);
        }
    }

    pub async fn goes_on_accepting(&mut self, browser: BrowserNo) {
        let Some(number) =
            self.model.browsers[browser].invitation.filter(|_| self.signed_in(browser).is_none())
        else {
            return;
        };
        let invitation = self.model.invitations[number].clone();
        if invitation.state == State::Dead || self.now() >= invitation.ends {
            self.sends(browser, STEPS[invitation.step], &[]).await.is(410);
            self.model.browsers[browser].invitation = None;
            return;
        }
        match invitation.step {
            0 => _ = self.sends(browser, STEPS[0], &[("agree", "yes".to_owned())]).await.goes_to(STEPS[1]),
            1 => {
                let password = self.new_password();
                let fields = [("password", password.clone()), ("again", password.clone())];
                self.sends(browser, STEPS[1], &fields).await.goes_to(STEPS[2]);
                self.model.invitations[number].password = password;
            }
            _ => return self.ends_accepting(browser, number).await,
        }
        self.model.invitations[number].step += 1;
    }

    async fn ends_accepting(&mut self, browser: BrowserNo, number: usize) {
        let Invitation { account, email, password, .. } = self.model.invitations[number].clone();
        let mut fields = Vec::new();
        for ((question, answer), place) in
            [("question1", "answer1"), ("question2", "answer2"), ("question3", "answer3")]
                .into_iter()
                .zip(0..)
        {
            fields.extend([(question, QUESTIONS[place].to_owned()), (answer, ANSWERS[place].to_owned())]);
        }
        let answer = self.sends(browser, STEPS[2], &fields).await;
        self.model.browsers[browser].invitation = None;
        if self.model.owner_of_email(&email).is_some() {
            answer.is(409);
            return;
        }
        answer.goes_to("/registration/done");
        for other in self.model.invitations.iter_mut().filter(|other| other.account == account) {
            other.state = State::Dead;
        }
        let owned = &mut self.model.accounts[account];
        (owned.status, owned.password, owned.email, owned.questions) =
            (Status::Active, password, Some(email), true);
        let now = self.now();
        self.model.enter(browser, account, now);
        self.counts("invitations accepted");
    }
}
