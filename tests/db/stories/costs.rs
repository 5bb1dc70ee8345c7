//! What the requests that are sent most cost the database: how many statements, in how many transactions. Whoever adds one
//! finds it here.

use std::fmt::Write;

use kabinet::base::minutes;
use kabinet::db::counting;
use kabinet::web::SESSION;

use crate::house::{House, PASSWORD, Visitor};
use crate::support::database::on_postgres;
use crate::support::http::Answer;

/// Statements (those that begin and end transactions among them), transactions of the write queue, request.
const ON_SQLITE: &str = "
statements, transactions, request
 0 0 GET / of a stranger
 0 0 GET /registration
19 1 POST /registration
15 1 POST /registration/code, wrong
15 1 POST /registration/code
21 2 POST /registration/password
 3 0 GET /
10 0 GET /cabinet
 6 0 GET /cards
13 0 GET /cards/new
 8 0 GET /profile
 9 0 GET /security
 3 0 GET /sign-in
13 1 GET /cabinet two minutes later
11 2 POST /sign-out
11 2 POST /sign-in in a known browser, wrong
 7 2 POST /sign-in in a known browser, wrong again
11 2 POST /sign-in in a known browser
14 2 POST /sign-in in a new browser, wrong
27 2 POST /sign-in in a new browser
14 2 POST /sign-in of nobody
12 2 POST /sign-in in a known browser, the eleventh session
";
const ON_POSTGRES: &str = "
statements, transactions, request
 0 0 GET / of a stranger
 0 0 GET /registration
11 1 POST /registration
11 1 POST /registration/code, wrong
13 1 POST /registration/code
19 2 POST /registration/password
 1 0 GET /
 6 0 GET /cabinet
 2 0 GET /cards
 5 0 GET /cards/new
 4 0 GET /profile
 5 0 GET /security
 1 0 GET /sign-in
 9 1 GET /cabinet two minutes later
 9 2 POST /sign-out
10 2 POST /sign-in in a known browser, wrong
 7 2 POST /sign-in in a known browser, wrong again
11 2 POST /sign-in in a known browser
10 2 POST /sign-in in a new browser, wrong
17 2 POST /sign-in in a new browser
10 2 POST /sign-in of nobody
12 2 POST /sign-in in a known browser, the eleventh session
";

/// What was asked, line by line.
struct Bill(String);

impl Bill {
    async fn of(&mut self, request: &str, answer: impl Future<Output = Answer>) -> Answer {
        let (answer, cost) = counting(answer).await;
        writeln!(self.0, "{:>2} {} {request}", cost.statements, cost.transactions).unwrap();
        answer
    }

    /// A form on its page, filled in.
    async fn of_form(
        &mut self,
        what: &str,
        who: &Visitor<'_>,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let page = who.opens(path).await;
        self.of(what, who.sends(&page, path, fields)).await
    }

    async fn of_sign_in(&mut self, what: &str, who: &Visitor<'_>, login: &str, password: &str) -> Answer {
        self.of_form(what, who, "/sign-in", &[("login", login), ("password", password)]).await
    }
}

impl House {
    /// The one that there is, and its likes.
    fn has_nine_more_sessions(&self) {
        for number in 0..9 {
            self.database.executes(&format!(
                "INSERT INTO sessions (key_hash, handle, account_id, epoch, state, ip, user_agent, \
                 created_at, seen_at, expires_at, ends_at) \
                 SELECT '{number}', '{number}', account_id, epoch, state, ip, user_agent, \
                 created_at + 1, seen_at, expires_at, ends_at \
                 FROM sessions ORDER BY created_at, key_hash LIMIT 1"
            ));
        }
    }
}

#[actix_web::test]
async fn the_requests_that_are_sent_most_cost_as_much_as_stands_here() {
    let house = House::open().await;
    let mut bill = Bill("\nstatements, transactions, request\n".to_owned());
    let anna = house.visitor("Anna");
    bill.of("GET / of a stranger", anna.gets("/")).await.is(200);
    bill.of("GET /registration", anna.gets("/registration")).await.is(200);
    let phone = [("country", "RU"), ("phone", anna.phone.as_str())];
    bill.of_form("POST /registration", &anna, "/registration", &phone).await.goes_to("/registration/code");
    let code = anna.receives_code().await;
    bill.of_form("POST /registration/code, wrong", &anna, "/registration/code", &[("code", "0000")])
        .await
        .is(422);
    bill.of_form("POST /registration/code", &anna, "/registration/code", &[("code", &code)]).await.is(303);
    anna.agrees().await.goes_to("/registration/version");
    anna.says_yes().await.goes_to("/registration/password");
    let chosen = [("password", PASSWORD), ("again", PASSWORD), ("email", "")];
    bill.of_form("POST /registration/password", &anna, "/registration/password", &chosen).await.is(303);
    let number = anna.account_number().await;
    anna.confirms_address("anna@example.org").await;
    for path in ["/", "/cabinet", "/cards", "/cards/new", "/profile", "/security", "/sign-in"] {
        bill.of(&format!("GET {path}"), anna.gets(path)).await;
    }
    house.passes(minutes(2));
    bill.of("GET /cabinet two minutes later", anna.gets("/cabinet")).await.is(200);
    let cabinet = anna.opens("/cabinet").await;
    bill.of("POST /sign-out", anna.sends(&cabinet, "/sign-out", &[])).await.goes_to("/");
    house.passes(minutes(20));
    let of_known = "POST /sign-in in a known browser";
    bill.of_sign_in(&format!("{of_known}, wrong"), &anna, &number, "wrong").await.is(422);
    bill.of_sign_in(&format!("{of_known}, wrong again"), &anna, &number, "wrong").await.is(422);
    bill.of_sign_in(of_known, &anna, &number, PASSWORD).await.goes_to("/cabinet");
    let elsewhere = anna.in_another_browser();
    let of_new = "POST /sign-in in a new browser";
    bill.of_sign_in(&format!("{of_new}, wrong"), &elsewhere, &number, "wrong").await.is(422);
    bill.of_sign_in(of_new, &elsewhere, &number, PASSWORD).await.goes_to("/cabinet");
    let eve = house.visitor("Eve");
    bill.of_sign_in("POST /sign-in of nobody", &eve, "000000000000", "wrong").await.is(422);
    elsewhere.signs_out().await.goes_to("/");
    let crowded = anna.copy();
    crowded.forgets(house.state().cookies.name(SESSION));
    house.has_nine_more_sessions();
    bill.of_sign_in(&format!("{of_known}, the eleventh session"), &crowded, &number, PASSWORD)
        .await
        .goes_to("/cabinet");
    assert!(!anna.is_signed_in().await, "the oldest has made room");
    let right = if on_postgres() { ON_POSTGRES } else { ON_SQLITE };
    assert!(bill.0 == right, "{}", bill.0);
}
