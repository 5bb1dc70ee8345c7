//! Whether the database is in order: looked at when the program starts, when a statement fails that should not, and again until
//! what was found is mended.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::checks;
use super::connection::Opener;
use super::error::{StoreError, Suspicion};

/// A look may take a fiftieth of the time, and comes after five seconds to a minute.
const REST: u32 = 50;
const REST_MIN: Duration = Duration::from_secs(5);
const REST_MAX: Duration = Duration::from_secs(60);

/// What the last look has found, and when there may be another. Cheap to clone.
#[derive(Clone)]
pub(super) struct Inspection {
    opener: Opener,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// What is wrong.
    found: Option<String>,
    /// Somebody looks in the background, or is about to.
    looking: bool,
    /// Another look was asked for.
    wanted: bool,
    next_at: Option<Instant>,
    /// A page that somebody could not read. No look at PostgreSQL reads all of them.
    unreadable: Option<(String, Instant)>,
}

impl Inspection {
    pub(super) fn new(opener: Opener) -> Inspection {
        Inspection { opener, seen: Arc::default() }
    }

    fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks now, and says in the log what has changed.
    pub(super) fn look(&self) {
        let began = Instant::now();
        let answer = checks::damage(&self.opener);
        self.seen(|seen| {
            seen.next_at = Some(Instant::now() + (began.elapsed() * REST).clamp(REST_MIN, REST_MAX));
            // A database that does not answer is another trouble.
            let Ok(found) = answer else { return };
            seen.unreadable.take_if(|(_, at)| at.elapsed() >= REST_MAX);
            let found = found.or_else(|| seen.unreadable.as_ref().map(|(what, _)| what.clone()));
            match &found {
                Some(found) if seen.found.as_ref() != Some(found) => {
                    tracing::error!("the database is not in order: {found}");
                }
                None if seen.found.is_some() => tracing::info!("the database is in order again"),
                _ => {}
            }
            seen.found = found;
        });
    }

    /// Looks in the background, as soon as there may be another look; once more when asked while it looks.
    pub(super) fn look_soon(&self) {
        let is_first = self.seen(|seen| {
            seen.wanted = true;
            !std::mem::replace(&mut seen.looking, true)
        });
        if !is_first {
            return;
        }
        let inspection = self.clone();
        let begun = std::thread::Builder::new().name("inspection".to_owned()).spawn(move || {
            while inspection.is_wanted() {
                let rest = inspection.seen(|seen| seen.next_at).map(|at| at.duration_since(Instant::now()));
                std::thread::sleep(rest.unwrap_or_default());
                inspection.seen(|seen| seen.wanted = false);
                inspection.look();
            }
        });
        if begun.is_err() {
            self.seen(|seen| seen.looking = false);
        }
    }

    /// False when nobody has asked since: then the looking is over.
    fn is_wanted(&self) -> bool {
        self.seen(|seen| {
            seen.looking = seen.wanted;
            seen.wanted
        })
    }

    /// What the last look has found; then it is time for another.
    pub(super) fn found(&self) -> Option<String> {
        let found = self.seen(|seen| seen.found.clone());
        if found.is_some() {
            self.look_soon();
        }
        found
    }

    /// Somebody's statement has failed.
    pub(super) fn hears(&self, error: &StoreError) {
        match error.suspicion() {
            Suspicion::None => return,
            Suspicion::Statement => {}
            Suspicion::Page(what) => {
                let what = format!("a page cannot be read: {what}");
                self.seen(|seen| seen.unreadable = Some((what, Instant::now())));
            }
        }
        self.look_soon();
    }
}
