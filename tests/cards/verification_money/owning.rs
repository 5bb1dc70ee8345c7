//! What people do with a card that has come: name sums, answer their bank, prefer, unbind; and what becomes of their accounts.

use diesel::prelude::*;
use kabinet::base::{Currency, Money};
use kabinet::cards::card::Card;
use kabinet::cards::expiring;
use kabinet::cards::status::{CardStatus, VerificationStatus};
use kabinet::cards::verification::CardVerification;
use kabinet::cards::verification_charge::AmountCheck;
use kabinet::db::schema::{accounts, cards};

use super::world::World;

fn was_taken(check: Option<&CardVerification>) -> bool {
    check.is_some_and(|check| check.status.was_taken())
}

impl World {
    pub async fn names_the_sum(&mut self, who: usize) {
        let who =
            self.somebody(who, |card, check| card.status == CardStatus::Verifying && was_taken(check)).await;
        let Some((card, Some(check))) = self.of(who).await else { return };
        let handle = card.handle.clone();
        if self.names(card, check.sum()).await == AmountCheck::Confirmed {
            *self.judged.entry(handle.clone()).or_default() += 1;
            self.named.insert(handle);
        }
    }

    pub async fn names_another_sum(&mut self, who: usize) {
        let Some((card, Some(check))) = self.of(who).await else { return };
        // Another one each time: the same again would count once.
        let before = self.judged.get(&card.handle).copied().unwrap_or_default();
        let wrong = Money::new(check.sum().minor + 1 + i64::from(before), Currency::Rub);
        let (handle, was_open) = (card.handle.clone(), card.status == CardStatus::Verifying);
        let judged = match self.names(card, wrong).await {
            AmountCheck::Confirmed => panic!("seed {}: confirmed by a wrong sum", self.seed),
            AmountCheck::Wrong { .. } => 1,
            AmountCheck::NoTriesLeft => i32::from(was_open),
            AmountCheck::WrongStep => 0,
        };
        *self.judged.entry(handle).or_default() += judged;
    }

    async fn names(&self, card: Card, sum: Money) -> AmountCheck {
        self.does(move |tx| CardVerification::confirm_amount(tx, &card, sum)).await
    }

    /// Yes or no on the bank's page, also when nobody waits for it any more.
    pub async fn answers_the_bank(&mut self, who: usize) {
        let asked = |check: &CardVerification| check.status == VerificationStatus::Challenged;
        let who = if self.dice.one_in(4) {
            who
        } else {
            self.somebody(who, |_, check| check.is_some_and(asked)).await
        };
        let Some((_, Some(check))) = self.of(who).await else { return };
        let Some(reference) = check.charge_reference else { return };
        let asked = self.bank.confirm(&reference, !self.dice.one_in(3)).unwrap();
        self.challenged += u32::from(asked.is_some() && check.status == VerificationStatus::Challenged);
    }

    /// The newest card, or any other that the person has.
    pub async fn unbinds(&mut self, who: usize) {
        let Some(handle) = self.any_card_of(who).await else { return };
        let account = self.people[who].account.clone();
        self.does(move |tx| Card::unbind(tx, &account, &handle)).await;
        self.takes_another_form(who);
    }

    pub async fn prefers(&mut self, who: usize) {
        let Some(handle) = self.any_card_of(who).await else { return };
        let id = self.people[who].account.id;
        self.writes(move |db| Card::prefer(db, id, &handle)).await;
        self.takes_another_form(who);
    }

    async fn any_card_of(&mut self, who: usize) -> Option<String> {
        let id = self.people[who].account.id;
        let all = cards::table.filter(cards::account_id.eq(id)).order(cards::id).select(cards::handle);
        let all: Vec<String> = self.reads(move |db| all.load(db)).await;
        self.dice.pick(&all).cloned()
    }

    pub async fn account_is_blocked(&mut self, who: usize) {
        let id = self.people[who].account.id;
        self.blocked.entry(id.as_i64()).or_insert(self.clock.now());
        let row = accounts::table.find(id);
        self.writes(move |db| diesel::update(row).set(accounts::status.eq("blocked")).execute(db)).await;
        self.maintenance().await;
    }

    pub async fn maintenance(&self) {
        self.does(|tx| {
            expiring::delete_expired(tx.db, tx.now)?;
            expiring::announce(tx)
        })
        .await;
    }
}
