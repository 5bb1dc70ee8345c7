//! Settings that cannot be used, and secrets that must not be repeated then: in the file `.env`, and in every variable there is.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsString;

use kabinet::config::Settings;

use crate::portal::commands::outcome;
use crate::support::portal::Portal;

const SECRET: &str = "hunter2";

#[test]
fn a_broken_env_file_is_named_with_its_line_and_never_repeated() {
    let portal = Portal::with().prepared();
    let file = portal.dir.path(".env");
    for broken in [
        "KABINET_SMTP_URL smtps://user:hunter2@mail.example.org",
        "KABINET_SMTP_URL = smtps://user:hunter2@mail.example.org",
        "KABINET_SMTP_URL: smtps://user:hunter2@mail.example.org",
        "KABINET_SMTP_URL='smtps://user:hunter2@mail.example.org",
        "KABINET_SMTP_URL=\"smtps://user:hunter2@mail.example.org",
        "KABINET_SMTP_URL=smtps://user:hun$hunter2@mail.example.org",
        "KABINET_SMTP_URL=\"smtps://user:${hunter2}@mail.example.org\"",
        "KABINET_SMTP_URL=smtps://user:hunter2#1@mail.example.org",
        "KABINET_SMTP_URL=smtps://user:hunter2 x@mail.example.org",
        "KABINET_SMTP_URL=smtps://user:hunter2\\x@mail.example.org",
        "KABINET_SMTP_URL=smtps://user:hunter2@mail.example.org # a comment",
        "KABINET_SMTP_URL='smtps://user:hunter2'@mail.example.org",
        "KABINET_SMTP_URL=smtps://user:hunter2\u{200b}@mail.example.org",
        "export hunter2",
        "hunter2",
        "hunter-2=hunter2",
        "KABINET_BRAND=hunter2",
        "smtps://user:hunter2@mail.example.org?ca=x",
        "OTHER=`hunter2`",
    ] {
        for end in ["\n", "\r\n"] {
            let text = format!("\u{feff}KABINET_BRAND=One{end}# two{end}{broken}{end}");
            std::fs::write(&file, text).unwrap();
            for arguments in [[].as_slice(), &["migrate"], &["ledger", "audit"]] {
                let (code, said) = outcome(&mut portal.command(arguments));
                assert!(code.is_some_and(|code| code != 0), "{broken:?} was taken: {said}");
                assert!(said.contains(".env") && said.contains("line 3"), "{broken:?}: {said}");
                assert!(!said.contains(SECRET) && !said.contains("panicked"), "{broken:?}: {said}");
            }
        }
    }
    std::fs::write(&file, b"A=1\nKABINET_SMTP_URL=smtps://user:hunter2\xff@mail.example.org\n").unwrap();
    let (code, said) = outcome(&mut portal.command(&[]));
    assert!(code != Some(0) && said.contains("line 2") && !said.contains(SECRET), "{said}");
    assert!(!portal.dir.path("secret.key").exists(), "nothing was begun");
}

#[test]
fn what_is_quoted_in_the_env_file_arrives_as_it_is_written() {
    let mut portal = Portal::with().prepared();
    let text = "\u{feff}# quoted\r\nexport KABINET_BRAND='ab$defgh'\r\n";
    std::fs::write(portal.dir.path(".env"), text).unwrap();
    portal.restart();
    let page = portal.browser().get("/").is(200).text();
    assert!(page.contains("ab$defgh"), "{page}");
}

/// Ways of writing a secret where there is none expected, or as no URL is written.
const SHAPES: [&str; 24] = [
    "hunter2",
    "hunter2 hunter2",
    "hunter2\u{202e}",
    "smtps://user:hunter2@",
    "smtps://user:1/hunter2@mail.example.org",
    "smtps://user:1?hunter2@mail.example.org",
    "smtps://user:#hunter2@mail.example.org",
    "smtps://user:hunter2@mail.example.org:port",
    "smtp://user:hunter2@mail.example.org",
    "smpp://kabinet:hunter2-hunter2@127.0.0.1:2775",
    "smpp://kabinet:1/hunter2@127.0.0.1",
    "smpp://kabinet:#hunter2@127.0.0.1",
    "smpp://kabinet:1?hunter2@127.0.0.1",
    "smpp://hunter2@[::1",
    "stripe+https://hunter2",
    "stripe+https://user:hunter2@api.stripe.com",
    "stripe+http://hunter2@api.stripe.com",
    "stripe+https://sk/hunter2@api.stripe.com",
    "stripe+https://sk@api.stripe.com?hunter2=1",
    "mysql://root:hunter2@localhost/x",
    "postgres://root:hunter2@local host/x",
    "postgres://root:hunter2%zz@127.0.0.1:1/x",
    "postgres://root:1?hunter2@127.0.0.1:1/x",
    "https://user:hunter2@pay.example.org",
];

fn is_plain_text(name: &str) -> bool {
    name.ends_with("_FILE") || name == "KABINET_BRAND" || name == "KABINET_LOG"
}

fn names() -> BTreeSet<String> {
    let asked = RefCell::new(BTreeSet::new());
    Settings::read(&|name| {
        asked.borrow_mut().insert(name.to_owned());
        None
    })
    .unwrap();
    asked.into_inner()
}

#[test]
fn no_variable_s_error_repeats_what_it_was_set_to() {
    let names = names();
    assert!(names.len() > 20, "{names:?}");
    for name in &names {
        for shape in SHAPES {
            let read = Settings::read(&|asked| (asked == name).then(|| OsString::from(shape)));
            match read {
                Err(error) => assert!(
                    error.to_string().starts_with("KABINET_") && !error.to_string().contains(SECRET),
                    "{name}={shape}: {error}"
                ),
                // A word may be a name, a file or a filter; in a URL it is a password.
                Ok(settings) if shape.contains("://") && !is_plain_text(name) => {
                    let shown = format!("{settings:?}");
                    assert!(!shown.contains(SECRET), "{name}={shape}: {shown}");
                }
                Ok(_) => {}
            }
        }
    }
}

/// A password with a bare `/`, `?` or `#` is cut in two by whoever reads URLs.
#[test]
fn a_password_that_would_be_cut_in_two_stops_the_start() {
    for (name, url) in [
        ("KABINET_SMTP_URL", "smtps://user:12/34@mail.example.org"),
        ("KABINET_SMTP_URL", "smtps://user:12?34@mail.example.org"),
        ("KABINET_SMTP_URL", "smtps://user:12#34@mail.example.org"),
        ("KABINET_SMTP_URL", "smtps://user:#34@mail.example.org"),
        ("KABINET_SMS_URL", "smpp://kabinet:12/34@127.0.0.1"),
        ("KABINET_SMS_URL", "smpp://kabinet:12#34@127.0.0.1"),
        ("KABINET_DATABASE_URL", "postgres://root:12/34@127.0.0.1/x"),
        ("KABINET_DATABASE_URL", "postgres://root:12?34@127.0.0.1/x"),
        ("KABINET_DATABASE_URL", "postgres://root:12#34@127.0.0.1/x"),
        ("KABINET_DATABASE_URL", "postgres://root:12%zz@127.0.0.1/x"),
        ("KABINET_DATABASE_URL", "postgres://root:12%00@127.0.0.1/x"),
        ("KABINET_DATABASE_URL", "postgres://root:12%2@127.0.0.1/x"),
    ] {
        let read = Settings::read(&|asked| (asked == name).then(|| OsString::from(url)));
        assert!(read.is_err_and(|error| error.variable == name), "{url} was taken");
    }
    for (name, url) in [
        ("KABINET_SMTP_URL", "smtps://user:12%2F34%23@mail.example.org?ca=/etc/ca.pem"),
        ("KABINET_SMS_URL", "smpp://kabinet:1%2F2@127.0.0.1?from=KABINET"),
        ("KABINET_DATABASE_URL", "postgres://root:12%2F34%40@127.0.0.1/x?application_name=kabinet"),
    ] {
        Settings::read(&|asked| (asked == name).then(|| OsString::from(url))).unwrap();
    }
}
