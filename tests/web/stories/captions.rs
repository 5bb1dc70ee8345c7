//! Captions that the articles quote, to the byte.

use crate::house::{House, PASSWORD};
use crate::support::html::Page;

/// Whether a button, link or label has exactly this caption.
fn has(page: &Page, caption: &str) -> bool {
    let buttons = page.forms().into_iter().flat_map(|form| form.captions);
    buttons.chain(page.links().into_iter().map(|link| link.text)).any(|text| text == caption)
}

#[actix_web::test]
async fn the_captions_of_the_way_in_are_those_of_the_articles() {
    let house = House::open().await;
    for locale in ["ru_RU", "en_US", "zh_CN"] {
        let anna = house.visitor("Anna");
        let landing = anna.opens(&format!("/?locale={locale}")).await;
        assert_eq!(
            landing.link("Go to My Alipay").map(|link| link.href),
            Some("/sign-in".to_owned()),
            "{locale}"
        );
        anna.registers_up_to_the_consent().await;
        assert!(has(&anna.opens("/registration/privacy").await, "Agree"), "{locale}");
        anna.agrees().await.goes_to("/registration/version");
        assert!(has(&anna.opens("/registration/version").await, "Yes"), "{locale}");
        anna.says_yes().await.goes_to("/registration/password");
        let address = format!("{locale}@example.org");
        anna.thinks_up(PASSWORD, &address).await.goes_to("/registration/done");
        let letter = house.letter_to(&address).await;
        assert!(
            letter.html.contains(">Confirm</a>") && letter.text.contains("\nConfirm:\n"),
            "{locale}: {}",
            letter.text
        );
        assert!(has(&anna.opens(&crate::house::link_in(&letter)).await, "Confirm"), "{locale}");
    }
}

#[actix_web::test]
async fn russian_and_english_pages_say_what_the_articles_say() {
    let house = House::open().await;
    let reader = house.visitor("Reader");
    assert!(reader.opens("/?locale=ru_RU").await.says("Перейти к Алипэй"));
    let sign_in = reader.opens("/sign-in").await;
    for caption in ["Регистрация", "Войти"] {
        assert!(has(&sign_in, caption), "{caption}");
    }
    assert!(sign_in.says("Войдите"), "the tab where one is already is no link");
    assert!(sign_in.says("Забыли пароль?"));
    let registration = reader.opens("/registration?locale=en_US").await;
    assert!(
        registration.source.contains("<label for=\"phone\">Enter phone number</label>"),
        "{}",
        registration.text()
    );
}
