//! A code as people type it.

use serde::Deserialize;

use crate::base::normalize_digits;
use crate::web::{FormState, Problem};

/// The form of a page that waits for a code.
#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

crate::shown_again!(CodeForm: []);

impl CodeForm {
    /// The code, or the form to be shown again.
    pub fn read(&self, digits: u32) -> Result<String, FormState> {
        let again = |problem| FormState::empty().with("code", &self.code).problem(problem);
        read_code(&self.code, digits).map_err(again)
    }
}

/// A code as digits, in whatever groups it was typed.
pub fn read_code(typed: &str, digits: u32) -> Result<String, Problem> {
    let code: String = normalize_digits(typed).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if code.is_empty() {
        return Err(Problem::new("code", "code-empty"));
    }
    let well_made = code.bytes().all(|byte| byte.is_ascii_digit()) && u32::try_from(code.len()) == Ok(digits);
    if well_made { Ok(code) } else { Err(Problem::new("code", "code-format").arg("digits", digits)) }
}
