//! GET and POST /sms-settings

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::sms_preferences::{CURRENCY, SmsPreferences, SmsTopic};
use crate::base::{Money, SumProblem};
use crate::credentials::current_session::{account_of, write_for};
use crate::limits::Spent;
use crate::profile::details;
use crate::profile::pages::reauthentication::Reauthentication;
use crate::web::{
    CurrentSession, Cx, Flash, Form, FormState, Problem, Refusal, Session, page, unprocessable,
};

crate::pages! {
    "profile/sms_preferences.html" => struct SmsPage {
        form: FormState,
        /// Whole: only its owner reads it. None when there is none to send to.
        phone: Option<String>,
        is_on: bool,
        /// There is no address: SMS about security stay.
        phone_only: bool,
        ask_password: bool,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SmsForm {
    on: String,
    purchases: String,
    refunds: String,
    disputes: String,
    cards: String,
    security: String,
    least: String,
    password: Zeroizing<String>,
}

crate::shown_again!(SmsForm: ["on", "purchases", "refunds", "disputes", "cards", "security", "least"]);

const YES: &str = "yes";

impl SmsForm {
    /// Each box and what it stands for.
    fn boxes(&self) -> [(SmsTopic, &str); 5] {
        [
            (SmsTopic::Purchases, &self.purchases),
            (SmsTopic::Refunds, &self.refunds),
            (SmsTopic::Disputes, &self.disputes),
            (SmsTopic::Cards, &self.cards),
            (SmsTopic::Security, &self.security),
        ]
    }

    fn read(&self, account: &Account) -> Result<SmsPreferences, Vec<Problem>> {
        let is_on = self.on == YES;
        let kept = |topic: SmsTopic| topic == SmsTopic::Security && account.email.is_none();
        let ticked = self.boxes().into_iter().filter(|(topic, typed)| *typed == YES || kept(*topic));
        let topics: Vec<SmsTopic> = ticked.map(|(topic, _)| topic).collect();
        let least = match Money::read(&self.least, CURRENCY) {
            Err(SumProblem::Empty) => Ok(Money::new(0, CURRENCY)),
            read => read,
        };
        match least {
            Ok(least) if !is_on || !topics.is_empty() => Ok(SmsPreferences { is_on, topics, least }),
            least => {
                let nothing = (is_on && topics.is_empty())
                    .then(|| Problem::new(SmsTopic::Purchases.word(), "sms-topics-none"));
                let wrong = least.err().map(|problem| Problem::new("least", problem.key()));
                Err(nothing.into_iter().chain(wrong).collect())
            }
        }
    }

    fn shown(&self) -> FormState {
        let typed = FormState::empty().with("on", &self.on).with("least", &self.least);
        self.boxes().into_iter().fold(typed, |shown, (topic, ticked)| shown.with(topic.word(), ticked))
    }
}

fn chosen(preferences: &SmsPreferences) -> FormState {
    let yes = |ticked: bool| if ticked { YES } else { "" };
    let shown =
        FormState::empty().with("on", yes(preferences.is_on)).with("least", &preferences.least.typed());
    SmsTopic::ALL
        .iter()
        .fold(shown, |shown, topic| shown.with(topic.word(), yes(preferences.topics.contains(topic))))
}

async fn sms_page(cx: Cx, session: &Session) -> Result<(SmsPage, Account), Refusal> {
    let account = account_of(&cx, session).await?;
    let asker = account.clone();
    let preferences = cx.read(move |tx| SmsPreferences::of(tx.db, &asker)).await?;
    let shown = SmsPage {
        form: chosen(&preferences),
        phone: account.phone.as_ref().map(Phone::spaced),
        is_on: preferences.is_on,
        phone_only: account.email.is_none(),
        ask_password: !session.is_fresh(cx.now()),
        cx,
    };
    Ok((shown, account))
}

/// GET /sms-settings
pub async fn show(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let (shown, _account) = sms_page(cx, &session).await?;
    Ok(page(StatusCode::OK, &shown))
}

/// POST /sms-settings
pub async fn change(cx: Cx, owner: Reauthentication, form: Form<SmsForm>) -> Result<HttpResponse, Refusal> {
    let Form(form) = form;
    let (mut shown, account) = sms_page(cx, &owner.session).await?;
    if shown.phone.is_none() {
        return Ok(unprocessable(&shown));
    }
    shown.form = form.shown();
    let wanted = match form.read(&account) {
        Ok(wanted) => wanted,
        Err(problems) => {
            shown.form = shown.form.all(problems);
            return Ok(unprocessable(&shown));
        }
    };
    if let Some(problem) = owner.problem(&shown.cx, &account, &form.password).await? {
        shown.form = shown.form.problem(problem);
        return Ok(unprocessable(&shown));
    }
    let cx = shown.cx;
    let changed = write_for(&cx, &owner.session, move |tx| {
        let spent = details::spend(tx, account.id)?;
        if spent == Spent::Allowed {
            wanted.change(tx, &account)?;
        }
        Ok(spent)
    });
    if let Spent::Wait { until } = changed.await? {
        return Err(Refusal::TooMany { until });
    }
    cx.state.wake_worker();
    Ok(cx.leads_on("/sms-settings", Flash::good("flash-sms")))
}
