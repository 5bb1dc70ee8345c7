//! Somebody who keeps binding cards and does not give up when the portal dies.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::cards::wrong_sum;
use crate::support::browser::{Browser, FORM};
use crate::support::dice::Dice;
use crate::support::html::Page;
use crate::support::http::Answer;
use crate::support::portal::Portal;

/// One number is of use to three accounts: each of six shoppers has half of these.
const TEST_CARDS: [&str; 12] = [
    "4242424242424242",
    "4000000000001000",
    "4000000000002008",
    ALWAYS_WRONG,
    "4000000000003006",
    "4000000000004004",
    "4000000000005001",
    NEEDS_THE_BANK,
    "4000000000007007",
    "4000000000008005",
    "4000000000009995",
    "6200000000000005",
];
/// Whose sum is never named right.
const ALWAYS_WRONG: &str = "5555555555554444";
/// Whose charge waits at the bank until the card is unbound.
const NEEDS_THE_BANK: &str = "4000000000003220";
const OWN: usize = 6;
const FIRST_NAMES: [&str; 6] = ["ANNA", "BORIS", "VERA", "GLEB", "DARIA", "EGOR"];

pub struct Shopper {
    browser: Browser,
    bank: Browser,
    holder: String,
    numbers: Vec<&'static str>,
    number: &'static str,
    dice: Dice,
    /// Cards that a page called confirmed.
    pub confirmed: usize,
}

impl Shopper {
    pub fn registers(portal: &Portal, nth: usize, seed: u64) -> Shopper {
        let numbers: Vec<_> = (0..OWN).map(|step| TEST_CARDS[(2 * nth + step) % TEST_CARDS.len()]).collect();
        Shopper {
            browser: portal.registers().browser,
            bank: Browser::new(portal.sandbox_address()),
            holder: format!("{} PETROVA", FIRST_NAMES[nth]),
            number: numbers[0],
            numbers,
            dice: Dice::new(seed + 1 + u64::try_from(nth).unwrap()),
            confirmed: 0,
        }
    }

    pub fn keeps_binding(&mut self, over: &AtomicBool) {
        while !over.load(Ordering::Relaxed) {
            // None: the portal died on the way. The next look says how things stand.
            if self.goes_on().is_none() {
                std::thread::sleep(Duration::from_millis(30));
            }
        }
    }

    /// One step from wherever the portal says that one is.
    fn goes_on(&mut self) -> Option<()> {
        let (path, answer) = self.looks("/cards/new")?;
        assert_eq!(answer.status, 200, "{path}:\n{}", answer.page().text());
        match path.strip_suffix("/verification") {
            Some(card) => self.is_at_the_check(card, &answer.page()),
            None => self.binds(&answer.page()),
        }
    }

    fn looks(&mut self, path: &str) -> Option<(String, Answer)> {
        let mut path = path.to_owned();
        for _ in 0..4 {
            let answer = self.browser.tries("GET", &path, &[], None)?;
            if answer.status != 303 {
                return Some((path, answer)).filter(|(_, answer)| answer.status < 500);
            }
            path = answer.location().to_owned();
        }
        panic!("{path} goes round in circles");
    }

    fn sends(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        let form = page.form_to(action).unwrap_or_else(|| panic!("no form to {action}:\n{}", page.text()));
        let answer = self.browser.tries("POST", action, &[FORM], Some(&form.filled(fields)))?;
        assert!(matches!(answer.status, 303 | 422 | 429 | 503), "{action} answered {}", answer.status);
        Some(answer)
    }

    fn binds(&mut self, page: &Page) -> Option<()> {
        self.number = self.dice.pick(&self.numbers).unwrap();
        let (number, holder) = (self.number, self.holder.clone());
        let card = [("number", number), ("holder", &holder), ("expiry", "12/35"), ("security_code", "123")];
        let answer = self.sends(page, "/cards", &card)?;
        // Bound already, or too often: one card less, and another time.
        if answer.status != 303 {
            self.takes_cards_away()?;
        }
        Some(())
    }

    fn is_at_the_check(&mut self, card: &str, page: &Page) -> Option<()> {
        let action = format!("{card}/confirmation");
        if self.dice.one_in(12) || self.number == NEEDS_THE_BANK && self.dice.one_in(3) {
            return self.takes_away(card);
        }
        if page.form_to(&action).is_none() {
            // Charged soon; or handed over while the portal died, which only unbinding ends at once.
            std::thread::sleep(Duration::from_millis(60));
            return Some(());
        }
        let right = self.reads_the_message()?;
        let is_wrong = self.number == ALWAYS_WRONG || self.dice.one_in(6);
        let sum = if is_wrong { wrong_sum(&right) } else { right };
        let answer = self.sends(page, &action, &[("sum", &sum)])?;
        if answer.status == 303 && !is_wrong {
            self.confirmed += 1;
        }
        Some(())
    }

    /// The sum of the newest charge that the bank has told this holder of.
    fn reads_the_message(&mut self) -> Option<String> {
        let told = self
            .bank
            .tries("GET", "/bank/messages.json", &[], None)
            .filter(|answer| answer.status == 200)?
            .json();
        let four = &self.number[12..];
        let mine = |line: &&serde_json::Value| {
            line["event"] == "charged" && line["holder"] == self.holder.as_str() && line["last_four"] == four
        };
        let minor = told.as_array()?.iter().find(mine)?["minor"].as_i64()?;
        Some(format!("{},{:02}", minor / 100, minor % 100))
    }

    fn takes_cards_away(&mut self) -> Option<()> {
        let list = self.looks("/cards")?.1.page();
        for link in list.links() {
            if let Some(card) =
                link.href.strip_prefix("/cards/").and_then(|rest| rest.strip_suffix("/verification"))
            {
                self.takes_away(&format!("/cards/{card}"))?;
            }
        }
        Some(())
    }

    fn takes_away(&mut self, card: &str) -> Option<()> {
        let action = format!("{card}/removal");
        let (path, answer) = self.looks(&action)?;
        // Elsewhere: it is over already.
        if path == action {
            self.sends(&answer.page(), &action, &[])?;
        }
        Some(())
    }

    /// At the end nothing is left that could wait for a day.
    pub fn takes_the_last_card_away(&mut self) {
        let (path, _) = self.looks("/cards/new").unwrap();
        if let Some(card) = path.strip_suffix("/verification") {
            self.takes_away(card).unwrap();
        }
    }
}
