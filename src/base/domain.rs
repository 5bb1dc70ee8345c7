//! The domain of an address as people write it. Servers are told it in ASCII (`xn--…`), and Chromium sends it so from a field for
//! addresses, whatever was typed there.

use std::borrow::Cow;

use url::Host;
use url::quirks::domain_to_unicode;

const ASCII_PREFIX: &str = "xn--";

/// `petr@xn--80a1acny.xn--p1ai` as `petr@почта.рф`. Anything else stays as it is, what only looks like such a domain included.
pub fn in_own_letters(address: &str) -> Cow<'_, str> {
    let Some((local, domain)) = address.rsplit_once('@') else { return Cow::Borrowed(address) };
    if !domain.to_ascii_lowercase().contains(ASCII_PREFIX) {
        return Cow::Borrowed(address);
    }
    let Ok(Host::Domain(ascii)) = Host::parse(domain) else { return Cow::Borrowed(address) };
    let shown = domain_to_unicode(&ascii);
    let is_the_same = matches!(Host::parse(&shown), Ok(Host::Domain(back)) if back == ascii);
    if is_the_same { Cow::Owned(format!("{local}@{shown}")) } else { Cow::Borrowed(address) }
}

#[cfg(test)]
mod tests {
    use super::in_own_letters;

    #[test]
    fn a_domain_is_shown_as_it_is_written() {
        for (sent, shown) in [
            ("petr@xn--80a1acny.xn--p1ai", "petr@почта.рф"),
            ("Petr@XN--80A1ACNY.XN--P1AI", "Petr@почта.рф"),
            ("anna@mail.xn--80a1acny.xn--p1ai", "anna@mail.почта.рф"),
            ("petr@xn--80a1acny.рф", "petr@почта.рф"),
            ("anna@Example.ORG", "anna@Example.ORG"),
            ("anna@почта.рф", "anna@почта.рф"),
            ("anna@xn--", "anna@xn--"),
            ("anna@xn--a.org", "anna@xn--a.org"),
            ("anna@xn--80a1acny.xn--p1ai:25", "anna@xn--80a1acny.xn--p1ai:25"),
            ("xn--80a1acny.xn--p1ai", "xn--80a1acny.xn--p1ai"),
            ("", ""),
        ] {
            assert_eq!(in_own_letters(sent), shown);
        }
    }
}
