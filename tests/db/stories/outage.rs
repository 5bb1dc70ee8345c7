//! The database does not answer: nobody is told that they are signed out, and nothing is let through.

use futures_util::future::join_all;

use crate::house::{House, PASSWORD, Visitor};
use crate::support::database::{Database, needs_postgres};
use crate::support::http::Answer;

impl House {
    /// Takes away the table that says who is signed in.
    async fn loses_its_sessions_table(&self) {
        self.writes(|db| {
            diesel::RunQueryDsl::execute(diesel::sql_query("ALTER TABLE sessions RENAME TO away"), db)
        })
        .await;
    }

    async fn finds_it_again(&self) {
        self.writes(|db| {
            diesel::RunQueryDsl::execute(diesel::sql_query("ALTER TABLE away RENAME TO sessions"), db)
        })
        .await;
    }
}

/// A page that says what is wrong, and leaves the cookie where it is: when it passes, to come again.
fn is_refused(status: u16, answer: &Answer, person: &Visitor<'_>) {
    assert_eq!(answer.status, status, "{}:\n{}", answer.path, answer.page().text());
    assert_eq!(answer.header("retry-after").is_some(), status == 503, "{}", answer.path);
    assert!(answer.header("content-security-policy").is_some());
    assert_eq!(answer.page().headings().len(), 1, "{}", answer.path);
    assert!(person.cookie("sid-dev").is_some(), "{}", answer.path);
}

#[actix_web::test]
async fn whoever_is_signed_in_is_not_signed_out_by_a_table_that_is_missing() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let cabinet = anna.opens("/cabinet").await;
    house.loses_its_sessions_table().await;
    for path in [
        "/cabinet",
        "/cards",
        "/email",
        "/email/code",
        "/sign-in",
        "/registration",
        "/registration/done",
        "/",
    ] {
        is_refused(500, &anna.gets(path).await, &anna);
    }
    is_refused(500, &anna.sends(&cabinet, "/sign-out", &[]).await, &anna);
    is_refused(500, &anna.posts("/email", b"email=anna@example.org").await, &anna);
    // Whoever is not signed in can still read.
    for path in ["/", "/help", "/privacy", "/sign-in"] {
        house.visitor("Stranger").gets(path).await.is(200);
    }
    house.finds_it_again().await;
    assert!(anna.is_signed_in().await);
}

#[actix_web::test]
async fn nobody_signs_in_while_sessions_cannot_be_written() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    let device = anna.in_another_browser();
    let form = device.opens("/sign-in").await;
    house.loses_its_sessions_table().await;
    let answer = device.sends(&form, "/sign-in", &[("login", &number), ("password", PASSWORD)]).await;
    is_refused(500, &answer, &anna);
    assert_eq!(device.cookie("sid-dev"), None);
    house.finds_it_again().await;
    assert!(!device.is_signed_in().await);
    device.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
}

mod postgres_only {
    use super::*;

    #[actix_web::test]
    async fn when_the_server_of_the_database_is_away_everything_waits_and_goes_on_after() {
        needs_postgres();
        let house = House::open().await;
        let anna = house.visitor("Anna");
        let number = anna.registers().await;
        let stranger = house.visitor("Stranger");
        let form = stranger.opens("/sign-in").await;
        // Several readers at once: each of their connections will be cut.
        join_all((0..40).map(|_| anna.gets("/cabinet"))).await;
        house.database.closes();
        is_refused(503, &anna.gets("/cabinet").await, &anna);
        let refused = stranger.sends(&form, "/sign-in", &[("login", &number), ("password", PASSWORD)]).await;
        assert_eq!(refused.status, 503, "{}", refused.page().text());
        house.database.opens();
        // One reader finds out that its connection is cut; the others are not tried at all.
        let mut refused = 0;
        while anna.gets("/cabinet").await.status != 200 {
            refused += 1;
            assert!(refused < 30, "the pages do not come back");
            actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        for answer in join_all((0..40).map(|_| anna.gets("/cabinet"))).await {
            answer.is(200);
        }
        stranger.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    }

    impl Database {
        fn closes(&self) {
            let (name, _) = self.at_a_server();
            self.tells_the_server(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
            self.tells_the_server(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            ));
        }

        fn opens(&self) {
            let (name, _) = self.at_a_server();
            self.tells_the_server(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
        }

        fn tells_the_server(&self, sql: &str) {
            let (_, server) = self.at_a_server();
            let mut db = <diesel::PgConnection as diesel::Connection>::establish(server).unwrap();
            diesel::RunQueryDsl::execute(diesel::sql_query(sql), &mut db).unwrap();
        }
    }
}
