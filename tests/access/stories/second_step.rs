//! The second step of a sign-in: how long it waits, how many tries it has, what ends it.

use diesel::prelude::*;
use kabinet::access::sign_in::second_step::{CodeAttempt, StepOutcome, begin, check, delete_expired};
use kabinet::access::sign_in::{Admission, Counters};
use kabinet::accounts::account::{Account, AccountStatus};
use kabinet::base::{Token, minutes, seconds};
use kabinet::credentials::backup_code::{self, BackupCode};
use kabinet::credentials::second_factor::Code;
use kabinet::credentials::sessions;
use kabinet::db::schema::{accounts, pending_sign_ins};
use kabinet::db::{Db, Tx};
use kabinet::limits::Counter;

use crate::house::{House, Owner, PASSWORD, code_at};
use crate::support::log_lines::LogLines;

fn admission_of<'a>(account: &'a Account, spent: &'a Counters) -> Admission<'a> {
    Admission { account, spent, held: None, login: "anna", trusts: false }
}

impl Owner {
    /// The password was right: from a known browser, or from an unknown one.
    async fn gives_the_password(&self, known: bool) -> Token {
        let counters = ["in:failed:x".to_owned(), format!("in:own:{known}")];
        let counters = counters.iter().map(|name| Counter::from_stored(name)).collect();
        let (spent, account) = (Counters { counters, known }, self.account.clone());
        self.writes(move |tx| begin(tx, &admission_of(&account, &spent))).await
    }

    /// In the owner's own browser.
    async fn gives_code(&self, token: &Token, code: &Code) -> StepOutcome {
        let browser = self.has_a_known_browser().await;
        self.gives_code_in(&browser, token, code).await
    }

    async fn gives_code_in(&self, browser: &Token, token: &Token, code: &Code) -> StepOutcome {
        let (browser, token, code) = (browser.clone(), token.clone(), code.clone());
        let job = move |tx: &mut Tx| {
            check(tx, &CodeAttempt { token: &token, code: &code, held: Some(&browser), trusts: false })
        };
        self.writes(job).await
    }
}

fn wrong() -> Code {
    Code::Backup(backup_code::fresh().remove(0))
}

fn backup(codes: &[BackupCode], place: usize) -> Code {
    Code::Backup(codes[place].clone())
}

#[actix_web::test]
async fn a_right_code_is_good_once_and_so_is_the_password_before_it() {
    let anna = Owner::new().await;
    let (secret, codes) = anna.turns_on().await;
    anna.house.passes(seconds(30));
    let token = anna.gives_the_password(false).await;
    let code = Code::App(code_at(&secret, anna.now()));
    assert!(matches!(anna.gives_code(&token, &code).await, StepOutcome::Right { .. }));
    assert!(matches!(anna.gives_code(&token, &backup(&codes, 0)).await, StepOutcome::WrongStep));
    let again = anna.gives_the_password(false).await;
    assert!(
        matches!(anna.gives_code(&again, &code).await, StepOutcome::Wrong { left: 4 }),
        "a code that was used"
    );
    assert!(matches!(anna.gives_code(&again, &backup(&codes, 0)).await, StepOutcome::Right { .. }));
    let journal = ["factor-on", "signed-in", "code-failed", "backup-code-used"];
    assert_eq!(anna.journal().await, journal.into_iter().chain(["signed-in"]).collect::<Vec<_>>());
}

#[actix_web::test]
async fn it_waits_five_minutes_and_for_five_tries() {
    let anna = Owner::new().await;
    let (_secret, codes) = anna.turns_on().await;
    let token = anna.gives_the_password(true).await;
    for left in (1..5).rev() {
        assert!(
            matches!(anna.gives_code(&token, &wrong()).await, StepOutcome::Wrong { left: said } if said == left)
        );
    }
    assert!(matches!(anna.gives_code(&token, &wrong()).await, StepOutcome::NoTriesLeft));
    assert!(matches!(anna.gives_code(&token, &backup(&codes, 0)).await, StepOutcome::NoTriesLeft));
    let late = anna.gives_the_password(true).await;
    anna.house.passes(minutes(5));
    assert!(matches!(anna.gives_code(&late, &backup(&codes, 0)).await, StepOutcome::WrongStep));
}

#[actix_web::test]
async fn what_ends_sessions_ends_what_waits_for_a_code() {
    let anna = Owner::new().await;
    let (_secret, codes) = anna.turns_on().await;
    let id = anna.account.id;
    let token = anna.gives_the_password(true).await;
    anna.house.writes(move |db| sessions::end_others(db, id, "none stays")).await;
    assert!(matches!(anna.gives_code(&token, &backup(&codes, 0)).await, StepOutcome::WrongStep));
    let blocked = anna.gives_the_password(true).await;
    let block = move |db: &mut Db| {
        let values = (accounts::status.eq(AccountStatus::Blocked), accounts::epoch.eq(0));
        diesel::update(accounts::table.find(id)).set(values).execute(db)
    };
    anna.house.writes(block).await;
    assert!(matches!(anna.gives_code(&blocked, &backup(&codes, 0)).await, StepOutcome::WrongStep));
}

#[actix_web::test]
async fn strangers_who_know_the_password_cannot_spend_the_tries_of_a_known_browser() {
    let anna = Owner::new().await;
    let (_secret, codes) = anna.turns_on().await;
    for tried in 0..10 {
        let token = anna.gives_the_password(false).await;
        assert!(matches!(anna.gives_code(&token, &wrong()).await, StepOutcome::Wrong { .. }), "{tried}");
    }
    let stranger = anna.gives_the_password(false).await;
    assert!(matches!(anna.gives_code(&stranger, &backup(&codes, 0)).await, StepOutcome::Wait { .. }));
    let owner = anna.gives_the_password(true).await;
    assert!(matches!(anna.gives_code(&owner, &backup(&codes, 0)).await, StepOutcome::Right { .. }));
    anna.house.passes(minutes(15));
    let later = anna.gives_the_password(false).await;
    assert!(matches!(anna.gives_code(&later, &wrong()).await, StepOutcome::Wrong { .. }));
    assert!(
        matches!(anna.gives_code(&later, &wrong()).await, StepOutcome::Wait { until } if until > anna.now().after(minutes(15)))
    );
}

#[actix_web::test]
async fn a_browser_that_was_turned_over_meanwhile_has_no_tries_of_its_own_and_its_owner_is_told() {
    let (anna, other) = (Owner::new().await, Token::random());
    let (_secret, codes) = anna.turns_on().await;
    for _ in 0..10 {
        let token = anna.gives_the_password(false).await;
        assert!(matches!(anna.gives_code(&token, &wrong()).await, StepOutcome::Wrong { .. }));
    }
    // The password was right in a browser that the account knew then.
    let token = anna.gives_the_password(true).await;
    let late = anna.gives_code_in(&other, &token, &backup(&codes, 0)).await;
    assert!(matches!(late, StepOutcome::Wait { .. }), "counted as a stranger's: {late:?}");
    anna.house.passes(minutes(15));
    let token = anna.gives_the_password(true).await;
    let told = anna.is_told().await.len();
    let right = anna.gives_code_in(&other, &token, &backup(&codes, 0)).await;
    assert!(matches!(right, StepOutcome::Right { .. }), "{right:?}");
    let told = anna.is_told().await.split_off(told);
    assert!(told.contains(&"new-browser".to_owned()), "{told:?}");
}

#[actix_web::test]
async fn of_64_sign_ins_with_one_backup_code_one_succeeds() {
    let anna = Owner::new().await;
    let (_secret, codes) = anna.turns_on().await;
    let mut tokens = Vec::new();
    for place in 0..64 {
        // Each in a known browser of its own: no limit stands between the codes.
        let counters = vec![Counter::from_stored(&format!("in:own:{place}"))];
        let (spent, account) = (Counters { counters, known: true }, anna.account.clone());
        tokens.push(anna.writes(move |tx| begin(tx, &admission_of(&account, &spent))).await);
    }
    let (code, browser) = (backup(&codes, 0), anna.has_a_known_browser().await);
    let judged =
        futures_util::future::join_all(tokens.iter().map(|token| anna.gives_code_in(&browser, token, &code)));
    let judged = judged.await;
    assert_eq!(judged.iter().filter(|judged| matches!(judged, StepOutcome::Right { .. })).count(), 1);
}

#[actix_web::test]
async fn what_nobody_finishes_is_deleted() {
    let anna = Owner::new().await;
    anna.gives_the_password(true).await;
    let count =
        async || -> i64 { anna.house.reads(|db| pending_sign_ins::table.count().get_result(db)).await };
    for (passes, left) in [(minutes(5), 1), (minutes(2), 0)] {
        anna.house.passes(passes);
        let now = anna.now();
        anna.house.writes(move |db| delete_expired(db, now)).await;
        assert_eq!(count().await, left);
    }
}

#[actix_web::test]
async fn a_refused_code_leaves_a_line_that_names_neither_code_nor_owner() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let guarded = anna.guards_the_account().await;
    let phone = anna.in_another_browser();
    phone.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    let (log, _guard) = LogLines::from_level(tracing::Level::INFO);
    phone.submits("/sign-in/code", &[("code", "000001")]).await.is(422);
    let text = log.text();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("a code was refused")).collect();
    assert_eq!(lines.len(), 1, "{text}");
    let number = guarded.number.replace(' ', "");
    for secret in ["000001", &guarded.number, &number, &anna.phone] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}
