//! As much of an HTTP client as the measurements need: one connection, kept alive, one request at a time.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

const PATIENCE: Duration = Duration::from_secs(20);
const HEAD_END: &[u8] = b"\r\n\r\n";

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub struct Answer<'a> {
    pub status: u16,
    pub head: &'a str,
    pub body: &'a [u8],
    /// All that came over the wire.
    pub bytes: usize,
}

impl Connection {
    pub fn open(server: SocketAddr) -> Result<Connection> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Connection { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    pub fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request)?;
        self.buffer.clear();
        let head_bytes = loop {
            self.read_more()?;
            if let Some(at) = self.buffer.windows(HEAD_END.len()).position(|part| part == HEAD_END) {
                break at + HEAD_END.len();
            }
        };
        match self.header(head_bytes, "content-length") {
            Some(length) => {
                let whole = head_bytes + length.parse::<usize>()?;
                while self.buffer.len() < whole {
                    self.read_more()?;
                }
            }
            None if self.header(head_bytes, "transfer-encoding") == Some("chunked") => {
                while !self.buffer.ends_with(b"\r\n0\r\n\r\n") {
                    self.read_more()?;
                }
            }
            None => {}
        }
        let (head, body) = self.buffer.split_at(head_bytes);
        let head = std::str::from_utf8(head)?;
        let status = head.get(9..12).context("no status")?.parse()?;
        Ok(Answer { status, head, body, bytes: self.buffer.len() })
    }

    fn read_more(&mut self) -> Result<()> {
        let mut part = [0; 16 * 1024];
        let count = self.stream.read(&mut part)?;
        ensure!(count > 0, "the server closed the connection");
        self.buffer.extend(part.iter().take(count));
        Ok(())
    }

    fn header(&self, head_bytes: usize, name: &str) -> Option<&str> {
        let head = self.buffer.get(..head_bytes)?;
        header(std::str::from_utf8(head).ok()?, name)
    }
}

impl Answer<'_> {
    pub fn header(&self, name: &str) -> Option<&str> {
        header(self.head, name)
    }

    /// The value of a cookie that this answer sets, with its name: as a browser sends it back.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let set = self.head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        set.filter_map(|cookie| cookie.split(';').next())
            .find(|pair| pair.split('=').next() == Some(name))
            .map(str::to_owned)
    }

    pub fn text(&self) -> Result<&str> {
        Ok(std::str::from_utf8(self.body)?)
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// A GET; `more` is further header lines, each with its end of line.
pub fn get(path: &str, more: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/html\r\n{more}\r\n").into_bytes()
}

pub fn post(path: &str, more: &str, form: &str) -> Vec<u8> {
    let length = form.len();
    let kind = "content-type: application/x-www-form-urlencoded";
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{kind}\r\ncontent-length: {length}\r\n{more}\r\n{form}"
    )
    .into_bytes()
}

/// Asks the same over several connections for a while, each as fast as answers come. Returns how many were answered.
pub fn flood(server: SocketAddr, request: &[u8], connections: usize, time: Duration) -> Result<u32> {
    let one = || -> Result<u32> {
        let mut connection = Connection::open(server)?;
        let (began, mut answered) = (Instant::now(), 0);
        while began.elapsed() < time {
            let status = connection.ask(request)?.status;
            if status != 200 {
                bail!("answered {status} instead of 200");
            }
            answered += 1;
        }
        Ok(answered)
    };
    std::thread::scope(|threads| {
        let running: Vec<_> = (0..connections).map(|_| threads.spawn(one)).collect();
        running
            .into_iter()
            .map(|thread| thread.join().map_err(|_panic| anyhow::anyhow!("a client broke"))?)
            .sum()
    })
}
