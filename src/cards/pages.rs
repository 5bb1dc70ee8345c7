//! GET /cards

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::web::{Cx, SignedIn, page};

#[derive(Template)]
#[template(path = "cards/index.html")]
struct CardsPage {
    cx: Cx,
}

crate::pages!(CardsPage);

pub async fn index(cx: Cx, _who: SignedIn) -> HttpResponse {
    page(StatusCode::OK, &CardsPage { cx })
}
