//! What an auditor asks about single rules.

use diesel::prelude::*;
use diesel::result::Error;

use kabinet::base::{Currency, Moment, Money};
use kabinet::db::Db;
use kabinet::db::schema::{ledger_accounts, transfers};
use kabinet::ledger::{
    Balance, Kind, LedgerAccountId, NewTransfer, Owner, Phase, Posting, Reason, Refusal, account, audit,
    balance, hold, post, reverse, settle, statement, void,
};

use crate::house::House;

const NOW: Moment = Moment::from_micros(1_800_000_000_000_000);

/// Runs a story inside the write queue, as every caller does.
async fn tell(story: impl FnMut(&mut Db) -> QueryResult<()> + Send + 'static) {
    House::open().await.writes(story).await;
}

fn gateway(db: &mut Db, currency: Currency) -> LedgerAccountId {
    account(db, Owner::SYSTEM, Kind::Gateway, currency).unwrap()
}

fn anna(db: &mut Db, currency: Currency) -> LedgerAccountId {
    account(db, Owner::account(7), Kind::CardVerification, currency).unwrap()
}

/// From the gateway to Anna; back when the sum is below zero.
fn charge(db: &mut Db, operation: i64, minor: i64) -> NewTransfer {
    let (from, to) = (gateway(db, Currency::Rub), anna(db, Currency::Rub));
    NewTransfer::between(operation, Reason::VerificationCharged, from, to, Money::new(minor, Currency::Rub))
        .unwrap()
}

fn stands(db: &mut Db, account: LedgerAccountId) -> (i64, i64, i64) {
    let Balance { posted, pending_debits, pending_credits } = balance(db, account).unwrap().unwrap();
    (posted, pending_debits, pending_credits)
}

fn in_order(db: &mut Db) {
    audit(db).unwrap().unwrap();
}

#[actix_web::test]
async fn an_account_is_made_once_for_its_owner_kind_and_currency() {
    tell(|db| {
        let first = anna(db, Currency::Rub);
        assert_eq!(anna(db, Currency::Rub), first);
        let others = [
            gateway(db, Currency::Rub),
            anna(db, Currency::Usd),
            account(db, Owner::account(8), Kind::CardVerification, Currency::Rub)?,
        ];
        assert!(!others.contains(&first));
        assert_eq!(balance(db, LedgerAccountId::from_i64(1))?, None);
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn every_currency_keeps_its_own_books() {
    tell(|db| {
        for (number, currency) in (1..).zip(Currency::ALL.iter().copied()) {
            let (from, to) = (gateway(db, currency), anna(db, currency));
            let new = NewTransfer::between(
                number,
                Reason::VerificationCharged,
                from,
                to,
                Money::new(number, currency),
            )
            .unwrap();
            post(db, &new, NOW)?.unwrap();
        }
        let summary = audit(db)?.unwrap();
        assert_eq!((summary.accounts, summary.transfers, summary.postings), (28, 14, 28));
        let expected: Vec<(Currency, i128)> = Currency::ALL.iter().copied().zip(1..).collect();
        assert_eq!(summary.sums, expected);
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn money_that_is_held_cannot_be_spent_and_money_that_is_promised_neither() {
    tell(|db| {
        let (gateway, anna) = (gateway(db, Currency::Rub), anna(db, Currency::Rub));
        let promised = charge(db, 1, 100);
        let promised = hold(db, &promised, NOW)?.unwrap();
        assert_eq!(stands(db, anna), (0, 0, 100));
        let spent = charge(db, 2, -1);
        assert_eq!(post(db, &spent, NOW)?, Err(Refusal::Overdraft { account: anna, available: 0 }));
        settle(db, promised, NOW)?.unwrap();
        let reserved = charge(db, 3, -70);
        let reserved = hold(db, &reserved, NOW)?.unwrap();
        assert_eq!((stands(db, anna), stands(db, gateway)), ((100, 70, 0), (-100, 0, 70)));
        let too_much = charge(db, 4, -31);
        assert_eq!(hold(db, &too_much, NOW)?, Err(Refusal::Overdraft { account: anna, available: 30 }));
        void(db, reserved, NOW)?.unwrap();
        assert_eq!((stands(db, anna), stands(db, gateway)), ((100, 0, 0), (-100, 0, 0)));
        post(db, &too_much, NOW)?.unwrap();
        assert_eq!(stands(db, anna), (69, 0, 0));
        in_order(db);
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn balances_go_to_the_end_of_64_bits_and_no_further() {
    tell(|db| {
        let (gateway, anna) = (gateway(db, Currency::Rub), anna(db, Currency::Rub));
        let all = charge(db, 1, i64::MAX);
        let all = post(db, &all, NOW)?.unwrap();
        assert_eq!((stands(db, anna), stands(db, gateway)), ((i64::MAX, 0, 0), (-i64::MAX, 0, 0)));
        let one_more = charge(db, 2, 1);
        assert_eq!(post(db, &one_more, NOW)?, Err(Refusal::Overflow(gateway)));
        assert_eq!(hold(db, &one_more, NOW)?, Err(Refusal::Overflow(gateway)));
        in_order(db);
        reverse(db, all, 3, Reason::Correction, NOW)?.unwrap();
        assert_eq!(stands(db, anna), (0, 0, 0));
        let held = charge(db, 4, i64::MAX);
        let held = hold(db, &held, NOW)?.unwrap();
        assert_eq!(
            post(db, &one_more, NOW)?,
            Err(Refusal::Overflow(gateway)),
            "it must stay possible to settle"
        );
        settle(db, held, NOW)?.unwrap();
        assert_eq!(stands(db, anna), (i64::MAX, 0, 0));
        let least =
            NewTransfer::between(5, Reason::Correction, gateway, anna, Money::new(i64::MIN, Currency::Rub));
        assert_eq!(least.unwrap_err(), Refusal::Overflow(gateway));
        in_order(db);
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn the_same_question_has_the_same_answer_and_is_asked_at_no_cost() {
    tell(|db| {
        let anna = anna(db, Currency::Rub);
        let new = charge(db, 1, 100);
        let first = post(db, &new, NOW)?;
        let back = charge(db, 2, -100);
        post(db, &back, NOW)?.unwrap();
        assert_eq!(post(db, &new, Moment::from_micros(5))?, first);
        // It would be refused if it were new.
        let again = NewTransfer { postings: back.postings.iter().rev().copied().collect(), ..back.clone() };
        assert!(post(db, &again, NOW)?.is_ok());
        assert_eq!(stands(db, anna), (0, 0, 0));
        let other = charge(db, 1, 101);
        assert_eq!(post(db, &other, NOW)?, Err(Refusal::Different(first.unwrap())));
        let other_reason = NewTransfer { reason: Reason::Correction, ..new.clone() };
        assert_ne!(post(db, &other_reason, NOW)?, first, "another reason is another transfer");
        in_order(db);
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn a_transfer_has_as_many_postings_as_it_may() {
    tell(|db| {
        let gateway = gateway(db, Currency::Usd);
        let mut postings = Vec::new();
        for owner in 1..=64 {
            let account = account(db, Owner::account(owner), Kind::CardVerification, Currency::Usd)?;
            postings.push(Posting::new(account, Money::new(1, Currency::Usd)));
        }
        postings.insert(0, Posting::new(gateway, Money::new(-64, Currency::Usd)));
        let mut new = NewTransfer { operation: 1, reason: Reason::Correction, postings };
        assert_eq!(post(db, &new, NOW)?, Err(Refusal::TooMany));
        new.postings.pop();
        new.postings[0].money.minor = -63;
        post(db, &new, NOW)?.unwrap();
        assert_eq!(audit(db)?.unwrap().postings, 64);
        let stranger = LedgerAccountId::from_i64(3);
        new.postings[5].account = stranger;
        new.operation = 2;
        assert_eq!(post(db, &new, NOW)?, Err(Refusal::UnknownAccount(stranger)));
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn a_statement_is_read_page_by_page_and_says_what_became_of_each_line() {
    tell(|db| {
        let anna = anna(db, Currency::Rub);
        let kept = charge(db, 1, 500);
        let kept = post(db, &kept, NOW)?.unwrap();
        let held = charge(db, 2, 30);
        let held = hold(db, &held, NOW)?.unwrap();
        let dropped = charge(db, 3, 9);
        let dropped = hold(db, &dropped, NOW)?.unwrap();
        let open = charge(db, 4, -8);
        hold(db, &open, NOW)?.unwrap();
        settle(db, held, NOW)?.unwrap();
        void(db, dropped, NOW)?.unwrap();
        reverse(db, kept, 5, Reason::VerificationReturned, NOW)?.unwrap();
        let (mut pages, mut before) = (Vec::new(), None);
        loop {
            let page = statement(db, anna, before, 2)?;
            let Some(last) = page.last() else { break };
            before = Some(last.number);
            pages.push(
                page.iter()
                    .map(|l| (l.number, l.phase, l.amount_minor, l.posted_after, l.ended))
                    .collect::<Vec<_>>(),
            );
        }
        let (settled, voided) = (Some(Phase::Settled), Some(Phase::Voided));
        assert_eq!(
            pages,
            [
                vec![(6, Phase::Posted, -500, 30, None), (5, Phase::Settled, 30, 530, None)],
                vec![(4, Phase::Pending, -8, 500, None), (3, Phase::Pending, 9, 500, voided)],
                vec![(2, Phase::Pending, 30, 500, settled), (1, Phase::Posted, 500, 500, None)],
            ]
        );
        let newest = &statement(db, anna, None, 2)?;
        assert_eq!((newest[0].reverses, newest[1].resolves), (Some(kept), Some(held)));
        assert_eq!(statement(db, anna, Some(5), 1)?[0].operation, 4);
        assert_eq!(statement(db, anna, None, -1)?, []);
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn the_database_itself_refuses_what_the_rules_would_let_slip() {
    tell(|db| {
        let anna = anna(db, Currency::Rub);
        let row = || diesel::update(ledger_accounts::table.find(anna));
        let mut refused = |name: &str, told: &mut dyn FnMut(&mut Db) -> QueryResult<usize>| {
            let error = db.transaction::<usize, Error, _>(|db| told(db)).unwrap_err();
            assert!(error.to_string().contains(name), "{name}: {error}");
        };
        refused("ledger_accounts_floor_holds", &mut |db| {
            row().set(ledger_accounts::posted.eq(-1)).execute(db)
        });
        refused("ledger_accounts_floor_holds", &mut |db| {
            row().set(ledger_accounts::pending_debits.eq(1)).execute(db)
        });
        refused("ledger_accounts_pending_is_not_negative", &mut |db| {
            row().set(ledger_accounts::pending_credits.eq(-1)).execute(db)
        });
        let beyond = (ledger_accounts::posted.eq(i64::MAX), ledger_accounts::pending_credits.eq(1));
        refused("ledger_accounts_range_holds", &mut |db| row().set(beyond).execute(db));
        let least = (ledger_accounts::posted.eq(i64::MIN), ledger_accounts::may_go_below_zero.eq(true));
        refused("ledger_accounts_range_holds", &mut |db| row().set(least).execute(db));
        let orphan = (
            transfers::id.eq(1),
            transfers::operation_id.eq(1),
            transfers::reason.eq(Reason::Correction),
            transfers::phase.eq(Phase::Settled),
            transfers::at.eq(NOW),
        );
        refused("transfers_end_names_its_hold", &mut |db| {
            diesel::insert_into(transfers::table).values(orphan).execute(db)
        });
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn a_refusal_leaves_the_caller_s_transaction_as_it_was() {
    tell(|db| {
        let (gateway, anna) = (gateway(db, Currency::Rub), anna(db, Currency::Rub));
        let boris = account(db, Owner::account(8), Kind::CardVerification, Currency::Rub)?;
        let good = charge(db, 1, 10);
        post(db, &good, NOW)?.unwrap();
        // The last account is the one that has nothing to give.
        let legs = [(gateway, 5), (anna, 5), (boris, -10)];
        let postings =
            legs.map(|(account, minor)| Posting::new(account, Money::new(minor, Currency::Rub))).into();
        let bad = NewTransfer { operation: 2, reason: Reason::Correction, postings };
        assert_eq!(post(db, &bad, NOW)?, Err(Refusal::Overdraft { account: boris, available: 0 }));
        assert_eq!(
            (stands(db, gateway), stands(db, anna), stands(db, boris)),
            ((-10, 0, 0), (10, 0, 0), (0, 0, 0))
        );
        assert_eq!(audit(db)?.unwrap().transfers, 1);
        Ok(())
    })
    .await;
}
