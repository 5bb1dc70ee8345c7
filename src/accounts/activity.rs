//! The activity of an account: what happened to it, when, from where, as its owner reads it. Written in the transaction of what happened.

use diesel::prelude::*;

use crate::base::{AccountId, Moment, days, minutes, next_id};
use crate::db::schema::activity;
use crate::db::{Db, Tx};
use crate::limits::{Declared, Per, RateLimit, Spent};
use crate::on_connection;
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

/// Something that can happen to an account: a constant in `events.rs` of the room where it does. Its text is called `event-<word>`
/// and stands among those of the room.
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
pub const KEPT_DAYS: u64 = 400;
const PURGE_BATCH: i64 = 1_000;
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
    /// What stands after the text: the owner's address or phone, a browser; often empty.
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
    /// Writes an entry. `detail` is never a secret: the owner's address, a card's name.
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
            Err(_nobody) => self.decoy(&DECOY, &subject),
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

/// The newest entry of one kind from before a moment.
pub fn latest(
    db: &mut Db,
    account_id: AccountId,
    event: &ActivityEvent,
    before: Moment,
) -> QueryResult<Option<ActivityEntry>> {
    let entries = activity::table
        .filter(activity::account_id.eq(account_id))
        .filter(activity::kind.eq(event.word))
        .filter(activity::at.lt(before))
        .order(activity::id.desc());
    on_connection!(db, |c| entries.select(ActivityEntry::as_select()).first(c).optional())
}

/// Deletes old entries.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let old: Vec<i64> = activity::table
        .filter(activity::at.lt(now.before(days(KEPT_DAYS))))
        .select(activity::id)
        .limit(PURGE_BATCH)
        .load(db)?;
    diesel::delete(activity::table.filter(activity::id.eq_any(old))).execute(db)?;
    Ok(())
}
