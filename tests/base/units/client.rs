//! What limits count of an IP address.

use kabinet::base::Client;

#[test]
fn limits_count_what_one_customer_holds() {
    let at = |ip: &str| Client { ip: ip.to_owned(), user_agent: String::new() };
    assert_eq!(at("2001:db8:1:2:3:4:5:6").ip_prefix(), "2001:db8:1:2::/64");
    assert_eq!(at("2001:db8:1:2:3:4:5:6").ip_block(), "2001:db8:1::/48");
    assert_eq!(at("2001:db8:1:2:3:4:5:6").ip_network(), "2001:db8::/32");
    assert_eq!(at("192.0.2.77").ip_network(), "192.0.0.0/16");
    assert_eq!(at("192.0.2.77").ip_prefix(), "192.0.2.77");
    assert_eq!(at("192.0.2.77").ip_block(), "192.0.2.0/24");
}
