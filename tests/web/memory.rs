//! What the running binary still holds in its memory once a card's form has been answered: its writable pages are read from outside
//! and searched.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use crate::support::browser::{Browser, FORM};
use crate::support::portal::Portal;

/// Taken by the sandbox bank; mistyped; a real-looking one that the bank does not take.
const TEST_CARDS: [&str; 3] = ["5555555555554444", "5555555555554445", "4111111111111111"];
const CODE: &str = "977";

const PAGE_BYTES: u64 = 4096;

/// The parts of a range of addresses that hold anything: what was reserved and never touched reads as zeros, for gigabytes. (A word a
/// page; its two highest bits say that the page is in memory or swapped out.)
fn touched(pagemap: &File, from: u64, to: u64) -> Vec<(u64, u64)> {
    let pages = usize::try_from((to - from) / PAGE_BYTES).unwrap();
    let mut words = vec![0; pages * 8];
    pagemap.read_exact_at(&mut words, from / PAGE_BYTES * 8).unwrap();
    let mut parts: Vec<(u64, u64)> = Vec::new();
    for (page, word) in (0..).zip(words.chunks(8)) {
        if u64::from_le_bytes(word.try_into().unwrap()) >> 62 == 0 {
            continue;
        }
        let begin = from + page * PAGE_BYTES;
        match parts.last_mut() {
            Some((_, end)) if *end == begin => *end += PAGE_BYTES,
            _ => parts.push((begin, begin + PAGE_BYTES)),
        }
    }
    parts
}

/// How often a text stands in the memory that the process can write to: heap, stacks, buffers.
fn found(pid: u32, texts: &[String]) -> Vec<String> {
    let open = |what: &str| File::open(format!("/proc/{pid}/{what}")).unwrap();
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let (memory, pagemap) = (open("mem"), open("pagemap"));
    let mut found = Vec::new();
    for line in
        maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw")))
    {
        let (from, to) = line.split(' ').next().and_then(|range| range.split_once('-')).unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        for (from, to) in touched(&pagemap, from, to) {
            let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
            // What was given back meanwhile is gone.
            if memory.read_exact_at(&mut bytes, from).is_err() {
                continue;
            }
            for text in texts {
                let places =
                    bytes.windows(text.len()).enumerate().filter(|(_, window)| *window == text.as_bytes());
                found.extend(places.map(|(at, _)| {
                    let around = &bytes[at.saturating_sub(120)..(at + 40).min(bytes.len())];
                    format!("{text} in {line}: {}", String::from_utf8_lossy(around).replace('\0', "·"))
                }));
            }
        }
    }
    found
}

/// Sends it on a connection that stays open on this side, and reads the answer's status.
fn sends_and_stays(anna: &Browser, portal: &Portal, body: &[u8]) -> (TcpStream, u16) {
    let mut stream = TcpStream::connect(portal.listen()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let request = String::from_utf8(anna.request("POST", "/cards", &[FORM], Some(body))).unwrap();
    stream.write_all(request.replace("connection: close\r\n", "").as_bytes()).unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    (stream, std::str::from_utf8(&head[9..]).unwrap().parse().unwrap())
}

#[test]
fn neither_number_nor_code_stays_in_memory_after_the_answer() {
    let portal = Portal::with().set("KABINET_BRAND", "Remembered").start();
    let pid = portal.pid();
    assert!(!found(pid, &["Remembered".to_owned()]).is_empty(), "what is in memory is found");
    for number in TEST_CARDS {
        let mut anna = portal.registers().browser;
        let form = anna.opens("/cards/new").form_to("/cards").unwrap();
        let card =
            [("number", number), ("holder", "ANNA PETROVA"), ("expiry", "12/35"), ("security_code", CODE)];
        let (_open, status) = sends_and_stays(&anna, &portal, &form.filled(&card));
        assert!(matches!(status, 303 | 422), "{number}: {status}");
        let texts = [number.to_owned(), format!("security_code={CODE}"), format!("\"code\":\"{CODE}\"")];
        let until = Instant::now() + Duration::from_secs(5);
        let mut left = found(pid, &texts);
        // The last buffers go when the connections to the browser and the bank are closed, a moment after the answer.
        while !left.is_empty() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(200));
            left = found(pid, &texts);
        }
        assert!(left.is_empty(), "{left:#?}");
    }
}
