//! The portal without a socket: the application itself, a database of its own, and a clock that the story moves.
//!
//! No worker runs. What was promised lies sealed in the outbox until the story says `house.delivers()`.

mod access_steps;
mod album;
mod factor;
mod messages;
mod owner;
mod postbox;
mod steps;
mod visitor;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::test::{TestRequest, init_service};
use kabinet::base::{Clock, Keys, Moment};
use kabinet::cards::gateway_access::GatewayAccess;
use kabinet::cards::gateway_job;
use kabinet::cards::stuck_money::{self, Operator};
use kabinet::config::Settings;
use kabinet::credentials::hashing::Hashers;
use kabinet::db::{Db, Store, Tx};
use kabinet::gateway::{self, Gateway, Opening};
use kabinet::portal::{MAINTENANCE_TASKS, application};
use kabinet::sandbox::Bank;
use kabinet::sandbox::bank::{Fault, FaultyGateway, Secrets};
use kabinet::web::State;

use crate::support::database::Database;
use crate::support::http::Answer;
use crate::support::portal::PATIENT;
use crate::support::process::Workdir;

pub use access_steps::{ANOTHER_PASSWORD, ANSWERS, QUESTIONS, SAME_ANSWERS};
pub use album::Album;
pub use factor::{app_of, paper_of};
pub use messages::{MASKED_MAIL, MASKED_PHONE, Posting, TestMessage, code_to, mail_to};
pub use owner::{Owner, code_at};
pub use postbox::{code_in, link_in, path_in};
pub use steps::{PASSWORD, another_code};
pub use visitor::{Pressing, Visitor, each_sends};

type Answering = Pin<Box<dyn Future<Output = Answer>>>;
type Application = Rc<dyn Fn(TestRequest) -> Answering>;

pub struct House {
    pub clock: Clock,
    pub keys: Keys,
    pub hashers: Hashers,
    pub database: Database,
    bank: Bank,
    /// What becomes of calls to it.
    line: Arc<Mutex<Fault>>,
    /// Of the instance that was started last.
    state: RefCell<Option<Arc<State>>>,
    access: RefCell<Option<Arc<GatewayAccess>>>,
    store: RefCell<Store>,
    /// One application, or several over the same database.
    instances: RefCell<Vec<Application>>,
    settings: Vec<(String, String)>,
    postbox: postbox::Postbox,
    people: AtomicU32,
    /// How everybody presses who comes from now on.
    pub pressing: Cell<Pressing>,
    /// Every answer, where a story wants to look through them.
    answers: RefCell<Option<Vec<Answer>>>,
    dir: Workdir,
}

impl House {
    pub async fn open() -> House {
        House::with(&[]).await
    }

    /// With settings of its own.
    pub async fn with(settings: &[(&str, &str)]) -> House {
        let dir = Workdir::new("house");
        let database = Database::fresh(dir.root());
        let own = settings_of(&dir, &database.url(), settings);
        kabinet::texts::use_site(own.site(kabinet::gateway::card_brands(own.gateway.as_ref())));
        kabinet::db::migrate(&own.database).unwrap();
        let (clock, keys) = (Clock::stopped(), Keys::open(&own.secret_file).unwrap());
        let house = House {
            bank: bank(&keys, &clock),
            line: Arc::new(Mutex::new(Fault::None)),
            state: RefCell::default(),
            access: RefCell::default(),
            clock,
            keys,
            hashers: Hashers::start(own.hash_wait).unwrap(),
            store: RefCell::new(Store::open(&own.database).unwrap()),
            instances: RefCell::default(),
            settings: settings
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            postbox: postbox::Postbox::default(),
            people: AtomicU32::new(0),
            pressing: Cell::default(),
            answers: RefCell::default(),
            database,
            dir,
        };
        let store = house.store();
        house.starts(store).await;
        house
    }

    /// One more application over this database, from here on as well.
    pub async fn opens_another_instance(&self) {
        self.starts(self.opens_store()).await;
    }

    /// The database as another instance opens it.
    pub fn opens_store(&self) -> Store {
        Store::open(&self.own_settings().database).unwrap()
    }

    /// Everything that was in memory is gone, and the database is opened anew.
    pub async fn crashes(&self) {
        self.settles().await;
        self.instances.borrow_mut().clear();
        let store = self.opens_store();
        *self.store.borrow_mut() = store.clone();
        self.starts(store).await;
    }

    /// Waits until what was handed to the database before is written.
    pub async fn settles(&self) {
        self.writes(|_db| Ok(())).await;
    }

    async fn starts(&self, store: Store) {
        let settings = self.own_settings();
        let keys = Keys::open(&settings.secret_file).unwrap();
        let gateway = self.gateway(&settings);
        let access = Arc::new(GatewayAccess::new(gateway, &settings));
        let state = State::new(settings, store, keys, self.clock.clone(), || {});
        let application = answering(&state, &access, &self.hashers).await;
        *self.access.borrow_mut() = Some(access);
        *self.state.borrow_mut() = Some(state);
        self.instances.borrow_mut().push(application);
    }

    /// The bank without a socket, unless the settings name another one.
    fn gateway(&self, settings: &Settings) -> Arc<dyn Gateway> {
        if let Some(url) = &settings.gateway {
            let opening = Opening { url, secret: None, clock: self.clock.clone() };
            return gateway::open(opening).unwrap();
        }
        let line = Arc::clone(&self.line);
        Arc::new(FaultyGateway::over(self.bank.clone(), move |_request| *line.lock().unwrap()))
    }

    fn own_settings(&self) -> Settings {
        let own: Vec<(&str, &str)> =
            self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        settings_of(&self.dir, &self.database.url(), &own)
    }

    /// What the rooms share.
    pub fn state(&self) -> Arc<State> {
        self.state.borrow().clone().unwrap()
    }

    pub fn gateway_access(&self) -> Arc<GatewayAccess> {
        self.access.borrow().clone().unwrap()
    }

    pub fn bank(&self) -> &Bank {
        &self.bank
    }

    /// From here on that becomes of every call to the bank.
    pub fn line_to_the_bank(&self, fault: Fault) {
        *self.line.lock().unwrap() = fault;
    }

    pub fn store(&self) -> Store {
        self.store.borrow().clone()
    }

    /// Somebody with a browser, a phone and an address of their own.
    pub fn visitor(&self, name: &'static str) -> Visitor<'_> {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        Visitor::new(self, name, number, self.pressing.get())
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub fn passes(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub async fn reads<T: Send + 'static>(
        &self,
        query: impl FnMut(&mut Db) -> diesel::QueryResult<T> + Send + 'static,
    ) -> T {
        self.store().read(query).await.unwrap()
    }

    pub async fn writes<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut Db) -> diesel::QueryResult<T> + Send + 'static,
    ) -> T {
        self.store().write(job).await.unwrap()
    }

    /// The same for verbs that want to know more than the database, from nowhere in particular.
    pub async fn transacts<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut Tx) -> diesel::QueryResult<T> + Send + 'static,
    ) -> T {
        let client = kabinet::base::Client { ip: "10.0.0.1".to_owned(), user_agent: "Test".to_owned() };
        self.state().txs.of(client).write(job).await.unwrap()
    }

    /// What the worker does once a minute.
    pub async fn runs_maintenance(&self) {
        for task in MAINTENANCE_TASKS {
            let now = self.now();
            self.writes(move |db| task(db, now)).await;
        }
    }

    /// What the worker does about cards, until nothing is due.
    pub async fn asks_the_bank(&self) {
        let (txs, access) = (self.state().txs.clone(), self.gateway_access());
        for _ in 0..20 {
            let due = txs.read(|tx| gateway_job::due(tx.db, tx.now, 20)).await.unwrap();
            if due.is_empty() {
                return;
            }
            for one in due {
                let claimed = txs.write(move |tx| gateway_job::claim(tx, one)).await.unwrap();
                let Some(job) = claimed else { continue };
                let answer = job.ask(access.gateway.as_ref()).await;
                let card = job.card();
                txs.write(move |tx| job.record(tx, &answer)).await.unwrap();
                access.waiting.tell(card);
            }
        }
    }

    /// What the worker does once a minute about money that does not move. The operator reads `operator@example.org`.
    pub async fn alerts_the_operator(&self) {
        let operator = Operator { mail: Some("operator@example.org".to_owned()) };
        self.state().txs.write(move |tx| stuck_money::alert(tx, &operator)).await.unwrap();
    }

    /// What the card gateway sends.
    pub async fn is_called_back(&self, signature: &str, body: &[u8]) -> Answer {
        let request = TestRequest::post().uri("/gateway/callbacks").insert_header(("host", "127.0.0.1:8080"));
        self.ask(0, request.insert_header(("kabinet-signature", signature)).set_payload(body.to_vec())).await
    }

    /// From here on every answer is kept.
    pub fn keeps_answers(&self) {
        *self.answers.borrow_mut() = Some(Vec::new());
    }

    pub fn answers(&self) -> Vec<Answer> {
        self.answers.borrow().clone().unwrap_or_default()
    }

    fn keep_answer(&self, answer: &Answer) {
        if let Some(answers) = self.answers.borrow_mut().as_mut() {
            answers.push(answer.clone());
        }
    }

    pub fn count(&self, what: &str) -> i64 {
        self.database.count(&format!("SELECT COUNT(*) AS count FROM {what}"))
    }

    fn ask(&self, instance: usize, request: TestRequest) -> Answering {
        let application = self.instances.borrow()[instance].clone();
        application(request)
    }
}

/// The sandbox bank without a socket.
fn bank(keys: &Keys, clock: &Clock) -> Bank {
    Bank::in_memory(Secrets::of(keys), "http://127.0.0.1:8081/".parse().unwrap(), clock.clone()).unwrap()
}

/// A first run's settings, in a directory of its own.
pub fn settings_of(dir: &Workdir, database: &str, own: &[(&str, &str)]) -> Settings {
    let mut variables = BTreeMap::from([
        ("KABINET_DATABASE_URL".to_owned(), database.to_owned()),
        ("KABINET_SECRET_FILE".to_owned(), dir.path("secret.key").display().to_string()),
        ("KABINET_SANDBOX_FILE".to_owned(), dir.path("sandbox.db").display().to_string()),
        ("KABINET_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
        ("KABINET_SANDBOX_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
        ("KABINET_HASH_WAIT_SECONDS".to_owned(), PATIENT.to_owned()),
        ("KABINET_CARD_LIMITS".to_owned(), "strict".to_owned()),
        ("KABINET_CODE_LIMITS".to_owned(), "strict".to_owned()),
        // The clock of a story stands still: a page waits only where the story says so.
        ("KABINET_CARD_WAIT_SECONDS".to_owned(), "0".to_owned()),
    ]);
    variables.extend(own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Settings::read(&|name| variables.get(name).map(OsString::from)).unwrap()
}

async fn answering(state: &Arc<State>, access: &Arc<GatewayAccess>, hashers: &Hashers) -> Application {
    let service = Rc::new(init_service(application(state, access, hashers)).await);
    Rc::new(move |request: TestRequest| {
        let service = Rc::clone(&service);
        let request = request.to_request();
        Box::pin(async move {
            let path = request.path().to_owned();
            let response = match service.call(request).await {
                Ok(response) => response.into_parts().1,
                // What the server does with an error that came through every layer.
                Err(error) => error.error_response(),
            };
            let status = response.status().as_u16();
            let headers = response.headers().iter();
            let headers =
                headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
            let body = to_bytes(response.into_body()).await.unwrap().to_vec();
            Answer { status, headers, body, path }
        })
    })
}

/// A socket that a request seems to come from.
fn socket(ip: &str) -> SocketAddr {
    format!("{ip}:50000").parse().unwrap()
}
