//! The worker against carriers that fail in every way, on whichever database the tests are run.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use diesel::prelude::*;
use futures_util::FutureExt;
use kabinet::base::{hours, minutes, seconds};
use kabinet::db::schema::outbox as table;
use kabinet::notices::{
    BoxFuture, Carrier, Carriers, Channel, Delivery, MessageNumber, OutgoingMessage, Status, WorkerSignal,
    outbox,
};
use kabinet::worker::Worker;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::house::{House, code_to, mail_to};

const LOOK_AGAIN: Duration = Duration::from_millis(10);
const PATIENCE_LOOKS: usize = 3_000;
/// Messages of a channel that are on their way at one time.
const AT_ONCE: usize = 8;

type Answer = dyn Fn(&OutgoingMessage) -> Delivery + Send + Sync;

/// A carrier that counts what it took and answers as it is told.
#[derive(Clone)]
struct Fake {
    taken: Arc<Mutex<HashMap<MessageNumber, usize>>>,
    delay: Duration,
    /// Lets so many messages through; the others are on their way until it lets them.
    gate: Arc<Semaphore>,
    busiest: Arc<AtomicUsize>,
    busy: Arc<AtomicUsize>,
    answer: Arc<Answer>,
}

impl Fake {
    fn new(answer: impl Fn(&OutgoingMessage) -> Delivery + Send + Sync + 'static) -> Fake {
        Fake {
            taken: Arc::default(),
            delay: Duration::ZERO,
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            busiest: Arc::default(),
            busy: Arc::default(),
            answer: Arc::new(answer),
        }
    }

    fn taking() -> Fake {
        Fake::new(|_message| Delivery::Taken { peer_id: None })
    }

    fn shut() -> Fake {
        Fake { gate: Arc::new(Semaphore::new(0)), ..Fake::taking() }
    }

    /// Waits until so many messages are on their way.
    async fn is_busy_with(&self, messages: usize) {
        for _ in 0..PATIENCE_LOOKS {
            if self.busy.load(Ordering::SeqCst) == messages {
                return;
            }
            sleep(LOOK_AGAIN).await;
        }
        panic!("not {messages} but {} are on their way", self.busy.load(Ordering::SeqCst));
    }
}

impl Carrier for Fake {
    fn patience(&self) -> Duration {
        seconds(20)
    }

    fn deliver<'a>(&'a self, message: &'a OutgoingMessage) -> BoxFuture<'a, Delivery> {
        Box::pin(async move {
            self.busiest.fetch_max(self.busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            sleep(self.delay).await;
            self.gate.acquire().await.unwrap().forget();
            self.busy.fetch_sub(1, Ordering::SeqCst);
            let delivery = (self.answer)(message);
            if matches!(delivery, Delivery::Taken { .. }) {
                *self.taken.lock().unwrap().entry(message.number.clone()).or_default() += 1;
            }
            delivery
        })
    }
}

fn worker(house: &House, mail: &Fake, sms: &Fake) -> Worker {
    Worker {
        cards: None,
        txs: house.state().txs.clone(),
        carriers: Carriers { mail: Arc::new(mail.clone()), sms: Arc::new(sms.clone()) },
        signal: WorkerSignal::default(),
        maintenance: vec![outbox::delete_expired],
    }
}

#[actix_web::test]
async fn two_instances_on_one_database_never_send_twice() {
    const MESSAGES: usize = 150;
    let house = House::open().await;
    let mut sms = Fake::taking();
    sms.delay = Duration::from_millis(3);
    let mut numbers = Vec::new();
    for _ in 0..MESSAGES {
        numbers.push(house.post(code_to("+79991234567")).await);
    }
    let mut others = worker(&house, &Fake::taking(), &sms);
    others.txs.store = house.opens_store();
    let running = [worker(&house, &Fake::taking(), &sms).start().unwrap(), others.start().unwrap()];
    for number in &numbers {
        house.reaches(number, Status::Sent).await;
    }
    for worker in running {
        worker.stop().await;
    }
    let taken = sms.taken.lock().unwrap();
    assert_eq!(taken.len(), MESSAGES);
    assert!(taken.values().all(|times| *times == 1));
    assert!(sms.busiest.load(Ordering::SeqCst) <= 2 * AT_ONCE);
}

#[actix_web::test]
async fn one_bad_message_fails_alone() {
    let house = House::open().await;
    let mail = Fake::new(|message| match message.to.as_str() {
        "panic@example.org" => panic!("on purpose"),
        "never@example.org" => Delivery::Refused { class: "refused 550".into() },
        _ => Delivery::Taken { peer_id: None },
    });
    let unreadable = house.post(mail_to("first@example.org")).await;
    let split = house.post(mail_to("a@example.org\r\nBcc: all@example.org")).await;
    let panicking = house.post(mail_to("panic@example.org")).await;
    let refused = house.post(mail_to("never@example.org")).await;
    let good = house.post(mail_to("good@example.org")).await;
    let damaged = unreadable.clone();
    house
        .writes(move |db| {
            let row = table::table.filter(table::number.eq(damaged.as_str()));
            diesel::update(row).set(table::content.eq(Some(vec![1_u8; 90]))).execute(db)
        })
        .await;
    let both = worker(&house, &mail, &Fake::taking());
    let signal = both.signal.clone();
    let running = both.start().unwrap();
    house.reaches(&good, Status::Sent).await;
    let mut failed = Vec::new();
    for (number, class) in [
        (unreadable, "unreadable content"),
        (split, "unusable recipient"),
        (panicking, "broken"),
        (refused, "refused 550"),
    ] {
        let row = house.reaches(&number, Status::Failed).await;
        assert_eq!((row.failure.as_deref(), row.attempts, row.has_content), (Some(class), 1, true));
        failed.push(number);
    }
    // Nor is it tried again while others are, a day later.
    house.passes(hours(24));
    let later = house.post(mail_to("later@example.org")).await;
    signal.ring();
    house.reaches(&later, Status::Sent).await;
    for number in &failed {
        let row = house.message(number).await;
        assert_eq!((row.status, row.attempts), (Status::Failed, 1));
    }
    running.stop().await;
}

/// Waits until a message has been tried so often and waits for its next try (or has none).
async fn tried(house: &House, number: &MessageNumber, attempts: i32) {
    for _ in 0..PATIENCE_LOOKS {
        let row = house.message(number).await;
        if (row.attempts == attempts && row.status == Status::Queued) || row.status == Status::Failed {
            return;
        }
        sleep(LOOK_AGAIN).await;
    }
    panic!("not tried {attempts} times: {:?}", house.message(number).await);
}

#[actix_web::test]
async fn a_message_is_tried_again_later_and_later_until_it_is_of_no_use() {
    let house = House::open().await;
    let busy = Fake::new(|_message| Delivery::Later { class: "throttled".into() });
    let (code, mail) =
        (house.post(code_to("+79991234567")).await, house.post(mail_to("anna@example.org")).await);
    let both = worker(&house, &busy, &busy);
    let signal = both.signal.clone();
    let running = both.start().unwrap();
    for (attempt, wait) in (1..).zip([seconds(6), seconds(34), minutes(3), minutes(12)]) {
        tried(&house, &mail, attempt).await;
        if house.message(&code).await.status != Status::Failed {
            tried(&house, &code, attempt).await;
        }
        house.passes(wait);
        signal.ring();
    }
    tried(&house, &mail, 5).await;
    let row = house.reaches(&code, Status::Failed).await;
    assert_eq!(
        row.failure.as_deref(),
        Some("throttled"),
        "the next try would come after the code has expired"
    );
    house.passes(hours(73));
    signal.ring();
    assert_eq!(house.reaches(&mail, Status::Failed).await.failure.as_deref(), Some("too late"));
    running.stop().await;
}

#[actix_web::test]
async fn a_message_whose_worker_died_is_sent_by_the_next() {
    let house = House::open().await;
    let number = house.post(code_to("+79991234567")).await;
    let (now, sms) = (house.now(), Fake::taking());
    let due = house.reads(move |db| outbox::due(db, now, Channel::Sms, 1)).await;
    house.writes(move |db| outbox::claim(db, now, seconds(30), &due)).await;
    let living = worker(&house, &Fake::taking(), &sms);
    let signal = living.signal.clone();
    let running = living.start().unwrap();
    // The next message goes out: the worker has looked at what is due, and this one is still somebody's.
    let next = house.post(code_to("+79991234568")).await;
    signal.ring();
    house.reaches(&next, Status::Sent).await;
    assert_eq!(house.message(&number).await.status, Status::Sending);
    house.passes(seconds(31));
    signal.ring();
    assert_eq!(house.reaches(&number, Status::Sent).await.attempts, 2);
    running.stop().await;
    assert_eq!(sms.taken.lock().unwrap().get(&number), Some(&1));
}

#[actix_web::test]
async fn a_slow_channel_does_not_hold_up_the_other_and_a_stop_waits_for_it() {
    let house = House::open().await;
    let slow = Fake::shut();
    let mut texts = Vec::new();
    for _ in 0..(AT_ONCE + 3) {
        texts.push(house.post(code_to("+79991234567")).await);
    }
    let both = worker(&house, &Fake::taking(), &slow);
    let signal = both.signal.clone();
    let running = both.start().unwrap();
    slow.is_busy_with(AT_ONCE).await;
    let mail = house.post(mail_to("anna@example.org")).await;
    signal.ring();
    house.reaches(&mail, Status::Sent).await;
    assert_eq!(slow.busy.load(Ordering::SeqCst), AT_ONCE, "all of them are still on their way");
    let mut stopping = Box::pin(running.stop());
    assert_eq!((&mut stopping).now_or_never(), None, "it waits");
    // One after the other: a worker that did not wait would be gone before the second is answered.
    for sent in 1..=AT_ONCE {
        slow.gate.add_permits(1);
        slow.is_busy_with(AT_ONCE - sent).await;
    }
    stopping.await;
    let mut states = HashMap::new();
    for number in &texts {
        *states.entry(house.message(number).await.status).or_insert(0) += 1;
    }
    assert_eq!(states, HashMap::from([(Status::Sent, AT_ONCE), (Status::Queued, 3)]));
}
