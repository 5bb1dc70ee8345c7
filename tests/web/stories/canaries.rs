//! Secrets go through everything that has to do with access, rightly and wrongly; then every row, every page and the whole log are
//! looked through for them.

use std::io::Write;
use std::sync::{Arc, Mutex};

use kabinet::base::minutes;

use crate::house::{
    ANSWERS, House, PASSWORD, QUESTIONS, Visitor, app_of, code_in, link_in, paper_of, path_in,
};
use crate::support::http::Answer;

const ANNA: &str = "anna@example.org";
const VERA: &str = "vera@example.org";
const NEW_PHONE: &str = "+79265550101";
const CHANGED: &str = "kanareyka-poyot-8-utrom-v-sadu";
const RESTORED: &str = "kanareyka-spit-4-dnya-v-kletke";
/// Typed where it is not right.
const WRONG: &str = "kanareyka-wrong-4-letters";
const WRONG_ANSWER: &str = "канарейка поёт не здесь";

/// All that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// The one log of this process, the hashing and writing threads included.
    fn begins(&self) {
        let log = self.clone();
        tracing_subscriber::fmt()
            .with_env_filter("trace")
            .with_ansi(false)
            .with_writer(move || log.clone())
            .init();
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// What is secret, and the only paths whose answers may show it.
struct Canary {
    text: String,
    shown_at: &'static [&'static str],
}

#[derive(Default)]
struct Canaries(Vec<Canary>);

impl Canaries {
    fn never_shown(&mut self, texts: &[&str]) {
        self.0.extend(texts.iter().map(|text| Canary { text: (*text).to_owned(), shown_at: &[] }));
    }

    fn shown_at(&mut self, shown_at: &'static [&'static str], text: &str) {
        self.0.push(Canary { text: text.to_owned(), shown_at });
    }

    /// The secret of a link; its own pages hold it in their forms.
    fn link(&mut self, link: &str, shown_at: &'static [&'static str]) {
        self.shown_at(shown_at, link.rsplit('/').next().unwrap());
    }

    fn cookies(&mut self, person: &Visitor<'_>) {
        for name in ["sid-dev", "browser-dev", "recovery-dev", "invitation-dev", "factor-dev", "reg-dev"] {
            if let Some(value) = person.cookie(name).filter(|value| value.len() >= 43) {
                self.never_shown(&[&value[value.len() - 43..]]);
            }
        }
    }
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether it stands there as it is, in groups, or as the hex of a dump.
fn holds(place: &str, secret: &str) -> bool {
    // Six digits stand in many numbers: there they count when they stand alone.
    if secret.len() == 6 && secret.bytes().all(|byte| byte.is_ascii_digit()) {
        return place.split(|c: char| !c.is_alphanumeric()).any(|word| word == secret);
    }
    place.contains(secret) || place.contains(&hex(secret))
}

fn questions(password: &str) -> Vec<(&'static str, String)> {
    let named = [("question1", "answer1"), ("question2", "answer2"), ("question3", "answer3")];
    let both = named.into_iter().zip(0..).flat_map(|((question, answer), place)| {
        [(question, QUESTIONS[place].to_owned()), (answer, ANSWERS[place].to_owned())]
    });
    both.chain([("password", password.to_owned())]).collect()
}

async fn submits(person: &Visitor<'_>, path: &str, fields: &[(&str, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    person.submits(path, &fields).await
}

/// Address, phone, questions, password.
async fn changes_everything(house: &House, anna: &Visitor<'_>, canaries: &mut Canaries) {
    anna.asks_to_confirm(ANNA).await;
    let letter = house.letter_to(ANNA).await;
    canaries.link(&link_in(&letter), &["/confirmations/"]);
    canaries.never_shown(&[&code_in(&letter, 6)]);
    anna.submits(&link_in(&letter), &[]).await;
    house.passes(minutes(6));
    for path in ["/email", "/profile/phone", "/security/factor", "/profile/phone/removal", "/questions"] {
        let fields =
            [("password", WRONG), ("email", "other@example.org"), ("country", "RU"), ("phone", NEW_PHONE)];
        let wrong = [("answer1", WRONG_ANSWER), ("answer2", WRONG_ANSWER)];
        anna.submits(path, &[fields.as_slice(), &wrong].concat()).await.is(422);
    }
    submits(anna, "/questions", &questions(PASSWORD)).await.goes_to("/questions/set");
    anna.submits("/profile/phone", &[("country", "RU"), ("phone", NEW_PHONE)])
        .await
        .goes_to("/profile/phone/code");
    let code = code_in(&house.letter_to(NEW_PHONE).await, 4);
    anna.submits("/profile/phone/code", &[("code", &code)]).await.goes_to("/profile/phone/changed");
    let fields = [("current", WRONG), ("password", CHANGED), ("again", CHANGED)];
    anna.submits("/profile/password", &fields).await.is(422);
    let fields = [("current", PASSWORD), ("password", CHANGED), ("again", CHANGED)];
    anna.submits("/profile/password", &fields).await.goes_to("/profile/password/changed");
    canaries.cookies(anna);
}

async fn has_a_second_factor(house: &House, anna: &Visitor<'_>, canaries: &mut Canaries) {
    const SECRET: &[&str] = &["/security/factor"];
    const PAPER: &[&str] = &["/security/factor/confirmation", "/security/factor/codes"];
    anna.submits("/security/factor", &[("password", CHANGED)]).await.goes_to("/security/factor");
    let page = anna.opens("/security/factor").await;
    let app = app_of(&page);
    canaries.shown_at(SECRET, &app.secret().to_base32());
    let code = || app.generate(u64::try_from(house.now().micros()).unwrap() / 1_000_000).to_string();
    let first = code();
    let shown = anna.sends(&page, "/security/factor/confirmation", &[("code", &first)]).await.is(200).page();
    let paper = paper_of(&shown);
    paper.iter().for_each(|code| canaries.shown_at(PAPER, code));
    house.passes(minutes(1));
    let second = code();
    canaries.never_shown(&[&first, &second]);
    let phone = anna.in_another_browser();
    phone.signs_in(ANNA, CHANGED).await.goes_to("/sign-in/code");
    canaries.cookies(&phone);
    phone.gives_second_code(&first).await.is(422);
    phone.submits("/sign-in/code", &[("code", &second), ("remember", "yes")]).await.goes_to("/cabinet");
    canaries.cookies(&phone);
    let tablet = anna.in_another_browser();
    tablet.signs_in(ANNA, CHANGED).await.goes_to("/sign-in/code");
    tablet.gives_second_code(&paper[0]).await.goes_to("/cabinet");
    tablet.gives_second_code_again(&paper[0]).await;
}

impl Visitor<'_> {
    async fn gives_second_code_again(&self, code: &str) {
        self.posts_with_token("/sign-in/code", &[("code", code)]).await;
    }
}

async fn gets_back_in(house: &House, canaries: &mut Canaries) {
    let browser = house.visitor("Anna");
    browser.has_forgotten(ANNA).await.goes_to("/recovery/code");
    let letter = house.letter_to(ANNA).await;
    canaries.link(&path_in(&letter, "/recovery/links/"), &[]);
    canaries.never_shown(&[&code_in(&letter, 6)]);
    canaries.cookies(&browser);
    browser.follows_recovery(ANNA).await.goes_to("/recovery/questions");
    canaries.cookies(&browser);
    browser.answers(&[WRONG_ANSWER, ANSWERS[1], ANSWERS[2]]).await.is(422);
    browser.answers(&ANSWERS).await.goes_to("/recovery/password");
    browser.submits("/recovery/password", &[("password", WRONG), ("again", RESTORED)]).await.is(422);
    browser.makes_up(RESTORED).await.goes_to("/sign-in");
    browser.signs_in(ANNA, CHANGED).await.is(422);
    browser.signs_in(ANNA, RESTORED).await.goes_to("/sign-in/code");
}

async fn accepts_an_invitation(house: &House, canaries: &mut Canaries) {
    house.invites(VERA).await;
    let letter = house.letter_to(VERA).await;
    canaries.link(&path_in(&letter, "/invitations/"), &["/invitations/"]);
    canaries.never_shown(&[&code_in(&letter, 6)]);
    let vera = house.visitor("Vera");
    vera.accepts_up_to_the_questions(&path_in(&letter, "/invitations/")).await;
    canaries.cookies(&vera);
    vera.submits("/invitation/questions", &[("question1", QUESTIONS[0]), ("answer1", WRONG_ANSWER)])
        .await
        .is(422);
    vera.sends_questions().await.goes_to("/registration/done");
    canaries.cookies(&vera);
}

#[actix_web::test]
async fn no_row_no_page_and_no_line_of_the_log_tells_a_secret() {
    let (log, mut canaries) = (Log::default(), Canaries::default());
    log.begins();
    let house = House::open().await;
    house.keeps_answers();
    canaries.never_shown(&[
        PASSWORD,
        CHANGED,
        RESTORED,
        WRONG,
        WRONG_ANSWER,
        "Ёжик Тоша",
        "ежик тоша",
        "манная каша",
    ]);
    let anna = house.visitor("Anna");
    anna.registers().await;
    canaries.cookies(&anna);
    changes_everything(&house, &anna, &mut canaries).await;
    has_a_second_factor(&house, &anna, &mut canaries).await;
    for path in ["/profile", "/security", "/security/activity", "/messages", "/cabinet"] {
        anna.opens(path).await;
    }
    let promised = house.database.bytes();
    gets_back_in(&house, &mut canaries).await;
    accepts_an_invitation(&house, &mut canaries).await;
    house.passes(minutes(40));
    house.runs_maintenance().await;

    let logged = log.text();
    assert!(
        logged.contains("signed in") && logged.contains("a password was restored"),
        "the log is read: {} bytes",
        logged.len()
    );
    let rows = [promised, house.database.bytes()].concat();
    let rows = String::from_utf8_lossy(&rows);
    assert!(holds(&rows, ANNA) && holds(&rows, NEW_PHONE), "the rows are read");
    let answers = house.answers();
    assert!(
        answers.len() > 60 && canaries.0.len() > 30,
        "{} answers, {} secrets",
        answers.len(),
        canaries.0.len()
    );
    for Canary { text, shown_at } in &canaries.0 {
        assert!(!holds(&rows, text), "«{text}» stands in the database");
        assert!(!holds(&logged, text), "«{text}» is in the log");
        for answer in &answers {
            let (source, seen) = (answer.text(), answer.page().text().replace(' ', ""));
            let told = holds(&source, text) || text.len() > 6 && seen.contains(text.as_str());
            let may = shown_at.iter().any(|path| answer.path.starts_with(path));
            assert!(!told || may, "«{text}» is shown at {}", answer.path);
        }
    }
}
