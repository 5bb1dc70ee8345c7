//! A world with people, cards, a bank, a line that breaks, and a portal that is killed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use kabinet::accounts::account::{Account, AccountId, Made, NewAccount};
use kabinet::accounts::journal;
use kabinet::accounts::phone::Phone;
use kabinet::accounts::telling::Occasion;
use kabinet::base::{Clock, Currency, Keys, Moment, Money, Token, minutes, seconds};
use kabinet::cards::call::{self, Noted};
use kabinet::cards::card::Card;
use kabinet::cards::check::{Check, Named};
use kabinet::cards::entry::{self, Begun, Wish};
use kabinet::cards::queue::{self, Operator};
use kabinet::cards::status::{CardStatus, CheckStatus};
use kabinet::config::DatabaseUrl;
use kabinet::db::schema::{accounts, checks};
use kabinet::db::{Db, Store};
use kabinet::gateway::{self, Expiry, Gateway, Holder, Pan, SecurityCode, Tokenized};
use kabinet::sandbox::Bank;
use kabinet::sandbox::bank::{Fault, NUMBERS, Secrets, Teller};
use kabinet::texts::Locale;

use crate::support::database::Database;
use crate::support::dice::Dice;
use crate::support::process::Workdir;

const SITE: &str = "https://pay.example.org";

struct Person {
    account: Account,
    /// The form that lies open in the browser.
    form_key: String,
    fingerprint: String,
    number: &'static str,
    card: Option<String>,
}

pub struct World {
    pub seed: u64,
    pub clock: Clock,
    pub crashes: u32,
    keys: Keys,
    pub store: Store,
    pub bank: Bank,
    teller: Teller,
    storm: Arc<AtomicBool>,
    dice: Dice,
    people: Vec<Person>,
    _database: Database,
    _dir: Workdir,
}

impl World {
    pub async fn new(seed: u64, people: usize) -> World {
        let world = World::made(seed, people).await;
        world.storm.store(true, Ordering::Relaxed);
        world.clock.advance(seconds(1));
        world
    }

    /// Nothing breaks.
    pub async fn calm(people: usize) -> World {
        World::made(0, people).await
    }

    async fn made(seed: u64, people: usize) -> World {
        let dir = Workdir::in_memory("money");
        let database = Database::fresh(dir.root());
        let url = DatabaseUrl::parse(&database.url()).unwrap();
        kabinet::db::migrate(&url).unwrap();
        let (store, clock, keys) = (Store::open(&url).unwrap(), Clock::stopped(), Keys::from_seed(7));
        let home = "http://127.0.0.1:8081/".parse().unwrap();
        let bank = Bank::in_memory(Secrets::of(&keys), home, clock.clone()).unwrap();
        let storm = Arc::new(AtomicBool::new(false));
        let teller = Teller::new(bank.clone(), line(seed, Arc::clone(&storm)));
        let mut dice = Dice::new(seed);
        let mut all = Vec::new();
        for place in 0..people {
            all.push(Person {
                account: account(&store, &keys, clock.now(), place).await,
                form_key: Token::random().as_str().to_owned(),
                fingerprint: format!("{place:064x}"),
                number: dice.pick(&NUMBERS).unwrap().0,
                card: None,
            });
        }
        World { seed, clock, crashes: 0, keys, store, bank, teller, storm, dice, people: all, _database: database, _dir: dir }
    }

    async fn writes<T: Send + 'static>(&self, job: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static) -> T {
        self.store.write(job).await.unwrap_or_else(|error| panic!("seed {}: {error}", self.seed))
    }

    fn occasion(&self) -> Occasion {
        let from = journal::From { address: "203.0.113.7".to_owned(), browser: "Lynx/2.9.0".to_owned() };
        Occasion { now: self.clock.now(), from, site: SITE.to_owned() }
    }

    /// One thing that somebody does, or that time does.
    pub async fn step(&mut self) {
        let who = self.dice.below(self.people.len());
        match self.dice.below(20) {
            0..=2 => self.enters_card(who, self.people[who].number).await,
            3..=9 => {
                self.worker_looks().await;
            }
            10..=11 => self.clock.advance(seconds(u64::try_from(self.dice.below(120)).unwrap())),
            12 => self.clock.advance(minutes(u64::try_from(self.dice.below(40)).unwrap())),
            13 => self.names_the_sum(who).await,
            14..=15 => self.names_another_sum(who).await,
            16 => self.answers_the_bank(who).await,
            17 => self.unbinds(who).await,
            18 if self.dice.one_in(4) => self.account_is_blocked(who).await,
            18 => self.forgets_that_form(who),
            _ => self.worker_is_beaten_to_it().await,
        }
    }

    /// Sends the form, sometimes twice; sometimes the program dies between the steps.
    pub async fn enters_card(&mut self, who: usize, number: &'static str) {
        for _ in 0..=usize::from(self.dice.one_in(4)) {
            let person = &self.people[who];
            let (account, key, print) = (person.account.clone(), person.form_key.clone(), person.fingerprint.clone());
            let (keys, on, name) = (self.keys.clone(), self.occasion(), self.teller.name());
            let begun = self
                .writes(move |db| {
                    let address_unit = account.id.as_i64().to_string();
                    let wish = Wish {
                        account: &account,
                        form_key: &key,
                        fingerprint: Some(&print),
                        gateway: name,
                        locale: Locale::Ru,
                        address_unit: &address_unit,
                    };
                    entry::begin(db, &keys, &on, &wish)
                })
                .await;
            match begun {
                Begun::Card(card) => {
                    self.people[who].card = Some(card.handle.clone());
                    if !self.dies() {
                        self.hands_over(*card, number).await;
                    }
                }
                Begun::Again(card) | Begun::Other(card) | Begun::Known(card) => self.people[who].card = Some(card.handle),
                Begun::Wait { .. } => {}
            }
        }
    }

    async fn hands_over(&mut self, card: Card, number: &'static str) {
        let now = self.clock.now();
        let typed = gateway::Card {
            number: Pan::read(number).unwrap(),
            holder: Holder::read("ANNA PETROVA").unwrap(),
            expiry: Expiry::read("12/35", now).unwrap(),
            security_code: SecurityCode::read("123", None).unwrap(),
        };
        let answer = self.teller.tokenize(card.entry_operation, &typed).await;
        if self.dies() {
            return;
        }
        let (keys, on) = (self.keys.clone(), self.occasion());
        self.writes(move |db| match &answer {
            Tokenized::Token(token) => entry::taken_in(db, &keys, &on, &card, token),
            Tokenized::Declined { reason, code } => entry::declined(db, &keys, &on, &card, (*reason, code)),
            Tokenized::Unknown { .. } => entry::not_entered(db, &keys, &on, &card),
        })
        .await;
    }

    fn forgets_that_form(&mut self, who: usize) {
        self.people[who].form_key = Token::random().as_str().to_owned();
    }

    fn dies(&mut self) -> bool {
        let dies = self.storm.load(Ordering::Relaxed) && self.dice.one_in(8);
        self.crashes += u32::from(dies);
        dies
    }

    /// Everything that is due, until nothing is.
    pub async fn worker_runs(&mut self) {
        for _ in 0..50 {
            if !self.worker_looks().await {
                return;
            }
        }
    }

    /// What is due now: claimed, asked, noted; the program may die in between. False when nothing was due.
    async fn worker_looks(&mut self) -> bool {
        let now = self.clock.now();
        let due = self.store.read(move |db| call::due(db, now, 20)).await.unwrap();
        for one in &due {
            let (keys, now, one) = (self.keys.clone(), self.clock.now(), *one);
            let Some(claimed) = self.writes(move |db| call::claim(db, &keys, SITE, now, one)).await else { continue };
            if self.dies() {
                continue;
            }
            let answer = claimed.ask(&self.teller).await;
            if self.dies() {
                continue;
            }
            let (keys, now) = (self.keys.clone(), self.clock.now());
            self.writes(move |db| claimed.note(db, &keys, SITE, now, &answer)).await;
        }
        self.alerts_the_operator().await;
        !due.is_empty()
    }

    async fn alerts_the_operator(&self) {
        let (keys, operator, now) = (self.keys.clone(), Operator { mail: None, site: SITE.to_owned() }, self.clock.now());
        self.writes(move |db| queue::alert(db, &keys, &operator, now)).await;
    }

    /// A call takes longer than its claim: another instance asks, too, and both note what they heard.
    async fn worker_is_beaten_to_it(&mut self) {
        let now = self.clock.now();
        let due = self.store.read(move |db| call::due(db, now, 5)).await.unwrap();
        for one in due {
            let (keys, now) = (self.keys.clone(), self.clock.now());
            let Some(slow) = self.writes(move |db| call::claim(db, &keys, SITE, now, one)).await else { continue };
            let heard = slow.ask(&self.teller).await;
            self.clock.advance(call::LEASE + seconds(1));
            self.worker_looks().await;
            let (keys, now) = (self.keys.clone(), self.clock.now());
            let noted = self.writes(move |db| slow.note(db, &keys, SITE, now, &heard)).await;
            assert!(matches!(noted, Noted::Lapsed | Noted::Done));
        }
    }

    async fn of(&self, who: usize) -> Option<(Card, Option<Check>)> {
        let (id, handle) = (self.people[who].account.id, self.people[who].card.clone()?);
        let found = self.store.read(move |db| {
            let Some(card) = Card::find(db, id, &handle)? else { return Ok(None) };
            let check = Check::of(db, card.id)?;
            Ok(Some((card, check)))
        });
        found.await.unwrap()
    }

    pub async fn is_confirmed(&self, who: usize) -> bool {
        self.of(who).await.is_some_and(|(card, _)| card.status == CardStatus::Confirmed)
    }

    pub async fn names_the_sum(&mut self, who: usize) {
        let Some((card, Some(check))) = self.of(who).await else { return };
        self.names(card, check.sum()).await;
    }

    async fn names_another_sum(&mut self, who: usize) {
        let Some((card, Some(check))) = self.of(who).await else { return };
        let wrong = Money::new(check.sum().minor + 1, Currency::Rub);
        assert_ne!(self.names(card, wrong).await, Named::Confirmed, "seed {}", self.seed);
    }

    async fn names(&self, card: Card, sum: Money) -> Named {
        let (keys, on) = (self.keys.clone(), self.occasion());
        self.writes(move |db| Check::name(db, &keys, &on, &card, sum)).await
    }

    async fn answers_the_bank(&mut self, who: usize) {
        let Some((_, Some(check))) = self.of(who).await else { return };
        let Some(reference) = check.charge_reference.filter(|_| check.bank_url.is_some()) else { return };
        self.bank.confirm(&reference, !self.dice.one_in(3)).unwrap();
    }

    async fn unbinds(&mut self, who: usize) {
        let Some((card, _)) = self.of(who).await else { return };
        let (keys, on, account) = (self.keys.clone(), self.occasion(), self.people[who].account.clone());
        self.writes(move |db| Card::unbind(db, &keys, &on, &account, &card.handle)).await;
        self.forgets_that_form(who);
    }

    async fn account_is_blocked(&mut self, who: usize) {
        let (id, now) = (self.people[who].account.id, self.clock.now());
        self.writes(move |db| {
            diesel::update(accounts::table.find(id)).set(accounts::status.eq("blocked")).execute(db)?;
            kabinet::cards::expiring::clean(db, now)
        })
        .await;
    }

    /// The storm goes on for hours; then the line is sound, and everything ends.
    pub async fn comes_to_rest(&mut self) {
        for quarter in 0..4 * 60 {
            // The last hours before a promise runs out are sound enough.
            self.storm.store(quarter % 8 < 5, Ordering::Relaxed);
            self.clock.advance(minutes(15));
            for _ in 0..3 {
                self.worker_looks().await;
                self.clock.advance(seconds(20));
            }
            if quarter > 100 && self.open_checks().await == 0 {
                break;
            }
        }
        self.storm.store(false, Ordering::Relaxed);
        for _ in 0..20 {
            self.worker_looks().await;
            self.clock.advance(minutes(15));
        }
    }

    async fn open_checks(&self) -> i64 {
        let ended = [CheckStatus::Returned.word(), CheckStatus::Declined.word()];
        let open = checks::table.filter(checks::status.ne_all(ended)).count();
        self.store.read(move |db| open.get_result(db)).await.unwrap()
    }
}

/// Every fourth call or so goes wrong while the storm lasts.
fn line(seed: u64, storm: Arc<AtomicBool>) -> impl Fn(kabinet::sandbox::bank::Call, gateway::OperationId) -> Fault + Send + Sync {
    let dice = Mutex::new(Dice::new(seed ^ 0x5eed));
    move |_call, _operation| {
        if !storm.load(Ordering::Relaxed) {
            return Fault::None;
        }
        match dice.lock().unwrap().below(16) {
            0 => Fault::NotSent,
            1 => Fault::LostBefore,
            2..=3 => Fault::LostAfter,
            4 => Fault::Twice,
            _ => Fault::None,
        }
    }
}

async fn account(store: &Store, keys: &Keys, now: Moment, place: usize) -> Account {
    let (keys, phone) = (keys.clone(), Phone::parse_any(&format!("+79161{place:06}")).unwrap());
    let made = store.write(move |db| {
        let new = NewAccount { phone: &phone, locale: Locale::Ru, phc: "phc" };
        let Made::Account(account) = Account::create(db, &keys, now, &new)? else { return Ok(None) };
        Ok(Some(account))
    });
    let account = made.await.unwrap().unwrap();
    assert_ne!(account.id, AccountId::from_i64(0));
    account
}
