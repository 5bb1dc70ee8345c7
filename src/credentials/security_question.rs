//! Security questions: three of a fixed list, asked after a valid mailed link and never instead of one.
//!
//! The list holds what stays the same for life and stands on nobody's page in a social network: no birthdays, no maiden names, no
//! pets. An answer is kept as argon2id of its normal form, sealed: staff cannot read it. All three are compared together, and
//! nothing tells which of them was wrong.

use std::collections::HashSet;

use diesel::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::base::{AccountId, Keys, is_invisible, is_selector};
use crate::credentials::hashing::{Hashers, Overload, Verdict};
use crate::credentials::{events, messages};
use crate::db::schema::security_answers;
use crate::db::{Db, Tx};
use crate::on_connection;
use crate::text_enum;
use crate::texts::{Args, Locale, words_with};

text_enum! {
    /// What may be asked.
    Question {
        Neighbour => "neighbour",
        Dish => "dish",
        Toy => "toy",
        Street => "street",
        Book => "book",
        Dream => "dream",
        Nickname => "nickname",
        Purchase => "purchase",
        Fear => "fear",
        Cinema => "cinema",
        Loss => "loss",
        Doctor => "doctor",
        Gift => "gift",
        Poem => "poem",
        Chief => "chief",
        Hiding => "hiding",
    }
}

/// How many an account has.
pub const QUESTION_COUNT: usize = 3;
pub const ANSWER_MAX_CHARS: usize = 100;
const ANSWER_MIN_LETTERS: usize = 2;
const PASSES: usize = 8;

impl Question {
    /// The key of its text.
    pub const fn key(self) -> &'static str {
        match self {
            Question::Neighbour => "question-neighbour",
            Question::Dish => "question-dish",
            Question::Toy => "question-toy",
            Question::Street => "question-street",
            Question::Book => "question-book",
            Question::Dream => "question-dream",
            Question::Nickname => "question-nickname",
            Question::Purchase => "question-purchase",
            Question::Fear => "question-fear",
            Question::Cinema => "question-cinema",
            Question::Loss => "question-loss",
            Question::Doctor => "question-doctor",
            Question::Gift => "question-gift",
            Question::Poem => "question-poem",
            Question::Chief => "question-chief",
            Question::Hiding => "question-hiding",
        }
    }
}

/// Why an answer is not taken. Each has a sentence of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerProblem {
    Empty,
    /// More than `ANSWER_MAX_CHARS` as typed.
    Long,
    /// Less than two letters or digits are left of it.
    Short,
    /// Nothing but words of the question.
    InQuestion,
}

impl AnswerProblem {
    /// The key of its sentence.
    pub const fn key(self) -> &'static str {
        match self {
            AnswerProblem::Empty => "answer-empty",
            AnswerProblem::Long => "answer-long",
            AnswerProblem::Short => "answer-short",
            AnswerProblem::InQuestion => "answer-in-question",
        }
    }
}

/// An answer in the one form that all its spellings share: case, ё, punctuation and spaces make no difference, and what cannot be seen is
/// no part of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer(Zeroizing<String>);

impl Answer {
    /// Reads a new answer; what nobody could repeat, or everybody could guess, is refused.
    pub fn parse(question: Question, typed: &str) -> Result<Answer, AnswerProblem> {
        let answer = Answer::read(typed)?;
        if answer.0.chars().filter(|c| c.is_alphanumeric()).count() < ANSWER_MIN_LETTERS {
            return Err(AnswerProblem::Short);
        }
        if Locale::ALL.iter().any(|locale| answer.repeats(&words_with(*locale, question.key(), Args::new())))
        {
            return Err(AnswerProblem::InQuestion);
        }
        Ok(answer)
    }

    /// Reads an answer that is to be compared.
    pub fn read(typed: &str) -> Result<Answer, AnswerProblem> {
        if typed.chars().nth(ANSWER_MAX_CHARS).is_some() {
            return Err(AnswerProblem::Long);
        }
        let answer = normal(typed);
        if answer.is_empty() { Err(AnswerProblem::Empty) } else { Ok(Answer(answer)) }
    }

    /// In the one form of all spellings.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    fn repeats(&self, question: &str) -> bool {
        let question = normal(question);
        let words: HashSet<&str> = question.split(' ').collect();
        // Chinese has no spaces: there an answer is a part of the question as it stands.
        let written_together = self.0.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}'));
        self.0.split(' ').all(|word| words.contains(word))
            || (written_together && question.contains(self.0.as_str()))
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer(…)")
    }
}

/// NFKC, case folded, ё as е, dashes as spaces, other punctuation gone, single spaces between words.
fn normal(typed: &str) -> Zeroizing<String> {
    let mut normal = pass(typed);
    // Where a character has gone, its neighbours may make one that has to be looked at again.
    for _ in 0..PASSES {
        let again = pass(&normal);
        if again == normal {
            break;
        }
        normal = again;
    }
    normal
}

fn pass(typed: &str) -> Zeroizing<String> {
    // Up and down again folds what one way alone leaves apart: ß and ss, ς and σ.
    let folded = typed.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc();
    let mut normal = Zeroizing::new(String::with_capacity(typed.len() * 2));
    let mut space = false;
    for c in folded {
        match plain(c) {
            None => {}
            Some(' ') => space = !normal.is_empty(),
            Some(c) => {
                if std::mem::take(&mut space) {
                    normal.push(' ');
                }
                normal.push(c);
            }
        }
    }
    normal
}

fn plain(c: char) -> Option<char> {
    match c.general_category() {
        GeneralCategory::DashPunctuation => Some(' '),
        GeneralCategory::ConnectorPunctuation
        | GeneralCategory::OpenPunctuation
        | GeneralCategory::ClosePunctuation
        | GeneralCategory::InitialPunctuation
        | GeneralCategory::FinalPunctuation
        | GeneralCategory::OtherPunctuation
        | GeneralCategory::ModifierSymbol => None,
        _ if c.is_whitespace() => Some(' '),
        _ if is_invisible(c) || is_selector(c) => None,
        _ if c == 'ё' => Some('е'),
        _ => Some(c),
    }
}

/// The answers of a form as PHC strings, in the form's order.
pub type Hashed = [(Question, String); QUESTION_COUNT];

pub async fn hash(
    hashers: &Hashers,
    answers: [(Question, Answer); QUESTION_COUNT],
) -> Result<Hashed, Overload> {
    let [(first, a), (second, b), (third, c)] = answers;
    Ok([
        (first, hashers.hash(a.0).await?),
        (second, hashers.hash(b.0).await?),
        (third, hashers.hash(c.0).await?),
    ])
}

/// What an account is asked, in the order in which its owner chose.
#[derive(Clone)]
pub struct SecurityQuestions {
    pub questions: [Question; QUESTION_COUNT],
    hashes: [Zeroizing<String>; QUESTION_COUNT],
}

impl SecurityQuestions {
    /// Whether an account has chosen its questions.
    pub fn are_chosen(db: &mut Db, account_id: AccountId) -> QueryResult<bool> {
        let of_account = security_answers::table.filter(security_answers::account_id.eq(account_id));
        on_connection!(db, |c| diesel::select(diesel::dsl::exists(of_account)).get_result(c))
    }

    /// None when the account has not chosen three.
    pub fn of(db: &mut Db, keys: &Keys, account_id: AccountId) -> QueryResult<Option<SecurityQuestions>> {
        let rows: Vec<(Question, Vec<u8>)> = security_answers::table
            .filter(security_answers::account_id.eq(account_id))
            .order(security_answers::place)
            .select((security_answers::question, security_answers::answer))
            .load(db)?;
        let opened = |(question, sealed): &(Question, Vec<u8>)| {
            let opened = keys.open_sealed(&aad(account_id, *question), sealed).ok();
            let answer_hash = opened
                .and_then(|answer_hash| String::from_utf8(answer_hash.to_vec()).ok())
                .unwrap_or_default();
            (*question, Zeroizing::new(answer_hash))
        };
        let all: Vec<(Question, Zeroizing<String>)> = rows.iter().map(opened).collect();
        let Ok([(a, first), (b, second), (c, third)]) =
            <[(Question, Zeroizing<String>); QUESTION_COUNT]>::try_from(all)
        else {
            return Ok(None);
        };
        Ok(Some(SecurityQuestions { questions: [a, b, c], hashes: [first, second, third] }))
    }

    /// Compares all three, whatever the first of them says.
    pub async fn check(&self, hashers: &Hashers, typed: [Answer; QUESTION_COUNT]) -> Result<bool, Overload> {
        let [first, second, third] = &self.hashes;
        let [a, b, c] = typed;
        let right = |verdict: Verdict| verdict != Verdict::Wrong;
        let a = right(hashers.verify(a.0, Some(first.clone())).await?);
        let b = right(hashers.verify(b.0, Some(second.clone())).await?);
        let c = right(hashers.verify(c.0, Some(third.clone())).await?);
        Ok(a & b & c)
    }
}

/// Puts three answers in the place of those that were there.
pub fn store(tx: &mut Tx, account_id: AccountId, hashed: &Hashed) -> QueryResult<()> {
    diesel::delete(security_answers::table.filter(security_answers::account_id.eq(account_id)))
        .execute(tx.db)?;
    for ((question, answer_hash), number) in hashed.iter().zip(1_i32..) {
        diesel::insert_into(security_answers::table)
            .values((
                security_answers::account_id.eq(account_id),
                security_answers::question.eq(*question),
                security_answers::answer
                    .eq(tx.keys.seal(&aad(account_id, *question), answer_hash.as_bytes())),
                security_answers::place.eq(number),
            ))
            .execute(tx.db)?;
    }
    Ok(())
}

/// The owner sets questions, the first ones or others, and is told of it.
pub fn change(tx: &mut Tx, account: &Account, hashed: &Hashed) -> QueryResult<()> {
    let (event, message) = match SecurityQuestions::are_chosen(tx.db, account.id)? {
        true => (&events::QUESTIONS_CHANGED, &messages::QUESTIONS_CHANGED),
        false => (&events::QUESTIONS_SET, &messages::QUESTIONS_SET),
    };
    store(tx, account.id, hashed)?;
    tx.record(account.id, event, "")?;
    tx.notify(account, message)
}

fn aad(account_id: AccountId, question: Question) -> String {
    format!("security_answers/{}/{}", account_id.as_i64(), question.word())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(typed: &str) -> String {
        normal(typed).to_string()
    }

    #[test]
    fn spellings_of_one_answer_are_one() {
        for (typed, same) in [
            ("  Пётр   Ильич ", "петр ильич"),
            ("Санкт-Петербург", "санкт петербург"),
            ("Санкт – Петербург!", "санкт петербург"),
            ("О'Нил", "онил"),
            ("О’НИЛ", "онил"),
            ("«Мцыри»", "мцыри"),
            ("ＡＢＣ　１", "abc 1"),
            ("Straße", "strasse"),
            ("ΟΔΟΣ", "οδοσ"),
            ("οδος", "οδοσ"),
            ("王 小明。", "王 小明"),
            ("й", "и\u{306}"),
            ("... -- ...", ""),
        ] {
            assert_eq!(said(typed), said(same), "{typed}");
        }
        assert_eq!(said("  Пётр   Ильич "), "петр ильич");
        assert_ne!(said("Иван"), said("Ивана"));
    }

    proptest! {
        #[test]
        fn normal_is_normal_already(typed in any::<String>()) {
            let once = said(&typed);
            prop_assert_eq!(said(&once), once.clone());
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }

        #[test]
        fn case_and_spaces_make_no_difference(typed in "[а-яёА-ЯЁa-zA-Z0-9 ]{0,40}") {
            prop_assert_eq!(said(&typed.to_uppercase()), said(&format!("  {}  ", typed.to_lowercase().replace(' ', "   "))));
        }
    }
}
