//! A file system of 8 MB. Mounting it needs root, or sudo, as installing the tests' packages does.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use crate::support::process::{Workdir, finished};

const SIZE: &str = "size=8m";

pub struct SmallDisk {
    dir: Workdir,
}

impl SmallDisk {
    #[track_caller]
    pub fn mounted() -> SmallDisk {
        let dir = Workdir::new("small-disk");
        as_root(
            "mount",
            &["-t", "tmpfs", "-o", &format!("{SIZE},mode=0777"), "tmpfs", &dir.root().display().to_string()],
        );
        SmallDisk { dir }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path(name)
    }

    /// Takes all the room that is left.
    pub fn fills(&self) {
        let mut file = File::create(self.path("ballast")).unwrap();
        for size in [64 * 1024, 4 * 1024, 64] {
            let zeros = vec![0; size];
            while file.write_all(&zeros).is_ok() {}
        }
    }

    pub fn becomes_read_only(&self) {
        as_root("mount", &["-o", "remount,ro", &self.dir.root().display().to_string()]);
    }

    pub fn has_room_again(&self) {
        fs::remove_file(self.path("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        as_root("umount", &["--lazy", &self.dir.root().display().to_string()]);
    }
}

#[track_caller]
fn as_root(command: &str, arguments: &[&str]) {
    let mut run = if rustix::process::geteuid().is_root() {
        Command::new(command)
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["--non-interactive", command]);
        sudo
    };
    let output = finished(run.args(arguments), std::time::Duration::from_secs(10));
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
}
