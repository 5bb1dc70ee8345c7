//! Under a name that is not the portal's there is nothing.

use actix_web::http::Method;

use crate::house::House;
use crate::tidy::access::ROUTES;

#[actix_web::test]
async fn every_route_is_there_under_the_portal_s_own_name_alone() {
    let house = House::open().await;
    for row in ROUTES {
        let path = row.path.replace("{token}", &"A".repeat(43)).replace("{handle}", &"A".repeat(43));
        let method: Method = row.method.parse().unwrap();
        for host in [
            "evil.example",
            "127.0.0.1:8081",
            "127.0.0.1",
            "127.0.0.1:8080.evil.example",
            "a@127.0.0.1:8080",
            "",
        ] {
            let stranger = house.visitor("Stranger").sending("host", host);
            let answer = stranger.asks(method.clone(), &path, Some(b"a=b".to_vec())).await;
            // Whoever watches over the machine, or calls back, may know it by another name.
            let any = path.starts_with("/health/") || path.starts_with("/gateway/");
            assert_eq!(answer.status == 421, !any, "{method} {path} at «{host}» answered {}", answer.status);
        }
        for host in ["127.0.0.1:8080", "LOCALHOST:8080", "localhost.:8080", "[::1]:8080"] {
            let visitor = house.visitor("Visitor").sending("host", host);
            assert_ne!(
                visitor.asks(method.clone(), &path, Some(b"a=b".to_vec())).await.status,
                421,
                "{path} at {host}"
            );
        }
        // The target of the request counts, too.
        let target = format!("http://evil.example{path}");
        let status = house.visitor("Stranger").asks(method.clone(), &target, None).await.status;
        assert_eq!(
            status == 421,
            !(path.starts_with("/health/") || path.starts_with("/gateway/")),
            "{target}"
        );
    }
}

#[actix_web::test]
async fn whoever_comes_by_another_name_is_told_the_right_one_in_their_language() {
    let house = House::open().await;
    for (locale, title) in [
        ("ru_RU", "Здесь кабинета нет"),
        ("en_US", "Your account is not at this address"),
        ("zh_CN", "此地址没有个人账户"),
    ] {
        let lost = house.visitor("Lost").sending("host", "evil.example");
        let answer = lost.gets(&format!("/sign-in?locale={locale}")).await.is(421);
        assert_eq!(answer.page().headings(), [title]);
        assert!(answer.text().contains("href=\"http://127.0.0.1:8080/\""), "{}", answer.text());
        assert!(
            answer.page().forms().iter().all(|form| form.method.eq_ignore_ascii_case("get")),
            "nothing is typed here"
        );
        assert!(!answer.text().contains("evil.example"));
    }
}

#[actix_web::test]
async fn over_https_the_port_may_be_left_out() {
    let house = House::with(&[
        ("KABINET_PUBLIC_URL", "https://pay.example.org"),
        ("KABINET_SMTP_URL", "smtps://mail.example.org"),
        ("KABINET_SMS_URL", "smpp://kabinet:secret@sms.example.org"),
        ("KABINET_GATEWAY_URL", "stripe+https://sk_test_unused@api.stripe.com"),
    ])
    .await;
    for (host, status) in [
        ("pay.example.org", 200),
        ("PAY.example.org.", 200),
        ("pay.example.org:443", 200),
        ("pay.example.org:80", 421),
        ("pay.example.org:8443", 421),
        ("www.pay.example.org", 421),
        ("localhost", 421),
        ("127.0.0.1", 421),
        ("[::1]", 421),
    ] {
        house.visitor("Visitor").sending("host", host).gets("/help").await.is(status);
    }
}
