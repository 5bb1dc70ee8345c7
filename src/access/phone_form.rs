//! The two fields that a phone is typed into: its country and its number.

use serde::Deserialize;

use crate::accounts::identifiers::countries::{self, Country};
use crate::accounts::identifiers::phone::{PHONE_TYPED_MAX_CHARS, Phone};
use crate::web::{Cx, Problem};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PhoneForm {
    pub(crate) country: String,
    pub(crate) phone: String,
}

crate::shown_again!(PhoneForm: ["country", "phone"]);

/// The countries that such a form offers: those to which SMS go.
pub(crate) fn countries_with_sms(cx: &Cx) -> Vec<&'static Country> {
    let served = &cx.state.settings.sms_countries;
    countries::all(cx.locale.index()).iter().filter(|country| served.include(country.code)).collect()
}

/// A number to which an SMS is to go, or what is wrong with either field: it belongs to the country that was chosen, and that is one
/// of ours.
pub(crate) fn read_phone(cx: &Cx, country: &str, typed: &str) -> Result<Phone, Problem> {
    let known = countries::by_code(cx.locale.index(), country)
        .ok_or_else(|| Problem::new("country", "country-wrong"))?;
    let phone = Phone::parse(known.code, typed)
        .map_err(|problem| Problem::new("phone", problem.word()).arg("max", PHONE_TYPED_MAX_CHARS))?;
    if !cx.state.settings.sms_countries.include(known.code) {
        return Err(Problem::new("country", "country-no-sms").arg("country", known.name));
    }
    if !phone.is_of(known.code) {
        return Err(Problem::new("phone", "phone-other-country").arg("country", known.name));
    }
    Ok(phone)
}
