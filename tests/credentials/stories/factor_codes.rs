//! What codes of the second factor open, and that each is good once.

use diesel::prelude::*;
use kabinet::base::{Moment, Token, days, seconds};
use kabinet::credentials::second_factor::{Code, FactorOutcome, replace_codes, turn_off, use_up};
use kabinet::credentials::{backup_code, trusted_browser};
use kabinet::db::schema::outbox;

use crate::house::{Owner, code_at};

impl Owner {
    async fn uses(&self, code: &Code) -> bool {
        let code = code.clone();
        let account = self.account.clone();
        self.writes(move |tx| use_up(tx, &account, &code)).await
    }

    pub(crate) async fn is_told(&self) -> Vec<String> {
        let kinds = outbox::table.order(outbox::id.asc()).select(outbox::kind);
        self.house.reads(move |db| kinds.load(db)).await
    }
}

#[actix_web::test]
async fn of_64_uses_of_one_backup_code_at_two_instances_one_succeeds() {
    let anna = Owner::new().await;
    let (_secret, codes) = anna.turns_on().await;
    let code = Code::Backup(codes[3].clone());
    let (id, instances) = (anna.account.id, anna.two_instances());
    let uses = (0..64).map(|place: usize| {
        let (code, account) = (code.clone(), anna.account.clone());
        instances[place % 2].write(move |tx| use_up(tx, &account, &code))
    });
    let right = futures_util::future::join_all(uses)
        .await
        .into_iter()
        .filter(|right| matches!(right, Ok(true)))
        .count();
    assert_eq!(right, 1);
    assert_eq!(anna.house.reads(move |db| backup_code::left(db, id)).await, 9);
    assert_eq!(anna.is_told().await, ["factor-on", "backup-code-used"]);
    assert_eq!(anna.journal().await, ["factor-on", "backup-code-used"]);
}

#[actix_web::test]
async fn new_backup_codes_take_the_old_ones_away() {
    let anna = Owner::new().await;
    let (secret, old) = anna.turns_on().await;
    anna.house.passes(seconds(30));
    let (code, new) = (Code::App(code_at(&secret, anna.now())), backup_code::fresh());
    let given = new.clone();
    let changed = anna.changes(move |tx, account| replace_codes(tx, account, &code, &given)).await;
    assert_eq!(changed, FactorOutcome::Done);
    for code in old {
        assert!(!anna.uses(&Code::Backup(code)).await);
    }
    assert!(anna.uses(&Code::Backup(new[0].clone())).await);
}

#[actix_web::test]
async fn turning_it_off_takes_a_code_and_leaves_nothing_behind() {
    let anna = Owner::new().await;
    let (secret, codes) = anna.turns_on().await;
    let (id, now, known) = (anna.account.id, anna.now(), anna.has_a_known_browser().await);
    let browser = anna.writes(move |tx| trusted_browser::trust(tx, id, &known)).await;
    let wrong = Code::Backup(backup_code::fresh()[0].clone());
    assert_eq!(anna.changes(move |tx, account| turn_off(tx, account, &wrong)).await, FactorOutcome::Wrong);
    let right = Code::Backup(codes[0].clone());
    assert_eq!(anna.changes(move |tx, account| turn_off(tx, account, &right)).await, FactorOutcome::Done);
    anna.house.passes(seconds(30));
    assert!(!anna.uses(&Code::App(code_at(&secret, anna.now()))).await);
    assert!(!anna.uses(&Code::Backup(codes[1].clone())).await);
    assert!(!anna.house.reads(move |db| trusted_browser::is_trusted(db, id, &browser, now)).await);
    assert_eq!(anna.is_told().await, ["factor-on", "backup-code-used", "factor-off"]);
    let again = Code::Backup(codes[2].clone());
    assert_eq!(
        anna.changes(move |tx, account| turn_off(tx, account, &again)).await,
        FactorOutcome::WrongStep
    );
}

#[actix_web::test]
async fn guessing_has_an_end() {
    let anna = Owner::new().await;
    anna.turns_on().await;
    for left in (0..12).rev() {
        let wrong = Code::Backup(backup_code::fresh()[0].clone());
        let changed = anna.changes(move |tx, account| turn_off(tx, account, &wrong)).await;
        assert_eq!(matches!(changed, FactorOutcome::TooMany { .. }), left < 2, "{left}");
    }
}

#[actix_web::test]
async fn a_trusted_browser_gets_a_new_cookie_and_is_asked_again_after_a_month() {
    let anna = Owner::new().await;
    let (id, now, known) = (anna.account.id, anna.now(), anna.has_a_known_browser().await);
    let old = known.clone();
    let new = anna.writes(move |tx| trusted_browser::trust(tx, id, &known)).await;
    let trusted = async |token: &Token, at: Moment| {
        let token = token.clone();
        anna.house.reads(move |db| trusted_browser::is_trusted(db, id, &token, at)).await
    };
    assert!(trusted(&new, now.after(days(29))).await);
    assert!(!trusted(&new, now.after(days(30))).await);
    assert!(!trusted(&old, now).await, "a copy of the cookie from before gains nothing");
    let listed = anna.house.reads(move |db| trusted_browser::trusted(db, id, now)).await;
    let handle = listed[0].handle.clone().unwrap();
    assert!(anna.house.writes(move |db| trusted_browser::untrust(db, id, &handle)).await);
    assert!(!trusted(&new, now).await);
}
