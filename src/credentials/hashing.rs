//! argon2id on threads of its own: as many as cores, each with its memory, behind a bounded queue.
//!
//! A hash takes some 16 ms of a core and 19 MiB. On request threads a storm of sign-ins would stop every other page, so the
//! work waits here; when it would wait too long (`KABINET_HASH_WAIT_SECONDS`), the person is asked to come again in a moment. The threads run at the
//! lowest priority: pages come first even when all cores hash.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::base::{constant_time_eq, random_bytes};

/// OWASP Password Storage, ASVS 11.4.2.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_BYTES: usize = 32;
const SALT_BYTES: usize = 16;
/// What a thread does in two seconds, roughly.
const QUEUE_PER_THREAD: usize = 120;
/// Verifying may use other parameters than ours, up to this: a damaged row cannot take all memory.
const MAX_MEMORY_KIB: u32 = 65_536;

/// Too much work: nothing was done.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the hashing queue is full")]
pub struct Overload;

/// What a password is compared with says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, and hashed with other parameters than today's: hash it again.
    RightButDated,
}

enum Work {
    Hash {
        password: Zeroizing<String>,
        reply: oneshot::Sender<Option<String>>,
    },
    Verify {
        password: Zeroizing<String>,
        password_hash: Zeroizing<String>,
        reply: oneshot::Sender<Option<Verdict>>,
    },
}

struct Task {
    work: Work,
    queued: Instant,
}

/// The hashing threads. Cheap to clone; they stop when the last clone is gone.
#[derive(Clone)]
pub struct Hashers {
    queue: SyncSender<Task>,
    /// Compared with when there is no such account: takes as long, is never right.
    nobody: Arc<str>,
    done: Arc<AtomicU64>,
}

impl Hashers {
    /// Starts as many threads as there are cores. Work that would wait longer than `patience` for one of them is given back undone.
    pub fn start(patience: Duration) -> std::io::Result<Hashers> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (queue, tasks) = sync_channel(threads.saturating_mul(QUEUE_PER_THREAD));
        let tasks = Arc::new(Mutex::new(tasks));
        let done = Arc::new(AtomicU64::new(0));
        for number in 0..threads {
            let (tasks, done) = (Arc::clone(&tasks), Arc::clone(&done));
            std::thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || work(&tasks, &done, patience))?;
        }
        let nobody =
            encode(&random_bytes::<SALT_BYTES>(), &random_bytes::<OUTPUT_BYTES>()).unwrap_or_default();
        Ok(Hashers { queue, nobody: nobody.into(), done })
    }

    /// The PHC string of a new password.
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<String, Overload> {
        let (reply, answer) = oneshot::channel();
        self.hand_over(Work::Hash { password, reply })?;
        answer.await.ok().flatten().ok_or(Overload)
    }

    /// Compares with a PHC string, or with nobody's: the same work either way.
    pub async fn verify(
        &self,
        password: Zeroizing<String>,
        password_hash: Option<Zeroizing<String>>,
    ) -> Result<Verdict, Overload> {
        let (reply, answer) = oneshot::channel();
        let password_hash = password_hash.unwrap_or_else(|| Zeroizing::new(self.nobody.to_string()));
        self.hand_over(Work::Verify { password, password_hash, reply })?;
        answer.await.ok().flatten().ok_or(Overload)
    }

    /// How often argon2 has run since the start. Whatever is asked about a known and an unknown account must raise it equally.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    fn hand_over(&self, work: Work) -> Result<(), Overload> {
        self.queue.try_send(Task { work, queued: Instant::now() }).map_err(|error| {
            if let TrySendError::Disconnected(_) = error {
                tracing::error!("the hashing threads are gone");
            }
            Overload
        })
    }
}

fn work(tasks: &Mutex<Receiver<Task>>, done: &AtomicU64, patience: Duration) {
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 19) {
        tracing::warn!(%error, "hashing threads keep the ordinary priority");
    }
    let mut memory = Vec::new();
    loop {
        let task = match tasks.lock() {
            Ok(tasks) => tasks.recv(),
            Err(_poisoned) => return,
        };
        let Ok(task) = task else { return };
        let late = task.queued.elapsed() > patience;
        if !late {
            done.fetch_add(1, Ordering::Relaxed);
        }
        match task.work {
            Work::Hash { password, reply } => {
                let made = if late { None } else { hash(&password, &mut memory) };
                let _ = reply.send(made);
            }
            Work::Verify { password, password_hash, reply } => {
                let verdict = if late { None } else { Some(verify(&password, &password_hash, &mut memory)) };
                let _ = reply.send(verdict);
            }
        }
    }
}

fn params() -> Option<Params> {
    Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES)).ok()
}

fn run(password: &str, salt: &[u8], out: &mut [u8], params: Params, memory: &mut Vec<Block>) -> Option<()> {
    memory.resize(params.block_count().max(memory.len()), Block::default());
    let blocks = memory.get_mut(..params.block_count())?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into_with_memory(password.as_bytes(), salt, out, blocks).ok()
}

fn hash(password: &str, memory: &mut Vec<Block>) -> Option<String> {
    let salt = random_bytes::<SALT_BYTES>();
    let mut out = Zeroizing::new([0; OUTPUT_BYTES]);
    run(password, &salt, out.as_mut_slice(), params()?, memory)?;
    encode(&salt, out.as_slice())
}

fn verify(password: &str, password_hash: &str, memory: &mut Vec<Block>) -> Verdict {
    compare(password, password_hash, memory).unwrap_or_else(|| {
        tracing::error!("a stored password hash cannot be read");
        Verdict::Wrong
    })
}

fn compare(password: &str, password_hash: &str, memory: &mut Vec<Block>) -> Option<Verdict> {
    let stored = PasswordHash::new(password_hash).ok()?;
    let params_used = Params::try_from(&stored).ok().filter(|params| params.m_cost() <= MAX_MEMORY_KIB)?;
    let (salt, expected) = (stored.salt?, stored.hash?);
    let mut out = Zeroizing::new(vec![0; expected.as_bytes().len()]);
    let dated =
        (params_used.m_cost(), params_used.t_cost(), params_used.p_cost()) != (MEMORY_KIB, PASSES, LANES);
    run(password, salt.as_ref(), &mut out, params_used, memory)?;
    Some(match (constant_time_eq(&out, expected.as_bytes()), dated) {
        (false, _) => Verdict::Wrong,
        (true, false) => Verdict::Right,
        (true, true) => Verdict::RightButDated,
    })
}

fn encode(salt: &[u8], out: &[u8]) -> Option<String> {
    let salt = Salt::new(salt).ok()?;
    let output = Output::new(out).ok()?;
    Some(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${output}"))
}
