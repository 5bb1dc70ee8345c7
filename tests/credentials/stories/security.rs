//! What owners see and control: their sessions, and the journal of their account.

use futures_util::future::{join, join_all};
use kabinet::base::{Token, minutes, seconds};
use zeroize::Zeroizing;

use crate::house::{House, PASSWORD, Visitor};
use crate::support::html::Page;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CHROME: &str =
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36";

/// The buttons that end one session each.
fn ends(page: &Page) -> Vec<String> {
    page.forms().into_iter().map(|form| form.action).filter(|action| action.ends_with("/end")).collect()
}

/// Anna in two browsers.
async fn two_browsers(house: &House) -> (Visitor<'_>, Visitor<'_>) {
    let anna = house.visitor("Anna").sending("user-agent", FIREFOX);
    let number = anna.registers().await;
    let phone = anna.in_another_browser().sending("user-agent", CHROME);
    phone.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    (anna, phone)
}

#[actix_web::test]
async fn the_list_shows_ones_own_sessions_and_nobody_else_s() {
    let house = House::open().await;
    let (anna, phone) = two_browsers(&house).await;
    let boris = house.visitor("Boris").sending("user-agent", "Lynx/2.9.0dev.12 libwww-FM/2.14");
    boris.registers().await;
    let page = anna.opens("/security").await;
    for said in ["Firefox, Linux", "Chrome, Windows", "этот браузер", &anna.ip, &phone.ip] {
        assert!(page.says(said), "{said}:\n{}", page.text());
    }
    assert!(!page.says("Lynx") && !page.says(&boris.ip));
    assert_eq!(ends(&page).len(), 1, "the one where one is has no button");
    assert!(ends(&boris.opens("/security").await).is_empty());
}

#[actix_web::test]
async fn a_session_that_is_ended_is_dead_at_once() {
    let house = House::open().await;
    let (anna, phone) = two_browsers(&house).await;
    let form = phone.opens("/email").await;
    let page = anna.opens("/security").await;
    anna.sends(&page, &ends(&page)[0], &[]).await.goes_to("/security");
    assert!(!phone.is_signed_in().await && anna.is_signed_in().await);
    phone.sends(&form, "/email", &[("email", "evil@example.org")]).await;
    assert_eq!(house.count("mailed_links"), 0);
    assert!(ends(&anna.opens("/security").await).is_empty());
    assert!(anna.opens("/security/activity").await.says("Сеанс завершён: Chrome, Windows"));
    anna.posts_with_token(&ends(&page)[0], &[]).await.is(404);
}

#[actix_web::test]
async fn somebody_else_s_session_cannot_be_ended() {
    let house = House::open().await;
    let (anna, phone) = two_browsers(&house).await;
    let boris = house.visitor("Boris");
    boris.registers().await;
    let hers = ends(&anna.opens("/security").await).remove(0);
    let nobody_s = format!("/security/sessions/{}/end", Token::random().as_str());
    let foreign = boris.posts_with_token(&hers, &[]).await.is(404);
    let unknown = boris.posts_with_token(&nobody_s, &[]).await.is(404);
    let gist = |page: &Page| page.text().split("Номер запроса").next().unwrap().to_owned();
    assert_eq!(gist(&foreign.page()), gist(&unknown.page()));
    assert!(phone.is_signed_in().await);
}

#[actix_web::test]
async fn all_other_sessions_end_at_once() {
    let house = House::open().await;
    let (anna, phone) = two_browsers(&house).await;
    let number = anna.account_number().await;
    let tablet = anna.in_another_browser();
    tablet.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    let boris = house.visitor("Boris");
    boris.registers().await;
    anna.submits_on("/security", "/security/sessions/end-others", &[]).await.goes_to("/security");
    assert!(!phone.is_signed_in().await && !tablet.is_signed_in().await);
    assert!(anna.is_signed_in().await && boris.is_signed_in().await);
    // It goes on living: half an hour, the password again, another sign-in.
    house.passes(minutes(20));
    anna.asks_to_confirm("anna@example.org").await;
    assert!(anna.is_signed_in().await);
    phone.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    assert!(anna.is_signed_in().await && phone.is_signed_in().await);
}

#[actix_web::test]
async fn a_sign_in_on_the_way_does_not_outlive_the_end_of_all_others() {
    let house = House::open().await;
    let (anna, phone) = two_browsers(&house).await;
    let number = anna.account_number().await;
    let security = anna.opens("/security").await;
    phone.signs_out().await;
    let sign_in = phone.opens("/sign-in").await;
    // The hashing threads are busy: the password is compared only when the sessions have ended.
    let busy = join_all((0..8).map(|_| house.hashers.hash(Zeroizing::new("busy".to_owned()))));
    let fields = [("login", number.as_str()), ("password", PASSWORD)];
    let others = anna.sends(&security, "/security/sessions/end-others", &[]);
    let (_hashes, (slow, ended)) = join(busy, join(phone.sends(&sign_in, "/sign-in", &fields), others)).await;
    ended.goes_to("/security");
    slow.asks_to_sign_in();
    assert!(!phone.is_signed_in().await);
    assert!(anna.is_signed_in().await);
}

#[actix_web::test]
async fn what_a_session_asks_for_while_it_is_ended_is_not_done() {
    let house = House::open().await;
    let (anna, phone) = two_browsers(&house).await;
    house.passes(minutes(6));
    let (factor, security) = (phone.opens("/security/factor").await, anna.opens("/security").await);
    let busy = join_all((0..8).map(|_| house.hashers.hash(Zeroizing::new("busy".to_owned()))));
    let begins = phone.sends(&factor, "/security/factor", &[("password", PASSWORD)]);
    let end = ends(&security).remove(0);
    let ended = anna.sends(&security, &end, &[]);
    let (_hashes, (_slow, ended)) = join(busy, join(begins, ended)).await;
    ended.goes_to("/security");
    assert!(!phone.is_signed_in().await);
    assert_eq!(house.count("totp_secrets"), 0);
}

#[actix_web::test]
async fn the_journal_tells_its_owner_what_happened_and_nobody_else() {
    let house = House::open().await;
    let anna = house.visitor("Anna").sending("user-agent", FIREFOX);
    let number = anna.registers().await;
    anna.confirms_address("anna@example.org").await;
    anna.signs_out().await;
    let eve = house.visitor("Eve").sending("user-agent", "curl/8.0");
    eve.signs_in(&number, "wrong-password").await.is(422);
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    let page = anna.opens("/security/activity").await;
    let said = [
        "Вход",
        "Неудачный вход: пароль не подошёл",
        "Выход",
        "Электронная почта подтверждена",
        "Аккаунт создан",
    ];
    let text = page.text();
    let mut from = text.find("Показать").unwrap();
    for said in said {
        let at =
            text[from..].find(said).unwrap_or_else(|| panic!("{said} is not where it should be:\n{text}"));
        from += at + said.len();
    }
    for said in [&eve.ip, "curl", "Firefox, Linux"] {
        assert!(page.says(said), "{said}");
    }
    assert!(
        text.contains("Электронная почта подтверждена: anna@example.org") && !text.contains("wrong-password")
    );
    let failures = anna.opens("/security/activity?topic=failures").await;
    assert!(failures.says("пароль не подошёл") && !failures.says("Аккаунт создан"));
    assert!(anna.opens("/security/activity?topic=staff").await.says("Таких записей нет"));
    assert!(anna.opens("/security/activity?topic=nonsense&before=x").await.says("Аккаунт создан"));
    let boris = house.visitor("Boris");
    boris.registers().await;
    let his = boris.opens("/security/activity").await;
    assert!(!his.says("не подошёл") && !his.says(&anna.ip) && !his.says(&eve.ip), "{}", his.text());
}

#[actix_web::test]
async fn the_journal_is_read_page_by_page() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    for _ in 0..30 {
        anna.signs_out().await;
        house.passes(seconds(30));
        anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    }
    let rows = |page: &Page| page.attributes("time", "datetime").len();
    let first = anna.opens("/security/activity").await;
    assert_eq!(rows(&first), 50);
    let older = first.link("Более ранние").unwrap().href;
    let second = anna.opens(&older).await;
    assert_eq!(rows(&second), 11, "61 entries in all");
    assert!(second.says("Аккаунт создан") && second.link("Более ранние").is_none());
    assert!(second.link("К самым новым").is_some());
}

#[actix_web::test]
async fn a_name_that_nobody_has_leaves_no_line_in_any_journal() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let before = house.count("activity");
    house.visitor("Eve").signs_in("nobody@example.org", "wrong-password").await.is(422);
    assert_eq!(house.count("activity"), before);
}

#[actix_web::test]
async fn the_journal_speaks_in_sentences_of_its_reader() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with("anna@example.org").await;
    anna.submits("/profile/name", &[("name", "Анна")]).await.goes_to("/profile");
    anna.submits("/profile/time-zone", &[("zone", "Europe/Samara")]).await.goes_to("/profile");
    anna.submits("/sms-settings", &[("on", "yes"), ("least", "500")]).await.goes_to("/sms-settings");
    anna.submits("/profile/email/removal", &[("password", PASSWORD)]).await.goes_to("/profile");
    anna.submits("/profile/language", &[("language", "en_US")]).await.goes_to("/profile");
    let english = [
        "Language changed",
        "E-mail address removed",
        "settings changed: on",
        "Time zone changed",
        "Name changed",
    ];
    let page = anna.opens("/security/activity").await;
    assert!(english.iter().all(|said| page.says(said)), "{}", page.text());
    let page = anna.opens("/security/activity?locale=ru_RU").await;
    let russian = [
        "Язык изменён",
        "Адрес электронной почты удалён",
        "SMS включены",
        "Часовой пояс изменён",
        "Имя изменено",
    ];
    assert!(russian.iter().all(|said| page.says(said)), "{}", page.text());
    for word in ["removed", "time-zone", "language", "name"] {
        assert!(!page.text().split_whitespace().any(|seen| seen == word), "{word}:\n{}", page.text());
    }
}
