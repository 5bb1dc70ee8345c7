//! A request that is held up somewhere in the middle, while the account changes: whatever it rests on may not be so any more. Each
//! request is stopped at every place where it waits for the portal, one after the other.

use kabinet::base::AccountId;
use kabinet::credentials::sessions::end_others;
use kabinet::db::schema::{accounts, counters};

use diesel::prelude::*;

use crate::house::{ANOTHER_PASSWORD, ANSWERS, House, PASSWORD, QUESTIONS, Visitor};
use crate::profile::stories::profile::owner;
use crate::support::html::Page;
use crate::support::http::encoded;

const ANNA: &str = "anna@example.org";
/// No request waits so often.
const MOST_WAITS: usize = 40;
/// How often a request is stopped at one place before it counts as one that does not wait there.
const TRIES_AT_ONE_PLACE: usize = 4;

/// Where the request is stopped next: at its first wait, then at its second, until it comes to its end without waiting. Where the
/// portal has answered before anybody asks it again, nothing was waited for; so each place is tried several times.
#[derive(Default)]
pub(super) struct Places {
    place: usize,
    missed: usize,
}

impl Places {
    pub(super) fn next(&self) -> Option<usize> {
        assert!(self.place < MOST_WAITS, "it waits without end");
        (self.missed < TRIES_AT_ONE_PLACE).then_some(self.place)
    }

    pub(super) fn was_stopped(&mut self, held_up: bool) {
        (self.place, self.missed) = if held_up { (self.place + 1, 0) } else { (self.place, self.missed + 1) };
    }

    pub(super) fn were_at_least(&self, places: usize) {
        assert!(self.place >= places, "it was held up at {} places only", self.place);
    }
}

impl Visitor<'_> {
    /// Sends the form of a page, and is held up.
    async fn sends_slowly(
        &self,
        page: &Page,
        action: &str,
        fields: &[(&str, &str)],
        patience: usize,
        meanwhile: impl Future<Output = ()>,
    ) -> bool {
        let body = page.form_to(action).unwrap().filled(fields);
        let (answer, held_up) = self.is_held_up(action, body, patience, meanwhile).await;
        assert!(answer.status < 500 || answer.status == 503, "{action} answered {}", answer.status);
        held_up
    }

    /// From one password to the other.
    async fn changes(&self, from: &str, to: &str) {
        self.house.writes(|db| diesel::delete(counters::table).execute(db)).await;
        let fields = [("current", from), ("password", to), ("again", to)];
        let token = self.token().await;
        let fields: Vec<(&str, &str)> = [("csrf", token.as_str())].into_iter().chain(fields).collect();
        let mut answer = self.posts("/profile/password", &encoded(&fields)).await;
        while answer.status == 503 {
            answer = self.posts("/profile/password", &encoded(&fields)).await;
        }
        answer.goes_to("/profile/password/changed");
    }
}

/// Which of the two is the password now, and which will be.
fn passwords(turn: usize) -> (&'static str, &'static str) {
    if turn.is_multiple_of(2) { (PASSWORD, ANOTHER_PASSWORD) } else { (ANOTHER_PASSWORD, PASSWORD) }
}

#[actix_web::test]
async fn a_sign_in_with_a_password_that_is_changed_meanwhile_comes_to_nothing() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", ANNA).await;
    let mut places = Places::default();
    let mut turns = 0..;
    while let (Some(place), Some(turn)) = (places.next(), turns.next()) {
        let (old, new) = passwords(turn);
        house.writes(|db| diesel::delete(counters::table).execute(db)).await;
        let phone = anna.in_another_browser();
        let page = phone.opens("/sign-in").await;
        let fields = [("login", ANNA), ("password", old)];
        let held_up = phone.sends_slowly(&page, "/sign-in", &fields, place, anna.changes(old, new)).await;
        assert!(!phone.is_signed_in().await, "held up at {place}");
        assert_eq!(
            house.count("trusted_browsers"),
            1,
            "only where the password was changed: held up at {place}"
        );
        places.was_stopped(held_up);
    }
    places.were_at_least(3);
}

#[actix_web::test]
async fn a_code_after_a_password_that_is_changed_meanwhile_lets_nobody_in() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", ANNA).await;
    let guarded = anna.guards_the_account().await;
    let mut places = Places::default();
    let mut turns = 0..;
    while let (Some(place), Some(turn)) = (places.next(), turns.next()) {
        let (old, new) = passwords(turn);
        house.writes(|db| diesel::delete(counters::table).execute(db)).await;
        let phone = anna.in_another_browser();
        phone.signs_in(ANNA, old).await.goes_to("/sign-in/code");
        let page = phone.opens("/sign-in/code").await;
        let code = guarded.next_code(&house);
        let fields = [("code", code.as_str()), ("remember", "yes")];
        let held_up =
            phone.sends_slowly(&page, "/sign-in/code", &fields, place, anna.changes(old, new)).await;
        assert!(!phone.is_signed_in().await, "held up at {place}");
        assert_eq!(house.count("trusted_browsers WHERE factor_until IS NOT NULL"), 0, "held up at {place}");
        places.was_stopped(held_up);
    }
    places.were_at_least(1);
}

#[actix_web::test]
async fn the_last_step_of_a_registration_sent_again_lets_nobody_in_by_an_older_password() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let page = anna.opens("/registration/password").await;
    let browser = anna.copy();
    anna.thinks_up(PASSWORD, "").await.goes_to("/registration/done");
    let mut places = Places::default();
    let mut turns = 0..;
    while let (Some(place), Some(turn)) = (places.next(), turns.next()) {
        let (old, new) = passwords(turn);
        let again = browser.copy();
        // The few tries for it are another story.
        house
            .writes(|db| {
                diesel::RunQueryDsl::execute(
                    diesel::sql_query("UPDATE registrations SET resubmissions_left = 3"),
                    db,
                )
            })
            .await;
        let fields = [("password", old), ("again", old)];
        let held_up =
            again.sends_slowly(&page, "/registration/password", &fields, place, anna.changes(old, new)).await;
        assert!(!again.is_signed_in().await, "held up at {place}");
        assert_eq!(
            house.count("trusted_browsers"),
            1,
            "only where the password was changed: held up at {place}"
        );
        places.was_stopped(held_up);
    }
    places.were_at_least(3);
}

#[actix_web::test]
async fn of_two_who_change_the_password_at_once_one_stays_inside() {
    let mut places = Places::default();
    while places.next().is_some() {
        let house = House::open().await;
        let anna = owner(&house, "Anna", ANNA).await;
        one_of_two_stays_inside(&house, &anna, &mut places).await;
    }
    places.were_at_least(4);
}

/// Until the thief was first: then the owner is outside, as it must be.
async fn one_of_two_stays_inside(house: &House, anna: &Visitor<'_>, places: &mut Places) {
    let mut turns = 0..;
    while let (Some(place), Some(turn)) = (places.next(), turns.next()) {
        let (old, new) = passwords(turn);
        house.writes(|db| diesel::delete(counters::table).execute(db)).await;
        let thief = anna.in_another_browser();
        thief.signs_in(ANNA, old).await.goes_to("/cabinet");
        let page = thief.opens("/profile/password").await;
        let his = "крыша 9 верблюд алтын";
        let fields = [("current", old), ("password", his), ("again", his)];
        let before = house.count("activity WHERE kind = 'password-changed'");
        let held_up = thief.house_is_slow(&page, &fields, place, anna, (old, new)).await;
        places.was_stopped(held_up);
        if !held_up {
            return;
        }
        assert!(!thief.is_signed_in().await && anna.is_signed_in().await, "held up at {place}");
        assert_eq!(house.count("activity WHERE kind = 'password-changed'"), before + 1, "held up at {place}");
    }
}

impl Visitor<'_> {
    /// Tries to change the password, while its owner does. False when the change was made before anything could be in its way: then
    /// the owner is outside, as it must be.
    async fn house_is_slow(
        &self,
        page: &Page,
        fields: &[(&str, &str)],
        patience: usize,
        owner: &Visitor<'_>,
        (from, to): (&str, &str),
    ) -> bool {
        let done = self.house.count("activity WHERE kind = 'password-changed'");
        let body = page.form_to("/profile/password").unwrap().filled(fields);
        let meanwhile = async {
            self.house.settles().await;
            if self.house.count("activity WHERE kind = 'password-changed'") == done {
                owner.changes(from, to).await;
            }
        };
        let (_answer, held_up) = self.is_held_up("/profile/password", body, patience, meanwhile).await;
        held_up && owner.is_signed_in().await
    }
}

#[actix_web::test]
async fn a_way_back_in_does_not_undo_the_password_that_its_owner_sets_meanwhile() {
    let mut places = Places::default();
    while places.next().is_some() {
        let house = House::open().await;
        let anna = owner(&house, "Anna", ANNA).await;
        the_owner_is_first(&house, &anna, &mut places).await;
    }
    places.were_at_least(3);
}

/// Until the reset was first: then everybody is outside.
async fn the_owner_is_first(house: &House, anna: &Visitor<'_>, places: &mut Places) {
    let mut turns = 0..;
    while let (Some(place), Some(turn)) = (places.next(), turns.next()) {
        let (old, new) = passwords(turn);
        house.writes(|db| diesel::delete(counters::table).execute(db)).await;
        let thief = house.visitor("Thief");
        thief.has_forgotten(ANNA).await.goes_to("/recovery/code");
        thief.follows_recovery(ANNA).await.goes_to("/recovery/password");
        let page = thief.opens("/recovery/password").await;
        let his = "крыша 9 верблюд алтын";
        let resets = house.count("activity WHERE kind LIKE 'password-reset%'");
        let meanwhile = async {
            house.settles().await;
            if house.count("activity WHERE kind LIKE 'password-reset%'") == resets {
                anna.changes(old, new).await;
            }
        };
        let fields = [("password", his), ("again", his)];
        thief.sends_slowly(&page, "/recovery/password", &fields, place, meanwhile).await;
        assert!(!thief.is_signed_in().await);
        let was_first = house.count("activity WHERE kind LIKE 'password-reset%'") > resets;
        places.was_stopped(!was_first);
        assert_eq!(anna.is_signed_in().await, !was_first, "held up at {place}");
        if was_first {
            return;
        }
    }
}

/// Raises the epoch of every account that can be used. False when there is none yet.
async fn ends_everything(house: &House) -> bool {
    let ended = house.writes(|db| {
        let all: Vec<AccountId> =
            accounts::table.filter(accounts::status.eq("active")).select(accounts::id).load(db)?;
        all.iter().try_for_each(|id| end_others(db, *id, "none stays"))?;
        Ok(!all.is_empty())
    });
    ended.await
}

#[actix_web::test]
async fn a_registration_whose_sessions_are_ended_before_its_answer_leaves_none() {
    let mut places = Places::default();
    while let Some(place) = places.next() {
        let house = House::open().await;
        let anna = house.visitor("Anna");
        anna.registers_up_to_the_password().await;
        let page = anna.opens("/registration/password").await;
        let mut ended = false;
        let fields = [("password", PASSWORD), ("again", PASSWORD)];
        let meanwhile = async { ended = ends_everything(&house).await };
        let held_up = anna.sends_slowly(&page, "/registration/password", &fields, place, meanwhile).await;
        assert_eq!(anna.is_signed_in().await, !ended, "held up at {place}");
        places.was_stopped(held_up);
    }
    places.were_at_least(4);
}

#[actix_web::test]
async fn an_invitation_whose_sessions_are_ended_before_its_answer_leaves_none() {
    let house = House::open().await;
    let mut places = Places::default();
    let mut turns = 0..;
    while let (Some(place), Some(turn)) = (places.next(), turns.next()) {
        let email = format!("vera{turn}@example.org");
        house.writes(|db| diesel::delete(counters::table).execute(db)).await;
        house
            .writes(|db| diesel::update(accounts::table).set(accounts::status.eq("blocked")).execute(db))
            .await;
        house.invites(&email).await;
        let vera = house.visitor("Vera");
        vera.accepts_up_to_the_questions(&house.invitation_to(&email).await).await;
        let page = vera.opens("/invitation/questions").await;
        let named = [("question1", "answer1"), ("question2", "answer2"), ("question3", "answer3")];
        let fields: Vec<(&str, &str)> = named
            .iter()
            .zip(0..)
            .flat_map(|((question, answer), n)| [(*question, QUESTIONS[n]), (*answer, ANSWERS[n])])
            .collect();
        let mut ended = false;
        let meanwhile = async { ended = ends_everything(&house).await };
        let held_up = vera.sends_slowly(&page, "/invitation/questions", &fields, place, meanwhile).await;
        assert_eq!(vera.is_signed_in().await, !ended, "held up at {place}");
        places.was_stopped(held_up);
    }
    places.were_at_least(4);
}
