//! What holds after every step.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Account, Status};
use super::world::World;

/// An account's row as it must be.
pub fn row(account: &Account) -> (i64, String, String, Option<String>, Option<String>, i64) {
    let status = match account.status {
        Status::Invited => "invited",
        Status::Active => "active",
        Status::Blocked => "blocked",
    };
    let Account { id, number, phone, email, epoch, .. } = account;
    (*id, number.clone(), status.to_owned(), phone.clone(), email.clone(), *epoch)
}

impl World<'_> {
    pub async fn keeps_its_invariants(&mut self) {
        if let Some(difference) = self.differs(&self.model).await {
            panic!("{difference}");
        }
        self.one_owner_each().await;
        self.nobody_else_is_signed_in().await;
        if self.dice.one_in(5) {
            self.somebody_looks_around().await;
        }
    }

    /// What the rows say is what a browser sees, and only of one's own account.
    async fn somebody_looks_around(&mut self) {
        let browser = self.any_browser();
        let inside = self.signed_in(browser);
        let answer = self.gets(browser, "/cabinet").await;
        match inside {
            Some(account) => {
                let number = self.model.accounts[account].number.clone();
                assert!(
                    answer.is(200).page().text().replace(' ', "").contains(&number),
                    "somebody else's cabinet"
                );
            }
            None => assert_eq!(answer.status, 303, "a cabinet for nobody"),
        }
    }

    /// Said twice: the model could be wrong about who owns what, and so be right about the rows.
    async fn one_owner_each(&self) {
        for column in ["phone", "email_key"] {
            let sql = format!(
                "(SELECT {column} FROM accounts WHERE {column} IS NOT NULL GROUP BY {column} HAVING COUNT(*) > 1) t"
            );
            assert_eq!(self.house.count(&sql), 0, "two accounts have one {column}");
        }
    }

    /// Every session that lives is one that the model knows of, and every session that the model knows of lives.
    async fn nobody_else_is_signed_in(&mut self) {
        let living = self.living_sessions().await;
        self.model.lost.retain(|hash, _| living.contains_key(hash));
        let id = |account: usize| self.model.accounts[account].id;
        let mut expected: BTreeMap<String, i64> =
            self.model.lost.iter().map(|(hash, whose)| (hash.clone(), id(*whose))).collect();
        for browser in 0..self.browsers.len() {
            if let (Some(account), Some(hash)) = (self.signed_in(browser), self.held(browser)) {
                expected.insert(hash, id(account));
            }
        }
        assert_eq!(living, expected, "the sessions that live");
    }

    /// Nothing that opens a door stands in the database in clear.
    pub fn tells_no_secrets(&self) {
        let bytes = self.house.database.bytes();
        let mut secrets: BTreeSet<&str> = self.secrets.iter().map(String::as_str).collect();
        let links = self.model.confirmations.iter().map(|mail| mail.link.as_str());
        let links = links.chain(self.model.recoveries.iter().filter_map(|mail| mail.link.as_deref()));
        let links = links.chain(self.model.invitations.iter().map(|mail| mail.link.as_str()));
        secrets.extend(links.filter_map(|link| link.rsplit('/').next()).filter(|token| !token.is_empty()));
        for factor in self.model.accounts.iter().filter_map(|account| account.factor.as_ref()) {
            secrets.extend(
                factor.paper.iter().chain(&factor.used).filter(|code| code.contains('-')).map(String::as_str),
            );
        }
        assert!(secrets.len() > 10, "there is something to look for");
        let stored = String::from_utf8_lossy(&bytes);
        assert!(stored.contains("accounts_phone_is_one"), "the scan sees the database");
        let found: Vec<&str> = secrets.into_iter().filter(|secret| stored.contains(secret)).collect();
        assert!(found.is_empty(), "{found:?} in the database");
    }
}
