//! The first page, its languages, and what every answer carries whatever it is.

use crate::support::browser::{Browser, FORM};
use crate::support::html::Page;
use crate::support::http::{Answer, exchange};
use crate::support::portal::Portal;
use crate::tidy::access::{ROUTES, Who};

const CURRENCIES: [&str; 14] =
    ["USD", "EUR", "GBP", "RUB", "HKD", "SGD", "JPY", "CAD", "AUD", "NZD", "CHF", "SEK", "DKK", "NOK"];

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'; script-src 'none'; object-src 'none'; connect-src 'none'; manifest-src 'none'";

fn lang(page: &Page) -> String {
    page.attributes("html", "lang").concat()
}

#[test]
fn a_locale_may_be_spelt_in_any_usual_way() {
    let portal = Portal::start();
    for (spelt, expected) in [
        ("ru_RU", "ru"),
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("RU_ru", "ru"),
        ("ru_RU.UTF-8", "ru"),
        ("en_US", "en"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("zh_CN", "zh-CN"),
        ("zh-CN", "zh-CN"),
        ("zh", "zh-CN"),
        ("zh-Hans-CN", "zh-CN"),
    ] {
        let page = portal.browser().get(&format!("/?locale={spelt}")).is(200).page();
        assert_eq!(lang(&page), expected, "?locale={spelt}");
    }
}

#[test]
fn a_nonsense_locale_falls_back_quietly() {
    let portal = Portal::start();
    let long = "x".repeat(3000);
    for nonsense in ["", "xx", "klingon", "%3Cscript%3E", "%FF%FE", "..%2F..%2Fetc", "ru%00", "1", "_", &long]
    {
        let answer = portal.browser().get(&format!("/?locale={nonsense}")).is(200);
        assert_eq!(lang(&answer.page()), "ru", "?locale={nonsense}");
        assert!(!answer.text().contains("<script"));
    }
    let mut english = portal.browser().speaks("en_US");
    assert_eq!(lang(&english.opens("/?locale=nonsense")), "en", "what was chosen stays chosen");
    let two = portal.browser().get("/?locale=ru_RU&locale=en_US").status;
    assert!(matches!(two, 200 | 400), "{two}");
}

#[test]
fn the_chosen_language_is_remembered_and_beats_the_browser_s() {
    let portal = Portal::start();
    assert_eq!(lang(&portal.browser().opens("/")), "ru", "Russian is the default");
    let asks = |header: &str| lang(&portal.browser().with_header("accept-language", header).opens("/"));
    assert_eq!(asks("en-GB,en;q=0.8"), "en");
    assert_eq!(asks("zh-CN,zh;q=0.9,en;q=0.5"), "zh-CN");
    assert_eq!(asks("fr;q=0.9, en;q=0.3, ru;q=0.5"), "ru");
    assert_eq!(asks("fr"), "ru");
    assert_eq!(asks(";;;,,=q;q=*"), "ru");
    let mut person = portal.browser().with_header("accept-language", "en");
    person.opens("/?locale=zh_CN");
    for path in ["/", "/sign-in", "/registration", "/help", "/privacy"] {
        assert_eq!(lang(&person.opens(path)), "zh-CN", "{path}");
    }
    person.opens("/help?locale=ru_RU");
    assert_eq!(lang(&person.opens("/sign-in")), "ru");
}

#[test]
fn the_language_switch_stays_on_the_page_and_names_each_language_in_itself() {
    let portal = Portal::start();
    for path in ["/", "/sign-in", "/registration", "/help", "/privacy"] {
        let mut person = portal.browser();
        let page = person.opens(path);
        for (name, locale, code) in
            [("Русский", "ru_RU", "ru"), ("English", "en_US", "en"), ("中文", "zh_CN", "zh-CN")]
        {
            let links = page.links();
            let link = links.iter().find(|link| link.text.contains(name));
            if locale == "ru_RU" {
                assert!(page.says(name) && link.is_none(), "{path} leads to where one is: {links:?}");
                continue;
            }
            let link = link.unwrap_or_else(|| panic!("{path} does not lead to {name}: {links:?}"));
            assert_eq!(link.href, format!("{path}?locale={locale}"));
            assert_eq!(lang(&person.opens(&link.href)), code);
        }
    }
}

#[test]
fn the_captions_are_those_of_the_article_to_the_byte() {
    let portal = Portal::start();
    let page = portal.browser().opens("/?locale=ru_RU");
    assert_eq!(page.link("Go to My Alipay").unwrap().href, "/sign-in");
    assert!(page.says("Перейти к Алипэй"));
    for locale in ["en_US", "zh_CN"] {
        let page = portal.browser().opens(&format!("/?locale={locale}"));
        assert_eq!(page.link("Go to My Alipay").unwrap().href, "/sign-in", "in English on every page");
    }
    for path in ["/sign-in", "/registration"] {
        let page = portal.browser().opens(path);
        assert!(page.says("Войдите") && page.says("Регистрация"));
        let (other, tab) = if path == "/sign-in" {
            ("/registration", "Регистрация")
        } else {
            ("/sign-in", "Войдите")
        };
        assert_eq!(page.link(tab).unwrap().href, other, "where one is already is no link");
    }
    assert_eq!(portal.browser().opens("/sign-in").form_to("/sign-in").unwrap().captions, ["Войти"]);
    let mut english = portal.browser().speaks("en_US");
    assert!(english.opens("/registration").says("Enter phone number"));
}

#[test]
fn the_landing_page_tells_what_the_article_promises() {
    let portal = Portal::start();
    for locale in ["ru_RU", "en_US", "zh_CN"] {
        let page = portal.browser().opens(&format!("/?locale={locale}"));
        for code in CURRENCIES {
            assert!(page.says(code), "{locale}: {code} is missing");
        }
        for word in ["14", "Visa", "MasterCard", "Alipay", "Ant Group"] {
            assert!(page.says(word), "{locale}: {word} is missing");
        }
        assert_eq!(page.headings().len(), 1);
        assert!(page.title().starts_with(&page.headings()[0]));
    }
    let page = portal.browser().opens("/");
    for words in [
        "Обратите внимание!",
        "обязан вернуть",
        "администрация маркетплейса",
        "промокод",
        "Мой AliExpress",
        "Мой Alipay",
    ] {
        assert!(page.says(words), "«{words}» is missing");
    }
}

#[test]
fn the_brand_is_a_setting() {
    let portal = Portal::with().set("KABINET_BRAND", "Ромашка & Co").start();
    let page = portal.browser().opens("/");
    assert_eq!(page.link("Go to My Ромашка & Co").unwrap().href, "/sign-in");
    assert!(page.says("Перейти к Ромашка & Co"));
    assert!(page.title().ends_with("Ромашка & Co, независимый кабинет"));
}

#[test]
fn every_link_and_every_file_that_a_page_names_is_there() {
    let portal = Portal::start();
    let mut person = portal.registers().browser;
    let mut stranger = portal.browser();
    for (who, paths) in [
        (&mut stranger, vec!["/", "/sign-in", "/registration", "/help", "/privacy", "/nowhere"]),
        (&mut person, vec!["/", "/cabinet", "/cards", "/email", "/registration/done"]),
    ] {
        for path in paths {
            let page = who.get(path).page();
            let files = page.attributes("link", "href");
            assert!(page.links().len() > 3 && !files.is_empty(), "{path} names nothing");
            let named = page.links().into_iter().map(|link| link.href).chain(files);
            for href in named.filter(|href| href.starts_with('/')) {
                let status = who.get(&href).status;
                let there = matches!(status, 200 | 303) || href.starts_with("/nowhere");
                assert!(there, "{path} leads to {href}, which answers {status}");
            }
            for anchor in
                page.links().into_iter().filter_map(|link| link.href.strip_prefix('#').map(str::to_owned))
            {
                assert!(page.attributes("*", "id").contains(&anchor), "{path}: nothing is #{anchor}");
            }
            assert!(page.attributes("*", "style").is_empty() && page.attributes("*", "onclick").is_empty());
        }
    }
}

/// One answer of every kind that the application gives.
fn all_kinds(portal: &Portal) -> Vec<(&'static str, Answer)> {
    let mut anna = portal.registers().browser;
    let mut stranger: Browser = portal.browser();
    let style = stranger.opens("/").attributes("link", "href")[0].clone();
    let huge = vec![b'a'; 100 * 1024];
    vec![
        ("landing", stranger.get("/").is(200)),
        ("sign-in", stranger.get("/sign-in").is(200)),
        ("wrong password", stranger.signs_in("123456789012", "wrong").is(422)),
        ("cabinet", anna.get("/cabinet").is(200)),
        ("redirect", stranger.get("/cabinet").is(303)),
        ("style", stranger.get(&style).is(200)),
        ("favicon", stranger.get("/favicon.ico").is(200)),
        ("404", stranger.get("/nowhere").is(404)),
        ("404 of a file", stranger.get("/static/nothing.css").is(404)),
        ("404 of a token", stranger.get("/confirmations/nothing")),
        ("405", stranger.ask("DELETE", "/sign-in", &[], None).is(405)),
        ("405 too", stranger.ask("PUT", "/", &[], Some(b"")).is(405)),
        ("403", stranger.posts("/sign-in", b"login=a&password=b").is(403)),
        ("413", stranger.posts("/sign-in", &huge).is(413)),
        ("415", stranger.ask("POST", "/sign-in", &[("content-type", "application/json")], Some(b"{}"))),
        ("head", stranger.ask("HEAD", "/", &[], None).is(200)),
        ("live", stranger.get("/health/live").is(200)),
        ("ready", stranger.get("/health/ready").is(200)),
    ]
}

#[test]
fn every_answer_carries_the_policy_and_the_headers() {
    let portal = Portal::start();
    for (kind, answer) in all_kinds(&portal) {
        for (name, expected) in [
            ("content-security-policy", POLICY),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(answer.header(name), Some(expected), "{kind} ({}): {name}", answer.status);
        }
        let referrer = answer.header("referrer-policy");
        assert!(matches!(referrer, Some("same-origin" | "no-referrer")), "{kind}: {referrer:?}");
        assert!(answer.header("permissions-policy").is_some(), "{kind}: permissions-policy");
        assert_eq!(answer.header("server"), None, "{kind}");
        assert_eq!(answer.header("strict-transport-security"), None, "{kind}: not over plain http");
        assert!(
            !answer.headers.iter().any(|(name, _)| name.to_lowercase().starts_with("access-control-")),
            "{kind}"
        );
        let cached = answer.header("cache-control").unwrap_or_default();
        match kind {
            "style" => {
                assert!(cached.contains("max-age") && cached.contains("immutable"), "{kind}: {cached}")
            }
            "favicon" | "404 of a file" => {}
            _ => assert!(cached.contains("no-store"), "{kind}: {cached}"),
        }
        if !answer.body.is_empty() && kind != "favicon" {
            let what = answer.header("content-type").unwrap_or_default();
            assert!(what.contains("charset=utf-8") || what.contains("json"), "{kind}: {what}");
        }
    }
}

#[test]
fn an_error_is_a_page_with_a_way_on_and_a_request_number() {
    let portal = Portal::start();
    for locale in ["ru_RU", "en_US", "zh_CN"] {
        let mut person = portal.browser().speaks(locale);
        let unknown = person.get("/nowhere").is(404);
        let forbidden = person.posts("/sign-in", b"login=a&password=b").is(403);
        let huge = person.posts("/sign-in", &vec![b'a'; 100 * 1024]).is(413);
        let method = person.ask("DELETE", "/sign-in", &[], None).is(405);
        for answer in [unknown, forbidden, huge, method] {
            let page = answer.page();
            assert_eq!(page.headings().len(), 1, "{locale} {}: {}", answer.status, answer.text());
            assert!(
                page.links().iter().any(|link| link.href == "/"),
                "{locale} {}: no way on",
                answer.status
            );
            let expected = if locale == "zh_CN" { "zh-CN" } else { &locale[..2] };
            assert_eq!(lang(&page), expected);
        }
    }
}

#[test]
fn pages_are_compressed_for_those_who_can_read_it() {
    let portal = Portal::start();
    let plain = portal.browser().get("/").is(200);
    assert_eq!(plain.header("content-encoding"), None);
    for coding in ["br", "gzip"] {
        let answer = portal.browser().with_header("accept-encoding", coding).get("/").is(200);
        assert_eq!(answer.header("content-encoding"), Some(coding));
        assert!(
            answer.body.len() * 3 < plain.body.len() * 2,
            "{} of {}",
            answer.body.len(),
            plain.body.len()
        );
    }
}

#[test]
fn an_old_client_gets_a_page_that_it_can_read() {
    let portal = Portal::start();
    let request = format!(
        "GET / HTTP/1.0\r\nhost: {}\r\naccept-encoding: gzip, compress, bzip, bzip2, deflate\r\n\r\n",
        portal.host()
    );
    let answer = exchange(portal.listen(), request.as_bytes()).unwrap().is(200);
    assert_eq!((answer.header("transfer-encoding"), answer.header("content-encoding")), (None, None));
    assert!(answer.text().starts_with("<!DOCTYPE html>"), "HTTP/1.0 knows no chunks: {:.80}", answer.text());
}

#[test]
fn a_request_that_could_be_read_in_two_ways_is_refused() {
    let portal = Portal::start();
    let host = format!("host: {}", portal.host());
    let lines = |lines: &[&str]| format!("{}\r\n\r\n", lines.join("\r\n")).into_bytes();
    let both = ["POST /sign-in HTTP/1.1", &host, "content-length: 4", "transfer-encoding: chunked"];
    let two = ["POST /sign-in HTTP/1.1", &host, "content-length: 4", "content-length: 5"];
    let folded = ["GET / HTTP/1.1", &host, "x-a: b", " c: d"];
    let negative = ["POST /sign-in HTTP/1.1", &host, "content-length: -1"];
    for request in [lines(&both), lines(&two), lines(&folded), lines(&negative)] {
        let answer = exchange(portal.listen(), &[request.as_slice(), b"0\r\n\r\n"].concat());
        let status = answer.map(|answer| answer.status);
        assert!(status.is_none_or(|status| (400..500).contains(&status)), "{status:?}");
    }
    assert!(portal.browser().get("/").status == 200);
}

#[test]
fn a_body_of_another_kind_or_in_another_encoding_is_refused_politely() {
    let portal = Portal::start();
    let mut person = portal.browser();
    let token = person.token("/sign-in");
    let body = format!("csrf={token}&login=a&password=b");
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
        let status = person.ask("POST", "/sign-in", &[("content-type", kind)], Some(body.as_bytes())).status;
        assert!((400..500).contains(&status), "{kind} answered {status}");
    }
    let status =
        person.ask("POST", "/sign-in", &[FORM, ("content-encoding", "gzip")], Some(body.as_bytes())).status;
    assert!((400..500).contains(&status), "a compressed body answered {status}");
}

#[test]
fn links_are_made_of_the_public_address_whatever_a_request_says() {
    let portal = Portal::start();
    for header in ["x-forwarded-host", "forwarded", "x-original-url", "x-rewrite-url", "x-forwarded-prefix"] {
        let value = if header == "forwarded" { "host=evil.example;proto=https" } else { "evil.example" };
        let answer = portal.browser().with_header(header, value).get("/sign-in").is(200);
        assert!(!answer.text().contains("evil.example"), "{header}");
    }
}

/// «Этот сайт не принадлежит Alipay», its operator and its support, wherever somebody may be.
#[test]
fn every_page_says_whose_the_site_is_not_who_runs_it_and_who_helps() {
    let portal = Portal::with()
        .set("KABINET_OPERATOR", "ООО «Ромашка»; 101000, Москва, ул. Мясницкая, 1")
        .set("KABINET_SUPPORT", "help@example.org; +7 (800) 555-35-35; ежедневно с 9 до 21")
        .start();
    let mut person = portal.registers().browser;
    let mut stranger = portal.browser();
    let is_page = |path: &str| !path.contains('{') && !path.starts_with("/health");
    let pages = ROUTES.iter().filter(|row| row.method == "GET" && row.who != Who::File && is_page(row.path));
    let mut seen = 0;
    for path in pages.map(|row| row.path) {
        for browser in [&mut person, &mut stranger] {
            let page = browser.opens(path);
            for words in [
                "Этот сайт не принадлежит Alipay и Ant Group",
                "Его ведёт ООО «Ромашка»",
                "help@example.org",
                "+7 (800) 555-35-35",
                "ежедневно с 9 до 21",
            ] {
                assert!(page.says(words), "{path}: «{words}» is missing");
            }
            assert_eq!(page.link("+7 (800) 555-35-35").unwrap().href, "tel:+78005553535");
            assert!(page.title().ends_with(" · Alipay, независимый кабинет"), "{path}: {}", page.title());
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
    let policy = portal.browser().opens("/privacy");
    assert!(
        policy.says("Оператор персональных данных — ООО «Ромашка», адрес: 101000, Москва, ул. Мясницкая, 1.")
    );
}
