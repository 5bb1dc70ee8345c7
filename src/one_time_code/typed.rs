//! A code as people type it.

use crate::web::Problem;

/// A code as digits, in whatever groups it was typed.
pub fn read_code(typed: &str, digits: u32) -> Result<String, Problem> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if code.is_empty() {
        return Err(Problem::new("code", "code-empty"));
    }
    let well_made = code.bytes().all(|byte| byte.is_ascii_digit()) && u32::try_from(code.len()) == Ok(digits);
    if well_made { Ok(code) } else { Err(Problem::new("code", "code-format").arg("digits", digits)) }
}
