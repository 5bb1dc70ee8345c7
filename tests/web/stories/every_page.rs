//! What every page and every form that is sent wrongly must say, in every language: walked from the table of routes.

use actix_web::http::Method;

use super::path_of;
use crate::house::{House, PASSWORD, Visitor};
use crate::support::html::Page;
use crate::support::http::Answer;
use crate::support::masks::{blank_beside_chinese, other_mask};
use crate::tidy::access::{ROUTES, Who};

/// The language, how its titles end and its errors begin, and that the site belongs to nobody else.
const LANGUAGES: [(&str, &str, &str, &str); 3] = [
    (
        "ru_RU",
        " · Alipay, независимый кабинет",
        "Ошибка: ",
        "Этот сайт не принадлежит Alipay и Ant Group и не связан с ними.",
    ),
    (
        "en_US",
        " · Alipay, independent account",
        "Error: ",
        "This site does not belong to Alipay or Ant Group and is not connected with them.",
    ),
    (
        "zh_CN",
        " · Alipay，独立账户网站",
        "错误：",
        "本站不属于 Alipay 或蚂蚁集团（Ant Group），与其没有任何关联。",
    ),
];
/// Longer choices are wider than a text screen, and lynx cuts them within a letter.
const LONGEST_CHOICE: usize = 40;

/// What no form takes.
pub(super) const WRONG: &[(&str, &str)] = &[
    ("login", "нет"),
    ("password", "x"),
    ("again", "y"),
    ("current", "z"),
    ("email", "@"),
    ("phone", "1"),
    ("country", "??"),
    ("number", "1"),
    ("holder", "1"),
    ("expiry", "1"),
    ("security_code", "x"),
    ("code", "x"),
    ("zone", "Mars/Phobos"),
    ("language", "tlh"),
    ("least", "-"),
    ("agree", "no"),
    ("version", "?"),
    ("question1", "x"),
    ("answer1", ""),
];

/// Everybody who sees pages of their own: nobody in particular, an owner, and whoever is in the middle of something.
pub(super) async fn everybody(house: &House) -> Vec<Visitor<'_>> {
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris"));
    anna.registers_with("anna@example.org").await;
    boris.registers().await;
    boris.asks_to_confirm("boris@example.org").await;
    boris
        .submits("/profile/phone", &[("country", "RU"), ("phone", "+79265550101")])
        .await
        .goes_to("/profile/phone/code");
    boris.submits("/security/factor", &[("password", PASSWORD)]).await.goes_to("/security/factor");
    let (coder, reader, chooser) = (house.visitor("Vera"), house.visitor("Gleb"), house.visitor("Dina"));
    coder.registers_up_to_the_code().await;
    reader.registers_up_to_the_consent().await;
    chooser.registers_up_to_the_password().await;
    let returning = house.visitor("Egor");
    returning.has_forgotten("boris@example.org").await.goes_to("/recovery/code");
    let (guest, invited) = (house.visitor("Inna"), house.visitor("Kira"));
    house.invites("inna@example.org").await;
    house.invites("kira@example.org").await;
    guest.opens(&house.invitation_to("inna@example.org").await).await;
    invited.accepts_up_to_the_questions(&house.invitation_to("kira@example.org").await).await;
    let stranger = house.visitor("Stranger");
    vec![stranger, anna, boris, coder, reader, chooser, returning, guest, invited]
}

/// Opens an address in a language and goes where it sends one.
async fn seen(person: &Visitor<'_>, path: &str, locale: &str) -> Answer {
    person.keeps("locale", locale);
    let mut answer = person.gets(path).await;
    for _ in 0..6 {
        if answer.status != 303 {
            break;
        }
        let next = answer.location().to_owned();
        answer = person.gets(&next).await;
    }
    answer
}

fn says_whose_it_is(page: &Page, (_, ending, _, sentence): (&str, &str, &str, &str), place: &str) {
    assert!(page.title().ends_with(ending), "{place}: {}", page.title());
    assert!(page.says(sentence), "{place}: {}", page.text());
    let header = page.source.split("</header>").next().unwrap();
    let beside_the_brand = ending.rsplit_once([',', '，']).unwrap().1.trim();
    assert!(header.split("<header>").nth(1).unwrap().contains(beside_the_brand), "{place}: {header}");
}

#[actix_web::test]
async fn every_page_says_that_the_site_is_independent_names_no_choice_too_long_and_hides_in_one_way() {
    let house = House::open().await;
    let people = everybody(&house).await;
    let (mut pages, mut choices) = (0, 0);
    let mut blanks = std::collections::BTreeSet::new();
    for row in ROUTES.iter().filter(|row| row.method == "GET") {
        for person in &people {
            for language in LANGUAGES {
                let answer = seen(person, &path_of(row), language.0).await;
                let of_html = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
                if !of_html {
                    continue;
                }
                let page = answer.page();
                let place = format!("{} of {} in {}", row.path, person.name, language.0);
                says_whose_it_is(&page, language, &place);
                assert_eq!(page.headings().len(), 1, "{place}");
                assert_eq!(other_mask(&page.text()), None, "{place}");
                if language.0 == "zh_CN" {
                    blanks.extend(blank_beside_chinese(&page.source));
                }
                for choice in page.source.split("<option").skip(1) {
                    let text = choice.split_once('>').unwrap().1.split("</option>").next().unwrap();
                    let length = text.trim().chars().count();
                    assert!(length <= LONGEST_CHOICE, "{place}: {length} letters in «{text}»");
                    choices += 1;
                }
                pages += 1;
            }
        }
    }
    assert!(blanks.is_empty(), "{blanks:#?}");
    assert!(pages > 900 && choices > 5_000, "{pages} pages, {choices} choices");
}

/// A time of day without its zone may mean any of eleven hours in Russia alone.
#[actix_web::test]
async fn every_time_of_day_stands_beside_its_zone() {
    let house = House::open().await;
    let mut people = everybody(&house).await;
    let owner = house.visitor("Olga");
    owner.registers_with("olga@example.org").await;
    let guarded = owner.guards_the_account().await;
    let elsewhere = house.visitor("Olga, elsewhere");
    elsewhere.signs_in(&guarded.number, PASSWORD).await.goes_to("/sign-in/code");
    let code = guarded.next_code(&house);
    elsewhere.submits("/sign-in/code", &[("code", &code), ("remember", "yes")]).await.goes_to("/cabinet");
    people.push(owner);
    let mut times = 0;
    for row in ROUTES.iter().filter(|row| row.method == "GET") {
        for person in &people {
            for (locale, zone) in
                [("ru_RU", "(МСК)"), ("en_US", "(Moscow time)"), ("zh_CN", "（莫斯科时间）")]
            {
                let answer = seen(person, &path_of(row), locale).await;
                if !answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
                    continue;
                }
                let text = answer.page().text();
                for (place, _) in text.match_indices(':') {
                    let digits =
                        |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
                    let (before, after) = (text.get(place - 2..place), text.get(place + 1..place + 3));
                    // `UTC+10:30` is a zone itself.
                    let is_zone =
                        text[..place].trim_end_matches(|c: char| c.is_ascii_digit()).ends_with(['+', '−']);
                    if is_zone || !(before.is_some_and(digits) && after.is_some_and(digits)) {
                        continue;
                    }
                    let rest = &text[place + 3..];
                    let rest = rest.strip_prefix(|c| c == ':').map_or(rest, |seconds| &seconds[2..]);
                    let said: String = rest.chars().take(20).collect();
                    assert!(
                        rest.trim_start().starts_with(zone),
                        "{} of {} in {locale}: «{said}»",
                        row.path,
                        person.name
                    );
                    times += 1;
                }
            }
        }
    }
    assert!(times > 100, "{times} times of day");
}

#[actix_web::test]
async fn every_page_of_a_mishap_says_that_the_site_is_independent() {
    let house = House::open().await;
    let (anna, stranger) = (house.visitor("Anna"), house.visitor("Stranger"));
    anna.registers().await;
    for language in LANGUAGES {
        let help = format!("/help?locale={}", language.0);
        for person in [&anna, &stranger] {
            let lost = person.copy();
            lost.keeps("recovery-dev", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
            let other_host = person.copy().sending("host", "evil.example");
            let compressed = person.copy().sending("content-encoding", "gzip");
            let large = format!("email={}", "x".repeat(20_000));
            let mishaps = [
                (404, person.gets(&format!("/nowhere?locale={}", language.0)).await),
                (405, person.asks(Method::PUT, &help, None).await),
                (410, lost.gets(&format!("/recovery/code?locale={}", language.0)).await),
                (403, person.posts(&format!("/recovery?locale={}", language.0), b"email=x").await),
                (413, person.posts(&format!("/recovery?locale={}", language.0), large.as_bytes()).await),
                (415, compressed.posts(&format!("/recovery?locale={}", language.0), b"email=x").await),
                (421, other_host.gets(&help).await),
            ];
            for (status, answer) in mishaps {
                assert_eq!(answer.status, status);
                let page = answer.page();
                says_whose_it_is(&page, language, &format!("{status} of {} in {}", person.name, language.0));
            }
        }
    }
    // Too many of something.
    let eve = house.visitor("Eve");
    let mut refused = eve.signs_in("nobody@example.org", "wrong-0-word").await;
    for attempt in 1..40 {
        if refused.status == 429 {
            break;
        }
        refused = eve.signs_in("nobody@example.org", &format!("wrong-{attempt}-word")).await;
    }
    says_whose_it_is(&refused.is(429).page(), LANGUAGES[0], "429");
}

#[actix_web::test]
async fn the_sentence_stands_in_the_hero_and_above_the_card_number_too() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    for (locale, _, _, sentence) in LANGUAGES {
        for path in ["/", "/cards/new"] {
            let page = anna.opens(&format!("{path}?locale={locale}")).await;
            let main = page.source.split("<footer>").next().unwrap();
            let text = Page::read(main).text();
            assert_eq!(text.matches(sentence).count(), 1, "{path} in {locale}: {text}");
        }
        let form = anna.opens("/cards/new").await;
        let number = form.source.find("id=\"number\"").unwrap();
        assert!(form.source.find(sentence).unwrap() < number);
    }
}

/// Read aloud, the title comes first; then the heading, then what is wrong, each mistake once, with a link to its field.
#[actix_web::test]
async fn every_form_that_was_sent_wrongly_says_so_first_in_its_title_and_under_its_heading() {
    let house = House::open().await;
    let people = everybody(&house).await;
    let mut refused = std::collections::BTreeSet::new();
    for row in ROUTES.iter().filter(|row| row.method == "POST") {
        // Two end what the others need; where there is nothing to take away, a page says so instead of a form.
        let is_end =
            matches!(row.path, "/sign-out" | "/registration/restart") || row.path.ends_with("/removal");
        if matches!(row.who, Who::Sandbox | Who::Signer) || row.path.contains('{') || is_end {
            continue;
        }
        for person in &people {
            for (locale, _, error, _) in LANGUAGES {
                for fields in [&[], WRONG] {
                    person.keeps("locale", locale);
                    let answer = person.posts_with_token(row.path, fields).await;
                    if answer.status != 422 {
                        continue;
                    }
                    is_told_well(&answer.page(), error, &format!("{} in {locale} {fields:?}", row.path));
                    refused.insert(row.path);
                }
            }
        }
    }
    assert!(refused.len() >= 20, "only {refused:#?} were refused");
    assert!(!people[1].opens("/profile").await.title().contains("Ошибка"));
}

/// A form that comes too often is refused as well, on its own page or on one that says when to come again.
#[actix_web::test]
async fn every_form_that_came_too_often_says_so_in_its_title() {
    let house = House::open().await;
    let people = everybody(&house).await;
    let mut refused = std::collections::BTreeSet::new();
    let fields = [
        ("login", "anna@example.org"),
        ("password", "wrong-0-word"),
        ("current", "wrong-0-word"),
        ("email", "anna@example.org"),
        ("phone", "+79265550777"),
        ("country", "RU"),
        ("code", "000000"),
        ("name", "Анна"),
    ];
    for row in ROUTES.iter().filter(|row| row.method == "POST") {
        if matches!(row.who, Who::Sandbox | Who::Signer) || row.path.contains('{') || row.path == "/sign-out"
        {
            continue;
        }
        for person in &people {
            for attempt in 0..25 {
                let (name, word) = (format!("Анна {attempt}"), format!("wrong-{attempt}-word"));
                // The same wrong code again counts as no try.
                let code = format!("{attempt:06}");
                let fields: Vec<(&str, &str)> = fields
                    .into_iter()
                    .map(|(field, value)| match field {
                        "name" => (field, name.as_str()),
                        "code" => (field, code.as_str()),
                        "password" | "current" => (field, word.as_str()),
                        _ => (field, value),
                    })
                    .collect();
                let answer = person.posts_with_token(row.path, &fields).await;
                if answer.status == 429 {
                    let title = answer.page().title();
                    assert!(title.starts_with("Ошибка: "), "{}: {title}", row.path);
                    refused.insert(row.path);
                }
                if !matches!(answer.status, 422 | 303) || answer.status == 303 && !is_counted(row.path) {
                    break;
                }
            }
        }
    }
    for path in ["/sign-in", "/recovery", "/recovery/phone", "/registration", "/invitation/code", "/email"] {
        assert!(refused.contains(path), "{path} was never refused: {refused:#?}");
    }
}

/// Whether the form is worth sending again after it was taken.
fn is_counted(path: &str) -> bool {
    matches!(
        path,
        "/recovery" | "/recovery/phone" | "/registration" | "/email" | "/invitation/code" | "/profile/phone"
    )
}

fn is_told_well(page: &Page, error: &str, place: &str) {
    assert!(page.title().starts_with(error), "{place}: {}", page.title());
    assert_eq!(page.headings().len(), 1, "{place}");
    let after = page.source.split("</h1>").nth(1).unwrap().trim_start();
    assert!(after.starts_with("<section class=\"errors\""), "{place}: {}", &after[..after.len().min(200)]);
    let summary = after.split("</section>").next().unwrap();
    assert_eq!(page.source.matches("class=\"errors\"").count(), 1, "{place}");
    let links: Vec<(&str, &str)> = summary
        .split("<a href=\"#")
        .skip(1)
        .map(|link| link.split_once("\">").unwrap())
        .map(|(field, rest)| (field, rest.split("</a>").next().unwrap()))
        .collect();
    assert!(!links.is_empty(), "{place}");
    for (place_of, (field, sentence)) in links.iter().enumerate() {
        assert!(page.source.contains(&format!("id=\"{field}\"")), "{place}: nothing is called {field}");
        let said_before = links[..place_of].iter().any(|(_, other)| other == sentence);
        assert!(!said_before, "{place}: twice «{sentence}»");
    }
}
