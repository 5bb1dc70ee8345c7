//! GET /cards/new, POST /cards: the form. The number and the code live for this request only.

use actix_session::Session as SessionCookie;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::accounts::sms_preferences::CURRENCY;
use crate::base::{LogThrottle, Moment, Purpose, Token};
use crate::cards::card::Card;
use crate::cards::entry::{self, BindOutcome, BindRequest};
use crate::cards::gateway_access::GatewayAccess;
use crate::cards::limits::{self, Outlook, Shut};
use crate::cards::verification::CardVerification;
use crate::config::CardEntry;
use crate::credentials::current_session::{account_of, write_for};
use crate::credentials::hashing::Hashers;
use crate::credentials::reauthentication::verify_password;
use crate::gateway::{
    Card as Typed, CodeProblem, Expiry, ExpiryProblem, Holder, HolderProblem, Hosted, HostedPage, Pan,
    PanProblem, SecurityCode, Tokenized, may_be_number,
};
use crate::web::{
    CurrentSession, Cx, Flash, Form, FormState, Problem, Refusal, Session, ShownAgain, page, see_other,
    unprocessable,
};

#[derive(Template)]
#[template(path = "cards/new.html")]
struct EntryPage {
    cx: Cx,
    form: FormState,
    /// Drawn with each form that is shown: sent twice, it binds once.
    key: String,
    /// Between which the verification charge lies.
    least: String,
    most: String,
    ask_password: bool,
    /// The number is typed on the gateway's page.
    is_hosted: bool,
    /// The key of the button's caption.
    submit: &'static str,
    /// On a trial installation: where the test cards are.
    bank: Option<String>,
    /// What went wrong, and not with what was typed.
    trouble: Option<String>,
    /// Why no card can be added now, and until when: then there is no form.
    shut: Option<String>,
    is_last_one: bool,
}

crate::pages!(EntryPage);

/// The key of what is said of a number whose check digit proves nothing.
const UNSURE: &str = "card-number-unsure";

/// Where the number is typed at the gateway, only key and password count: nothing else is looked at.
#[derive(Default, Deserialize)]
pub struct EntryForm {
    #[serde(default)]
    key: String,
    #[serde(default)]
    number: Zeroizing<String>,
    /// The number that was asked about, by a name that says nothing.
    #[serde(default)]
    number_asked: String,
    #[serde(default)]
    number_checked: String,
    #[serde(default)]
    holder: String,
    #[serde(default)]
    expiry: String,
    #[serde(default)]
    security_code: Zeroizing<String>,
    #[serde(default)]
    password: Zeroizing<String>,
}

impl ShownAgain for EntryForm {
    const FIELDS: &'static [&'static str] = &["holder", "expiry"];

    fn is_secret(typed: &str) -> bool {
        may_be_number(typed) || Expiry::shown_again(typed).is_empty()
    }
}

async fn entry_page(
    cx: Cx,
    session: &Session,
    access: &GatewayAccess,
    form: FormState,
    mut trouble: Option<String>,
) -> Result<EntryPage, Refusal> {
    let id = session.account_id;
    let outlook = cx.read(move |tx| limits::outlook(tx, id)).await?;
    let shut = match outlook {
        Outlook::Shut { why, until } => Some(cx.ta(why.text(), &[("until", cx.when(&until).into())])),
        Outlook::Open | Outlook::LastOne => None,
    };
    if shut.is_some() {
        // Its fields are not there to be mended.
        trouble = trouble.or_else(|| form.problems().first().map(|problem| cx.problem(problem)));
    }
    let (least, most) = cx.range(CardVerification::range(CURRENCY));
    Ok(EntryPage {
        key: Token::random().as_str().to_owned(),
        least,
        most,
        ask_password: !session.is_fresh(cx.now()),
        is_hosted: is_hosted(&cx),
        submit: if is_hosted(&cx) { "cards-add" } else { "card-save" },
        bank: access.bank_page.clone(),
        trouble,
        is_last_one: outlook == Outlook::LastOne,
        form: if shut.is_some() { FormState::empty() } else { form },
        shut,
        cx,
    })
}

/// GET /cards/new
pub async fn new(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    access: web::Data<GatewayAccess>,
) -> Result<HttpResponse, Refusal> {
    let account = account_of(&cx, &session).await?;
    let id = account.id;
    if let Some(card) = cx.read(move |tx| Card::under_way(tx.db, id)).await? {
        return Ok(cx.leads_on(&card.path(), Flash::new("card-one-at-a-time")));
    }
    let shown = entry_page(cx, &session, &access, FormState::empty(), None).await?;
    Ok(page(StatusCode::OK, &shown))
}

fn is_hosted(cx: &Cx) -> bool {
    cx.state.settings.card_entry == CardEntry::HostedRedirect
}

/// POST /cards
pub async fn create(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    cookie: SessionCookie,
    hashers: web::Data<Hashers>,
    access: web::Data<GatewayAccess>,
    form: Form<EntryForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form;
    let account = account_of(&cx, &session).await?;
    let key = Token::read(&form.key).ok_or(Refusal::BadRequest)?;
    let typed = if is_hosted(&cx) {
        form = EntryForm { password: form.password, ..EntryForm::default() };
        Ok(None)
    } else {
        read(&cx, &access, &form).map(Some)
    };
    let entry = Entry { session: &session, access: &access, form: form_state(&cx, &form), cx };
    let typed = match typed {
        Ok(typed) => typed,
        Err(problems) => return entry.unprocessable(problems).await,
    };
    if let Some(problem) =
        verify_password(&entry.cx, &cookie, &session, &hashers, &account, &form.password).await?
    {
        // What was typed well is gone from the page as well.
        let again = typed.is_some().then(|| Problem::new("number", "card-number-again"));
        return entry.unprocessable(again.into_iter().chain([problem]).collect()).await;
    }
    let print = typed.as_ref().map(|typed| entry::fingerprint(&typed.number, &entry.cx.state.keys));
    match entry.begin(account, key, print).await? {
        BindOutcome::Card(card) => match typed {
            Some(typed) => entry.tokenize(*card, &typed).await,
            None => entry.open_page(*card).await,
        },
        BindOutcome::Again(card) => Ok(see_other(&card.path())),
        // Typed in another tab: whoever comes to the first card's page reads that the second was not taken.
        BindOutcome::Other(card) => Ok(entry.cx.leads_on(&card.path(), Flash::new("card-not-taken"))),
        BindOutcome::Known(_) => entry.unprocessable(vec![Problem::new("number", "card-known")]).await,
        BindOutcome::Wait { why, until } => entry.rate_limited(why, until).await,
    }
}

/// The number and the code are secrets: they do not come back, and neither when they were typed in another field.
fn form_state(cx: &Cx, form: &EntryForm) -> FormState {
    let asked = asked(cx, form);
    let checked = if asked == form.number_asked { form.number_checked.as_str() } else { "" };
    FormState::empty()
        .with("expiry", Expiry::shown_again(&form.expiry))
        .with("holder", Holder::shown_again(&form.holder))
        .with("number_asked", &asked)
        .with("number_checked", checked)
}

/// The number whose check digit is wrong, as it is on some cards, and whose owner is asked to compare it: the one that was typed, or,
/// when none can be read there, the one that was asked about before. Empty where there is nothing to ask.
fn asked(cx: &Cx, form: &EntryForm) -> String {
    match Pan::read(&form.number) {
        Ok(number) if number.is_unsure() => name_of(cx, &number),
        Ok(_) => String::new(),
        Err(_) if Token::read(&form.number_asked).is_some() => form.number_asked.clone(),
        Err(_) => String::new(),
    }
}

/// What a form carries of a number: nobody else can make it of one, and no row has it.
fn name_of(cx: &Cx, number: &Pan) -> String {
    Token::of_bytes(cx.state.keys.mac(Purpose::Cards, &[b"asked", &number.fingerprint(&cx.state.keys)]))
        .as_str()
        .to_owned()
}

fn read(cx: &Cx, access: &GatewayAccess, form: &EntryForm) -> Result<Typed, Vec<Problem>> {
    let number = Pan::read(&form.number).map_err(|problem| Problem::new("number", number_key(problem)));
    let number = number.and_then(|number| match access.gateway.takes(number.brand()) {
        true => Ok(number),
        false => Err(Problem::new("number", "card-number-brand")),
    });
    let is_compared = |number: &Pan| form.number_checked == "yes" && form.number_asked == name_of(cx, number);
    let number = number.and_then(|number| match number.is_unsure() && !is_compared(&number) {
        true => Err(Problem::new("number", UNSURE)),
        false => Ok(number),
    });
    let brand = number.as_ref().ok().map(Pan::brand);
    let holder = Holder::read(&form.holder).map_err(|problem| Problem::new("holder", holder_key(problem)));
    let expiry =
        Expiry::read(&form.expiry, cx.now()).map_err(|problem| Problem::new("expiry", expiry_key(problem)));
    let code = SecurityCode::read(&form.security_code, brand)
        .map_err(|problem| Problem::new("security_code", code_key(problem)));
    Typed::of_fields(number, holder, expiry, code)
}

const fn number_key(problem: PanProblem) -> &'static str {
    match problem {
        PanProblem::Empty => "card-number-empty",
        PanProblem::Characters => "card-number-characters",
        PanProblem::Length => "card-number-length",
        PanProblem::UnknownBrand => "card-number-brand",
        PanProblem::Checksum => "card-number-checksum",
    }
}

const fn holder_key(problem: HolderProblem) -> &'static str {
    match problem {
        HolderProblem::Empty => "card-holder-empty",
        HolderProblem::Number => "card-holder-number",
        HolderProblem::Characters => "card-holder-characters",
        HolderProblem::Long => "card-holder-long",
    }
}

const fn expiry_key(problem: ExpiryProblem) -> &'static str {
    match problem {
        ExpiryProblem::Empty => "card-expiry-empty",
        ExpiryProblem::Unreadable => "card-expiry-unreadable",
        ExpiryProblem::Month => "card-expiry-month",
        ExpiryProblem::Past => "card-expiry-past",
        ExpiryProblem::Far => "card-expiry-far",
    }
}

const fn code_key(problem: CodeProblem) -> &'static str {
    match problem {
        CodeProblem::Empty => "card-code-empty",
        CodeProblem::Characters | CodeProblem::Length => "card-code-length",
    }
}

/// A form that was sent, and what its answer needs.
struct Entry<'a> {
    cx: Cx,
    session: &'a Session,
    access: &'a GatewayAccess,
    /// What is shown again.
    form: FormState,
}

impl Entry<'_> {
    async fn begin(
        &self,
        account: Account,
        key: Token,
        print: Option<String>,
    ) -> Result<BindOutcome, Refusal> {
        let (gateway, locale) = (self.access.gateway.name(), self.cx.locale);
        let begun = write_for(&self.cx, self.session, move |tx| {
            let (account, form_key, fingerprint) = (&account, key.as_str(), print.as_deref());
            entry::begin(tx, &BindRequest { account, form_key, fingerprint, gateway, locale })
        });
        begun.await
    }

    /// The gateway is asked for a token: the one call that a page waits for.
    async fn tokenize(self, card: Card, typed: &Typed) -> Result<HttpResponse, Refusal> {
        match self.access.gateway.tokenize(card.entry_operation, typed).await {
            Tokenized::Token(token) => {
                let here = card.path();
                self.cx.write(move |tx| entry::accept_token(tx, &card, &token)).await?;
                self.cx.state.wake_worker();
                self.cx.state.metrics.count_event("card_entered");
                Ok(see_other(&here))
            }
            Tokenized::Declined { reason, code } => {
                let (brand, four) = (typed.number.brand(), typed.number.last_four().to_owned());
                let recorded = self.cx.write(move |tx| {
                    let card = entry::record_brand(tx.db, &card, brand, &four)?;
                    entry::declined(tx, &card, (reason, &code))
                });
                recorded.await?;
                self.declined().await
            }
            Tokenized::Unknown { why, sent } => self.bank_away(card, &why, sent).await,
        }
    }

    /// The gateway is asked for its own page. Its address stands on the card's page: a form's answer may not lead to another site.
    async fn open_page(self, card: Card) -> Result<HttpResponse, Refusal> {
        let here = card.path();
        let back = self.cx.state.settings.link(&card.return_path());
        let return_url = Url::parse(&back).map_err(|_never| Refusal::Broken)?;
        let hosted = Hosted { operation: card.entry_operation, return_url, locale: self.cx.locale };
        let (why, sent) = match self.access.gateway.hosted(&hosted).await {
            HostedPage::At(url) => {
                self.cx.write(move |tx| entry::page_opened(tx, &card, url.as_str())).await?;
                return Ok(see_other(&here));
            }
            HostedPage::None => ("no page".to_owned(), false),
            HostedPage::Unknown { why, sent } => (why, sent),
        };
        self.bank_away(card, &why, sent).await
    }

    /// No answer that can be believed: whatever has left here, the form may be sent again, and nothing has been used up.
    async fn bank_away(self, card: Card, why: &str, sent: bool) -> Result<HttpResponse, Refusal> {
        static SAID: LogThrottle = LogThrottle::new();
        if let Some(left_out) = SAID.next_line() {
            let request = &self.cx.request_id;
            tracing::warn!(%request, why, sent, left_out, "the card gateway takes no card in");
        }
        self.cx.write(move |tx| entry::bank_away(tx, &card)).await?;
        self.cx.state.metrics.count_event("card_bank_away");
        self.cx.state.wake_worker();
        let trouble = self.cx.t("card-bank-away").to_string();
        Ok(unprocessable(&self.page(Vec::new(), Some(trouble)).await?))
    }

    async fn declined(self) -> Result<HttpResponse, Refusal> {
        self.cx.state.metrics.count_event("card_refused");
        self.cx.state.wake_worker();
        self.unprocessable(vec![Problem::new("number", "card-declined")]).await
    }

    /// A limit against testing of stolen cards: nothing went to the gateway.
    async fn rate_limited(self, why: Shut, until: Moment) -> Result<HttpResponse, Refusal> {
        self.cx.state.metrics.count_event("card_limit");
        let seconds = until.since(self.cx.now()).as_secs().max(1);
        let shown = if why == Shut::Number {
            let problem = Problem::new("number", why.text()).arg("until", self.cx.when(&until));
            self.page(vec![problem], None).await?
        } else {
            let trouble = self.cx.t("card-not-handed-over").to_string();
            self.page(Vec::new(), Some(trouble)).await?
        };
        let mut response = page(StatusCode::TOO_MANY_REQUESTS, &shown);
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
        Ok(response)
    }

    async fn unprocessable(self, problems: Vec<Problem>) -> Result<HttpResponse, Refusal> {
        Ok(unprocessable(&self.page(problems, None).await?))
    }

    async fn page(self, problems: Vec<Problem>, trouble: Option<String>) -> Result<EntryPage, Refusal> {
        entry_page(self.cx, self.session, self.access, self.form.all(problems), trouble).await
    }
}
