//! A world with people, cards, a bank, a line that breaks, and a portal that is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel::prelude::*;
use kabinet::accounts::account::{Account, NewAccount};
use kabinet::accounts::identifiers::phone::Phone;
use kabinet::base::{AccountId, Client, Clock, Keys, Moment, Token, days, hours, minutes, seconds};
use kabinet::cards::card::Card;
use kabinet::cards::gateway_job::{Answer, GatewayJob};
use kabinet::cards::status::{CardStatus, VerificationStatus};
use kabinet::cards::verification::CardVerification;
use kabinet::config::DatabaseUrl;
use kabinet::db::{Db, Store, Tx, TxSource};
use kabinet::gateway::Tokenized;
use kabinet::gateway::sandbox::BankRequest;
use kabinet::sandbox::Bank;
use kabinet::sandbox::bank::{Fault, FaultyGateway, Secrets};
use kabinet::texts::Locale;

use crate::support::database::Database;
use crate::support::dice::Dice;
use crate::support::process::Workdir;

pub const SITE: &str = "https://pay.example.org";

pub struct Person {
    pub account: Account,
    /// The form that lies open in the browser.
    pub form_key: String,
    pub card: Option<String>,
}

/// What the line to the bank is like at present.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weather {
    /// Every fourth call or so goes wrong.
    pub storm: bool,
    /// Nothing gets through.
    pub outage: bool,
    /// The bank gives nothing back now.
    pub stingy: bool,
}

/// A number that was typed and is on its way to the bank.
pub struct Entry {
    pub who: usize,
    pub card: Card,
    pub number: &'static str,
    pub heard: Option<Tokenized>,
}

/// A piece of work that some instance has claimed, and what it has heard.
pub struct Flight {
    pub job: GatewayJob,
    pub heard: Option<Answer>,
}

pub struct World {
    pub seed: u64,
    pub clock: Clock,
    pub crashes: u32,
    pub keys: Keys,
    pub store: Store,
    pub bank: Bank,
    pub gateway: FaultyGateway,
    pub weather: Arc<Mutex<Weather>>,
    pub dice: Dice,
    pub people: Vec<Person>,
    pub entries: Vec<Entry>,
    pub flights: Vec<Flight>,
    /// Cards whose sum was named right, by handle.
    pub named: BTreeSet<String>,
    /// Accounts that were blocked, and since when.
    pub blocked: BTreeMap<i64, Moment>,
    /// How many sums were judged, by handle.
    pub judged: BTreeMap<String, i32>,
    /// Spans in which the line was sound and the worker looked again and again.
    pub calm_spells: Vec<(Moment, Moment)>,
    /// Where everything stood after the last step.
    pub stood: BTreeMap<String, (CardStatus, Option<VerificationStatus>)>,
    pub challenged: u32,
    pub database: Database,
    _dir: Workdir,
}

impl World {
    pub async fn new(seed: u64, people: usize) -> World {
        let world = World::made(seed, people).await;
        world.weather(Weather { storm: true, ..Weather::default() });
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
        let weather = Arc::new(Mutex::new(Weather::default()));
        let gateway = FaultyGateway::over(bank.clone(), line(seed, Arc::clone(&weather)));
        let mut all = Vec::new();
        for place in 0..people {
            let account = account(&store, &keys, clock.now(), place).await;
            all.push(Person { account, form_key: Token::random().as_str().to_owned(), card: None });
        }
        World {
            seed,
            clock,
            crashes: 0,
            keys,
            store,
            bank,
            gateway,
            weather,
            dice: Dice::new(seed),
            people: all,
            entries: Vec::new(),
            flights: Vec::new(),
            named: BTreeSet::new(),
            blocked: BTreeMap::new(),
            judged: BTreeMap::new(),
            calm_spells: Vec::new(),
            stood: BTreeMap::new(),
            challenged: 0,
            database,
            _dir: dir,
        }
    }

    pub async fn writes<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> T {
        self.store.write(job).await.unwrap_or_else(|error| panic!("seed {}: {error}", self.seed))
    }

    pub async fn reads<T: Send + 'static>(
        &self,
        query: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> T {
        self.store.read(query).await.unwrap_or_else(|error| panic!("seed {}: {error}", self.seed))
    }

    /// One transaction, now, on behalf of somebody.
    pub async fn does_as<T: Send + 'static>(
        &self,
        ip: &str,
        job: impl FnMut(&mut Tx) -> QueryResult<T> + Send + 'static,
    ) -> T {
        let client = Client { ip: ip.to_owned(), user_agent: "Lynx/2.9.0".to_owned() };
        let txs = TxSource::new(self.store.clone(), self.keys.clone(), self.clock.clone(), SITE);
        txs.of(client).write(job).await.unwrap_or_else(|error| panic!("seed {}: {error}", self.seed))
    }

    pub async fn does<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut Tx) -> QueryResult<T> + Send + 'static,
    ) -> T {
        self.does_as("203.0.113.7", job).await
    }

    pub fn weather(&self, weather: Weather) {
        *self.weather.lock().unwrap() = weather;
    }

    /// One thing that somebody does, or that time does.
    pub async fn goes_a_step(&mut self) {
        let who = self.dice.below(self.people.len());
        match self.dice.below(40) {
            0..=4 => self.brings_a_card(who).await,
            5..=6 => self.an_entry_goes_on().await,
            7..=8 => self.types_at_the_bank(who).await,
            9..=13 => {
                self.worker_looks().await;
            }
            14..=20 => self.a_worker_goes_on().await,
            21..=23 => self.is_called_back().await,
            24..=26 => self.names_the_sum(who).await,
            27..=28 => self.names_another_sum(who).await,
            29..=31 => self.answers_the_bank(who).await,
            32 => self.unbinds(who).await,
            33 => self.prefers(who).await,
            34 => self.maintenance().await,
            35 => self.weather_changes(),
            36 if self.dice.one_in(3) => self.account_is_blocked(who).await,
            36 => self.program_is_killed(),
            37 if self.dice.one_in(3) => self.is_calm_for_a_while().await,
            _ => self.time_passes(),
        }
    }

    fn time_passes(&mut self) {
        let span = match self.dice.below(24) {
            0..=13 => seconds(u64::try_from(self.dice.below(120)).unwrap()),
            14..=20 => minutes(u64::try_from(self.dice.below(40)).unwrap()),
            21..=22 => hours(u64::try_from(self.dice.below(8)).unwrap()),
            _ => days(1),
        };
        self.clock.advance(span);
    }

    fn weather_changes(&mut self) {
        let storm = !self.dice.one_in(3);
        let (outage, stingy) = (self.dice.one_in(6), self.dice.one_in(6));
        self.weather(Weather { storm, outage, stingy });
    }

    /// A sound line and a worker that looks again and again, longer than a few of the pauses between its calls.
    pub async fn is_calm_for_a_while(&mut self) {
        let (before, from) = (*self.weather.lock().unwrap(), self.clock.now());
        self.weather(Weather::default());
        for _ in 0..12 {
            self.worker_runs().await;
            self.clock.advance(minutes(4));
        }
        self.nothing_unwanted_is_away(from).await;
        self.weather(before);
        self.calm_spells.push((from, self.clock.now()));
    }

    /// Whatever was in memory is gone.
    fn program_is_killed(&mut self) {
        self.crashes += 1;
        self.flights.clear();
        self.entries.clear();
    }

    /// Whether whoever does this just now is killed.
    pub fn dies(&mut self) -> bool {
        let dies = self.weather.lock().unwrap().storm && self.dice.one_in(8);
        self.crashes += u32::from(dies);
        dies
    }

    /// The storm goes on for days; then the line is sound, and everything ends.
    pub async fn comes_to_rest(&mut self) {
        for quarter in 0..20 * 4 {
            self.weather(Weather { storm: quarter % 8 < 5, outage: quarter % 16 == 9, stingy: quarter < 8 });
            self.clock.advance(minutes(15));
            self.worker_looks().await;
        }
        self.flights.clear();
        self.entries.clear();
        for _ in 0..3 {
            self.is_calm_for_a_while().await;
            self.holds_what_is_always_true().await;
            self.clock.advance(hours(17));
        }
        self.maintenance().await;
        self.is_calm_for_a_while().await;
    }

    pub async fn of(&self, who: usize) -> Option<(Card, Option<CardVerification>)> {
        let (id, handle) = (self.people[who].account.id, self.people[who].card.clone()?);
        self.reads(move |db| {
            let Some(card) = Card::find(db, id, &handle)? else { return Ok(None) };
            let check = CardVerification::of(db, card.id)?;
            Ok(Some((card, check)))
        })
        .await
    }

    /// The first person of whose newest card that is true, or this one.
    pub async fn somebody(&self, who: usize, is: impl Fn(&Card, Option<&CardVerification>) -> bool) -> usize {
        let (cards, checks) = self.everything().await;
        let is_such = |person: &Person| {
            let card =
                person.card.as_ref().and_then(|handle| cards.iter().find(|card| card.handle == *handle));
            card.is_some_and(|card| is(card, checks.iter().find(|check| check.card_id == card.id)))
        };
        self.people.iter().position(is_such).unwrap_or(who)
    }

    pub async fn is_confirmed(&self, who: usize) -> bool {
        self.of(who).await.is_some_and(|(card, _)| card.status == CardStatus::Confirmed)
    }
}

fn line(seed: u64, weather: Arc<Mutex<Weather>>) -> impl Fn(&BankRequest) -> Fault + Send + Sync {
    let dice = Mutex::new(Dice::new(seed ^ 0x5eed));
    move |request| {
        let Weather { storm, outage, stingy } = *weather.lock().unwrap();
        let mut dice = dice.lock().unwrap();
        match dice.below(16) {
            0..=7 if outage => Fault::NotSent,
            _ if outage => Fault::LostBefore,
            _ if stingy && matches!(request, BankRequest::Refund(_)) => Fault::NotNow,
            0 if storm => Fault::NotSent,
            1 if storm => Fault::LostBefore,
            2..=3 if storm => Fault::LostAfter,
            4 if storm => Fault::Twice,
            _ => Fault::None,
        }
    }
}

/// Long enough for whatever was claimed.
pub const LONGER_THAN_A_CLAIM: Duration = seconds(61);

async fn account(store: &Store, keys: &Keys, now: Moment, place: usize) -> Account {
    let (keys, phone) = (keys.clone(), Phone::parse_any(&format!("+79161{place:06}")).unwrap());
    let made = store.write(move |db| {
        let new = NewAccount { phone: &phone, locale: Locale::Ru, password_hash: "phc" };
        let Some(account) = Account::create(db, &keys, now, &new)? else { return Ok(None) };
        Ok(Some(account))
    });
    let account = made.await.unwrap().unwrap();
    assert_ne!(account.id, AccountId::from_i64(0));
    account
}
