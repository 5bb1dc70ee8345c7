//! What programs ask every site for.

use crate::support::portal::Portal;

#[test]
fn programs_find_what_they_ask_every_site_for() {
    let portal = Portal::with()
        .set("KABINET_SUPPORT", "help@example.org; +7 (800) 555-35-35; ежедневно с 9 до 21")
        .start();
    let mut program = portal.browser();
    let security = program.get("/.well-known/security.txt").is(200);
    assert_eq!(security.header("content-type"), Some("text/plain; charset=utf-8"));
    let text = security.text();
    let lines: Vec<&str> = text.lines().collect();
    let canonical = lines.last().unwrap();
    assert_eq!(lines[..2], ["Contact: mailto:help@example.org", "Contact: tel:+78005553535"]);
    assert!(lines[2].starts_with("Expires: 20") && lines[2].ends_with('Z'), "{text}");
    assert_eq!(lines[3], "Preferred-Languages: ru, en, zh-CN");
    assert!(canonical.starts_with("Canonical: http") && canonical.ends_with("/.well-known/security.txt"));
    let robots = program.get("/robots.txt").is(200).text();
    assert!(robots.contains("Allow: /$\nAllow: /help$\n") && robots.ends_with("Disallow: /\n"), "{robots}");
    for made_up in ["resource-that-should-not-exist-whose-status-code-should-not-be-200", "", "openid"] {
        program.get(&format!("/.well-known/{made_up}")).is(404);
    }
    for (path, kind, start) in [
        ("/favicon.ico", "image/x-icon", &[0, 0, 1, 0][..]),
        ("/apple-touch-icon.png", "image/png", b"\x89PNG"),
        ("/icon.svg", "image/svg+xml", b"<svg"),
    ] {
        let answer = program.get(path).is(200);
        assert_eq!(answer.header("content-type"), Some(kind));
        assert!(answer.body.starts_with(start), "{path}");
    }
}

#[test]
fn without_a_contact_there_is_no_page_about_holes() {
    Portal::start().browser().get("/.well-known/security.txt").is(404);
}

#[test]
fn search_engines_are_told_what_the_landing_page_and_the_help_are() {
    let portal = Portal::start();
    for locale in ["ru_RU", "en_US", "zh_CN"] {
        let mut reader = portal.browser().speaks(locale);
        for path in ["/", "/help"] {
            let page = reader.opens(path);
            let told = page.attributes("meta", "content");
            assert_eq!(page.attributes("meta", "property"), ["og:title", "og:description"]);
            assert!(told.iter().filter(|told| told.chars().count() > 25).count() >= 2, "{told:?}");
        }
        assert!(reader.opens("/privacy").attributes("meta", "property").is_empty());
    }
}
