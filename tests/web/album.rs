//! Pages that only time, a second mail or a misfortune brings, in three languages, for axe-core: the clock here can be moved, and a
//! real Chromium then judges what was saved.

use kabinet::base::{days, hours, minutes};

use crate::house::{ANSWERS, Album, House, PASSWORD, Visitor, link_in};

const ANNA: &str = "anna@example.org";
const VERA: &str = "vera@example.org";
const WRONG: [&str; 3] = ["кукла", "кукла", "кукла"];

struct Scene<'h> {
    house: &'h House,
    locale: &'static str,
}

impl<'h> Scene<'h> {
    async fn somebody(&self, name: &'static str) -> Visitor<'h> {
        self.speaking(self.house.visitor(name)).await
    }

    async fn speaking(&self, who: Visitor<'h>) -> Visitor<'h> {
        let _ = who.gets(&format!("/?locale={}", self.locale)).await;
        who
    }

    async fn elsewhere(&self, who: &Visitor<'h>) -> Visitor<'h> {
        self.speaking(who.in_another_browser()).await
    }

    async fn invitations(&self, album: &mut Album) {
        let (house, vera) = (self.house, self.somebody("Vera").await);
        house.invites(VERA).await;
        let first = house.invitation_to(VERA).await;
        house.invites(VERA).await;
        let second = house.invitation_to(VERA).await;
        album.looks(&vera, &first, "invitation-replaced").await;
        let code = [("email", VERA), ("code", "000000")];
        album.keeps("invitation-code-wrong", 422, vera.submits("/invitation/code", &code).await);
        vera.submits("/invitation/code", &code).await.is(422);
        album.keeps("invitation-code-spent", 422, vera.submits("/invitation/code", &code).await);
        house.passes(hours(24));
        album.looks(&vera, &second, "invitation-expired").await;
        house.invites(VERA).await;
        vera.accepts_up_to_the_questions(&house.invitation_to(VERA).await).await;
        let slow = vera.copy();
        house.passes(hours(2));
        album.keeps("invitation-late", 410, slow.gets("/invitation/questions").await);
        house.invites(VERA).await;
        vera.accepts_up_to_the_questions(&house.invitation_to(VERA).await).await;
        let somebody_else = self.somebody("Else").await;
        somebody_else.has_an_account_with(VERA).await;
        album.keeps("invitation-taken", 409, vera.sends_questions().await);
    }

    /// Somebody who came by a mail: with an address and questions, without a phone.
    async fn invited_owner(&self, album: &mut Album) {
        let (house, zoya) = (self.house, self.somebody("Zoya").await);
        house.invites("zoya@example.org").await;
        let link = house.invitation_to("zoya@example.org").await;
        let other = self.elsewhere(&zoya).await;
        other.accepts_up_to_the_questions(&link).await;
        house.invites("zoya@example.org").await;
        let link = house.invitation_to("zoya@example.org").await;
        zoya.accepts_up_to_the_questions(&link).await;
        zoya.sends_questions().await.goes_to("/registration/done");
        album.keeps("invitation-step-replaced", 410, other.gets("/invitation/questions").await);
        album.looks(&zoya, &link, "invitation-done-inside").await;
        album.looks(&zoya, "/sms-settings", "sms-preferences-no-phone").await;
        album.looks(&zoya, "/profile/email/removal", "email-only").await;
        album.looks(&zoya, "/profile/phone", "phone-first").await;
        house.passes(days(91));
        house.runs_maintenance().await;
        album.looks(&zoya, "/sign-in", "sign-in-after-long").await;
        zoya.signs_in("zoya@example.org", PASSWORD).await.goes_to("/cabinet");
        album.looks(&zoya, "/messages", "messages-empty").await;
        album.looks(&zoya, "/messages?before=7Q3KM-0F9TX", "messages-no-older").await;
    }

    async fn recoveries(&self, album: &mut Album) {
        let (house, anna) = (self.house, self.somebody("Anna").await);
        anna.has_an_account_with(ANNA).await;
        let (first, other) = (self.elsewhere(&anna).await, self.elsewhere(&anna).await);
        first.has_forgotten(ANNA).await.goes_to("/recovery/code");
        other.has_forgotten(ANNA).await.goes_to("/recovery/code");
        album.keeps("recovery-replaced", 410, first.gets("/recovery/code").await);
        other.copy().follows_recovery(ANNA).await.goes_to("/recovery/password");
        album.keeps("recovery-used", 410, other.gets("/recovery/code").await);
        other.has_forgotten(ANNA).await.goes_to("/recovery/code");
        house.passes(minutes(61));
        album.keeps("recovery-expired", 410, other.gets("/recovery/code").await);
        anna.signs_in(ANNA, PASSWORD).await;
        anna.chooses_questions().await;
        other.has_forgotten(ANNA).await.goes_to("/recovery/code");
        other.follows_recovery(ANNA).await.goes_to("/recovery/questions");
        album.keeps("recovery-answers-empty", 422, other.answers(&["", "", ""]).await);
        // The same again would count once.
        for wrong in ["Кит", "Лиса"] {
            other.answers(&[wrong, WRONG[1], WRONG[2]]).await.is(422);
        }
        album.keeps("recovery-closed", 410, other.answers(&WRONG).await);
        let impatient = self.somebody("Impatient").await;
        for _ in 0..4 {
            impatient.has_forgotten("nobody@example.org").await.goes_to("/recovery/code");
        }
        album.looks(&impatient, "/recovery/code", "recovery-code-wait").await;
        let answer = self.elsewhere(&impatient).await.has_forgotten("nobody@example.org").await;
        album.keeps("recovery-wait", 429, answer);
    }

    async fn recovery_by_phone(&self, album: &mut Album) {
        let (house, boris) = (self.house, self.somebody("Boris").await);
        boris.registers().await;
        house.passes(minutes(16));
        let later = self.elsewhere(&boris).await;
        later.has_forgotten_by_phone().await.goes_to("/recovery/code");
        album.keeps("recovery-phone-code-wrong", 422, later.gives_recovery_code("0000").await);
        let code = later.receives_code().await;
        later.gives_recovery_code(&code).await.goes_to("/recovery/support");
        album.looks(&later, "/recovery/support", "recovery-support").await;
        boris.chooses_questions().await;
        house.passes(minutes(16));
        let later = self.elsewhere(&boris).await;
        later.has_forgotten_by_phone().await.goes_to("/recovery/code");
        let code = later.receives_code().await;
        later.gives_recovery_code(&code).await.goes_to("/recovery/questions");
        later.answers(&ANSWERS).await.goes_to("/recovery/password");
        album.looks(&later, "/recovery/password", "recovery-password-by-phone").await;
    }

    /// Everything that an owner can have: address, phone, name, questions, a pending address, a password asked for again.
    async fn owner(&self, album: &mut Album) {
        let (house, dina) = (self.house, self.somebody("Dina").await);
        dina.has_an_account_with("dina@example.org").await;
        dina.chooses_questions().await;
        dina.asks_to_confirm("dina.new@example.org").await;
        album.looks(&dina, "/cabinet", "cabinet-pending").await;
        house.passes(minutes(6));
        for (path, name) in [
            ("/profile", "profile-both"),
            ("/profile/email/removal", "email-removal"),
            ("/profile/phone/removal", "phone-removal"),
            ("/email", "email-change"),
            ("/profile/phone", "phone-change"),
            ("/questions", "questions-change"),
            ("/security/factor", "factor-password"),
            ("/sms-settings", "sms-settings-both"),
        ] {
            album.looks(&dina, path, name).await;
        }
        album.keeps(
            "factor-password-wrong",
            422,
            dina.submits("/security/factor", &[("password", "wrong")]).await,
        );
        let missing = dina.submits("/profile/email/removal", &[]).await;
        album.keeps("email-removal-wrong", 422, missing);
        dina.submits("/sms-settings", &[("on", ""), ("password", PASSWORD)]).await.goes_to("/sms-settings");
        album.looks(&dina, "/sms-settings", "sms-preferences-off").await;
        album.looks(&dina, "/security/activity?topic=changes", "activity-changes").await;
        album.looks(&dina, "/messages", "messages-many").await;
    }

    async fn links(&self, album: &mut Album) {
        let (house, fyodor) = (self.house, self.somebody("Fyodor").await);
        fyodor.registers_with("fyodor@example.org").await;
        let older = link_in(&house.letter_to("fyodor@example.org").await);
        album.looks(&fyodor, &older, "confirmation-open").await;
        fyodor.asks_to_confirm("fyodor@example.org").await;
        album.looks(&fyodor, &older, "confirmation-replaced").await;
        let link = link_in(&house.letter_to("fyodor@example.org").await);
        fyodor.submits(&link, &[]).await.goes_to(&link);
        album.looks(&fyodor, &link, "confirmation-used").await;
        fyodor.asks_to_confirm("fyodor.new@example.org").await;
        let link = link_in(&house.letter_to("fyodor.new@example.org").await);
        house.passes(hours(24));
        album.looks(&fyodor, &link, "confirmation-expired").await;
        let begun = self.somebody("Begun").await;
        begun.registers_up_to_the_password().await;
        house.passes(hours(3));
        album.keeps("registration-expired", 410, begun.gets("/registration/password").await);
    }
}

async fn the_pages_that_time_brings_are_accessible(locale: &'static str) {
    let house = House::open().await;
    let scene = Scene { house: &house, locale };
    let mut album = Album::new();
    scene.invitations(&mut album).await;
    scene.recoveries(&mut album).await;
    scene.recovery_by_phone(&mut album).await;
    scene.owner(&mut album).await;
    scene.links(&mut album).await;
    scene.invited_owner(&mut album).await;
    album.is_accessible(locale);
}

#[actix_web::test]
async fn chromium_finds_no_violation_on_russian_pages_that_time_brings() {
    the_pages_that_time_brings_are_accessible("ru_RU").await;
}

#[actix_web::test]
async fn chromium_finds_no_violation_on_english_pages_that_time_brings() {
    the_pages_that_time_brings_are_accessible("en_US").await;
}

#[actix_web::test]
async fn chromium_finds_no_violation_on_chinese_pages_that_time_brings() {
    the_pages_that_time_brings_are_accessible("zh_CN").await;
}
