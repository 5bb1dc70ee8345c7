//! A running portal: database, worker, sandbox and servers, started and stopped in order.

mod serve;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{Server, ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpRequest, HttpResponse, HttpServer, web};
use diesel::prelude::*;
use prometheus_client::encoding::prometheus_text::CONTENT_TYPE;
use tokio::task::JoinHandle;
use url::Url;

use self::serve::serve;
use crate::access::sign_in::{self, second_step, unlock};
use crate::access::{invitation, recovery, registration};
use crate::accounts::{activity, ended_session, mailed_link};
use crate::base::{Clock, Keys, Purpose, SecretFileError};
use crate::cards::expiring;
use crate::cards::gateway_access::GatewayAccess;
use crate::cards::stuck_money::Operator;
use crate::config::{CardEntry, DatabaseUrl, GatewayUrl, Sandbox, SettingError, Settings};
use crate::connections::own_host::is_for_private;
use crate::credentials::hashing::Hashers;
use crate::credentials::{reauthentication, second_factor, sessions};
use crate::db::schema::system_state;
use crate::db::{StartError, Store, is_new, migrate};
use crate::gateway::{self, Gateway, Opening};
use crate::limits::{self, Declared};
use crate::notices::{Carriers, Mail, Sms, WorkerSignal, outbox};
use crate::one_time_code::{self, sms_limits};
use crate::profile::{self, phone_change};
use crate::sandbox::bank::{CallbackSender, Secrets};
use crate::sandbox::{self, Bank, FileError, Inviter, Mailbox, Pages};
use crate::web::{State, pack_answers, refuse_encoded, request_middleware, whole_body};
use crate::worker::{CardWork, MaintenanceTask, Worker, WorkerHandle};
use crate::{app, cards, landing, texts};

const FINGERPRINT: &str = "secret_file";
/// What each room forgets when its time has come.
pub const MAINTENANCE_TASKS: [MaintenanceTask; 13] = [
    registration::delete_expired,
    mailed_link::delete_expired,
    activity::delete_expired,
    limits::delete_expired,
    one_time_code::delete_expired,
    sessions::delete_expired,
    ended_session::delete_expired,
    outbox::delete_expired,
    recovery::delete_expired,
    invitation::delete_expired,
    second_step::delete_expired,
    phone_change::delete_expired,
    expiring::delete_expired,
];

/// Every limit there is, room by room.
pub const LIMITS: &[&[Declared]] = &[
    sms_limits::LIMITS,
    activity::LIMITS,
    mailed_link::LIMITS,
    reauthentication::LIMITS,
    second_factor::LIMITS,
    sign_in::LIMITS,
    second_step::LIMITS,
    unlock::LIMITS,
    recovery::LIMITS,
    invitation::LIMITS,
    profile::LIMITS,
    phone_change::LIMITS,
    cards::limits::LIMITS,
    landing::verify::LIMITS,
];

#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error("KABINET_SECRET_FILE: {0}")]
    Secret(#[from] SecretFileError),
    #[error(
        "KABINET_SECRET_FILE: the database was made with another secret file; without that one nobody can sign in. Put it back"
    )]
    AnotherSecret,
    #[error(
        "KABINET_DATABASE_URL: {database:?} is empty, but the secret file {secret} is older: this looks like a database that is lost, or a copy \
         without its log. Put the database back; or, if a new one is meant, make it with `kabinet migrate`"
    )]
    NewDatabase { database: DatabaseUrl, secret: String },
    #[error("KABINET_DATABASE_URL: {0}")]
    Database(#[from] StartError),
    #[error("KABINET_SANDBOX_FILE: {0}")]
    Sandbox(#[from] FileError),
    #[error("{variable}: cannot listen on {listen}: {source}")]
    Listen { variable: &'static str, listen: SocketAddr, source: io::Error },
    #[error("cannot start a thread: {0}")]
    Thread(#[from] io::Error),
}

/// Everything that runs.
pub struct Portal {
    state: Arc<State>,
    access: Arc<GatewayAccess>,
    worker: WorkerHandle,
    servers: Vec<Running>,
    /// The sandbox's server and the bank's callbacks: the worker speaks to them until it has stopped.
    outside: Option<(Running, JoinHandle<()>)>,
}

type Running = (ServerHandle, JoinHandle<io::Result<()>>);

/// The sandbox: opened, not served yet.
struct Outside {
    listener: TcpListener,
    mailbox: Mailbox,
    bank: Bank,
    secrets: Secrets,
    gateway: GatewayUrl,
}

impl Portal {
    /// Brings the database up to date and starts everything.
    pub async fn start(settings: Settings, clock: Clock) -> Result<Portal, PortalError> {
        texts::use_site(settings.site(gateway::card_brands(settings.gateway.as_ref())));
        if let Some(url) = &settings.gateway {
            gateway::check(url).map_err(|problem| SettingError::new("KABINET_GATEWAY_URL", problem))?;
            if settings.card_entry == CardEntry::HostedRedirect && !gateway::has_card_page(url) {
                let problem = format!(
                    "hosted_redirect needs a gateway with a page for cards that works without JavaScript; {} has none",
                    url.name
                );
                return Err(SettingError::new("KABINET_CARD_ENTRY", problem).into());
            }
        }
        // A new database is made beside a new secret file, or on purpose by `kabinet migrate`.
        if is_new(&settings.database)? && settings.secret_file.exists() {
            let secret = settings.secret_file.display().to_string();
            return Err(PortalError::NewDatabase { database: settings.database, secret });
        }
        migrate(&settings.database)?;
        let keys = Keys::open(&settings.secret_file)?;
        let store = Store::open(&settings.database)?;
        store.check();
        hold_to_one_secret(&store, &keys).await?;
        let outside = settings.sandbox.as_ref().map(|sandbox| outside(sandbox, &keys, &clock)).transpose()?;
        let carriers = carriers(&settings, outside.as_ref().map(|outside| &outside.mailbox))?;
        let gateway = gateway(&settings, outside.as_ref(), &clock)?;
        let signal = WorkerSignal::default();
        let ringing = signal.clone();
        let access = Arc::new(GatewayAccess::new(gateway, &settings));
        let state = State::new(settings, store, keys, clock, move || ringing.ring());
        let cards = CardWork {
            txs: state.txs.clone(),
            access: Arc::clone(&access),
            signal: signal.clone(),
            operator: Operator { mail: state.settings.operator_mail.as_ref().map(ToString::to_string) },
            metrics: state.metrics.clone(),
        };
        let (txs, maintenance) = (state.txs.clone(), MAINTENANCE_TASKS.to_vec());
        let worker = Worker { txs, carriers, signal, maintenance, cards: Some(cards) }.start()?;
        // Loads the tables of phone numbers, so that the first visitor does not wait for them.
        std::thread::spawn(|| crate::accounts::identifiers::phone::Phone::parse_any("+79991234567"));
        let hashers = Hashers::start(state.settings.hash_wait)?;
        let mut servers = vec![run(serve_pages(&state, &access, hashers)?)];
        if let Some(listen) = state.settings.metrics_listen {
            servers.push(run(serve_metrics(&state, &access, listen)?));
        }
        let outside = outside.map(|outside| outside.serve(&state)).transpose()?;
        Ok(Portal { state, access, worker, servers, outside })
    }

    pub fn settings(&self) -> &Settings {
        &self.state.settings
    }

    /// In order: no new requests and the running ones answered, messages on their way finished, the write queue emptied.
    pub async fn stop(self) {
        self.access.waiting.close();
        stop_all(self.servers).await;
        self.worker.stop().await;
        if let Some((sandbox, callback_sender)) = self.outside {
            callback_sender.abort();
            stop_all(vec![sandbox]).await;
        }
        self.state.store.close();
    }
}

async fn stop_all(servers: Vec<Running>) {
    for (handle, _) in &servers {
        handle.stop(true).await;
    }
    for (_, server) in servers {
        if let Ok(Err(error)) = server.await {
            tracing::error!(%error, "a server ended badly");
        }
    }
}

/// The address is taken first: the bank tells it to cardholders.
fn outside(sandbox: &Sandbox, keys: &Keys, clock: &Clock) -> Result<Outside, PortalError> {
    let listener =
        sandbox::bind(sandbox.listen).map_err(listening("KABINET_SANDBOX_LISTEN", sandbox.listen))?;
    let no_address = |_error| SettingError::new("KABINET_SANDBOX_LISTEN", "cannot be written as a URL");
    let home = Url::parse(&format!("http://{}/", listener.local_addr()?)).map_err(no_address)?;
    let secrets = Secrets::of(keys);
    Ok(Outside {
        listener,
        mailbox: Mailbox::open(&sandbox.database, clock.clone())?,
        bank: Bank::open(&sandbox.bank(), secrets.clone(), home.clone(), clock.clone())?,
        gateway: secrets.gateway(&home),
        secrets,
    })
}

impl Outside {
    fn serve(self, state: &State) -> Result<(Running, JoinHandle<()>), PortalError> {
        let settings = &state.settings;
        let unusable = |problem| SettingError::new("KABINET_PUBLIC_URL", problem);
        let secret = state.keys.keyed_hash(Purpose::Sandbox, &[b"invitations"]);
        let inviter = Inviter::new(settings.listen, settings.public_url.authority(), secret);
        let callback_sender =
            CallbackSender::new(self.bank.clone(), settings.link("/gateway/callbacks")).map_err(unusable)?;
        let pages = Pages { mailbox: self.mailbox, bank: self.bank, portal: settings.link(""), inviter };
        Ok((run(sandbox::serve(self.listener, pages)?), tokio::spawn(callback_sender.run())))
    }
}

/// The gateway that is set, else the sandbox bank.
fn gateway(
    settings: &Settings,
    outside: Option<&Outside>,
    clock: &Clock,
) -> Result<Arc<dyn Gateway>, PortalError> {
    let set = settings
        .gateway
        .as_ref()
        .map(|url| (url, settings.gateway_secret.as_ref().map(|secret| secret.as_bytes().to_vec())));
    let sandbox = || outside.map(|outside| (&outside.gateway, Some(outside.secrets.callbacks.clone())));
    let unusable = |problem: String| SettingError::new("KABINET_GATEWAY_URL", problem);
    let (url, secret) =
        set.or_else(sandbox).ok_or_else(|| unusable("must be set when the sandbox is off".to_owned()))?;
    Ok(gateway::open(Opening { url, secret, clock: clock.clone() }).map_err(unusable)?)
}

fn carriers(settings: &Settings, mailbox: Option<&Mailbox>) -> Result<Carriers, PortalError> {
    let unset =
        |variable| PortalError::Setting(SettingError::new(variable, "must be set when the sandbox is off"));
    Ok(Carriers {
        mail: match (&settings.mail, mailbox) {
            (Some(url), _) => {
                Arc::new(Mail::new(url, &settings.mail_hello, &settings.mail_from, &settings.brand)?)
            }
            (None, Some(mailbox)) => Arc::new(mailbox.clone()),
            (None, None) => return Err(unset("KABINET_SMTP_URL")),
        },
        sms: match (&settings.sms, mailbox) {
            (Some(url), _) => Arc::new(Sms::new(url)),
            (None, Some(mailbox)) => Arc::new(mailbox.clone()),
            (None, None) => return Err(unset("KABINET_SMS_URL")),
        },
    })
}

/// A database and a secret file belong together from the first start on.
async fn hold_to_one_secret(store: &Store, keys: &Keys) -> Result<(), PortalError> {
    let ours = keys.fingerprint();
    let mine = ours.clone();
    let known = store
        .write(move |db| {
            let known = system_state::table
                .find(FINGERPRINT)
                .select(system_state::value)
                .first::<String>(db)
                .optional()?;
            if known.is_none() {
                diesel::insert_into(system_state::table)
                    .values((system_state::name.eq(FINGERPRINT), system_state::value.eq(&mine)))
                    .execute(db)?;
            }
            Ok(known)
        })
        .await
        .map_err(|error| store.start_error(&error))?;
    if known.is_none_or(|known| known == ours) { Ok(()) } else { Err(PortalError::AnotherSecret) }
}

/// What answers requests: the routes with everything around them. Tests ask it without a socket, with a clock of their own.
pub fn application(
    state: &Arc<State>,
    access: &Arc<GatewayAccess>,
    hashers: &Hashers,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .app_data(web::Data::from(Arc::clone(state)))
        .app_data(web::Data::from(Arc::clone(access)))
        .app_data(web::Data::new(hashers.clone()))
        .configure(|routes| app::routes(routes, state))
        .wrap(from_fn(pack_answers))
        .wrap(from_fn(request_middleware))
}

fn serve_pages(
    state: &Arc<State>,
    access: &Arc<GatewayAccess>,
    hashers: Hashers,
) -> Result<Server, PortalError> {
    let listen = state.settings.listen;
    let (own, access) = (Arc::clone(state), Arc::clone(access));
    serve(state, move || application(&own, &access, &hashers)).map_err(listening("KABINET_LISTEN", listen))
}

fn serve_metrics(
    state: &Arc<State>,
    access: &Arc<GatewayAccess>,
    listen: SocketAddr,
) -> Result<Server, PortalError> {
    let (state, access) = (Arc::clone(state), Arc::clone(access));
    let make = move || {
        App::new()
            .wrap(from_fn(refuse_encoded))
            .wrap(from_fn(whole_body))
            .app_data(web::Data::from(Arc::clone(&state)))
            .app_data(web::Data::from(Arc::clone(&access)))
            .route("/metrics", web::get().to(metrics))
    };
    let server = HttpServer::new(make).workers(1).disable_signals();
    Ok(server.bind(listen).map_err(listening("KABINET_METRICS_LISTEN", listen))?.run())
}

/// GET /metrics
async fn metrics(
    request: HttpRequest,
    state: web::Data<State>,
    access: web::Data<GatewayAccess>,
) -> HttpResponse {
    // A page elsewhere, whose name is pointed at this machine, must not read them through somebody's browser.
    if !is_for_private(request.head(), &state.settings.public_url) {
        let told =
            "ask by an IP address, by a name of your own network, or by the host of KABINET_PUBLIC_URL\n";
        return HttpResponse::MisdirectedRequest().content_type("text/plain; charset=utf-8").body(told);
    }
    state.metrics.gateway_is_asked(access.gateway.is_asked());
    HttpResponse::Ok().content_type(CONTENT_TYPE).body(state.metrics.render())
}

fn listening(variable: &'static str, listen: SocketAddr) -> impl FnOnce(io::Error) -> PortalError {
    move |source| PortalError::Listen { variable, listen, source }
}

fn run(server: Server) -> Running {
    (server.handle(), tokio::spawn(server))
}

#[cfg(test)]
mod message_tests;
