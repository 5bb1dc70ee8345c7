//! Children that cannot outlive or hang the test that started them.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// Killed, by its own pid, when it goes out of scope.
pub struct Running {
    pub child: Child,
}

impl Running {
    pub fn start(command: &mut Command) -> Running {
        let child = command.stdin(Stdio::null()).spawn();
        Running { child: child.unwrap_or_else(|error| panic!("{command:?}: {error}")) }
    }

    /// Starts it and reads the first line it prints (the port it took).
    pub fn announcing(command: &mut Command) -> (Running, String) {
        let mut running = Running::start(command.stdout(Stdio::piped()));
        let mut line = String::new();
        let stdout = running.child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert!(!line.trim().is_empty(), "{command:?} said nothing and ended");
        (running, line.trim().to_owned())
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// The exit code, when it ends in time of itself.
    pub fn ends_within(&mut self, limit: Duration) -> Option<std::process::ExitStatus> {
        let until = Instant::now() + limit;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }

    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn terminate(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs to its end, or is killed at the limit; what it printed, either way.
pub fn finished(command: &mut Command, limit: Duration) -> Output {
    let dir = Workdir::new("command");
    let (out, err) = (dir.path("stdout"), dir.path("stderr"));
    let mut running =
        Running::start(command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap()));
    let status = running.ends_within(limit);
    running.kill();
    let (stdout, stderr) = (std::fs::read(&out).unwrap(), std::fs::read(&err).unwrap());
    match status {
        Some(status) => Output { status, stdout, stderr },
        None => panic!(
            "{command:?} did not end within {limit:?}\n{}\n{}",
            String::from_utf8_lossy(&stdout),
            String::from_utf8_lossy(&stderr)
        ),
    }
}

/// A directory of its own, removed at the end.
pub struct Workdir {
    root: PathBuf,
}

impl Workdir {
    pub fn new(name: &str) -> Workdir {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("kabinet-{}-{number}-{name}", std::process::id()));
        Workdir::empty(&root).unwrap();
        Workdir { root }
    }

    /// Whatever an earlier process of the same number has left there, because it was killed, goes first.
    fn empty(root: &Path) -> std::io::Result<()> {
        match std::fs::remove_dir_all(root) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => std::fs::create_dir_all(root),
        }
    }

    /// Where a flush costs nothing, if there is such a place: for tests that write much and are not about losing power.
    pub fn in_memory(name: &str) -> Workdir {
        let memory = Path::new("/dev/shm");
        let made = Workdir::new(name);
        let root = memory.join(made.root.file_name().unwrap());
        match Workdir::empty(&root) {
            Ok(()) => Workdir { root },
            Err(_no_such_place) => made,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl Drop for Workdir {
    fn drop(&mut self) {
        if std::env::var_os("KABINET_TEST_KEEP").is_some() {
            eprintln!("kept: {}", self.root.display());
        } else {
            let _ = std::fs::remove_dir_all(&self.root);
        }
    }
}

/// A port that no other test on this machine takes while this value lives. Below the range of outgoing connections.
pub struct Port {
    pub number: u16,
    _lock: File,
}

impl Port {
    pub fn free() -> Port {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let dir = std::env::temp_dir().join("kabinet-ports");
        std::fs::create_dir_all(&dir).unwrap();
        let start = u16::try_from(std::process::id() * 37 % 10_000).unwrap();
        for _ in 0..10_000 {
            let number = 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
            let lock =
                OpenOptions::new().create(true).append(true).open(dir.join(number.to_string())).unwrap();
            if lock.try_lock().is_ok() && std::net::TcpListener::bind(("127.0.0.1", number)).is_ok() {
                return Port { number, _lock: lock };
            }
        }
        panic!("no free port");
    }
}

/// Looks again and again until there is something to see.
#[track_caller]
pub fn eventually<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + limit;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < until, "not within {limit:?}: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
