//! Random sequences of everything that can be asked of the ledger, against a model that is as simple as it can be. After each step
//! the balances are those of the model, the audit finds every balance again and every sum zero, and a refusal has left no row.

use diesel::prelude::*;
use diesel::result::Error;
use kabinet::base::{Currency, Moment, Money};
use kabinet::db::Db;
use kabinet::ledger::{
    Kind, LedgerAccountId, NewTransfer, Owner, Posting, Reason, Refusal, TransferId, account, audit_in_pages,
    balance, hold, post, reverse, settle, void,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::house::House;

/// Accounts of the model: gateway, Anna and Boris in roubles, then the same in yen.
const ACCOUNTS: usize = 6;
const CASES: u32 = 48;

#[derive(Debug, Clone)]
enum Ask {
    Post(Vec<(usize, i64)>),
    Hold(Vec<(usize, i64)>),
    /// Postings that name another currency than their accounts keep.
    WrongCurrency(usize, usize),
    // Of the transfer with this number, counted round.
    Settle(usize),
    Void(usize),
    Reverse(usize),
    /// The same operation and reason once more, with the same postings or with others.
    Again(usize, bool),
}

fn amounts() -> impl Strategy<Value = i64> {
    prop_oneof![8 => 1_i64..300, 1 => Just(i64::MAX), 1 => Just(i64::MAX - 100), 1 => any::<i64>()]
}

fn legs() -> impl Strategy<Value = Vec<(usize, i64)>> {
    let pair = (0..2_usize, 0..3_usize, 0..3_usize, amounts()).prop_map(|(side, from, to, sum)| {
        vec![(side * 3 + from, sum.saturating_neg()), (side * 3 + to, sum)]
    });
    let from_gateway = (0..2_usize, 1..3_usize, 1_i64..300)
        .prop_map(|(side, to, sum)| vec![(side * 3, -sum), (side * 3 + to, sum)]);
    let split = (0..2_usize, 1_i64..200, 1_i64..200)
        .prop_map(|(side, one, two)| vec![(side * 3, -one - two), (side * 3 + 1, one), (side * 3 + 2, two)]);
    let two_currencies =
        (1_i64..200, 1_i64..200).prop_map(|(one, two)| vec![(4, two), (0, -one), (1, one), (3, -two)]);
    let anything = proptest::collection::vec((0..ACCOUNTS, prop_oneof![-5_i64..5, any::<i64>()]), 0..4);
    prop_oneof![4 => pair, 4 => from_gateway, 2 => split, 2 => two_currencies, 1 => anything]
}

fn asks() -> impl Strategy<Value = Vec<Ask>> {
    let ask = prop_oneof![
        4 => legs().prop_map(Ask::Post),
        4 => legs().prop_map(Ask::Hold),
        1 => (0..3_usize, 3..6_usize).prop_map(|(one, other)| Ask::WrongCurrency(one, other)),
        3 => any::<usize>().prop_map(Ask::Settle),
        2 => any::<usize>().prop_map(Ask::Void),
        3 => any::<usize>().prop_map(Ask::Reverse),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(number, same)| Ask::Again(number, same)),
    ];
    proptest::collection::vec(ask, 1..40)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Posted,
    Held,
    Settled,
    Voided,
    /// The row that says how a hold has ended.
    End {
        settled: bool,
    },
}

#[derive(Debug, Clone)]
struct Known {
    id: TransferId,
    operation: i64,
    legs: Vec<(usize, i64)>,
    state: State,
    reversed: bool,
    is_reversal: bool,
    held: bool,
}

/// Posted, pending debits, pending credits.
type Sums = [i128; 3];

struct Model {
    ids: Vec<LedgerAccountId>,
    sums: Vec<Sums>,
    known: Vec<Known>,
}

fn currency(place: usize) -> Currency {
    if place < 3 { Currency::Rub } else { Currency::Jpy }
}

impl Model {
    fn open(db: &mut Db) -> QueryResult<Model> {
        let mut ids = Vec::new();
        for currency in [Currency::Rub, Currency::Jpy] {
            ids.push(account(db, Owner::SYSTEM, Kind::Gateway, currency)?);
            ids.push(account(db, Owner::account(1), Kind::CardVerification, currency)?);
            ids.push(account(db, Owner::account(2), Kind::CardVerification, currency)?);
        }
        Ok(Model { ids, sums: vec![[0; 3]; ACCOUNTS], known: Vec::new() })
    }

    fn postings(&self, legs: &[(usize, i64)]) -> Vec<Posting> {
        legs.iter()
            .map(|(place, minor)| Posting::new(self.ids[*place], Money::new(*minor, currency(*place))))
            .collect()
    }

    /// The name of the refusal, or the sums that follow. `what` is +1 for a hold, -1 for its end; `posts` whether sums move.
    fn judge(&self, legs: &[(usize, i64)], posts: i128, what: i128) -> Result<Vec<Sums>, &'static str> {
        if legs.len() < 2 {
            return Err("TooFew");
        }
        let mut legs = legs.to_vec();
        legs.sort_by_key(|(place, _)| *place);
        for (_, minor) in &legs {
            match *minor {
                0 => return Err("Zero"),
                i64::MIN => return Err("Overflow"),
                _ => {}
            }
        }
        if legs.windows(2).any(|two| two[0].0 == two[1].0) {
            return Err("AccountTwice");
        }
        for kept in [Currency::Rub, Currency::Jpy] {
            let sum: i128 = legs
                .iter()
                .filter(|(place, _)| currency(*place) == kept)
                .map(|(_, minor)| i128::from(*minor))
                .sum();
            if sum != 0 {
                return Err("Unbalanced");
            }
        }
        let mut sums = self.sums.clone();
        for (place, minor) in legs {
            let amount = i128::from(minor);
            let [posted, debits, credits] = &mut sums[place];
            *posted += amount * posts;
            *(if amount < 0 { debits } else { credits }) += amount.abs() * what;
            let [posted, debits, credits] = sums[place];
            if posted + credits > i64::MAX.into() || posted - debits < (-i64::MAX).into() {
                return Err("Overflow");
            }
            if place % 3 != 0 && posted - debits < 0 {
                return Err("Overdraft");
            }
        }
        Ok(sums)
    }

    fn step(&mut self, db: &mut Db, ask: &Ask, number: i64) -> Result<(), TestCaseError> {
        let now = Moment::from_micros(number);
        match ask {
            Ask::Post(legs) => self.enters(db, legs, number, false, now),
            Ask::Hold(legs) => self.enters(db, legs, number, true, now),
            Ask::WrongCurrency(one, other) => {
                let postings = [(*one, -1), (*other, 1)];
                let postings = postings
                    .map(|(place, minor)| Posting::new(self.ids[place], Money::new(minor, Currency::Sek)));
                let new = NewTransfer {
                    operation: number,
                    reason: Reason::VerificationCharged,
                    postings: postings.into(),
                };
                named::<()>(post(db, &new, now).unwrap(), Err("CurrencyMixed")).map(|_| ())
            }
            Ask::Settle(at) | Ask::Void(at) | Ask::Reverse(at) | Ask::Again(at, _)
                if self.known.is_empty() =>
            {
                let nothing = TransferId::from_i64(i64::try_from(at % 1_000).unwrap());
                named::<()>(settle(db, nothing, now).unwrap(), Err("UnknownTransfer"))?;
                named::<()>(
                    reverse(db, nothing, number, Reason::Correction, now).unwrap(),
                    Err("UnknownTransfer"),
                )
                .map(|_| ())
            }
            Ask::Settle(at) => self.ends(db, at % self.known.len(), true, now),
            Ask::Void(at) => self.ends(db, at % self.known.len(), false, now),
            Ask::Reverse(at) => self.reverses(db, at % self.known.len(), number, now),
            Ask::Again(at, same) => self.repeats(db, at % self.known.len(), *same, now),
        }
    }

    fn enters(
        &mut self,
        db: &mut Db,
        legs: &[(usize, i64)],
        operation: i64,
        held: bool,
        now: Moment,
    ) -> Result<(), TestCaseError> {
        let new =
            NewTransfer { operation, reason: Reason::VerificationCharged, postings: self.postings(legs) };
        let expected = if held { self.judge(legs, 0, 1) } else { self.judge(legs, 1, 0) };
        let made = if held { hold(db, &new, now) } else { post(db, &new, now) }.unwrap();
        if let Some((id, sums)) = named(made, expected)? {
            self.sums = sums;
            let state = if held { State::Held } else { State::Posted };
            self.known.push(Known {
                id,
                operation,
                legs: legs.into(),
                state,
                reversed: false,
                is_reversal: false,
                held,
            });
        }
        Ok(())
    }

    fn ends(&mut self, db: &mut Db, at: usize, settled: bool, now: Moment) -> Result<(), TestCaseError> {
        let held = self.known[at].clone();
        let expected = match held.state {
            State::Held => self.judge(&held.legs, settled.into(), -1),
            State::Settled => Err("AlreadyPosted"),
            State::Voided => Err("AlreadyVoided"),
            State::Posted | State::End { .. } => Err("NotPending"),
        };
        prop_assert!(held.state != State::Held || expected.is_ok(), "what could be held can be ended");
        let made = if settled { settle(db, held.id, now) } else { void(db, held.id, now) }.unwrap();
        if let Some((id, sums)) = named(made, expected)? {
            self.sums = sums;
            self.known[at].state = if settled { State::Settled } else { State::Voided };
            self.known.push(Known { id, state: State::End { settled }, ..held });
        }
        Ok(())
    }

    fn reverses(&mut self, db: &mut Db, at: usize, operation: i64, now: Moment) -> Result<(), TestCaseError> {
        let original = self.known[at].clone();
        let back: Vec<(usize, i64)> = original.legs.iter().map(|(place, minor)| (*place, -minor)).collect();
        let expected = match original.state {
            _ if original.is_reversal => Err("IsReversal"),
            State::Posted | State::End { settled: true } if original.reversed => Err("AlreadyReversed"),
            State::Posted | State::End { settled: true } => self.judge(&back, 1, 0),
            _ => Err("NotPosted"),
        };
        let made = reverse(db, original.id, operation, Reason::Correction, now).unwrap();
        if let Some((id, sums)) = named(made, expected)? {
            // Asked again for the same operation, it is the same reversal.
            prop_assert_eq!(reverse(db, original.id, operation, Reason::Correction, now).unwrap(), Ok(id));
            self.sums = sums;
            self.known[at].reversed = true;
            let (legs, state) = (back, State::Posted);
            self.known.push(Known {
                id,
                operation,
                legs,
                state,
                reversed: false,
                is_reversal: true,
                held: false,
            });
        }
        Ok(())
    }

    fn repeats(&mut self, db: &mut Db, at: usize, same: bool, now: Moment) -> Result<(), TestCaseError> {
        let before = self.known[at].clone();
        if before.is_reversal || matches!(before.state, State::End { .. }) {
            return Ok(());
        }
        let mut postings = self.postings(&before.legs);
        postings.reverse();
        let new = NewTransfer { operation: before.operation, reason: Reason::VerificationCharged, postings };
        // The other verb asks for another transfer.
        let as_hold = before.held == same;
        let made = if as_hold { hold(db, &new, now) } else { post(db, &new, now) }.unwrap();
        prop_assert_eq!(made, if same { Ok(before.id) } else { Err(Refusal::Different(before.id)) });
        Ok(())
    }

    fn agrees(&self, db: &mut Db) -> Result<(), TestCaseError> {
        for (id, [posted, debits, credits]) in self.ids.iter().zip(&self.sums) {
            let stands = balance(db, *id).unwrap().unwrap();
            let stands = [stands.posted, stands.pending_debits, stands.pending_credits].map(i128::from);
            prop_assert_eq!(stands, [*posted, *debits, *credits]);
        }
        let total: i128 = self.sums.iter().map(|[posted, ..]| posted).sum();
        prop_assert_eq!(total, 0);
        let summary = audit_in_pages(db, 3)
            .unwrap()
            .map_err(|difference| TestCaseError::fail(difference.to_string()))?;
        let lines =
            |known: &Known| if known.state == (State::End { settled: false }) { 0 } else { known.legs.len() };
        prop_assert_eq!(
            summary.transfers,
            u64::try_from(self.known.len()).unwrap(),
            "a row for each, none for refusals"
        );
        prop_assert_eq!(
            summary.postings,
            u64::try_from(self.known.iter().map(lines).sum::<usize>()).unwrap()
        );
        let open = self.known.iter().filter(|known| known.state == State::Held).count();
        prop_assert_eq!(summary.open_holds, u64::try_from(open).unwrap());
        Ok(())
    }
}

/// What was made beside what the model says; an error unless both have done it or both refuse by the same name.
fn named<T>(
    made: Result<TransferId, Refusal>,
    expected: Result<T, &str>,
) -> Result<Option<(TransferId, T)>, TestCaseError> {
    match (made, expected) {
        (Ok(id), Ok(sums)) => Ok(Some((id, sums))),
        (Err(refusal), Err(name)) => {
            let said = format!("{refusal:?}");
            prop_assert_eq!(said.split(['(', ' ']).next(), Some(name));
            Ok(None)
        }
        (made, expected) => {
            Err(TestCaseError::fail(format!("{made:?}, and the model: {:?}", expected.map(|_| ()))))
        }
    }
}

fn play(db: &mut Db, asks: &[Ask]) -> Result<(), TestCaseError> {
    let mut model = Model::open(db).unwrap();
    for (number, ask) in asks.iter().enumerate() {
        model.step(db, ask, i64::try_from(number).unwrap())?;
        model.agrees(db)?;
    }
    Ok(())
}

#[test]
fn whatever_is_asked_the_ledger_does_as_the_model() {
    let runtime = actix_web::rt::System::new();
    let house = runtime.block_on(House::open());
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let ran = runner.run(&asks(), |asks| {
        let played = house.writes(move |db| {
            let mut verdict = None;
            let undone = db.transaction::<(), Error, _>(|db| {
                verdict = Some(play(db, &asks));
                Err(Error::RollbackTransaction)
            });
            assert_eq!(undone, Err(Error::RollbackTransaction));
            Ok(verdict)
        });
        runtime.block_on(played).unwrap()
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
}
