//! Pages that were saved on the way, for axe-core: a real Chromium judges them all at once.

use std::time::Duration;

use super::Visitor;
use crate::support::chromium::chromium;
use crate::support::http::Answer;
use crate::support::process::Workdir;

pub struct Album {
    dir: Workdir,
    pages: u64,
}

impl Album {
    pub fn new() -> Album {
        let dir = Workdir::new("album");
        std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/static/style.css"), dir.path("style.css"))
            .unwrap();
        Album { dir, pages: 0 }
    }

    #[track_caller]
    pub fn keeps(&mut self, name: &str, status: u16, answer: Answer) {
        let answer = answer.is(status);
        std::fs::write(self.dir.path(&format!("{name}.html")), answer.body).unwrap();
        self.pages += 1;
    }

    pub async fn looks(&mut self, who: &Visitor<'_>, path: &str, name: &str) {
        self.keeps(name, 200, who.gets(path).await);
    }

    /// No violation, no sideways scrolling on a small screen, no text that was not put together.
    #[track_caller]
    pub fn is_accessible(&self, locale: &str) {
        let dir = self.dir.root().display().to_string();
        let seen = chromium("album", &[("album", &dir), ("locale", locale)], Duration::from_secs(330));
        assert_eq!(seen["pages"].as_u64().unwrap(), self.pages, "{seen}");
    }
}
