//! Servers as child processes: started, looked at from outside, ended by their own id.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// Linux counts processor time in hundredths of a second here.
const TICK: Duration = Duration::from_millis(10);
const START_WAIT: Duration = Duration::from_secs(20);
const STOP_WAIT: Duration = Duration::from_secs(10);

pub struct Server {
    child: Child,
    pub listen: SocketAddr,
}

impl Server {
    /// The portal as people run it, on the database in `home`.
    pub fn portal(home: &Path) -> Result<Server> {
        let server = Server::portal_unawaited(home)?;
        server.wait()?;
        Ok(server)
    }

    /// The same, without waiting until it listens.
    pub fn portal_unawaited(home: &Path) -> Result<Server> {
        let (listen, sandbox) = (free_address()?, free_address()?);
        let mut command = Command::new(env!("CARGO_BIN_EXE_kabinet"));
        command
            .env("KABINET_LISTEN", listen.to_string())
            // The name that the bench's requests say.
            .env("KABINET_PUBLIC_URL", "http://127.0.0.1")
            .env("KABINET_DATABASE_URL", format!("sqlite://{}", home.join("kabinet.db").display()))
            .env("KABINET_SECRET_FILE", home.join("secret.key"))
            .env("KABINET_SANDBOX_LISTEN", sandbox.to_string())
            .env("KABINET_SANDBOX_FILE", home.join("sandbox.db"))
            // The bench stands where a proxy would: limits count the addresses that it names.
            .env("KABINET_TRUSTED_PROXIES", "127.0.0.1");
        Server::start(command, home, listen)
    }

    /// The bare server: this program again, with another task.
    pub fn bare(home: &Path) -> Result<Server> {
        let listen = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bare").arg(home).arg(listen.to_string());
        let server = Server::start(command, home, listen)?;
        server.wait()?;
        Ok(server)
    }

    fn start(mut command: Command, home: &Path, listen: SocketAddr) -> Result<Server> {
        let log = File::options().create(true).append(true).open(home.join("log.txt"))?;
        command.current_dir(home).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().context("a server cannot be started")?;
        Ok(Server { child, listen })
    }

    /// Until it listens.
    pub fn wait(&self) -> Result<()> {
        let began = Instant::now();
        while TcpStream::connect(self.listen).is_err() {
            if began.elapsed() > START_WAIT {
                bail!("a server does not listen: see its log");
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        Ok(())
    }

    /// Processor time so far: of all threads, in user and kernel mode.
    pub fn cpu(&self) -> Result<Duration> {
        processor_time(&self.child.id().to_string())
    }

    /// A figure of `/proc/PID/status`, such as `VmRSS`, in KiB.
    pub fn memory(&self, figure: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'))
            .context("no such figure")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// Asks it to end and waits, so that the database is folded together.
    pub fn stop(mut self) -> Result<()> {
        self.ask_to_end();
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            if began.elapsed() > STOP_WAIT {
                bail!("a server does not end");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    fn ask_to_end(&self) {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// utime and stime of a process: the 14th and 15th field of its `stat`.
pub fn processor_time(process: &str) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').context("an unreadable stat")?;
    let ticks = |place: usize| -> Result<u32> {
        Ok(fields.split_whitespace().nth(place).context("a short stat")?.parse()?)
    };
    Ok(TICK * (ticks(11)? + ticks(12)?))
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
