//! kill -9 at moments that nobody chose, under load: no account that was shown is lost, no message that was promised.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::browser::Browser;
use crate::support::http::Answer;
use crate::support::peers::{Smsc, digits};
use crate::support::person::{Codes, PASSWORD, find_number, phone};
use crate::support::portal::Portal;
use crate::support::process::eventually;

/// At least so many, and on until enough has happened: a machine with other work on it lets less happen between two of them.
const KILLS: u64 = 20;
const MOST_KILLS: u64 = 60;
const LEAST_ACCOUNTS: usize = 3;
const PEOPLE: usize = 4;
/// Passwords are hashed at the lowest priority: where other programs take the processor, that takes seconds, and no life would be long
/// enough for a registration. So each that saw none may make the next one longer.
const LONGER_MS: u64 = 500;

/// What people were told before the portal died.
#[derive(Default)]
struct Promises {
    /// Phones whose page said that a message was on its way.
    messages: Mutex<Vec<String>>,
    /// Account numbers that a page showed.
    accounts: Mutex<Vec<String>>,
}

/// Somebody who wants an account and does not give up: presses again after a lost answer, and goes on where the portal
/// says that they are.
struct Newcomer<'a> {
    browser: Browser,
    phone: String,
    smsc: &'a Smsc,
    promises: &'a Promises,
    over: &'a AtomicBool,
}

/// A message that was claimed when the portal died is sent when the claim has lapsed, much later: nobody here waits so long,
/// for then all of them would stand still together. That it comes all the same is seen at the end.
const CODE_WITHIN: Duration = Duration::from_secs(3);

impl Newcomer<'_> {
    fn patiently(&mut self, mut attempt: impl FnMut(&mut Browser) -> Option<Answer>) -> Option<Answer> {
        while !self.over.load(Ordering::Relaxed) {
            if let Some(answer) = attempt(&mut self.browser) {
                return Some(answer);
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        None
    }

    /// Where the portal says that one is.
    fn place(&mut self) -> Option<(String, Answer)> {
        let mut path = "/registration".to_owned();
        for _ in 0..6 {
            let answer = self.patiently(|browser| browser.tries("GET", &path, &[], None))?;
            if answer.status != 303 {
                return Some((path, answer));
            }
            path = answer.location().to_owned();
        }
        panic!("the portal sends {} round in circles", self.phone);
    }

    fn code(&self) -> Option<String> {
        let until = Instant::now() + CODE_WITHIN;
        while Instant::now() < until && !self.over.load(Ordering::Relaxed) {
            if let Some(code) = self.smsc.newest(&self.phone) {
                return Some(code);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }

    /// One step. False: this newcomer is done.
    fn goes_on(&mut self) -> bool {
        let Some((place, answer)) = self.place() else { return false };
        let fields: Vec<(&str, String)> = match place.as_str() {
            "/registration" if answer.page().form_to("/registration").is_some() => {
                vec![("country", "RU".to_owned()), ("phone", self.phone.clone())]
            }
            "/registration/code" => match self.code() {
                Some(code) => vec![("code", code)],
                None => return false,
            },
            "/registration/privacy" => vec![("agree", "yes".to_owned())],
            "/registration/version" => vec![],
            "/registration/password" => {
                vec![("password", PASSWORD.to_owned()), ("again", PASSWORD.to_owned())]
            }
            _ => {
                let shown = find_number(&answer.page().text());
                self.promises.accounts.lock().unwrap().extend(shown);
                return false;
            }
        };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let Some(answer) = self.browser.tries_to_submit(&place, &fields) else { return true };
        assert!(
            matches!(answer.status, 303 | 403 | 408 | 422 | 429 | 503),
            "{place} answered {}",
            answer.status
        );
        // The portal died between the promise and the answer: the next message to this number is due in a minute, and nobody here
        // waits so long, for the same reason.
        if answer.status == 429 {
            return false;
        }
        if place == "/registration" && answer.location() == "/registration/code" {
            self.promises.messages.lock().unwrap().push(self.phone.clone());
        }
        true
    }
}

fn keeps_registering(portal: SocketAddr, smsc: &Smsc, promises: &Promises, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        let browser = Browser::new(portal);
        let mut newcomer = Newcomer { browser, phone: phone(), smsc, promises, over };
        let until = Instant::now() + Duration::from_secs(40);
        while newcomer.goes_on() && Instant::now() < until {}
    }
}

/// Different each time, and printed, so that a failure can be looked at again.
fn seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::from(now.subsec_nanos()) | 1
}

fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn kill_9_loses_no_account_that_was_shown_and_no_message_that_was_promised() {
    let smsc = Smsc::start();
    let mut portal = Portal::with().sms_through(&smsc).start();
    let (promises, over) = (Promises::default(), AtomicBool::new(false));
    let address = portal.listen();
    let mut state = seed();
    println!("seed {state}");
    std::thread::scope(|scope| {
        for _ in 0..PEOPLE {
            scope.spawn(|| keeps_registering(address, &smsc, &promises, &over));
        }
        let (mut kills, mut shown, mut quiet) = (0, 0, 0);
        while kills < KILLS || kills < MOST_KILLS && shown < LEAST_ACCOUNTS {
            std::thread::sleep(Duration::from_millis(100 + next(&mut state) % (1500 + quiet * LONGER_MS)));
            portal.kill();
            kills += 1;
            let so_far = promises.accounts.lock().unwrap().len();
            quiet = if so_far > shown { 0 } else { quiet + 1 };
            shown = so_far;
            portal.restart();
        }
        over.store(true, Ordering::Relaxed);
    });
    let accounts = promises.accounts.into_inner().unwrap();
    let messages = promises.messages.into_inner().unwrap();
    println!("{} accounts were shown, {} messages promised", accounts.len(), messages.len());
    assert!(
        accounts.len() >= LEAST_ACCOUNTS && messages.len() >= accounts.len(),
        "too little happened to mean anything"
    );
    for number in &accounts {
        let answer = portal.browser().signs_in(number, PASSWORD);
        assert_eq!(
            answer.location(),
            "/cabinet",
            "the account {number} was shown and is gone: {}",
            answer.status
        );
    }
    eventually("every promised message", Duration::from_secs(180), || {
        let arrived: Vec<String> =
            smsc.events("sms").iter().map(|sms| digits(sms["to"].as_str().unwrap())).collect();
        let missing = messages.iter().filter(|phone| !arrived.contains(&digits(phone))).count();
        (missing == 0).then_some(())
    });
    let arrived = smsc.events("sms").len();
    println!(
        "{} of them came twice: handed over, and the portal died before it could write that down",
        arrived - messages.len().min(arrived)
    );
    portal.has_sent_everything(Duration::from_secs(120));
}

#[test]
fn a_message_promised_just_before_the_end_is_sent_by_the_next_start() {
    let mut smsc = Smsc::start();
    let mut portal = Portal::with().sms_through(&smsc).start();
    smsc.stop();
    let phone = phone();
    let mut anna = portal.browser();
    anna.gives_phone(&phone).goes_to("/registration/code");
    portal.kill();
    smsc.resume();
    portal.restart();
    let code = eventually("the promised message", Duration::from_secs(120), || smsc.newest(&phone));
    anna.gives_code(&code).goes_to("/registration/privacy");
}

#[test]
fn a_session_outlives_a_kill_9_and_a_restart() {
    let mut portal = Portal::start();
    let mut anna = portal.registers();
    portal.restart();
    assert!(anna.browser.is_signed_in());
    anna.browser.signs_out().goes_to("/");
    portal.restart();
    assert!(!anna.browser.is_signed_in());
}
