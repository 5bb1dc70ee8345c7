//! GET /, /help, /privacy

use std::sync::LazyLock;

use actix_web::HttpResponse;
use askama::Template;

use crate::accounts::promo_gift;
use crate::accounts::sms_preferences::CURRENCY;
use crate::accounts::{activity, ended_session};
use crate::base::{Currency, Money};
use crate::cards::verification::CardVerification;
use crate::notices::outbox;
use crate::texts::{Args, Locale, Words};
use crate::web::{CachedPage, Cx, cached_page};

/// The currencies as one language names them.
struct Currencies {
    /// How many there are, as a sentence.
    count: Words,
    /// ISO code and name.
    names: Vec<(&'static str, Words)>,
}

impl Currencies {
    fn of(locale: Locale) -> Currencies {
        let arg = |name: &'static str, value| Args::from([(name.into(), value)]);
        let name = |code: &'static str| Words::kept(locale, "currency-name", arg("code", code.into()));
        Currencies {
            count: Words::kept(locale, "landing-currencies", arg("count", Currency::ALL.len().into())),
            names: Currency::ALL.iter().map(|currency| (currency.word(), name(currency.word()))).collect(),
        }
    }

    /// Written out once: fourteen messages with arguments would be most of the page's work.
    fn known(locale: Locale) -> &'static Currencies {
        static RU: LazyLock<Currencies> = LazyLock::new(|| Currencies::of(Locale::Ru));
        static EN: LazyLock<Currencies> = LazyLock::new(|| Currencies::of(Locale::En));
        static ZH: LazyLock<Currencies> = LazyLock::new(|| Currencies::of(Locale::ZhCn));
        match locale {
            Locale::Ru => &RU,
            Locale::En => &EN,
            Locale::ZhCn => &ZH,
        }
    }
}

#[derive(Template)]
#[template(path = "landing/index.html")]
struct LandingPage {
    cx: Cx,
    gift: &'static Money,
    currencies: &'static Currencies,
}

#[derive(Template)]
#[template(path = "landing/help.html")]
struct HelpPage {
    cx: Cx,
    /// Between which a verification charge lies.
    least: String,
    most: String,
}

#[derive(Template)]
#[template(path = "landing/privacy.html")]
struct PrivacyPage {
    cx: Cx,
    version: &'static str,
    kept: Kept,
}

/// The version of the privacy policy. A new text has a new version.
const POLICY_VERSION: &str = "2026-11";

/// For how many days something is kept, as the policy says: the numbers that the maintenance goes by.
struct Kept {
    sessions: u64,
    journal: u64,
    messages: u64,
}

const KEPT: Kept = Kept {
    sessions: ended_session::KEPT_DAYS,
    journal: activity::KEPT_DAYS,
    messages: outbox::ROWS_KEPT_DAYS,
};

crate::pages!(LandingPage, HelpPage, PrivacyPage);

pub static INDEX: CachedPage = CachedPage::new();
pub static HELP: CachedPage = CachedPage::new();
pub static PRIVACY: CachedPage = CachedPage::new();

pub async fn index(cx: Cx) -> HttpResponse {
    cached_page(&INDEX, &LandingPage { gift: &promo_gift::SUM, currencies: Currencies::known(cx.locale), cx })
}

pub async fn help(cx: Cx) -> HttpResponse {
    let (least, most) = cx.range(CardVerification::range(CURRENCY));
    cached_page(&HELP, &HelpPage { least, most, cx })
}

pub async fn privacy(cx: Cx) -> HttpResponse {
    cached_page(&PRIVACY, &PrivacyPage { cx, version: POLICY_VERSION, kept: KEPT })
}
