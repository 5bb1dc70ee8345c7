//! One connection that has its place: the socket, and what a request tells the place of itself.

use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::Error;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{Extensions, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::book::{NoPlace, Place};
use super::places::Connections;

/// What somebody reads for whom there is no place. A proxy passes it on; it may come again in a moment.
const REFUSED: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\ncontent-length: 0\r\n\
    content-security-policy: default-src 'none'\r\ncache-control: no-store\r\n\r\n";

/// How long somebody who gets no place may take to ask, and to hear it.
const TELL_WAIT: Duration = Duration::from_secs(1);

/// A socket that has a place, and gives it back when it is closed.
pub struct Connection {
    stream: TcpStream,
    seat: Seat,
}

/// The place as requests of its connection know it.
#[derive(Clone)]
pub(crate) struct Seat {
    place: Arc<Place>,
    connections: Arc<Connections>,
}

impl Seat {
    /// The body of the request is not whole.
    pub fn receives(&self, sender: IpAddr) {
        self.connections.receive(&self.place, sender);
    }

    /// It is, or nobody waits for the rest.
    pub fn has_received(&self) {
        self.connections.begin(&self.place);
    }

    /// Whether few places are left, for anybody or for this client: whoever can answer now should.
    pub fn is_short(&self) -> bool {
        self.connections.is_short(&self.place)
    }

    /// The body was not waited for, for want of places.
    pub fn gave_way(&self) -> bool {
        self.place.gave_way()
    }
}

impl Connection {
    /// Takes a place. Whoever gets none is told so, and gone.
    pub async fn accept(stream: TcpStream, connections: &Arc<Connections>) -> Result<Connection, NoPlace> {
        let ip = stream.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip());
        let near = stream.local_addr().is_ok_and(|own| own.ip().to_canonical() == ip.to_canonical());
        match connections.enter(ip, near) {
            Ok(place) => {
                let connections = Arc::clone(connections);
                Ok(Connection { stream, seat: Seat { place, connections } })
            }
            Err(refused) => {
                turn_away(stream, connections).await;
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
        let closing = self.seat.place.is_closing(cx.waker());
        if closing && !self.seat.gave_way() {
            return Poll::Ready(Err(Connection::closed()));
        }
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        // What somebody is told whose form was not waited for is taken by the system at once, or lost.
        if closing && polled.is_pending() {
            return Poll::Ready(Err(Connection::closed()));
        }
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

/// An answer to what was asked, not a cut line: a system that closes while something is unread takes back what it has sent. Where
/// too many are told already, these few bytes are taken at once or by nobody.
async fn turn_away(mut stream: TcpStream, connections: &Connections) {
    if !connections.tell() {
        let _ = stream.try_write(REFUSED);
        return;
    }
    let told = async {
        stream.readable().await?;
        stream.try_write(REFUSED)?;
        poll_fn(|cx| Pin::new(&mut stream).poll_shutdown(cx)).await?;
        let mut unread = [0; 4096];
        loop {
            stream.readable().await?;
            match stream.try_read(&mut unread) {
                Ok(0) => return Ok(()),
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                _ => {}
            }
        }
    };
    let _ = timeout(TELL_WAIT, told).await;
    connections.has_told();
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::super::book::Bounds;
    use super::*;
    use crate::config::TrustedProxies;
    use crate::metrics::Metrics;

    /// One request after another, all of them from one address, while as many as it may have are being answered.
    #[actix_web::test]
    async fn whoever_gets_no_place_is_answered_and_not_cut_off() {
        let bounds = Bounds { per_client: 1, ..Bounds::default() };
        let connections = Connections::new(bounds, TrustedProxies::default(), Metrics::new());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let comes = || {
            std::thread::spawn(move || {
                let mut stream = std::net::TcpStream::connect(address).unwrap();
                let form = [b'x'; 8 * 1024];
                stream.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 8192\r\n\r\n").unwrap();
                stream.write_all(&form).unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).map(|_| answer)
            })
        };
        let first = comes();
        let stream = listener.accept().await.unwrap().0;
        let answering = Connection::accept(stream, &connections).await.unwrap();
        connections.begin(&answering.seat.place);
        for _ in 0..5 {
            let other = comes();
            let stream = listener.accept().await.unwrap().0;
            assert_eq!(Connection::accept(stream, &connections).await.err(), Some(NoPlace::Client));
            let answer = other.join().unwrap().unwrap();
            assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: 5"), "{answer}");
        }
        drop(answering);
        let _ = first.join();
    }
}
