//! Where the card gateway is.

use std::time::Duration;

use kabinet::config::GatewayUrl;

#[test]
fn a_gateway_is_named_with_its_key_and_the_key_is_never_shown() {
    let url = GatewayUrl::parse("stripe+https://sk_live_12%2B3@api.stripe.com").unwrap();
    assert_eq!(
        (url.name.as_str(), url.base.as_str(), url.key.as_str()),
        ("stripe", "https://api.stripe.com/", "sk_live_12+3")
    );
    assert_eq!(format!("{url:?}"), "stripe at https://api.stripe.com/");
    let url = GatewayUrl::parse(
        "stripe+http://sk_test_1@127.0.0.1:8420?without=return_url,customer_filter&timeout=2",
    )
    .unwrap();
    assert_eq!(url.base.as_str(), "http://127.0.0.1:8420/");
    assert_eq!(
        (url.timeout, url.without),
        (Some(Duration::from_secs(2)), vec!["return_url".into(), "customer_filter".into()])
    );
}

#[test]
fn what_is_no_gateway_is_refused() {
    for text in [
        "https://api.stripe.com",
        "stripe+ftp://sk@host",
        "Stripe+https://sk@host",
        "stripe+https://host",
        "stripe+https://sk:word@host",
        "stripe+http://sk@api.stripe.com",
        "stripe+http://sk@127.0.0.1?timeout=0",
        "stripe+http://sk@127.0.0.1?timeout=60",
        "stripe+http://sk@127.0.0.1?speed=1",
        "+https://sk@host",
    ] {
        assert!(GatewayUrl::parse(text).is_err(), "{text}");
    }
}
