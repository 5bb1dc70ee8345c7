//! The bare server: actix-web and askama, or actix-web and diesel, and nothing of ours around them.

use std::fs;
use std::path::Path;

use actix_web::http::header::ContentType;
use actix_web::middleware::Compress;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::Result;
use askama::Template;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use kabinet::accounts::account::Account;
use kabinet::base::{Clock, Currency, Moment};
use kabinet::db::schema::{accounts, promo_gifts, sessions};

/// A page whose every byte is known: what any template writes at the least.
#[derive(Template)]
#[template(source = "{{ html }}", ext = "txt")]
struct Page<'a> {
    html: &'a str,
}

type Readers = Pool<ConnectionManager<SqliteConnection>>;

/// What the pages are, as the portal answered them.
struct Answers {
    landing: String,
    sign_in: String,
    cabinet: String,
}

pub fn serve(home: &Path, listen: &str) -> Result<()> {
    let read = |name: &str| fs::read_to_string(home.join(name));
    let answers = Answers {
        landing: read("landing.html")?,
        sign_in: read("sign_in.html")?,
        cabinet: read("cabinet.html")?,
    };
    let answers = web::Data::new(answers);
    let manager = ConnectionManager::new(home.join("kabinet.db").to_string_lossy());
    let readers: Readers =
        Pool::builder().test_on_check_out(false).connection_customizer(Box::new(Setup)).build(manager)?;
    let readers = web::Data::new(readers);
    let make = move || {
        App::new()
            .app_data(answers.clone())
            .app_data(readers.clone())
            .route("/", web::get().to(landing))
            .route("/sign-in", web::get().to(sign_in))
            .route("/cabinet", web::get().to(cabinet))
            .service(web::scope("/compressed").wrap(Compress::default()).route("", web::get().to(landing)))
    };
    actix_web::rt::System::new().block_on(HttpServer::new(make).bind(listen)?.run())?;
    Ok(())
}

fn show(html: &str) -> HttpResponse {
    match (Page { html }).render() {
        Ok(html) => HttpResponse::Ok().content_type(ContentType::html()).body(html),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

async fn landing(answers: web::Data<Answers>) -> HttpResponse {
    show(&answers.landing)
}

async fn sign_in(answers: web::Data<Answers>) -> HttpResponse {
    show(&answers.sign_in)
}

/// Two reads in one hand-over: the session's row, then the account's with its gift.
async fn cabinet(req: HttpRequest, answers: web::Data<Answers>, readers: web::Data<Readers>) -> HttpResponse {
    let Some(hash) = req.cookie("sid").map(|cookie| cookie.value().to_owned()) else {
        return HttpResponse::Forbidden().finish();
    };
    let now = Clock::default().now();
    let found = web::block(move || -> Result<_> {
        let mut db = readers.get()?;
        let session = sessions::table
            .find(hash)
            .filter(sessions::expires_at.gt(now))
            .select((sessions::account_id, sessions::state, sessions::ends_at))
            .first::<(i64, String, Moment)>(&mut db)?;
        let gift =
            (promo_gifts::code, promo_gifts::amount_minor, promo_gifts::currency, promo_gifts::expires_at);
        let account = accounts::table
            .inner_join(promo_gifts::table.on(promo_gifts::account_id.eq(accounts::id)))
            .filter(accounts::id.eq(session.0))
            .select((Account::as_select(), gift))
            .first::<(Account, (String, i64, Currency, Moment))>(&mut db)?;
        Ok((session, account))
    });
    match found.await {
        Ok(Ok(_found)) => show(&answers.cabinet),
        _ => HttpResponse::InternalServerError().finish(),
    }
}

#[derive(Debug)]
struct Setup;

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for Setup {
    fn on_acquire(&self, db: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        db.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL")
            .map_err(diesel::r2d2::Error::QueryError)
    }
}
