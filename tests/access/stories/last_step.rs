//! The last steps of a registration: what was agreed to is kept, and an account is made once, whatever people press.

use diesel::prelude::*;
use futures_util::future::{join, join_all};
use kabinet::base::{Moment, minutes};
use kabinet::db::schema::consents;

use crate::house::{House, PASSWORD, Visitor};
use crate::support::html::Page;
use crate::support::http::Answer;

const FORM: &str = "/registration/password";
const ANOTHER: &str = "sosna-shumit-4-na-beregu";

async fn thinks_up(tab: &Visitor<'_>, page: &Page, password: &str) -> Answer {
    tab.sends(page, FORM, &[("password", password), ("again", password)]).await
}

#[actix_web::test]
async fn each_consent_is_kept_with_its_version_language_address_and_time() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.gets("/?locale=en_US").await.is(200);
    anna.registers_up_to_the_consent().await;
    let before = house.now();
    anna.submits("/registration/privacy", &[]).await.is(422);
    assert_eq!(house.count("consents"), 0, "nothing was ticked");
    anna.agrees().await.goes_to("/registration/version");
    anna.says_yes().await.goes_to("/registration/password");
    type Row = (String, String, String, String, Moment, Option<i64>);
    let kept = |db: &mut kabinet::db::Db| {
        let columns = (
            consents::kind,
            consents::text_version,
            consents::locale,
            consents::ip,
            consents::given_at,
            consents::account_id,
        );
        consents::table.order(consents::id).select(columns).load::<Row>(db)
    };
    let rows = house.reads(kept).await;
    let kinds: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    assert_eq!(kinds, ["privacy", "international"]);
    for (_, version, locale, ip, given_at, account) in &rows {
        assert_eq!((version.as_str(), locale.as_str(), ip), ("2026-11", "en", &anna.ip));
        assert!(*given_at >= before && *given_at <= house.now());
        assert_eq!(*account, None);
    }
    anna.thinks_up(PASSWORD, "").await.goes_to("/registration/done");
    assert!(house.reads(kept).await.iter().all(|row| row.5.is_some()), "they belong to the account now");
}

#[actix_web::test]
async fn agreeing_64_times_at_once_is_one_consent() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_consent().await;
    let page = anna.opens("/registration/privacy").await;
    let clicks = (0..64).map(|_| anna.sends(&page, "/registration/privacy", &[("agree", "yes")]));
    for answer in join_all(clicks).await {
        answer.goes_to("/registration/version");
    }
    assert_eq!(house.count("consents"), 1);
}

#[actix_web::test]
async fn a_double_click_makes_one_account_with_one_gift_and_both_end_inside() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let page = anna.opens(FORM).await;
    let (one, two) = (anna.copy(), anna.copy());
    let (first, second) = join(thinks_up(&one, &page, PASSWORD), thinks_up(&two, &page, PASSWORD)).await;
    first.goes_to("/registration/done");
    second.goes_to("/registration/done");
    assert!(one.is_signed_in().await && two.is_signed_in().await);
    assert_eq!(one.account_number().await, two.account_number().await);
    assert_eq!((house.count("accounts"), house.count("promo_gifts")), (1, 1));
    // So does a reload a little later.
    let late = anna.copy();
    thinks_up(&late, &page, PASSWORD).await.goes_to("/registration/done");
    assert_eq!((house.count("accounts"), house.count("promo_gifts")), (1, 1));
}

/// After a crash the browser's reload lets its owner in, and the journal has it; after they have signed out it is a sign-in like any other.
#[actix_web::test]
async fn the_form_sent_again_stands_in_the_journal_and_is_over_once_somebody_signs_out() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let page = anna.opens(FORM).await;
    let (crashed, later) = (anna.copy(), anna.copy());
    thinks_up(&anna, &page, PASSWORD).await.goes_to("/registration/done");
    house.passes(minutes(1));
    thinks_up(&crashed, &page, PASSWORD).await.goes_to("/registration/done");
    assert_eq!(house.count("activity WHERE kind = 'signed-in'"), 1);
    anna.signs_out().await.is(303);
    house.passes(minutes(1));
    thinks_up(&later, &page, PASSWORD).await.goes_to("/sign-in");
    assert!(!later.is_signed_in().await);
}

#[actix_web::test]
async fn the_form_sent_again_with_another_password_lets_nobody_in() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let page = anna.opens(FORM).await;
    let (one, two) = (anna.copy(), anna.copy());
    thinks_up(&one, &page, PASSWORD).await.goes_to("/registration/done");
    let number = one.account_number().await;
    thinks_up(&two, &page, ANOTHER).await.goes_to("/sign-in");
    assert!(!two.is_signed_in().await);
    house.visitor("Anna").signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    house.visitor("Anna").signs_in(&number, ANOTHER).await.is(422);
}

#[actix_web::test]
async fn whoever_sits_at_that_browser_later_cannot_guess_the_password_there() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let page = anna.opens(FORM).await;
    let browser = anna.copy();
    thinks_up(&anna, &page, PASSWORD).await.goes_to("/registration/done");
    let before = house.hashers.done();
    for guess in 0..20 {
        thinks_up(&browser.copy(), &page, &format!("sosna-shumit-{guess}")).await.goes_to("/sign-in");
    }
    assert_eq!(house.hashers.done() - before, 3, "three guesses are looked at");
    thinks_up(&browser.copy(), &page, PASSWORD).await.goes_to("/sign-in");
}

#[actix_web::test]
async fn ten_minutes_after_its_end_the_form_lets_nobody_in() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let page = anna.opens(FORM).await;
    let browser = anna.copy();
    thinks_up(&anna, &page, PASSWORD).await.goes_to("/registration/done");
    house.passes(minutes(10));
    thinks_up(&browser, &page, PASSWORD).await.is(410);
    assert!(!browser.is_signed_in().await);
}

#[actix_web::test]
async fn of_64_last_steps_at_once_one_makes_the_account() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let page = anna.opens(FORM).await;
    let tabs: Vec<Visitor> = (0..64).map(|_| anna.copy()).collect();
    let answers = join_all(tabs.iter().map(|tab| thinks_up(tab, &page, PASSWORD))).await;
    let inside = answers.iter().filter(|answer| answer.location() == "/registration/done").count();
    assert!(inside >= 1);
    for answer in answers {
        // The others are let in too, as far as their three tries and the hashing queue allow.
        assert!(matches!(answer.status, 303 | 503), "{}: {}", answer.status, answer.page().text());
    }
    assert_eq!((house.count("accounts"), house.count("promo_gifts")), (1, 1));
    assert_eq!(house.count("consents WHERE account_id IS NOT NULL"), 2);
}

#[actix_web::test]
async fn two_people_with_one_phone_end_with_one_account() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let sister = house.visitor("Sister").calling(&anna.phone);
    anna.registers_up_to_the_password().await;
    house.passes(minutes(2));
    sister.registers_up_to_the_password().await;
    anna.thinks_up(PASSWORD, "").await.goes_to("/registration/done");
    sister.thinks_up(ANOTHER, "").await.goes_to("/sign-in");
    assert_eq!((house.count("accounts"), house.count("promo_gifts")), (1, 1));
}
