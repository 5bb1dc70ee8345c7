//! One way of hiding what others may look at: the sign •, four of it before the last four of a number, three after the first letter of
//! an address, one for each digit of a phone. Its owner sees all of these whole.
//!
//! An SMS in plain letters has no •, and would cost twice as much with one: there it is `*` (`notices::sms_text`).

/// What stands in the place of what is hidden.
pub const SIGN: char = '•';

/// A card or an account by its end: `•••• 4242`.
pub fn last_four(four: &str) -> String {
    format!("{} {four}", hidden(4))
}

/// `p•••@почта.рф`, whatever the length of the name.
pub fn address(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}{}@{domain}", hidden(3))
}

/// A number as people write it, with these of its digits hidden, counted from 1: `+7 ••• •••-45-67`.
pub fn digits(number: &str, is_hidden: impl Fn(usize) -> bool) -> String {
    let mut place = 0;
    let hide = |c: char| {
        place += usize::from(c.is_ascii_digit());
        if c.is_ascii_digit() && is_hidden(place) { SIGN } else { c }
    };
    number.chars().map(hide).collect()
}

fn hidden(signs: usize) -> String {
    std::iter::repeat_n(SIGN, signs).collect()
}

#[cfg(test)]
mod tests {
    use super::{address, digits, last_four};

    #[test]
    fn there_is_one_way_for_each() {
        assert_eq!(last_four("4242"), "•••• 4242");
        assert_eq!(address("petr@почта.рф"), "p•••@почта.рф");
        assert_eq!((address("a@b.c"), address("")), ("a•••@b.c".to_owned(), "•••@".to_owned()));
        assert_eq!(digits("+7 999 123-45-67", |place| (2..8).contains(&place)), "+7 ••• •••-45-67");
    }
}
