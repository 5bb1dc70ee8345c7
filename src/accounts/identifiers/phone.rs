//! Phone numbers: any spelling in, one spelling stored (E.164), never the whole number shown where others may look.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use phonenumber::metadata::DATABASE;
use phonenumber::{Metadata, Mode, PhoneNumber, Type, country};

use crate::accounts::identifiers::countries;
use crate::base::{has_invisible, mask, normalize_digits, strip_unseen};
use crate::config::SmsCountries;
use crate::notices::Recipient;
use crate::{text_column, text_enum};

/// A longer text is refused before it is read.
pub const PHONE_TYPED_MAX_CHARS: usize = 64;
/// Russia's numbers are the ones that people write without a country (`8 999 …`).
const HOME: country::Id = country::RU;
/// From this many digits on, a number without a plus may begin with a calling code: `375 29 123-45-67` has twelve.
const INTERNATIONAL_MIN_DIGITS: usize = 11;
/// The "country" of numbers that belong to none.
const NO_COUNTRY: &str = "001";
/// How many digits stay readable in a masked number.
const SHOWN_DIGITS: usize = 4;

/// A valid number that can receive SMS, as E.164: a plus and at most 15 digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Phone(String);

text_column!(Phone, as_str, from_stored);

impl From<&Phone> for Recipient {
    fn from(phone: &Phone) -> Recipient {
        Recipient::phone(&phone.0, phone.masked())
    }
}

text_enum! {
    /// Why a text is no phone number of ours. The word is the key of its sentence.
    PhoneProblem {
        // The country is none of the list.
        CountryWrong => "country-wrong",
        Empty => "phone-empty",
        // More than `PHONE_TYPED_MAX_CHARS` characters.
        Long => "phone-long",
        // Letters, control characters, a plus in the middle.
        Characters => "phone-characters",
        // No such number exists in its country.
        Wrong => "phone-wrong",
        // It exists, but cannot receive SMS: a landline, a freephone or premium number.
        NotMobile => "phone-not-mobile",
    }
}

impl Phone {
    /// Reads a number typed for the country with this ISO code (`RU`), in any spelling: national (`8 (999) 123-45-67`),
    /// with the calling code (`7999…`), or international (`+7…`, `007…`). What begins with a plus or 00 may belong to any country.
    pub fn parse(country: &str, typed: &str) -> Result<Phone, PhoneProblem> {
        let known = countries::by_code(0, country).and_then(|known| known.code.parse::<country::Id>().ok());
        let country = known.ok_or(PhoneProblem::CountryWrong)?;
        let typed = Typed::read(typed)?;
        if typed.plus { international(&typed.digits) } else { dialled(country, &typed.digits) }
    }

    /// Reads a number where no country is given, as people sign in: `+…`, else Russia's own form (`8 999…`, `999…`),
    /// else a long number that begins with a calling code.
    pub fn parse_any(typed: &str) -> Result<Phone, PhoneProblem> {
        let Typed { plus, digits } = Typed::read(typed)?;
        if plus {
            return international(&digits);
        }
        dialled(HOME, &digits).or_else(|problem| {
            let long = digits.len() >= INTERNATIONAL_MIN_DIGITS;
            if long { international(&digits).or(Err(problem)) } else { Err(problem) }
        })
    }

    /// A number out of the database, which holds only what `as_str` gave. None for anything else. It is not judged anew:
    /// numbering plans change, and whoever has an account keeps it.
    pub fn from_stored(stored: &str) -> Option<Phone> {
        let digits = stored.strip_prefix('+')?;
        let well_made = (4..=17).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        well_made.then(|| Phone(stored.to_owned()))
    }

    /// E.164, as the database keeps it and as messages are addressed: `+79991234567`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits alone, without the plus.
    pub fn digits(&self) -> &str {
        self.0.strip_prefix('+').unwrap_or(&self.0)
    }

    /// The ISO code of the number's country; None when the numbering plan has changed since.
    pub fn country(&self) -> Option<&'static str> {
        let (calling, own) = split(self.digits())?;
        let plans = DATABASE.by_code(&calling)?;
        plans.into_iter().find(|plan| gets_sms(plan, own).is_some()).map(Metadata::id)
    }

    /// Whether SMS reach it by the plan of the country with this ISO code.
    pub fn is_of(&self, country: &str) -> bool {
        let reached = |(calling, own): (u16, &str)| {
            let plan = DATABASE.by_id(country).filter(|plan| plan.country_code() == calling)?;
            gets_sms(plan, own)
        };
        split(self.digits()).and_then(reached) == Some(true)
    }

    /// Whether we send SMS to where it belongs.
    pub fn is_served(&self, countries: &SmsCountries) -> bool {
        match countries {
            SmsCountries::All => true,
            SmsCountries::Only(codes) => codes.iter().any(|code| self.is_of(code)),
        }
    }

    /// As people write it: `+7 999 123-45-67`. Only for its owner.
    pub fn spaced(&self) -> String {
        match phonenumber::parse(None, &self.0) {
            Ok(number) if bare(&number) == self.digits() => {
                number.format().mode(Mode::International).to_string()
            }
            _ => self.0.clone(),
        }
    }

    /// With only the calling code and the last four digits (fewer of a short number): `+7 ••• •••-45-67`.
    pub fn masked(&self) -> String {
        let total = self.digits().len();
        let calling = split(self.digits()).map_or(0, |(_, own)| total.saturating_sub(own.len()));
        // Somewhere in the world a number has four digits: one stays hidden.
        let shown = SHOWN_DIGITS.min(total.saturating_sub(calling + 1));
        mask::digits(&self.spaced(), |place| place > calling && place <= total.saturating_sub(shown))
    }
}

/// What was typed, cleaned: nothing but ASCII digits is left, so that the library is never given anything else.
struct Typed {
    /// Whether a plus stood in front.
    plus: bool,
    digits: String,
}

impl Typed {
    fn read(typed: &str) -> Result<Typed, PhoneProblem> {
        if typed.chars().nth(PHONE_TYPED_MAX_CHARS).is_some() {
            return Err(PhoneProblem::Long);
        }
        let typed = strip_unseen(typed);
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(PhoneProblem::Empty);
        }
        if has_invisible(typed) {
            return Err(PhoneProblem::Characters);
        }
        let mut digits = String::new();
        let mut plus = false;
        for c in normalize_digits(typed).chars() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if !plus && digits.is_empty() => plus = true,
                ' ' | '-' | '.' | '(' | ')' | '/' => {}
                _ => return Err(PhoneProblem::Characters),
            }
        }
        if digits.is_empty() {
            return Err(PhoneProblem::Wrong);
        }
        Ok(Typed { plus, digits })
    }
}

/// Without a plus: 00 is what most of the world dials for it, but in Tajikistan mobile numbers begin so.
fn dialled(country: country::Id, digits: &str) -> Result<Phone, PhoneProblem> {
    match digits.strip_prefix("00").map(international) {
        Some(Ok(phone)) => Ok(phone),
        Some(Err(problem)) => national(country, digits).or(Err(problem)),
        None => national(country, digits),
    }
}

/// After a plus: the calling code and the number as they stand, else as the library reads them (`+44 (0)7400 …`).
fn international(digits: &str) -> Result<Phone, PhoneProblem> {
    judge(digits).or_else(|problem| match phonenumber::parse(None, format!("+{digits}")) {
        Ok(read) if problem == PhoneProblem::Wrong => judge(&bare(&read)),
        _ => Err(problem),
    })
}

/// As it is dialled within a country: the number as it stands, else as the library reads it. That one takes the prefix of long
/// distance off twice (8 800 … becomes 00 …): where it leaves nothing valid, the prefix is taken off here.
fn national(country: country::Id, digits: &str) -> Result<Phone, PhoneProblem> {
    let plan = DATABASE.by_id(country.as_ref()).ok_or(PhoneProblem::CountryWrong)?;
    let calling = plan.country_code();
    if let Ok(phone) = judge(&format!("{calling}{digits}")) {
        return Ok(phone);
    }
    let read = phonenumber::parse(Some(country), digits).or(Err(PhoneProblem::Wrong));
    read.and_then(|read| judge(&bare(&read))).or_else(|problem| {
        let prefix = plan.national_prefix().unwrap_or_default();
        let undialled = digits.strip_prefix(prefix).unwrap_or(digits);
        if problem == PhoneProblem::Wrong { judge(&format!("{calling}{undialled}")) } else { Err(problem) }
    })
}

/// E.164 without the plus.
fn bare(number: &PhoneNumber) -> String {
    number.format().mode(Mode::E164).to_string().trim_start_matches('+').to_owned()
}

/// Whether these digits, calling code first, are a number that exists and that SMS reach.
///
/// The patterns are the library's; the judgement is made here, because its `number_type` drops the zero that numbers of Benin,
/// Congo and Côte d'Ivoire begin with. Where landlines and mobiles look alike (North America) the number is taken: the code will
/// tell. Numbers of no country (satellites, +8xx) are not taken: messages there cost a fortune.
fn judge(digits: &str) -> Result<Phone, PhoneProblem> {
    let (calling, own) = split(digits).ok_or(PhoneProblem::Wrong)?;
    let plans = DATABASE.by_code(&calling).unwrap_or_default();
    let kinds: Vec<(bool, &Metadata)> =
        plans.into_iter().filter_map(|plan| Some((gets_sms(plan, own)?, plan))).collect();
    if kinds.iter().any(|(sms, plan)| *sms && plan.id() != NO_COUNTRY) {
        Ok(Phone(format!("+{digits}")))
    } else if kinds.is_empty() {
        Err(PhoneProblem::Wrong)
    } else {
        Err(PhoneProblem::NotMobile)
    }
}

/// The calling code, and the number after it. No calling code begins another one.
fn split(digits: &str) -> Option<(u16, &str)> {
    (1..=3).find_map(|length| {
        let (calling, own) = digits.split_at_checked(length)?;
        let calling = calling.parse().ok().filter(|_| !calling.starts_with('0'))?;
        DATABASE.by_code(&calling).map(|_| (calling, own))
    })
}

/// Whether SMS reach this number by one country's plan; None where the plan has no such number.
fn gets_sms(plan: &Metadata, own: &str) -> Option<bool> {
    const OTHERS: [Type; 8] = [
        Type::PremiumRate,
        Type::TollFree,
        Type::SharedCost,
        Type::Voip,
        Type::PersonalNumber,
        Type::Pager,
        Type::Uan,
        Type::Voicemail,
    ];
    let is = |kind: Type| plan.descriptors().get(kind).is_some_and(|pattern| pattern.is_match(own));
    if !plan.descriptors().general().is_match(own) {
        None
    } else if OTHERS.into_iter().any(is) {
        Some(false)
    } else if is(Type::Mobile) {
        Some(true)
    } else {
        is(Type::FixedLine).then_some(false)
    }
}
