//! The bare server: actix-web and askama, or actix-web and diesel, and nothing of ours around them.

use std::fs;
use std::path::Path;

use actix_web::http::header::ContentType;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::Result;
use askama::Template;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use kabinet::accounts::account::Account;
use kabinet::accounts::activity::ActivityEntry;
use kabinet::base::{AccountId, Clock, Currency, Moment};
use kabinet::cards::card::Card;
use kabinet::db::schema::{accounts, activity, cards, promo_gifts, sessions};

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

/// What the cabinet reads, in one hand-over: the session with its account, the gift, the cards, when the session was begun, the
/// sign-in before.
async fn cabinet(req: HttpRequest, answers: web::Data<Answers>, readers: web::Data<Readers>) -> HttpResponse {
    let Some(hash) = req.cookie("sid").map(|cookie| cookie.value().to_owned()) else {
        return HttpResponse::Forbidden().finish();
    };
    let now = Clock::default().now();
    let found = web::block(move || -> Result<_> {
        let db = &mut *readers.get()?;
        let same_epoch = accounts::id.eq(sessions::account_id).and(accounts::epoch.eq(sessions::epoch));
        let session = sessions::table
            .inner_join(accounts::table.on(same_epoch))
            .filter(sessions::key_hash.eq(hash))
            .filter(sessions::expires_at.gt(now))
            .filter(sessions::ends_at.gt(now))
            .select((sessions::account_id, sessions::handle, sessions::state))
            .first::<(AccountId, String, String)>(db)?;
        let account = accounts::table.find(session.0).select(Account::as_select()).first(db)?;
        let gift = promo_gifts::table
            .filter(promo_gifts::account_id.eq(session.0))
            .filter(promo_gifts::spent_at.is_null())
            .filter(promo_gifts::expires_at.gt(now))
            .select((
                promo_gifts::code,
                promo_gifts::amount_minor,
                promo_gifts::currency,
                promo_gifts::expires_at,
            ))
            .first::<(String, i64, Currency, Moment)>(db)
            .optional()?;
        let cards = cards::table
            .filter(cards::account_id.eq(session.0))
            .filter(cards::ended_at.is_null())
            .order(cards::id.desc())
            .limit(20)
            .select(Card::as_select())
            .load(db)?;
        let begun_at = sessions::table
            .filter(sessions::account_id.eq(session.0))
            .filter(sessions::handle.eq(&session.1))
            .select(sessions::created_at)
            .first::<Moment>(db)?;
        let before = activity::table
            .filter(activity::account_id.eq(session.0))
            .filter(activity::kind.eq("signed-in"))
            .filter(activity::at.lt(begun_at))
            .order(activity::id.desc())
            .select(ActivityEntry::as_select())
            .first(db)
            .optional()?;
        Ok((session, account, gift, cards, before))
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
        // As the portal sets its own up, for reading.
        let setup = "PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA cache_size = -2000; \
                     PRAGMA temp_store = MEMORY";
        db.batch_execute(setup).map_err(diesel::r2d2::Error::QueryError)
    }
}
