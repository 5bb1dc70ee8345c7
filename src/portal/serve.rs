//! The portal's server: actix's own, with a place for each connection before anything is read from it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol};
use actix_service::{IntoServiceFactory, ServiceFactoryExt, map_config};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, Server, ServiceFactory, ServiceRequest, ServiceResponse, fn_service};
use actix_web::middleware::from_fn;
use actix_web::{App, Error};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpStream;

use crate::connections::{Bounds, Connection, Connections, hold_place};
use crate::web::State;

const HEAD_WAIT: Duration = Duration::from_secs(5);
/// Longer than proxies keep a connection that they do not use (nginx 60 s, Caddy two minutes): the proxy is the one that closes,
/// and no form is sent into a connection that has just ended.
const KEEP_ALIVE: Duration = Duration::from_secs(150);
/// How long an answer may wait for the rest of a form that nobody reads, before the connection is closed.
const LINGER: Duration = Duration::from_secs(1);
const SHUTDOWN_SECONDS: u64 = 30;
/// Of each worker: the eight reads that run at the same time may all be waiting here for a silent database, and pages are packed beside
/// them.
const BLOCKING_THREADS: usize = 16;

/// Some 20 KiB of memory each, which the allocator keeps for the next ones: a crowd costs 40 MiB, once.
const CONNECTIONS: usize = 2_048;
const CONNECTIONS_OF_CLIENT: usize = 128;
/// Of one client at a time: forms are small, and come with their heads.
const BODIES_OF_CLIENT: usize = 32;
/// For whoever asks from this machine how the portal is.
const KEPT: usize = 8;
/// Of eight places, one more may be taken for a moment, until those that are told to end are gone.
const LEAVING: usize = 8;
/// Descriptors that are left to databases, mail, SMS, the gateway, the log and the sandbox.
const DESCRIPTORS: usize = 256;

/// Serves what is made anew for each of its threads.
pub(super) fn serve<T>(
    state: &State,
    application: impl Fn() -> App<T> + Clone + Send + 'static,
) -> io::Result<Server>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = Error,
            InitError = (),
        > + 'static,
{
    let listen = state.settings.listen;
    let bounds = bounds(descriptors());
    let connections = Connections::new(bounds, state.settings.trusted_proxies.clone(), state.metrics.clone());
    tokio::spawn(Arc::clone(&connections).watch());
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let builder = Server::build();
    let draining = builder.graceful_shutdown_signal();
    let server = builder
        .workers(workers)
        .worker_max_blocking_threads(BLOCKING_THREADS)
        .max_concurrent_connections((bounds.total + bounds.total / LEAVING).div_ceil(workers))
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .disable_signals()
        .bind("portal", listen, move || {
            let connections = Arc::clone(&connections);
            let app = application().wrap(from_fn(hold_place));
            let app = app.into_factory().map_err(|error: Error| error.error_response());
            let draining = draining.clone();
            let http = HttpService::build()
                .keep_alive(KEEP_ALIVE)
                .client_request_timeout(HEAD_WAIT)
                .client_disconnect_timeout(LINGER)
                .graceful_shutdown_signal(move || {
                    let draining = draining.clone();
                    async move { draining.notified().await }
                })
                .local_addr(listen)
                .on_connect_ext(Connection::show)
                .finish(map_config(app, |()| AppConfig::default()));
            fn_service(move |stream: TcpStream| {
                let connections = Arc::clone(&connections);
                async move { accept(stream, &connections).await }
            })
            .and_then(http)
        });
    Ok(server?.run())
}

async fn accept(
    stream: TcpStream,
    connections: &Arc<Connections>,
) -> Result<(Connection, Protocol, Option<SocketAddr>), DispatchError> {
    let peer = stream.peer_addr().ok();
    let refused = |no_place| DispatchError::Io(io::Error::other(no_place));
    let connection = Connection::accept(stream, connections).await.map_err(refused)?;
    Ok((connection, Protocol::Http1, peer))
}

/// How many descriptors there may be: as many as all places need, where the system allows it.
fn descriptors() -> usize {
    let needed = DESCRIPTORS + CONNECTIONS + CONNECTIONS / LEAVING;
    let wanted = u64::try_from(needed).unwrap_or(u64::MAX);
    let allowed = getrlimit(Resource::Nofile);
    let Some(current) = allowed.current.filter(|current| *current < wanted) else { return needed };
    let raised = allowed.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    let limit = Rlimit { current: Some(raised), maximum: allowed.maximum };
    let available = match setrlimit(Resource::Nofile, limit) {
        Ok(()) => raised,
        Err(error) => {
            tracing::warn!(%error, current, "the number of open files cannot be raised");
            current
        }
    };
    usize::try_from(available).unwrap_or(needed)
}

/// As many places as there are descriptors for, with those that are on their way out.
fn bounds(descriptors: usize) -> Bounds {
    let own = DESCRIPTORS.min(descriptors / 2);
    let total = ((descriptors - own) * LEAVING / (LEAVING + 1)).clamp(1, CONNECTIONS);
    let per_client = CONNECTIONS_OF_CLIENT.min(total.div_ceil(4));
    let bodies = BODIES_OF_CLIENT.min(per_client.div_ceil(2));
    Bounds { total, per_client, bodies, kept: KEPT.min(total / LEAVING) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_never_need_more_descriptors_than_there_are() {
        for descriptors in [2, 64, 256, 512, 1_024, 4_096, 4_864, 20_000, 1_048_576] {
            let Bounds { total, per_client, bodies, kept } = bounds(descriptors);
            let own = DESCRIPTORS.min(descriptors / 2);
            assert!((1..=CONNECTIONS).contains(&total), "{descriptors}: {total}");
            assert!(total + total / LEAVING + own <= descriptors, "{descriptors}: {total}");
            assert!((1..=CONNECTIONS_OF_CLIENT).contains(&per_client), "{descriptors}: {per_client}");
            assert!(
                (1..=per_client).contains(&bodies) && kept <= total / LEAVING,
                "{descriptors}: {bodies}, {kept}"
            );
        }
        assert_eq!(bounds(DESCRIPTORS + CONNECTIONS + CONNECTIONS / LEAVING).total, CONNECTIONS);
        assert_eq!(bounds(1_024), Bounds { total: 682, per_client: 128, bodies: 32, kept: KEPT });
    }

    /// Idle seconds after which proxies close a connection to us, as they are set out of the box.
    #[test]
    fn a_proxy_closes_before_we_do() {
        let (nginx, caddy) = (60, 120);
        assert!(KEEP_ALIVE > Duration::from_secs(nginx.max(caddy)) + HEAD_WAIT);
    }
}
