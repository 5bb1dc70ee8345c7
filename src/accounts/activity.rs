//! The activity of an account: what happened to it, when, from where, as its owner reads it. Written in the transaction of what happened.

use diesel::prelude::*;

use crate::base::{AccountId, Moment, days, minutes, next_id};
use crate::db::schema::activity;
use crate::db::{Db, Tx};
use crate::limits::{Declared, Per, RateLimit, Spent};
use crate::text_enum;

text_enum! {
    /// What the owner can filter by.
    Topic { SignIns => "sign-ins", Failures => "failures", Changes => "changes", Staff => "staff" }
}

impl Topic {
    /// The key of its text.
    pub const fn text(self) -> &'static str {
        match self {
            Topic::SignIns => "activity-sign-ins",
            Topic::Failures => "activity-failures",
            Topic::Changes => "activity-changes",
            Topic::Staff => "activity-staff",
        }
    }
}

/// Something that can happen to an account: a constant in `events.rs` of the room where it does. Its text is called `event-<word>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityEvent {
    word: &'static str,
    topic: Topic,
}

impl ActivityEvent {
    pub const fn new(word: &'static str, topic: Topic) -> ActivityEvent {
        ActivityEvent { word, topic }
    }

    pub const fn word(&self) -> &'static str {
        self.word
    }
}

/// Entries older than this are deleted.
const KEPT_DAYS: u64 = 400;
const CLEANED_AT_ONCE: i64 = 1_000;
/// The owner reads of so many failures of one kind, so that a storm of them does not bury the rest.
const FAILURES: RateLimit = RateLimit::new("activity.failures", Per::Login, 50, days(1));
/// Stands for the line that nobody has.
const DECOY: RateLimit = RateLimit::new("activity.decoy", Per::Login, i64::MAX, minutes(1));
pub const LIMITS: &[Declared] = &[FAILURES.declared()];

/// One entry as its owner reads it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = activity)]
pub struct ActivityEntry {
    pub id: i64,
    kind: String,
    /// What stands after the text: a masked address, a browser, a number; often empty.
    pub detail: String,
    pub ip: String,
    pub user_agent: String,
    pub at: Moment,
}

impl ActivityEntry {
    /// The key of its text.
    pub fn text(&self) -> String {
        format!("event-{}", self.kind)
    }
}

impl Tx<'_> {
    /// Writes an entry. `detail` is never a secret: a masked address, a card's name.
    pub fn record(&mut self, account_id: AccountId, event: &ActivityEvent, detail: &str) -> QueryResult<()> {
        diesel::insert_into(activity::table)
            .values((
                activity::id.eq(next_id()),
                activity::account_id.eq(account_id),
                activity::kind.eq(event.word),
                activity::topic.eq(event.topic),
                activity::detail.eq(detail),
                activity::ip.eq(&self.client.ip),
                activity::user_agent.eq(&self.client.user_agent),
                activity::at.eq(self.now),
            ))
            .execute(self.db)?;
        Ok(())
    }

    /// Somebody could not come in. For a name that nobody has, as much is done as for an account: the answer takes no shorter.
    pub fn record_failure(
        &mut self,
        whose: Result<AccountId, &str>,
        event: &ActivityEvent,
    ) -> QueryResult<()> {
        let who = whose.map_or_else(str::to_owned, |id| id.as_i64().to_string());
        let subject = format!("{} {who}", event.word);
        if self.spend(&FAILURES, &subject)? != Spent::Allowed {
            return Ok(());
        }
        match whose {
            Ok(account_id) => self.record(account_id, event, ""),
            Err(_nobody) => self.spend(&DECOY, &subject).map(|_spent| ()),
        }
    }
}

/// Entries of an account, newest first: `limit` of them older than the entry `before`, of one topic or of all.
pub fn list(
    db: &mut Db,
    account_id: AccountId,
    topic: Option<Topic>,
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<ActivityEntry>> {
    let topics = Topic::ALL.iter().filter(|one| topic.is_none_or(|topic| topic == **one));
    activity::table
        .filter(activity::account_id.eq(account_id))
        .filter(activity::id.lt(before.unwrap_or(i64::MAX)))
        .filter(activity::topic.eq_any(topics))
        .order(activity::id.desc())
        .limit(limit)
        .select(ActivityEntry::as_select())
        .load(db)
}

/// Deletes old entries.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    let old: Vec<i64> = activity::table
        .filter(activity::at.lt(now.before(days(KEPT_DAYS))))
        .select(activity::id)
        .limit(CLEANED_AT_ONCE)
        .load(db)?;
    diesel::delete(activity::table.filter(activity::id.eq_any(old))).execute(db)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::testing::Owner;

    const IN: ActivityEvent = ActivityEvent::new("in", Topic::SignIns);
    const FAILED: ActivityEvent = ActivityEvent::new("failed", Topic::Failures);
    const CHANGED: ActivityEvent = ActivityEvent::new("changed", Topic::Changes);
    const OUT: ActivityEvent = ActivityEvent::new("out", Topic::SignIns);

    async fn read(anna: &Owner, topic: Option<Topic>, before: Option<i64>, limit: i64) -> Vec<(i64, String)> {
        let id = anna.account.id;
        let found = anna.db.store.read(move |db| list(db, id, topic, before, limit)).await.unwrap();
        found.into_iter().map(|entry| (entry.id, entry.kind)).collect()
    }

    #[tokio::test]
    async fn a_storm_of_failures_leaves_fifty_lines_a_day() {
        let anna = Owner::new().await;
        let fail = async || {
            let id = anna.account.id;
            let recorded = move |tx: &mut Tx| {
                tx.record_failure(Err("nobody"), &FAILED)?;
                tx.record_failure(Ok(id), &FAILED)
            };
            anna.db.txs().write(recorded).await.unwrap();
        };
        for _ in 0..60 {
            fail().await;
        }
        assert_eq!(read(&anna, None, None, 100).await.len(), 50);
        anna.db.clock.advance(days(1));
        fail().await;
        assert_eq!(read(&anna, None, None, 100).await.len(), 51);
    }

    #[tokio::test]
    async fn entries_come_by_pages_and_topics_and_go_after_400_days() {
        let anna = Owner::new().await;
        let (id, now) = (anna.account.id, anna.now());
        let write = move |tx: &mut Tx| {
            [IN, FAILED, CHANGED, OUT].iter().try_for_each(|event| tx.record(id, event, ""))
        };
        anna.db.txs().write(write).await.unwrap();
        let words = |found: &[(i64, String)]| found.iter().map(|(_, word)| word.clone()).collect::<Vec<_>>();
        let first = read(&anna, None, None, 2).await;
        assert_eq!(words(&first), ["out", "changed"]);
        assert_eq!(words(&read(&anna, None, Some(first[1].0), 2).await), ["failed", "in"]);
        assert_eq!(words(&read(&anna, Some(Topic::Failures), None, 2).await), ["failed"]);
        assert_eq!(words(&read(&anna, Some(Topic::SignIns), None, 2).await), ["out", "in"]);
        for (passed, left) in [(days(400), 2), (days(401), 0)] {
            anna.db.store.write(move |db| clean(db, now.after(passed))).await.unwrap();
            assert_eq!(read(&anna, None, None, 2).await.len(), left);
        }
    }
}
