//! One connection that has its place: the socket, and what a request tells the place of itself.

use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::connections::{Connections, NoPlace, Place};

/// What somebody reads for whom there is no place. A proxy passes it on; it may come again in a moment.
const REFUSED: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\ncontent-length: 0\r\n\
    content-security-policy: default-src 'none'\r\ncache-control: no-store\r\n\r\n";

/// A socket that has a place, and gives it back when it is closed.
pub struct Connection {
    stream: TcpStream,
    seat: Seat,
}

#[derive(Clone)]
struct Seat {
    place: Arc<Place>,
    connections: Arc<Connections>,
}

impl Connection {
    /// Takes a place. Whoever gets none is told so, and gone.
    pub fn accept(stream: TcpStream, connections: &Arc<Connections>) -> Result<Connection, NoPlace> {
        let ip = stream.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip());
        match connections.enter(ip) {
            Ok(place) => {
                let connections = Arc::clone(connections);
                Ok(Connection { stream, seat: Seat { place, connections } })
            }
            Err(refused) => {
                // No waiting: either the system takes these few bytes at once, or nobody reads them.
                let _ = stream.try_write(REFUSED);
                Err(refused)
            }
        }
    }

    /// For the server: what each request of this connection finds.
    pub fn show(&self, extensions: &mut Extensions) {
        extensions.insert(self.seat.clone());
    }

    fn closed() -> io::Error {
        io::Error::new(io::ErrorKind::ConnectionAborted, "the connection gave way to another")
    }

    fn wrote<T>(&self, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        let Seat { place, connections } = &self.seat;
        match polled {
            Poll::Pending => connections.stalled(place),
            Poll::Ready(_) => connections.goes_on(place),
        }
        polled
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.seat.connections.leave(&self.seat.place);
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // As if the other side had closed: what is under way ends in order.
        if self.seat.place.is_closing(cx.waker()) {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.seat.connections.heard(&self.seat.place);
        }
        polled
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.seat.place.is_closing(cx.waker()) {
            return Poll::Ready(Err(Connection::closed()));
        }
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(cx);
        if polled.is_ready() {
            self.seat.connections.is_flushed(&self.seat.place);
        }
        polled
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Keeps the place of a request's connection until its answer is sent.
pub async fn hold_place(
    request: ServiceRequest,
    next: Next<impl MessageBody + Unpin>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let held = request.request().conn_data::<Seat>().map(|seat| {
        seat.connections.begin(&seat.place);
        Held(Arc::clone(&seat.place))
    });
    let response = next.call(request).await?;
    Ok(response.map_body(|_, body| HeldBody { body, _held: held }))
}

struct Held(Arc<Place>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.is_answered();
    }
}

struct HeldBody<B> {
    body: B,
    _held: Option<Held>,
}

impl<B: MessageBody + Unpin> MessageBody for HeldBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, B::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
