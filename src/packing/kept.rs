//! What is sent over and over, as it is and packed.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::web::Bytes;
use tokio::runtime::Handle;

use super::coding::{Coding, Offered};
use super::pieces::Pieces;

/// A page that is the same for everybody but in its places.
pub struct Kept {
    /// What stands before, between and behind the places.
    parts: Vec<Bytes>,
    /// What belongs into each place: which of the marks stood there.
    places: Vec<usize>,
    /// How long what is filled in has to be. None where that is not known: then the page is kept as it is alone.
    place_bytes: Option<usize>,
    packed: [Packed; Coding::ALL.len()],
}

#[derive(Default)]
struct Packed {
    begun: AtomicBool,
    /// None where it could not be packed.
    done: OnceLock<Option<Done>>,
}

enum Done {
    Whole(Bytes),
    Pieces(Pieces),
}

impl Kept {
    /// A page with marks where its places are. A mark alone is as long as what takes its place.
    pub fn new(page: &str, marks: &[String]) -> Kept {
        let (mut parts, mut places, mut rest) = (Vec::new(), Vec::new(), page);
        let first = |text: &str| {
            let found = marks
                .iter()
                .enumerate()
                .filter_map(|(of, mark)| Some((text.find(mark.as_str())?, of, mark.len())));
            found.min()
        };
        while let Some((at, of, length)) = first(rest) {
            let (before, after) = rest.split_at(at);
            parts.push(Bytes::copy_from_slice(before.as_bytes()));
            places.push(of);
            rest = after.get(length..).unwrap_or_default();
        }
        parts.push(Bytes::copy_from_slice(rest.as_bytes()));
        let place_bytes = match marks {
            [] => Some(0),
            [mark] => Some(mark.len()),
            _ => None,
        };
        Kept { parts, places, place_bytes, packed: Default::default() }
    }

    /// As it is, with its places filled: `value` is asked once for each mark that the page has.
    pub fn plain(&self, value: impl Fn(usize) -> String) -> Bytes {
        let [whole] = self.parts.as_slice() else { return self.filled(value) };
        whole.clone()
    }

    fn filled(&self, value: impl Fn(usize) -> String) -> Bytes {
        let mut known: Vec<Option<String>> = Vec::new();
        for of in &self.places {
            known.resize(known.len().max(of + 1), None);
            if let Some(unknown) = known.get_mut(*of).filter(|known| known.is_none()) {
                *unknown = Some(value(*of));
            }
        }
        let value = |of: &usize| known.get(*of).and_then(Option::as_deref).unwrap_or_default();
        let values: usize = self.places.iter().map(|of| value(of).len()).sum();
        let mut page = Vec::with_capacity(values + self.parts.iter().map(Bytes::len).sum::<usize>());
        let mut places = self.places.iter();
        for part in &self.parts {
            page.extend_from_slice(part);
            if let Some(of) = places.next() {
                page.extend_from_slice(value(of).as_bytes());
            }
        }
        page.into()
    }

    /// Packed, and how. None where the browser wants it as it is, and until it is packed, which is begun with the first who asks.
    pub fn packed(
        &'static self,
        offered: Offered,
        value: impl Fn(usize) -> String,
    ) -> Option<(Coding, Bytes)> {
        let coding = offered.smallest()?;
        let place_bytes = self.place_bytes?;
        let at = Coding::ALL.iter().position(|known| *known == coding)?;
        let packed = self.packed.get(at)?;
        let Some(done) = packed.done.get() else {
            if !packed.begun.swap(true, Ordering::Relaxed)
                && let Ok(runtime) = Handle::try_current()
            {
                runtime.spawn_blocking(move || packed.done.set(self.pack(coding, place_bytes)));
            }
            return None;
        };
        let bytes = match done.as_ref()? {
            Done::Whole(bytes) => bytes.clone(),
            Done::Pieces(pieces) => pieces.with(value(0).as_bytes())?.into(),
        };
        Some((coding, bytes))
    }

    fn pack(&self, coding: Coding, place_bytes: usize) -> Option<Done> {
        let parts: Vec<&[u8]> = self.parts.iter().map(|part| &**part).collect();
        let pieces = Pieces::new(coding, &parts, place_bytes)?;
        Some(match parts.as_slice() {
            [_whole] => Done::Whole(pieces.with(b"")?.into()),
            _ => Done::Pieces(pieces),
        })
    }
}
