//! The proxies that README tells of, run with the files that it shows.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use super::http::exchange;
use super::portal::SOON;
use super::process::{Port, Running, Workdir, eventually};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Nginx,
    Haproxy,
    Caddy,
}

pub struct Proxy {
    _running: Running,
    dir: Workdir,
    port: Port,
}

/// Each line of the file that has such words is that instead; the words must be there.
#[track_caller]
fn changed(text: &str, words: &str, instead: &str) -> String {
    assert!(text.contains(words), "nobody says «{words}» any more");
    text.replace(words, instead)
}

impl Proxy {
    /// At that port, before a portal that listens there. TLS alone is taken out of the files.
    #[track_caller]
    pub fn before(kind: Kind, port: Port, portal: SocketAddr) -> Proxy {
        let dir = Workdir::new("proxy");
        let listen = format!("127.0.0.1:{}", port.number);
        let read = |name: &str, upstream: &str| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/proxies").join(name);
            let text = std::fs::read_to_string(path).unwrap();
            changed(&text, upstream, &upstream.replace("127.0.0.1:8080", &portal.to_string()))
        };
        let file = dir.path("config");
        let (text, mut command) = match kind {
            Kind::Nginx => {
                let text = read("nginx.conf", "server 127.0.0.1:8080;");
                let text = changed(&text, "listen 443 ssl;", &format!("listen {listen};"));
                let written = |name: &str| dir.path(name).display().to_string();
                let text = changed(&text, "/var/log/nginx/access.log", &written("access"));
                let text = changed(&text, "/var/log/nginx/error.log", &written("log"));
                let plain: String = text
                    .lines()
                    .filter(|line| !line.contains("ssl_"))
                    .map(|line| format!("{line}\n"))
                    .collect();
                let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map(|name| format!("{name}_temp_path {};\n", dir.path(name).display()))
                    .concat();
                let text = format!(
                    "daemon off;\nmaster_process off;\npid {};\nerror_log {};\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{plain}}}\n",
                    dir.path("pid").display(),
                    dir.path("log").display(),
                );
                let mut command = Command::new("nginx");
                command.arg("-e").arg(dir.path("log")).arg("-c").arg(&file);
                (text, command)
            }
            Kind::Haproxy => {
                let text = read("haproxy.cfg", "server kabinet 127.0.0.1:8080");
                let tls = "bind :443 ssl crt /etc/haproxy/pay.example.org.pem";
                let mut command = Command::new("haproxy");
                command.args(["-db", "-f"]).arg(&file);
                (changed(&text, tls, &format!("bind {listen}")), command)
            }
            Kind::Caddy => {
                let text = read("Caddyfile", "reverse_proxy 127.0.0.1:8080");
                let text = changed(&text, "pay.example.org {", &format!("http://{listen} {{"));
                let text = changed(&text, "\n\tservers {", "\n\tadmin off\n\tauto_https off\n\tservers {");
                let mut command = Command::new("caddy");
                command.args(["run", "--adapter", "caddyfile", "--config"]).arg(&file);
                (text, command)
            }
        };
        std::fs::write(&file, text).unwrap();
        let log = std::fs::File::create(dir.path("out")).unwrap();
        command.current_dir(dir.root()).env("HOME", dir.root()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut running = Running::start(&mut command);
        let page = format!("GET / HTTP/1.1\r\nhost: {listen}\r\nconnection: close\r\n\r\n");
        let at = SocketAddr::from(([127, 0, 0, 1], port.number));
        eventually(&format!("{kind:?}"), SOON, || {
            let said = || std::fs::read_to_string(dir.path("out")).unwrap();
            assert!(!running.has_ended(), "{kind:?} ended at once:\n{}", said());
            exchange(at, page.as_bytes()).filter(|answer| answer.status < 500)
        });
        Proxy { _running: running, dir, port }
    }

    /// What it has written of its visitors; None where the file says nothing of a log.
    pub fn log(&self) -> Option<String> {
        std::fs::read_to_string(self.dir.path("access")).ok()
    }

    /// All that it has written, of visitors and of trouble.
    pub fn all_logs(&self) -> String {
        let files =
            ["access", "log", "out"].map(|name| std::fs::read(self.dir.path(name)).unwrap_or_default());
        String::from_utf8_lossy(&files.concat()).into_owned()
    }

    pub fn listen(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port.number))
    }
}
