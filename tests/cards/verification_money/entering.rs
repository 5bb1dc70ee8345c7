//! How a card comes: through the form, or on the bank's own page; forms that are sent twice, and answers that come late or never.

use kabinet::base::Token;
use kabinet::cards::card::Card;
use kabinet::cards::entry::{self, BindOutcome, BindRequest};
use kabinet::gateway::sandbox::CardDetails;
use kabinet::gateway::{self, Expiry, Gateway, Holder, Hosted, HostedPage, Pan, SecurityCode, Tokenized};
use kabinet::sandbox::bank::TEST_CARDS;
use kabinet::texts::Locale;
use url::Url;

use super::world::{Entry, SITE, World};

impl World {
    /// Any test card, with the form or at the bank.
    pub async fn brings_a_card(&mut self, who: usize) {
        if self.dice.one_in(4) {
            return self.opens_the_bank_s_page(who).await;
        }
        let number = self.dice.pick(&TEST_CARDS).unwrap().0;
        self.enters_card(who, number).await;
    }

    /// Sends the form, sometimes twice; the number may be on its way for long, and the program may die meanwhile.
    pub async fn enters_card(&mut self, who: usize, number: &'static str) {
        for _ in 0..=usize::from(self.dice.one_in(4)) {
            let print = Some(entry::fingerprint(&Pan::read(number).unwrap(), &self.keys));
            let Some(card) = self.begins(who, print).await else { continue };
            if self.dies() {
                continue;
            }
            self.entries.push(Entry { who, card, number, heard: None });
            if !self.is_stormy() || !self.dice.one_in(5) {
                let last = self.entries.len() - 1;
                self.hands_over(last).await;
                self.hears_of_its_card().await;
            }
        }
    }

    fn is_stormy(&self) -> bool {
        self.weather.lock().unwrap().storm
    }

    async fn begins(&mut self, who: usize, print: Option<String>) -> Option<Card> {
        let name = self.gateway.name();
        let person = &self.people[who];
        // One number is nobody's alone, and stays with its person here: others would meet the limits.
        let print = print.map(|print| format!("{who}-{print}"));
        let (account, key) = (person.account.clone(), person.form_key.clone());
        let ip = account.id.as_i64().to_string();
        let begun = self.does_as(&ip, move |tx| {
            let request = BindRequest {
                account: &account,
                form_key: &key,
                fingerprint: print.as_deref(),
                gateway: name,
                locale: Locale::Ru,
            };
            entry::begin(tx, &request)
        });
        match begun.await {
            BindOutcome::Card(card) => {
                self.people[who].card = Some(card.handle.clone());
                Some(*card)
            }
            BindOutcome::Again(card) => {
                let over = self.people[who].card.replace(card.handle);
                if over.is_some() {
                    self.takes_another_form(who);
                }
                None
            }
            BindOutcome::Other(card) | BindOutcome::Known(card) => {
                self.people[who].card = Some(card.handle);
                None
            }
            BindOutcome::Wait { .. } => None,
        }
    }

    pub fn takes_another_form(&mut self, who: usize) {
        self.people[who].form_key = Token::random().as_str().to_owned();
    }

    /// A number that was on its way arrives, or the answer to it does.
    pub async fn an_entry_goes_on(&mut self) {
        if self.entries.is_empty() {
            return;
        }
        let which = self.dice.below(self.entries.len());
        if self.entries[which].heard.is_none() {
            self.hands_over(which).await;
        } else {
            let entry = self.entries.remove(which);
            self.entries.push(entry);
            self.hears_of_its_card().await;
        }
    }

    async fn hands_over(&mut self, which: usize) {
        let now = self.clock.now();
        let entry = &self.entries[which];
        let typed = gateway::Card {
            number: Pan::read(entry.number).unwrap(),
            holder: Holder::read("ANNA PETROVA").unwrap(),
            expiry: Expiry::read("12/35", now).unwrap(),
            security_code: SecurityCode::read("123", None).unwrap(),
        };
        let heard = self.gateway.tokenize(entry.card.entry_operation, &typed).await;
        self.entries[which].heard = Some(heard);
    }

    /// The last entry's answer is noted.
    async fn hears_of_its_card(&mut self) {
        let Some(Entry { who, card, heard: Some(heard), .. }) = self.entries.pop() else { return };
        if self.dies() {
            return;
        }
        self.does(move |tx| match &heard {
            Tokenized::Token(token) => entry::accept_token(tx, &card, token).map(|_| ()),
            Tokenized::Declined { reason, code } => entry::declined(tx, &card, (*reason, code)).map(|_| ()),
            Tokenized::Unknown { .. } => entry::bank_away(tx, &card),
        })
        .await;
        self.takes_another_form(who);
    }

    async fn opens_the_bank_s_page(&mut self, who: usize) {
        let Some(card) = self.begins(who, None).await else { return };
        let return_url = Url::parse(&format!("{SITE}/cards/{}/verification", card.handle)).unwrap();
        let hosted = Hosted { operation: card.entry_operation, return_url, locale: Locale::Ru };
        let opened = self.gateway.hosted(&hosted).await;
        if self.dies() {
            return;
        }
        self.does(move |tx| match &opened {
            HostedPage::At(url) => entry::page_opened(tx, &card, url.as_str()),
            HostedPage::None | HostedPage::Unknown { .. } => entry::bank_away(tx, &card),
        })
        .await;
        self.takes_another_form(who);
    }

    /// Types a card on the bank's page, or leaves it; also one whose card was unbound long ago.
    pub async fn types_at_the_bank(&mut self, who: usize) {
        let who = self.somebody(who, |card, _| card.entry_url.is_some()).await;
        let Some((card, _)) = self.of(who).await else { return };
        let open = match card.entry_url {
            Some(url) => Some(url),
            None => self.last_page_of(&card),
        };
        let Some(secret) =
            open.and_then(|url| Some(Url::parse(&url).ok()?.path().rsplit('/').next()?.to_owned()))
        else {
            return;
        };
        let Some(page) = self.bank.page(&secret).unwrap() else { return };
        if self.dice.one_in(6) {
            return self.bank.give_up(&page).unwrap();
        }
        let number = self.dice.pick(&TEST_CARDS).unwrap().0;
        let details = CardDetails {
            number: number.to_owned().into(),
            holder: "ANNA PETROVA".to_owned(),
            month: 12,
            year: 2035,
            code: "123".to_owned().into(),
        };
        self.bank.enter(&page, &details).unwrap();
    }

    /// Where the page of a card is that nobody wants any more: the browser still shows it.
    fn last_page_of(&self, card: &Card) -> Option<String> {
        let return_url = format!("{SITE}/cards/{}/verification", card.handle);
        let locale = Locale::Ru.word().to_owned();
        let page = gateway::sandbox::NewPage { operation: card.entry_operation.key(), return_url, locale };
        if card.is_hosted { self.bank.open_page(&page).unwrap() } else { None }
    }
}
