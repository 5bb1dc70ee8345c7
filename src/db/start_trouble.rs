//! Why a SQLite file cannot be used when the program starts, looked up where SQLite's own words say little.

use std::path::Path;

use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};

/// What the operator has to mend; None when nobody can tell.
pub(super) fn why(file: &Path, cause: &str) -> Option<String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(disk) = statvfs(folder) {
        if disk.f_bavail == 0 {
            return Some(format!("the disk of {} is full", folder.display()));
        }
        if disk.f_flag.contains(StatVfsMountFlags::RDONLY) {
            return Some(format!("the disk of {} is mounted read-only", folder.display()));
        }
    }
    for place in [folder, file] {
        if place.exists() && access(place, Access::WRITE_OK).is_err() {
            return Some(format!("{} may not be written by this user", place.display()));
        }
    }
    let is_held = cause.contains("locked") || cause.contains("too much is written");
    is_held.then(|| {
        let file = file.display();
        format!("another program holds its lock: `fuser {file}` or `lsof {file}` says which")
    })
}
