//! What its owner reads of an account's activity.

use kabinet::accounts::activity::{ActivityEvent, Topic, delete_expired, list};
use kabinet::base::days;
use kabinet::db::Tx;

use crate::house::Owner;

const IN: ActivityEvent = ActivityEvent::new("in", Topic::SignIns);
const FAILED: ActivityEvent = ActivityEvent::new("failed", Topic::Failures);
const CHANGED: ActivityEvent = ActivityEvent::new("changed", Topic::Changes);
const OUT: ActivityEvent = ActivityEvent::new("out", Topic::SignIns);

async fn read(anna: &Owner, topic: Option<Topic>, before: Option<i64>, most: i64) -> Vec<(i64, String)> {
    let id = anna.account.id;
    let found = anna.house.reads(move |db| list(db, id, topic, before, most)).await;
    found.into_iter().map(|entry| (entry.id, entry.text())).collect()
}

#[actix_web::test]
async fn a_storm_of_failures_leaves_fifty_lines_a_day() {
    let anna = Owner::new().await;
    let fail = async || {
        let id = anna.account.id;
        let recorded = move |tx: &mut Tx| {
            tx.record_failure(Err("nobody"), &FAILED)?;
            tx.record_failure(Ok(id), &FAILED)
        };
        anna.house.transacts(recorded).await;
    };
    for _ in 0..60 {
        fail().await;
    }
    assert_eq!(read(&anna, None, None, 100).await.len(), 50);
    anna.house.passes(days(1));
    fail().await;
    assert_eq!(read(&anna, None, None, 100).await.len(), 51);
}

#[actix_web::test]
async fn entries_come_by_pages_and_topics_and_go_after_400_days() {
    let anna = Owner::new().await;
    let (id, now) = (anna.account.id, anna.now());
    let write =
        move |tx: &mut Tx| [IN, FAILED, CHANGED, OUT].iter().try_for_each(|event| tx.record(id, event, ""));
    anna.house.transacts(write).await;
    let words = |found: &[(i64, String)]| found.iter().map(|(_, word)| word.clone()).collect::<Vec<_>>();
    let first = read(&anna, None, None, 2).await;
    assert_eq!(words(&first), ["event-out", "event-changed"]);
    assert_eq!(words(&read(&anna, None, Some(first[1].0), 2).await), ["event-failed", "event-in"]);
    assert_eq!(words(&read(&anna, Some(Topic::Failures), None, 2).await), ["event-failed"]);
    assert_eq!(words(&read(&anna, Some(Topic::SignIns), None, 2).await), ["event-out", "event-in"]);
    for (passed, left) in [(days(400), 2), (days(401), 0)] {
        anna.house.writes(move |db| delete_expired(db, now.after(passed))).await;
        assert_eq!(read(&anna, None, None, 2).await.len(), left);
    }
}
