//! Browsers by name.

use kabinet::base::short_browser;

#[test]
fn browsers_are_known_by_their_own_names() {
    for (header, name) in [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36",
            "Chrome, Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 YaBrowser/24.12 Safari/537.36",
            "Яндекс Браузер, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Lynx/2.9.0dev.12 libwww-FM/2.14", "Lynx"),
        ("w3m/0.5.3+git20230121", "w3m"),
        ("curl/8.0", "curl"),
        ("", ""),
    ] {
        assert_eq!(short_browser(header), name);
    }
}
