//! The language is changed anywhere, a form that was refused included, and is not lost where an address leads elsewhere.

use kabinet::app::OWN_PAGES;

use super::every_page::{WRONG, everybody};
use super::path_of;
use crate::house::House;
use crate::support::html::Page;
use crate::tidy::access::{ROUTES, Who};

#[actix_web::test]
async fn the_language_of_an_address_that_leads_elsewhere_is_kept() {
    let house = House::open().await;
    let people = everybody(&house).await;
    let mut led = std::collections::BTreeSet::new();
    for row in ROUTES.iter().filter(|row| row.method == "GET") {
        for person in &people {
            for locale in ["en_US", "zh_CN"] {
                let browser = person.copy();
                browser.keeps("locale", "ru_RU");
                let answer = browser.gets(&format!("{}?locale={locale}", path_of(row))).await;
                // Where the bank's pages lead browsers back, no cookie is touched.
                if answer.status != 303 || row.who == Who::Passing {
                    continue;
                }
                let kept = browser.cookie("locale");
                assert_eq!(kept.as_deref(), Some(locale), "{} of {}", row.path, person.name);
                led.insert(row.path);
            }
        }
    }
    assert!(led.len() > 40, "{led:#?}");
}

/// The link leads to the form's own page, which holds what was typed; what is secret is typed anew.
#[actix_web::test]
async fn a_form_that_was_refused_is_the_same_form_in_another_language() {
    let house = House::open().await;
    let people = everybody(&house).await;
    let (mut changed, mut kept) = (std::collections::BTreeSet::new(), 0);
    for row in ROUTES.iter().filter(|row| row.method == "POST") {
        let is_end =
            matches!(row.path, "/sign-out" | "/registration/restart") || row.path.ends_with("/removal");
        if matches!(row.who, Who::Sandbox | Who::Signer) || row.path.contains('{') || is_end {
            continue;
        }
        for person in &people {
            person.keeps("locale", "ru_RU");
            let answer = person.posts_with_token(row.path, WRONG).await;
            if !matches!(answer.status, 422 | 429) {
                continue;
            }
            let place = format!("{} of {}", row.path, person.name);
            let page = answer.page();
            let link = english(&page).unwrap_or_else(|| panic!("{place}: {}", page.text()));
            let browser = person.copy();
            let mut other = browser.gets(&link).await;
            for _ in 0..3 {
                if other.status == 303 {
                    let next = other.location().to_owned();
                    other = browser.gets(&next).await;
                }
            }
            assert_eq!(other.status, 200, "{place}: {link}");
            let other = other.page();
            assert!(other.source.contains("<html lang=\"en\">"), "{place}");
            assert!(!other.title().starts_with("Error"), "{place}: nothing was sent there");
            changed.insert(row.path);
            let form = other.form_to(row.path);
            assert!(form.is_some() || OWN_PAGES.of_form(row.path) == row.path, "{place}: {}", other.text());
            for (field, typed) in [("login", "нет"), ("email", "@"), ("phone", "1"), ("least", "-")] {
                if form.is_some() && page.value(field).as_deref() == Some(typed) {
                    assert_eq!(other.value(field).as_deref(), Some(typed), "{place}: {field}");
                    kept += 1;
                }
            }
            assert!(!other.source.contains("value=\"z\""), "{place}: a secret");
        }
    }
    assert!(changed.len() >= 20 && kept >= 8, "{kept} of {changed:#?}");
}

fn english(page: &Page) -> Option<String> {
    page.links().into_iter().map(|link| link.href).find(|href| href.contains("locale=en_US"))
}

#[actix_web::test]
async fn a_link_to_another_language_leaves_everything_else_as_it_was() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    for (path, rest) in [
        ("/security/activity?topic=sign-ins", "&topic=sign-ins"),
        ("/security/activity?topic=&before=17", "&topic=&before=17"),
        ("/messages?before=12345-ABCDE", "&before=12345-ABCDE"),
        ("/messages?before=%22%3E%3Cb%3E&x=y", "&before=%22%3E%3Cb%3E"),
    ] {
        let href = english(&anna.opens(path).await).unwrap();
        let bare = path.split('?').next().unwrap();
        assert_eq!(href, format!("{bare}?locale=en_US{rest}"));
        anna.opens(&href).await;
        anna.keeps("locale", "ru_RU");
    }
    // A page that is kept for everybody is not one of them.
    let stranger = house.visitor("Stranger");
    stranger.opens("/?before=17").await;
    assert_eq!(english(&stranger.opens("/").await).unwrap(), "/?locale=en_US");
}
