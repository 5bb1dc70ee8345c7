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

/// The address of a form's page that shows the form in any case.
pub fn anew(path: &str) -> String {
    format!("{path}?{ANEW}=yes")
}

impl OwnPages {
    /// What was asked for, or came back from outside; None when it is no page of whoever is signed in.
    pub fn read(self, path: &str) -> Option<WantedPage> {
        let known = is_plain_path(path) && self.pages.iter().any(|pattern| matches(pattern, path));
        known.then(|| WantedPage(path.to_owned()))
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
    pub fn path(&self) -> &str {
        &self.0
    }

    /// This address, with the wish in it.
    pub fn asked_at(&self, path: &str) -> String {
        format!("{path}?{NEXT}={}", self.0)
    }
}

/// Letters, digits and what tokens are made of, in segments: nothing that a browser reads as another host or another place.
fn is_plain_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_'))
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
