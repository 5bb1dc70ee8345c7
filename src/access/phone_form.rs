//! The two fields that a phone is typed into: its country and its number.

use serde::Deserialize;

use crate::accounts::identifiers::countries;
use crate::accounts::identifiers::phone::{PHONE_TYPED_MAX_CHARS, Phone};
use crate::web::{Cx, Problem};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PhoneForm {
    pub(crate) country: String,
    pub(crate) phone: String,
}

/// The phone, or what is wrong with either field.
pub(crate) fn read_phone(cx: &Cx, country: &str, typed: &str) -> Result<Phone, Problem> {
    let known = countries::by_code(cx.locale.index(), country)
        .ok_or_else(|| Problem::new("country", "country-wrong"))?;
    Phone::parse(known.code, typed)
        .map_err(|problem| Problem::new("phone", problem.word()).arg("max", PHONE_TYPED_MAX_CHARS))
}
