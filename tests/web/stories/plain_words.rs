//! What single pages must say, where a sentence that fits another reader would be wrong.

use kabinet::base::minutes;

use crate::house::House;
use crate::support::html::Page;

#[actix_web::test]
async fn the_bank_card_stands_at_the_top_of_each_page_of_whoever_is_signed_in() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    for path in ["/cabinet", "/cards", "/cards/new", "/profile", "/help"] {
        let page = anna.opens(path).await;
        let header = page.source.split("</header>").next().unwrap();
        let icon = header.split("aria-hidden=\"true\"><rect x=\"2.5\"").nth(1).unwrap();
        assert!(icon.split("</svg>").nth(1).unwrap().starts_with("Карты<"), "{path}: {header}");
    }
    assert!(anna.opens("/help").await.says("значок банковской карты вверху страницы"));
    assert!(!house.visitor("Eve").opens("/help").await.source.contains("<rect x=\"2.5\""));
}

/// A consent names what is kept: the card and the name, too.
fn names_what_is_kept(consent: &Page) {
    for kept in [
        "ключ приложения с кодами",
        "последние четыре цифры",
        "имя держателя",
        "IP-адрес",
        "Редакция: ноябрь 2026",
    ] {
        assert!(consent.says(kept), "{kept}: {}", consent.text());
    }
}

#[actix_web::test]
async fn an_invited_buyer_agrees_to_a_text_of_their_own() {
    let house = House::open().await;
    let (anna, vera) = (house.visitor("Anna"), house.visitor("Vera"));
    anna.registers_up_to_the_consent().await;
    let consent = anna.opens("/registration/privacy").await;
    names_what_is_kept(&consent);
    assert!(consent.says("Какие данные: номер телефона;") && consent.says("Чтобы завести аккаунт"));
    house.invites("vera@example.org").await;
    let link = house.invitation_to("vera@example.org").await;
    vera.submits(&link, &[]).await.goes_to("/invitation/privacy");
    let consent = vera.opens("/invitation/privacy").await;
    names_what_is_kept(&consent);
    assert!(consent.says("Какие данные: электронная почта;") && consent.says("контрольные вопросы;"));
    assert!(!consent.says("Чтобы завести аккаунт"), "it is there already: {}", consent.text());
    let unticked = vera.submits("/invitation/privacy", &[]).await.is(422).page();
    assert!(!unticked.says("завести аккаунт"), "{}", unticked.text());
    let kira = house.visitor("Kira");
    house.invites("kira@example.org").await;
    kira.accepts_up_to_the_questions(&house.invitation_to("kira@example.org").await).await;
    kira.sends_questions().await.goes_to("/registration/done");
    assert_eq!(kira.opens("/registration/done").await.headings(), ["Аккаунт открыт"]);
}

#[actix_web::test]
async fn pages_that_wait_for_an_sms_speak_of_no_mail_and_say_how_long_the_code_lives() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris"));
    anna.registers_up_to_the_code().await;
    boris.registers().await;
    boris.submits("/profile/phone", &[("country", "RU"), ("phone", "+79265550101")]).await;
    house.passes(minutes(2));
    let lost = boris.in_another_browser();
    lost.has_forgotten_by_phone().await.goes_to("/recovery/code");
    for (person, path) in
        [(&anna, "/registration/code"), (&boris, "/profile/phone/code"), (&lost, "/recovery/code")]
    {
        let page = person.opens(path).await;
        assert!(page.says("Код действует 5 минут"), "{path}: {}", page.text());
        assert!(!page.says("Спам") && !page.says("ящик"), "{path}: {}", page.text());
    }
}

#[actix_web::test]
async fn sums_that_are_promised_have_no_zeros() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    for (path, sum) in [("/cabinet", "300 ₽"), ("/cards/new", "от 1 до 9,99 ₽"), ("/help", "От 1 до 9,99 ₽")]
    {
        let page = anna.opens(path).await;
        assert!(page.says(sum) && !page.says(",00 ₽"), "{path}: {}", page.text());
    }
    assert!(anna.opens("/help").await.says("Visa, MasterCard, Мир и UnionPay"));
}
