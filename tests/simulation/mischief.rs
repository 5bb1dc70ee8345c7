//! What must come to nothing: old links, codes, passwords, cookies and pages, used again, elsewhere or by somebody else.

use diesel::prelude::*;
use kabinet::db::schema::sessions;

use super::model::{BrowserNo, SecondStep, State};
use super::world::{EVE, World, hash_of};
use crate::house::Visitor;

impl<'h> World<'h> {
    fn eve(&mut self) -> BrowserNo {
        self.browser_of(EVE)
    }

    /// A browser that has never been here.
    fn stranger(&mut self) -> Visitor<'h> {
        let eve = self.eve();
        self.browsers[eve].in_another_browser()
    }

    pub async fn suffers_mischief(&mut self) {
        match self.dice.below(8) {
            0 => self.steals_a_cookie(),
            1 | 2 => self.uses_a_stolen_cookie().await,
            3 => self.uses_a_dead_link().await,
            4 => self.tries_an_old_password().await,
            5 => self.tries_an_old_code().await,
            6 => self.types_codes_elsewhere().await,
            _ => self.presses_others_buttons().await,
        }
    }

    fn steals_a_cookie(&mut self) {
        let victim = self.any_browser();
        self.stolen.push(self.browsers[victim].copy());
    }

    /// A copy of a cookie is worth what the cookie is worth: nothing after the session has ended or has taken another key. And even
    /// while it lives, it does nothing that wants the password.
    async fn uses_a_stolen_cookie(&mut self) {
        let Some(thief) = self.dice.pick(&self.stolen).cloned() else { return };
        let hash = hash_of(&thief);
        let holder = (0..self.browsers.len())
            .find(|browser| self.signed_in(*browser).is_some() && self.held(*browser) == hash);
        let lives = hash.is_some_and(|hash| self.model.lost.contains_key(&hash)) || holder.is_some();
        let now = self.now();
        if let Some(holder) = holder {
            self.model.touch(holder, now);
        }
        assert_eq!(thief.is_signed_in().await, lives, "a stolen cookie");
        let fresh = holder
            .and_then(|holder| self.model.session(holder, now))
            .is_none_or(|session| session.is_fresh(now));
        let new = [
            ("current", "wrong-password"),
            ("password", "вор 7 украл 9 лодку"),
            ("again", "вор 7 украл 9 лодку"),
        ];
        let answer = thief.posts_with_token("/profile/password", &new).await;
        assert!(matches!(answer.status, 422 | 303 | 503), "{}", answer.status);
        if !lives || !fresh {
            for path in [
                "/profile/email/removal",
                "/profile/phone/removal",
                "/email",
                "/security/factor",
                "/security/factor/off",
            ] {
                let fields =
                    [("password", "wrong-password"), ("email", "thief@example.org"), ("code", "000000")];
                thief.posts_with_token(path, &fields).await;
            }
        }
        if !lives {
            thief.posts_with_token("/security/sessions/end-others", &[]).await;
            self.counts("dead cookies");
        }
    }

    async fn uses_a_dead_link(&mut self) {
        let now = self.now();
        let confirmations =
            self.model.confirmations.iter().filter(|mail| mail.state == State::Dead || now >= mail.ends);
        let invitations =
            self.model.invitations.iter().filter(|mail| mail.state != State::Open || now >= mail.ends);
        let recoveries =
            self.model.recoveries.iter().filter(|mail| mail.state != State::Open || now >= mail.ends);
        let kinds: [Vec<String>; 3] = [
            confirmations.map(|mail| mail.link.clone()).collect(),
            invitations.map(|mail| mail.link.clone()).collect(),
            recoveries.filter_map(|mail| mail.link.clone()).collect(),
        ];
        // The newest are the ones that could still be taken for good.
        let links = &kinds[self.dice.below(kinds.len())];
        let Some(link) = self.dice.pick(&links[links.len().saturating_sub(2)..]).cloned() else { return };
        let thief = self.stranger();
        thief.gets(&link).await;
        let path = if link.starts_with("/recovery/") { "/recovery/step" } else { &link };
        let answer = thief.posts_with_token(path, &[]).await;
        // What has done its work leads to where it led, and what is long over is forgotten.
        let leads_back = answer.location() == link || answer.location() == "/sign-in";
        assert!(
            matches!(answer.status, 404 | 410) || leads_back,
            "{link} answered {} {}",
            answer.status,
            answer.location()
        );
        let new = [("password", "вор 7 украл 9 лодку"), ("again", "вор 7 украл 9 лодку")];
        for path in ["/recovery/password", "/invitation/password", "/registration/password"] {
            thief.posts_with_token(path, &new).await;
        }
        self.counts("dead links");
    }

    async fn tries_an_old_password(&mut self) {
        let person = self.anybody();
        let Some(account) = self.account_of(person) else { return };
        let mut wrong = self.model.accounts[account].former.clone();
        wrong.extend(
            self.model
                .accounts
                .iter()
                .filter(|other| other.owner != person)
                .map(|other| other.password.clone()),
        );
        wrong.retain(|password| !password.is_empty());
        let Some(password) = self.dice.pick(&wrong).cloned() else { return };
        let login = self.login_of(account);
        let thief = self.stranger();
        let answer = thief.signs_in(&login, &password).await;
        assert!(matches!(answer.status, 422 | 503), "an old password answered {}", answer.status);
        self.counts("old passwords");
    }

    /// Even whoever knows the password comes no further with codes that were taken once, or with those of another account.
    async fn tries_an_old_code(&mut self) {
        let guarded: Vec<usize> = (0..self.model.accounts.len())
            .filter(|account| {
                self.model.is_active(*account) && self.model.accounts[*account].factor.is_some()
            })
            .collect();
        let Some(account) = self.dice.pick(&guarded).copied() else { return };
        let thief = self.stranger();
        let answer = thief.signs_in(&self.login_of(account), &self.password_of(account)).await;
        if answer.status == 503 {
            return;
        }
        answer.goes_to("/sign-in/code");
        let mut codes = self.model.accounts[account].factor.as_ref().unwrap().used.clone();
        codes.reverse();
        codes.truncate(3);
        let others = guarded.iter().filter(|other| **other != account);
        codes.extend(
            others
                .filter_map(|other| {
                    self.model.accounts[*other].factor.as_ref().unwrap().paper.last().cloned()
                })
                .take(1),
        );
        for code in codes {
            thief.gives_second_code(&code).await.is(422);
        }
        assert!(!thief.is_signed_in().await);
        self.counts("old codes");
    }

    /// The codes of one thing, typed where another is asked for.
    async fn types_codes_elsewhere(&mut self) {
        let person = self.anybody();
        let thief = self.stranger();
        let email = self.email_of(person);
        let owner = self.model.owner_of_email(&email).filter(|account| self.model.is_active(*account));
        let codes = self.model.confirmations.iter().map(|mail| mail.code.clone());
        let codes = codes.chain(self.model.invitations.iter().map(|mail| mail.code.clone()));
        let codes: Vec<String> =
            codes.chain(self.model.recoveries.iter().filter_map(|mail| mail.code.clone())).collect();
        let Some(code) = self.dice.pick(&codes).cloned().filter(|code| code.len() == 6) else { return };
        let before = self.house.letters_to(&email).await.len();
        thief.has_forgotten(&email).await.goes_to("/recovery/code");
        let letters = self.house.letters_to(&email).await;
        assert_eq!(letters.len() - before, usize::from(owner.is_some()));
        // Her wish takes the place of the owner's: theirs is the newer letter.
        let older = self.model.recoveries.iter_mut().filter(|mail| owner.is_some() && mail.account == owner);
        older.filter(|mail| mail.state == State::Open).for_each(|mail| mail.state = State::Dead);
        if !letters.last().is_some_and(|letter| letter.text.contains(&code)) {
            thief.posts_with_token("/recovery/code", &[("code", &code)]).await.is(422);
        }
        for path in ["/email/code", "/profile/phone/code", "/registration/code", "/sign-in/code"] {
            thief.posts_with_token(path, &[("code", &code)]).await.is(303);
        }
        let mine = self
            .model
            .invitations
            .iter()
            .any(|mail| mail.state == State::Open && mail.code == code && mail.email == email);
        if !mine {
            thief.posts_with_token("/invitation/code", &[("email", &email), ("code", &code)]).await.is(422);
        }
        assert!(!thief.is_signed_in().await);
        self.counts("codes elsewhere");
    }

    /// The buttons beside other people's sessions; and a second step that waits for somebody else.
    async fn presses_others_buttons(&mut self) {
        let eve = self.eve();
        let hers: Vec<i64> = self
            .model
            .accounts
            .iter()
            .filter(|account| account.owner == EVE)
            .map(|account| account.id)
            .collect();
        let others = sessions::table
            .filter(sessions::account_id.ne_all(hers))
            .order(sessions::key_hash)
            .select(sessions::handle);
        let handles: Vec<String> = self.house.reads(move |db| others.clone().load(db)).await;
        let Some(handle) = self.dice.pick(&handles).cloned() else { return };
        let inside = self.signed_in(eve).is_some();
        let answer = self.sends(eve, &format!("/security/sessions/{handle}/end"), &[]).await;
        match inside {
            true => _ = answer.is(404),
            false => _ = answer.asks_to_sign_in(),
        }
        let waiting: Vec<BrowserNo> = (0..self.browsers.len())
            .filter(|browser| self.model.browsers[*browser].second.is_some())
            .collect();
        if let Some(victim) = self.dice.pick(&waiting).copied() {
            // Without the cookie of the browser that gave the password there is nothing to type a code into.
            let SecondStep { account, .. } = self.model.browsers[victim].second.clone().unwrap();
            let thief = self.browsers[eve].in_another_browser();
            if self.model.accounts[account].factor.is_some() {
                let code = self.app_code(account, self.now());
                thief.posts_with_token("/sign-in/code", &[("code", &code)]).await.goes_to("/sign-in");
            }
        }
        self.counts("others' buttons");
    }
}
