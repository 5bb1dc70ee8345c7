//! Money: whole minor units and a currency.

use crate::text_enum;

text_enum! {
    /// The 14 currencies of the system (ISO 4217).
    Currency {
        Usd => "USD", Eur => "EUR", Gbp => "GBP", Rub => "RUB", Hkd => "HKD", Sgd => "SGD", Jpy => "JPY",
        Cad => "CAD", Aud => "AUD", Nzd => "NZD", Chf => "CHF", Sek => "SEK", Dkk => "DKK", Nok => "NOK",
    }
}

impl Currency {
    /// Digits after the point: none for the yen, two for the others.
    pub const fn minor_digits(self) -> u8 {
        match self {
            Currency::Jpy => 0,
            _ => 2,
        }
    }

    /// How people write it beside a sum, in lower case: its sign, its code, its names, and Latin letters that look like Russian ones.
    #[rustfmt::skip]
    const fn marks(self) -> &'static [&'static str] {
        match self {
            Currency::Usd => &["us$", "usd", "$", "dollars", "dollar", "долларов", "доллара", "доллар", "долл.", "долл", "美元"],
            Currency::Eur => &["eur", "€", "euros", "euro", "евро", "欧元"],
            Currency::Gbp => &["gbp", "£", "pounds", "pound", "фунтов", "фунта", "фунт", "英镑"],
            Currency::Rub => &[
                "рублей", "рубля", "рубль", "руб.", "руб", "р.", "р", "p.", "p", "rubles", "ruble", "roubles", "rouble", "rub.", "rub",
                "rur", "₽", "卢布",
            ],
            Currency::Hkd => &["hk$", "hkd", "$"],
            Currency::Sgd => &["sgd", "s$", "$"],
            Currency::Jpy => &["jpy", "¥", "円"],
            Currency::Cad => &["ca$", "cad", "c$", "$"],
            Currency::Aud => &["aud", "a$", "$"],
            Currency::Nzd => &["nz$", "nzd", "$"],
            Currency::Chf => &["chf", "fr.", "fr"],
            Currency::Sek => &["sek", "kr.", "kr"],
            Currency::Dkk => &["dkk", "kr.", "kr"],
            Currency::Nok => &["nok", "kr.", "kr"],
        }
    }

    /// The same for the hundredth part.
    #[rustfmt::skip]
    const fn minor_marks(self) -> &'static [&'static str] {
        match self {
            Currency::Rub => &[
                "копеек", "копейки", "копейка", "коп.", "коп", "к.", "к", "k.", "k", "kopecks", "kopeck", "kopeks", "kopek", "kop.", "kop",
                "戈比",
            ],
            Currency::Usd | Currency::Eur | Currency::Hkd | Currency::Sgd | Currency::Cad | Currency::Aud | Currency::Nzd => {
                &["cents", "cent", "¢", "центов", "цента", "цент"]
            }
            Currency::Gbp => &["pence", "penny", "p.", "p"],
            Currency::Chf => &["rappen", "rp.", "rp"],
            Currency::Sek | Currency::Dkk | Currency::Nok => &["öre", "øre"],
            Currency::Jpy => &[],
        }
    }
}

/// A sum in minor units (kopecks, cents; whole yen).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }
}

/// The largest sum that a form takes, in whole units: a hundred million.
const LARGEST_WHOLE: i64 = 100_000_000;

/// Why a text is no sum of ours. Each has a sentence of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumProblem {
    Empty,
    /// Something else than a number with the currency's name; a sign; more digits after the point than the currency has; what may mean
    /// two sums.
    Wrong,
    Large,
}

impl SumProblem {
    /// The key of its sentence.
    pub const fn key(self) -> &'static str {
        match self {
            SumProblem::Empty => "sum-empty",
            SumProblem::Wrong => "sum-wrong",
            SumProblem::Large => "sum-large",
        }
    }
}

impl Money {
    /// Reads a sum as people type it: `1500`, `1 500,5`, `1500.50`, `1500 ₽`, `RUB 1500`, `4 руб 37 коп`, `437 коп`. Nothing is rounded,
    /// and nothing is guessed: `1.500`, `1,500.00`, `4 37` and `4 руб 5` may mean two things and are refused.
    pub fn read(typed: &str, currency: Currency) -> Result<Money, SumProblem> {
        const LONGEST_TYPED: usize = 40;
        if typed.chars().count() > LONGEST_TYPED {
            return Err(SumProblem::Wrong);
        }
        let plain = super::normalize_digits(typed).to_lowercase();
        let most = usize::from(currency.minor_digits());
        let minor = match *parts(plain.trim(), currency)?.as_slice() {
            [] | [Part::Major | Part::Minor] => return Err(SumProblem::Empty),
            [Part::Number(sum)] | [Part::Number(sum), Part::Major] | [Part::Major, Part::Number(sum)] => {
                decimal(sum, most)?
            }
            [Part::Number(sum), Part::Minor] => whole(sum)?,
            [Part::Number(sum), Part::Major, Part::Number(rest)] if rest.len() == most => {
                in_minor(whole(sum)?, rest, most)?
            }
            [Part::Number(sum), Part::Major, Part::Number(rest), Part::Minor]
                if (1..=most).contains(&rest.len()) =>
            {
                in_minor(whole(sum)?, &format!("{rest:0>most$}"), most)?
            }
            _ => return Err(SumProblem::Wrong),
        };
        Ok(Money::new(minor, currency))
    }

    /// The units of a sum that has no hundredth parts.
    pub fn whole(self) -> Option<i64> {
        let unit = 10_i64.saturating_pow(u32::from(self.currency.minor_digits()));
        (self.minor.rem_euclid(unit) == 0).then(|| self.minor.div_euclid(unit))
    }

    /// Whether it names units alone, in a currency that has hundredths.
    pub fn lacks_hundredths(self) -> bool {
        self.currency.minor_digits() > 0 && self.whole().is_some()
    }

    /// As a form shows it again: `1500` or `1500,50`, which `read` reads back.
    pub fn typed(self) -> String {
        let unit = 10_i64.saturating_pow(u32::from(self.currency.minor_digits()));
        let (whole, part) = (self.minor.div_euclid(unit), self.minor.rem_euclid(unit));
        let width = usize::from(self.currency.minor_digits());
        if part == 0 { whole.to_string() } else { format!("{whole},{part:0width$}") }
    }
}

/// What a typed sum is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'t> {
    /// Digits with what stands among them.
    Number(&'t str),
    /// What the currency is called, and its hundredth part.
    Major,
    Minor,
}

/// Another currency's sign is no part.
fn parts(sum: &str, currency: Currency) -> Result<Vec<Part<'_>>, SumProblem> {
    const MOST: usize = 4;
    let (mut parts, mut rest) = (Vec::new(), sum);
    while !rest.is_empty() {
        if parts.len() == MOST {
            return Err(SumProblem::Wrong);
        }
        let of_number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | ',' | '.');
        let end = rest.find(|c| !of_number(c)).unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        if end > 0 {
            rest = after;
            // What stands between two names is no number yet.
            if !number.trim().is_empty() {
                parts.push(Part::Number(number.trim()));
            }
            continue;
        }
        let longest = |marks: &[&'static str]| {
            marks.iter().copied().filter(|mark| rest.starts_with(mark)).max_by_key(|mark| mark.len())
        };
        let (major, minor) = (longest(currency.marks()), longest(currency.minor_marks()));
        let length = |mark: Option<&str>| mark.map_or(0, str::len);
        let (part, mark) =
            if length(major) >= length(minor) { (Part::Major, major) } else { (Part::Minor, minor) };
        rest = mark.and_then(|mark| rest.strip_prefix(mark)).ok_or(SumProblem::Wrong)?;
        parts.push(part);
    }
    Ok(parts)
}

/// A number without a part behind the point: in one piece, or in groups of three.
fn whole(text: &str) -> Result<i64, SumProblem> {
    let groups: Vec<&str> = text.split(' ').filter(|group| !group.is_empty()).collect();
    let grouped = |(nth, group): (usize, &&str)| if nth == 0 { group.len() <= 3 } else { group.len() == 3 };
    let well_made = groups.len() == 1 || groups.iter().enumerate().all(grouped);
    let digits = groups.concat();
    if !well_made || digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SumProblem::Wrong);
    }
    digits.parse().ok().filter(|number| *number <= LARGEST_WHOLE).ok_or(SumProblem::Large)
}

/// With a comma or a point, perhaps, and at most so many digits behind it.
fn decimal(text: &str, most: usize) -> Result<i64, SumProblem> {
    let (units, part) = text.split_once([',', '.']).unwrap_or((text, ""));
    let part = part.trim();
    if text.ends_with([',', '.']) || part.len() > most || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SumProblem::Wrong);
    }
    in_minor(whole(units)?, &format!("{part:0<most$}"), most)
}

/// `part` has all of its digits.
fn in_minor(units: i64, part: &str, most: usize) -> Result<i64, SumProblem> {
    let part: i64 = format!("0{part}").parse().map_err(|_no_digits| SumProblem::Wrong)?;
    let unit = 10_i64.saturating_pow(most.try_into().unwrap_or(0));
    Ok(units.saturating_mul(unit).saturating_add(part))
}
