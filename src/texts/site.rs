//! Who speaks: the brand, the host, and the people behind the site. Set once, at the start; every text may name them.

use std::sync::OnceLock;

use super::format::list;
use super::locale::Locale;
use crate::config::Site;

static SITE: OnceLock<Site> = OnceLock::new();

/// Sets the site that texts speak of. Once, at the start.
pub fn use_site(site: Site) {
    if *SITE.get_or_init(|| site.clone()) != site {
        tracing::warn!("the site is already set; texts keep the first one");
    }
}

pub(crate) fn site() -> &'static Site {
    static UNSET: OnceLock<Site> = OnceLock::new();
    SITE.get().unwrap_or_else(|| {
        UNSET.get_or_init(|| Site {
            brand: "Alipay".to_owned(),
            host: "127.0.0.1".to_owned(),
            card_brands: Vec::new(),
            operator: None,
            support: None,
        })
    })
}

/// What every text may name, by these names; `none` stands for what the site does not say.
pub const SITE_ARGS: [&str; 6] = ["brand", "host", "card_brands", "operator", "address", "support"];

/// What stands behind `SITE_ARGS`, in their order.
pub(super) fn values(locale: Locale) -> [&'static str; SITE_ARGS.len()] {
    const NONE: &str = "none";
    static CARD_BRANDS: [OnceLock<String>; Locale::ALL.len()] =
        [const { OnceLock::new() }; Locale::ALL.len()];
    let site = site();
    let card_brands = CARD_BRANDS.get(locale.index());
    let card_brands = card_brands.map(|kept| kept.get_or_init(|| list(locale, &site.card_brands)));
    let operator = site.operator.as_ref();
    [
        &site.brand,
        &site.host,
        card_brands.map_or(NONE, String::as_str),
        operator.map_or(NONE, |operator| &operator.name),
        operator.map_or(NONE, |operator| &operator.address),
        site.support.as_ref().map_or(NONE, |support| support.line(locale.index())),
    ]
}
