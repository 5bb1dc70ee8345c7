//! No body is ever inflated: whoever says that theirs is compressed is refused before a byte of it is looked at.

use actix_web::http::Method;

use crate::house::House;
use crate::tidy::access::ROUTES;

const CODINGS: [&str; 9] =
    ["gzip", "br", "deflate", "zstd", "GZip", "x-gzip", "identity, br", "br, identity", "nonsense"];
/// 300 MiB of zeros.
pub const BOMB: &[u8] = include_bytes!("../bomb.br");

#[actix_web::test]
async fn every_route_refuses_a_compressed_body_of_every_method() {
    let house = House::open().await;
    for row in ROUTES {
        let path = row.path.replace("{token}", &"A".repeat(43)).replace("{handle}", &"A".repeat(43));
        for coding in CODINGS {
            let stranger = house.visitor("Stranger").sending("content-encoding", coding);
            for method in [Method::GET, Method::POST, Method::PUT] {
                let answer = stranger.asks(method.clone(), &path, Some(BOMB.to_vec())).await;
                assert_eq!(answer.status, 415, "{method} {path} with {coding}");
                assert_eq!(answer.header("accept-encoding"), Some("identity"));
                let for_machines = path.starts_with("/health/") || path.starts_with("/gateway/");
                assert_eq!(answer.page().headings().is_empty(), for_machines, "{path}");
            }
        }
        // As it is means as it is.
        let stranger = house.visitor("Stranger").sending("content-encoding", "identity");
        assert_ne!(stranger.asks(Method::POST, &path, Some(b"a=b".to_vec())).await.status, 415, "{path}");
    }
}

#[actix_web::test]
async fn the_refusal_is_a_page_in_the_reader_s_language() {
    let house = House::open().await;
    for (locale, title) in [
        ("ru_RU", "Данные пришли в сжатом виде"),
        ("en_US", "The data came compressed"),
        ("zh_CN", "收到的数据经过压缩"),
    ] {
        let reader = house.visitor("Reader").sending("content-encoding", "gzip");
        let answer = reader.posts(&format!("/sign-in?locale={locale}"), b"x").await.is(415);
        assert_eq!(answer.page().headings(), [title]);
    }
}
