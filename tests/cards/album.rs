//! Every page about bank cards, in the states that the money of a verification charge can be in, in three languages, for axe-core.

use kabinet::base::{hours, minutes};
use kabinet::sandbox::bank::Fault;

use crate::cards::stories::limits::hands_in;
use crate::cards::{wrong_sum, wrong_sums};
use crate::house::{Album, House, Visitor};
use crate::support::http::Answer;

const APPROVED: &str = "4242 4242 4242 4242";
const REFUSES_REFUNDS: &str = "4000 0000 0000 5001";
const ASKS_ITS_HOLDER: &str = "4000 0000 0000 3220";
const HAS_NO_MONEY: &str = "4000 0000 0000 9995";

struct Scene<'h> {
    house: &'h House,
    locale: &'static str,
}

impl<'h> Scene<'h> {
    async fn somebody(&self, name: &'static str) -> Visitor<'h> {
        let who = self.house.visitor(name);
        let _ = who.gets(&format!("/?locale={}", self.locale)).await;
        who.registers().await;
        who
    }

    async fn enters(&self, who: &Visitor<'h>, number: &str) -> Answer {
        let card =
            [("number", number), ("holder", "ANNA PETROVA"), ("expiry", "12/35"), ("security_code", "123")];
        hands_in(who, &card).await
    }

    /// As far as the page where the sum is named; returns its address.
    async fn binds(&self, who: &Visitor<'h>, number: &str) -> String {
        let check = self.enters(who, number).await.is(303).location().to_owned();
        self.house.asks_the_bank().await;
        check
    }

    async fn names(&self, who: &Visitor<'h>, check: &str, sum: &str) -> Answer {
        who.submits_on(check, &check.replace("/verification", "/confirmation"), &[("sum", sum)]).await
    }

    fn right_sum(&self) -> String {
        let journal = self.house.bank().journal().unwrap();
        let minor = journal.iter().rfind(|line| line.event == "charged").unwrap().minor;
        format!("{},{:02}", minor / 100, minor % 100)
    }

    async fn a_card_that_is_confirmed(&self, album: &mut Album, anna: &Visitor<'h>) {
        album.looks(anna, "/cards/new", "card-new").await;
        let wrong = [
            ("number", "4242 4242 4242 4241"),
            ("holder", "4242"),
            ("expiry", "13/35"),
            ("security_code", "1"),
        ];
        album.keeps("card-new-wrong", 422, anna.submits_on("/cards/new", "/cards", &wrong).await);
        let check = self.enters(anna, APPROVED).await.is(303).location().to_owned();
        album.looks(anna, &check, "check-charging").await;
        self.house.asks_the_bank().await;
        album.looks(anna, &check, "verification-charged").await;
        album.keeps("check-not-a-sum", 422, self.names(anna, &check, "1e3").await);
        album.keeps("check-missed", 422, self.names(anna, &check, &wrong_sum(&self.right_sum())).await);
        let removal = check.replace("/verification", "/removal");
        album.looks(anna, &removal, "removal-away").await;
        self.names(anna, &check, &self.right_sum()).await.goes_to(&check.replace("/verification", ""));
        album.looks(anna, &check, "check-confirmed").await;
        self.house.asks_the_bank().await;
        album.looks(anna, &check, "verification-returned").await;
        album.looks(anna, &removal, "removal").await;
        album.keeps("card-known", 422, self.enters(anna, APPROVED).await);
    }

    async fn cards_that_give_trouble(&self, album: &mut Album, anna: &Visitor<'h>) {
        let check = self.binds(anna, REFUSES_REFUNDS).await;
        self.names(anna, &check, &self.right_sum()).await.goes_to(&check.replace("/verification", ""));
        self.house.asks_the_bank().await;
        album.looks(anna, &check, "check-refund-refused").await;
        let at_the_bank = self.binds(anna, ASKS_ITS_HOLDER).await;
        album.looks(anna, &at_the_bank, "check-at-the-bank").await;
        anna.submits(&at_the_bank.replace("/verification", "/removal"), &[]).await.goes_to("/cards");
        self.house.asks_the_bank().await;
        album.looks(anna, &at_the_bank, "check-unbound").await;
        album.looks(anna, "/cards/new", "card-new-shut").await;
        album.keeps("card-wait", 429, self.enters(anna, HAS_NO_MONEY).await);
        album.looks(anna, "/cards", "cards-many").await;
        self.house.passes(minutes(6));
        album.looks(anna, "/cards/new", "card-new-password").await;
        let removal = check.replace("/verification", "/removal");
        album.looks(anna, &removal, "removal-password").await;
        album.keeps("removal-password-wrong", 422, anna.submits(&removal, &[("password", "wrong")]).await);
    }

    async fn cards_that_fail(&self, album: &mut Album, boris: &Visitor<'h>) {
        let declined = self.binds(boris, HAS_NO_MONEY).await;
        album.looks(boris, &declined, "check-declined").await;
        let spent = self.binds(boris, "5555 5555 5555 4444").await;
        for (sum, status) in wrong_sums(&self.right_sum()).zip([422, 422, 303]) {
            self.names(boris, &spent, &sum).await.is(status);
        }
        album.looks(boris, &spent, "check-tries-spent").await;
        let late = self.binds(boris, "2200 0000 0000 0004").await;
        self.house.passes(hours(21));
        self.house.asks_the_bank().await;
        boris.signs_in_again().await;
        album.looks(boris, &late, "verification-returned-unnamed").await;
        self.house.passes(hours(28));
        self.house.asks_the_bank().await;
        boris.signs_in_again().await;
        album.looks(boris, &late, "check-time-over").await;
        album.looks(boris, "/cards", "cards-failed").await;
        album.looks(boris, "/messages", "messages-of-cards").await;
    }

    async fn a_card_that_is_typed_at_the_bank(&self, album: &mut Album) {
        let (house, galya) = (self.house, self.somebody("Galya").await);
        album.looks(&galya, "/cards/new", "hosted-new").await;
        house.line_to_the_bank(Fault::LostBefore);
        album.keeps("hosted-silent", 422, galya.submits_on("/cards/new", "/cards", &[]).await);
        house.line_to_the_bank(Fault::None);
        let check = galya.submits_on("/cards/new", "/cards", &[]).await.is(303).location().to_owned();
        album.looks(&galya, &check, "hosted-check").await;
        album.looks(&galya, "/cards", "hosted-cards").await;
        album.looks(&galya, "/cabinet", "hosted-cabinet").await;
        let removal = check.replace("/verification", "/removal");
        album.looks(&galya, &removal, "hosted-removal").await;
        house.passes(minutes(31));
        house.asks_the_bank().await;
        galya.signs_in_again().await;
        album.looks(&galya, &check, "hosted-not-entered").await;
    }
}

async fn the_pages_about_cards_are_accessible(locale: &'static str) {
    let house = House::open().await;
    let (scene, mut album) = (Scene { house: &house, locale }, Album::new());
    let anna = scene.somebody("Anna").await;
    scene.a_card_that_is_confirmed(&mut album, &anna).await;
    scene.cards_that_give_trouble(&mut album, &anna).await;
    let boris = scene.somebody("Boris").await;
    scene.cards_that_fail(&mut album, &boris).await;
    let hosted = House::with(&[("KABINET_CARD_ENTRY", "hosted_redirect")]).await;
    Scene { house: &hosted, locale }.a_card_that_is_typed_at_the_bank(&mut album).await;
    album.is_accessible(locale);
}

#[actix_web::test]
async fn chromium_finds_no_violation_on_russian_pages_about_cards() {
    the_pages_about_cards_are_accessible("ru_RU").await;
}

#[actix_web::test]
async fn chromium_finds_no_violation_on_english_pages_about_cards() {
    the_pages_about_cards_are_accessible("en_US").await;
}

#[actix_web::test]
async fn chromium_finds_no_violation_on_chinese_pages_about_cards() {
    the_pages_about_cards_are_accessible("zh_CN").await;
}
