//! The page that somebody was on the way to when they had to sign in, and the page that a form stands on.

/// Which addresses are pages of whoever is signed in, as patterns of the router; the app names them.
#[derive(Debug, Clone, Copy)]
pub struct OwnPages {
    pub pages: &'static [&'static str],
    /// Forms that stand on another page than the one at their own address.
    pub forms: &'static [(&'static str, &'static str)],
    /// Addresses that pages of others send a browser back to by a form: nothing of it is read, and no cookie.
    pub returns: &'static [&'static str],
}

/// A page of ours that opens after signing in. Nothing else becomes one: no other host, no form, no page for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedPage(String);

/// The field, and the word in an address, that carries it.
pub const NEXT: &str = "next";
/// The word in the address of the sign-in page that says that a form was not taken.
pub const UNSAVED: &str = "unsaved";
/// The word in the address of a form's page that asks for the form, where somebody has gone on already.
pub const ANEW: &str = "anew";

/// The words of an address that say which part of a list it shows, or which of two pages.
pub(super) const PLACE: [&str; 3] = ["topic", "before", ANEW];
/// How long an address is that is come back to.
const MAX_BYTES: usize = 200;

/// The address of a form's page that shows the form in any case.
pub fn anew(path: &str) -> String {
    format!("{path}?{ANEW}=yes")
}

impl OwnPages {
    /// What was asked for, or came back from outside; None when it is no page of whoever is signed in.
    pub fn read(self, address: &str) -> Option<WantedPage> {
        let (path, place) =
            address.split_once('?').map_or((address, None), |(path, place)| (path, Some(place)));
        let known = is_plain_path(path) && self.pages.iter().any(|pattern| matches(pattern, path));
        let known = known && address.len() <= MAX_BYTES && place.is_none_or(is_place);
        known.then(|| WantedPage(address.to_owned()))
    }

    /// Whether pages of others send browsers there.
    pub fn is_return(self, path: &str) -> bool {
        self.returns.iter().any(|pattern| matches(pattern, path))
    }

    /// Where the form stands that is sent to this address.
    pub fn of_form(self, path: &str) -> &str {
        self.forms.iter().find(|(form, _)| *form == path).map_or(path, |(_, page)| page)
    }
}

impl WantedPage {
    /// Its path, and the part of the list that it shows.
    pub fn address(&self) -> &str {
        &self.0
    }

    pub fn path(&self) -> &str {
        self.0.split('?').next().unwrap_or_default()
    }

    /// This address, with the wish in it.
    pub fn asked_at(&self, path: &str) -> String {
        format!("{path}?{NEXT}={}", self.as_word())
    }

    /// As it stands in another address: a path of ours has nothing in it to be escaped.
    pub fn as_word(&self) -> String {
        self.0.replace('?', "%3F").replace('=', "%3D").replace('&', "%26")
    }
}

/// Letters, digits and what tokens are made of, in segments: nothing that a browser reads as another host or another place.
fn is_plain_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_'))
}

/// Words that say which part of a list is shown, each with a plain value.
fn is_place(place: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    place.split('&').all(|pair| {
        let (word, value) = pair.split_once('=').unwrap_or_default();
        PLACE.contains(&word) && !value.is_empty() && value.bytes().all(is_plain)
    })
}

/// `{handle}` stands for one segment.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() => {}
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OwnPages;

    const PAGES: OwnPages = OwnPages {
        pages: &["/cards", "/cards/{handle}/verification", "/profile/name"],
        forms: &[("/cards", "/cards/new")],
        returns: &["/cards/{handle}/return"],
    };

    #[test]
    fn only_pages_of_the_signed_in_are_come_back_to() {
        for own in ["/cards", "/cards/A-b_9/verification", "/profile/name"] {
            assert_eq!(PAGES.read(own).unwrap().path(), own);
        }
        let part = PAGES.read("/cards?topic=sign-in&before=A-b_9").unwrap();
        assert_eq!((part.path(), part.address()), ("/cards", "/cards?topic=sign-in&before=A-b_9"));
        assert_eq!(part.asked_at("/sign-in"), "/sign-in?next=/cards%3Ftopic%3Dsign-in%26before%3DA-b_9");
        for other in [
            "",
            "/",
            "cards",
            "/help",
            "//cards",
            "//evil.example/cards",
            "/\\evil.example",
            "\\cards",
            "https://evil.example/cards",
            "javascript:alert(1)",
            "/cards?x=1",
            "/cards?",
            "/cards?topic",
            "/cards?topic=",
            "/cards?topic=a&x=1",
            "/cards?topic=a?topic=b",
            "/cards?topic=//evil.example",
            "/cards?topic=%0a",
            "/cards?before=a#x",
            &format!("/cards?before={}", "1".repeat(200)),
            "/help?topic=a",
            "/cards#x",
            "/cards/",
            "/cards//verification",
            "/cards/a/b/verification",
            "/cards/../verification",
            "/cards/%2e%2e/verification",
            "/cards/a\n/verification",
            "/cards/\u{44f}/verification",
            "/cards ",
        ] {
            assert_eq!(PAGES.read(other), None, "{other}");
        }
        assert!(PAGES.is_return("/cards/A-b_9/return") && !PAGES.is_return("/cards/A-b_9/removal"));
        assert_eq!(
            (PAGES.of_form("/cards"), PAGES.of_form("/profile/name")),
            ("/cards/new", "/profile/name")
        );
    }
}
