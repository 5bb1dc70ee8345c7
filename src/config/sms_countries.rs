//! To which countries SMS go. Elsewhere a message can cost a hundred times as much, and somebody is paid for it.

use phonenumber::country;

/// Those of the languages that the portal speaks, and of the CIS.
pub const DEFAULT: &str = "RU,AM,AZ,BY,KG,KZ,MD,TJ,TM,UZ,CN,GB,US";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmsCountries {
    All,
    /// ISO 3166-1 alpha-2 codes.
    Only(Vec<String>),
}

impl SmsCountries {
    pub fn parse(text: &str) -> Result<SmsCountries, String> {
        if text == "all" {
            return Ok(SmsCountries::All);
        }
        let codes: Vec<String> =
            text.split(',').map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()).collect();
        let known = |code: &String| code.parse::<country::Id>().is_ok();
        if codes.is_empty() || !codes.iter().all(known) {
            return Err(
                "must be codes of countries with commas between them, such as RU,KZ,CN, or `all`".to_owned()
            );
        }
        Ok(SmsCountries::Only(codes))
    }

    pub fn include(&self, code: &str) -> bool {
        match self {
            SmsCountries::All => true,
            SmsCountries::Only(codes) => codes.iter().any(|known| known == code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_named_by_their_codes() {
        let some = SmsCountries::parse(" RU, KZ ,,CN").unwrap();
        assert!(some.include("RU") && some.include("CN") && !some.include("DE") && !some.include(""));
        assert!(SmsCountries::parse("all").unwrap().include("DE"));
        let default = SmsCountries::parse(DEFAULT).unwrap();
        assert!(["RU", "KZ", "GB", "US", "CN"].iter().all(|code| default.include(code)));
        for text in ["", ",", "Russia", "ru", "ZZ", "RU;KZ", "all,RU", "7"] {
            assert!(SmsCountries::parse(text).is_err(), "{text}");
        }
    }
}
