//! A plain HTTP/1.1 client over one socket: nothing is normalised on the way, so that a test can be as rude as it likes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use super::html::Page;

const ANSWER_WITHIN: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The path that was asked.
    pub path: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub fn headers(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn page(&self) -> Page {
        Page::read(&self.text())
    }

    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.path, self.text()))
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{} answered:\n{}", self.path, self.page().text());
        self
    }

    /// To the sign-in page, which knows where its reader was going.
    #[track_caller]
    pub fn asks_to_sign_in(self) -> Answer {
        let seen = (self.status, self.location().split('?').next().unwrap_or_default());
        assert_eq!(seen, (303, "/sign-in"), "{} answered:\n{}", self.path, self.page().text());
        self
    }

    #[track_caller]
    pub fn goes_to(self, path: &str) -> Answer {
        let seen = (self.status, self.location());
        assert_eq!(seen, (303, path), "{} answered:\n{}", self.path, self.page().text());
        self
    }
}

/// A connection from one of this machine's many addresses (127.0.0.0/8): as many visitors as a test wants.
pub fn connect_from(source: Ipv4Addr, address: SocketAddr) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((source, 0)).into())?;
    socket.connect_timeout(&address.into(), Duration::from_secs(5))?;
    Ok(socket.into())
}

/// Sends exactly these bytes and reads one answer. None: the other side closed without a word.
pub fn exchange(address: SocketAddr, request: &[u8]) -> Option<Answer> {
    ask(TcpStream::connect_timeout(&address, Duration::from_secs(5)).ok()?, request)
}

/// The same over a connection that somebody has made.
pub fn ask(mut stream: TcpStream, request: &[u8]) -> Option<Answer> {
    stream.set_read_timeout(Some(Duration::from_millis(500))).ok()?;
    stream.set_write_timeout(Some(Duration::from_secs(10))).ok()?;
    // A refusal may come before the whole body is written: then the write fails, and the answer is there to read.
    let _ = stream.write_all(request).and_then(|()| stream.flush());
    let bare = request.starts_with(b"HEAD ");
    read_answer(&mut stream, bare)
}

fn read_answer(stream: &mut TcpStream, bare: bool) -> Option<Answer> {
    let until = Instant::now() + ANSWER_WITHIN;
    let mut taken = Vec::new();
    let mut chunk = [0_u8; 16 * 1024];
    while Instant::now() < until {
        if let Some(answer) = parse(&taken, bare, false) {
            return Some(answer);
        }
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => taken.extend_from_slice(&chunk[..read]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
    }
    parse(&taken, bare, true)
}

fn parse(taken: &[u8], bare: bool, ended: bool) -> Option<Answer> {
    let end = taken.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&taken[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let mut answer = Answer { status, headers, ..Answer::default() };
    let rest = &taken[end + 4..];
    if (100..200).contains(&status) {
        return parse(rest, bare, ended);
    }
    let length = answer.header("content-length").and_then(|length| length.parse::<usize>().ok());
    let chunked = answer.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked"));
    answer.body = match (bare || status == 204 || status == 304, chunked, length) {
        (true, ..) => Vec::new(),
        (_, true, _) => unchunked(rest)?,
        (_, _, Some(length)) if rest.len() >= length => rest[..length].to_vec(),
        (_, _, None) if ended => rest.to_vec(),
        _ => return None,
    };
    Some(answer)
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?.trim(), 16).ok()?;
        rest = rest.get(end + 2..)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

pub fn encoded(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        body.append_pair(name, value);
    }
    body.finish().into_bytes()
}
