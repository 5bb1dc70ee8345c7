//! Several people at several browsers do everything that has to do with access, in any order, with crashes and days between; one of
//! them is up to no good. A model says what must come of each step; after each, the database and the browsers are held against it.
//!
//! A run is named by its seed: `KABINET_SEED=7 KABINET_STEPS=20000 cargo test simulation` walks a longer way, or a known one again.

mod entering;
mod guarding;
mod invariants;
mod mischief;
mod model;
mod owning;
mod returning;
mod world;

use std::panic::AssertUnwindSafe;

use diesel::prelude::*;
use futures_util::FutureExt;
use kabinet::base::{days, hours, minutes, seconds};
use kabinet::db::schema::accounts;

use self::model::{Browser, Status};
use self::world::World;
use crate::house::House;

const STEPS: usize = 400;
/// What a run of the usual length has done at least once, or it proves less than it says.
const EXPECTED: [&str; 7] = [
    "accounts registered",
    "passwords changed",
    "sign-ins",
    "abandoned",
    "crashes",
    "dead links",
    "dead cookies",
];

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

#[actix_web::test]
async fn whatever_people_do_in_whatever_order_nobody_has_what_is_not_theirs() {
    let seed = number("KABINET_SEED")
        .unwrap_or_else(|| u64::from_ne_bytes(kabinet::base::random_bytes()) % 1_000_000);
    let steps = number("KABINET_STEPS").map_or(STEPS, |steps| usize::try_from(steps).unwrap());
    let house = House::open().await;
    let mut world = World::new(&house, seed);
    let mut last = 0;
    for step in 0..steps {
        last = step;
        let walked = AssertUnwindSafe(async {
            world.goes_a_step().await;
            world.keeps_its_invariants().await;
            if step % 250 == 249 {
                world.tells_no_secrets();
            }
        });
        if let Err(panic) = walked.catch_unwind().await {
            eprintln!(
                "seed {seed}, step {step}: KABINET_SEED={seed} KABINET_STEPS={} walks there again",
                step + 1
            );
            std::panic::resume_unwind(panic);
        }
    }
    println!("seed {seed}, {} steps: {:?}", last + 1, world.done);
    let missing: Vec<_> =
        EXPECTED.iter().filter(|what| steps >= STEPS && !world.done.contains_key(*what)).collect();
    assert!(missing.is_empty(), "seed {seed} never came to {missing:?}: {:?}", world.done);
}

impl World<'_> {
    /// One that does something: most browsers have nothing to go on with.
    async fn goes_a_step(&mut self) {
        self.forgets_tries().await;
        let done: usize = self.done.values().sum();
        while self.done.values().sum::<usize>() == done {
            self.tries_a_step().await;
        }
    }

    async fn tries_a_step(&mut self) {
        let browser = self.any_browser();
        match self.dice.below(100) {
            0..=4 => self.begins_to_register(browser).await,
            5..=19 => {
                let browser = self.whoever(|here| here.registration.is_some());
                self.goes_on_registering(browser).await;
            }
            20..=28 => self.signs_in(browser).await,
            29..=36 => {
                let browser = self.whoever(|here| here.second.is_some());
                self.gives_the_code(browser).await;
            }
            37..=39 => self.asks_for_a_way_back(browser).await,
            40 => self.asks_for_a_way_back_by_phone(browser).await,
            41..=44 => self.follows_a_link_back().await,
            45..=52 => {
                let browser = self.whoever(|here| here.recovery.is_some());
                self.goes_on_back(browser).await;
            }
            53..=54 => self.is_invited().await,
            55..=57 => self.accepts_an_invitation().await,
            58..=63 => {
                let browser = self.whoever(|here| here.invitation.is_some());
                self.goes_on_accepting(browser).await;
            }
            64..=67 => self.confirms_an_address().await,
            68..=84 => self.somebody_inside_acts().await,
            85..=92 => self.suffers_mischief().await,
            93..=96 => self.lets_time_pass(),
            97 => {
                self.house.runs_maintenance().await;
                self.counts("maintenance");
            }
            98 => {
                self.house.crashes().await;
                self.counts("crashes");
            }
            _ => self.blocks_an_account().await,
        }
    }

    /// A browser of which that is true, or just any.
    fn whoever(&mut self, is: impl Fn(&Browser) -> bool) -> usize {
        let such: Vec<usize> =
            (0..self.browsers.len()).filter(|browser| is(&self.model.browsers[*browser])).collect();
        self.dice.pick(&such).copied().unwrap_or_default()
    }

    async fn somebody_inside_acts(&mut self) {
        let Some(who) = self.somebody_inside() else { return };
        match self.dice.below(20) {
            0..=2 => self.gives_an_address(who).await,
            3..=4 => self.gives_a_phone(who).await,
            5..=7 => self.confirms_a_phone(who).await,
            8 => self.removes(who, true).await,
            9 => self.removes(who, false).await,
            10..=11 => self.changes_the_password(who).await,
            12 => self.chooses_questions(who).await,
            13 => self.ends_the_others(who).await,
            14 => self.ends_one(who).await,
            15..=17 => self.changes_the_factor(who).await,
            _ => self.signs_out(who.0).await,
        }
    }

    fn lets_time_pass(&mut self) {
        const SPANS: [std::time::Duration; 14] = [
            seconds(1),
            seconds(5),
            seconds(40),
            seconds(59),
            minutes(1),
            minutes(2),
            minutes(4),
            minutes(5),
            minutes(6),
            minutes(29),
            minutes(30),
            hours(2),
            hours(13),
            days(1),
        ];
        let span = if self.dice.one_in(40) { days(31) } else { *self.dice.pick(&SPANS).unwrap() };
        self.house.passes(span);
        self.counts("jumps");
    }

    /// Rarely: they stay blocked.
    async fn blocks_an_account(&mut self) {
        if !self.dice.one_in(3) {
            return;
        }
        let person = self.anybody();
        let Some(account) = self.account_of(person) else { return };
        let row = accounts::table.find(self.model.accounts[account].id);
        self.house
            .writes(move |db| diesel::update(row).set(accounts::status.eq("blocked")).execute(db))
            .await;
        self.model.accounts[account].status = Status::Blocked;
        self.counts("blocked");
    }
}
