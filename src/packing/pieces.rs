//! What is the same for everybody but for a token here and there: packed once, around the places of the token.

use super::codecs::{Packer, gzip_tail, stored, unpack};
use super::coding::Coding;

/// How much of what follows a place goes with it unpacked: brotli looks back two bytes from whatever it packs.
const LEAD: usize = 2;
/// Bytes that no page has: controls, and what UTF-8 knows not. Nothing is found in them that stands in a page.
const NOWHERE: [u8; 37] = [
    1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    127, 192, 193, 245, 246, 247, 248, 249, 250,
];

/// A page that is packed but for its places.
pub struct Pieces {
    coding: Coding,
    /// What stands before, between and behind the places, packed.
    packed: Vec<Vec<u8>>,
    /// The first bytes behind each place, as they are.
    leads: Vec<Vec<u8>>,
    /// The same as `packed`, as it is.
    plain: Vec<Vec<u8>>,
    place_bytes: usize,
}

impl Pieces {
    /// Packs what stands around the places, each of which is filled with `place_bytes` bytes later on. It takes its time. None where a
    /// page cannot be packed so.
    pub fn new(coding: Coding, parts: &[&[u8]], place_bytes: usize) -> Option<Pieces> {
        let (first, others) = parts.split_first()?;
        let mut leads = Vec::new();
        let mut plain = vec![first.to_vec()];
        for part in others {
            let (lead, rest) = part.split_at_checked(LEAD)?;
            leads.push(lead.to_vec());
            plain.push(rest.to_vec());
        }
        let length = parts.iter().map(|part| part.len()).sum::<usize>() + place_bytes * leads.len();
        let mut packer = Packer::new(coding, u64::try_from(length).ok()?).ok()?;
        let mut bounds = Vec::new();
        let mut filler = filler();
        let mut end = 0;
        for (at, piece) in plain.iter().enumerate() {
            if let Some(lead) = at.checked_sub(1).and_then(|before| leads.get(before)) {
                let place: Vec<u8> = filler.by_ref().take(place_bytes).chain(lead.iter().copied()).collect();
                end = packer.pack(&place).ok()?;
            }
            let begin = end;
            end = packer.pack(piece).ok()?;
            bounds.push((begin, end));
        }
        let all = packer.finish().ok()?;
        if let Some(last) = bounds.last_mut() {
            last.1 = all.len();
        }
        let packed: Option<Vec<Vec<u8>>> =
            bounds.into_iter().map(|(begin, end)| all.get(begin..end).map(<[u8]>::to_vec)).collect();
        let pieces = Pieces { coding, packed: packed?, leads, plain, place_bytes };
        pieces.is_true().then_some(pieces)
    }

    /// The packed page with its places filled. None for what does not fit them.
    pub fn with(&self, place: &[u8]) -> Option<Vec<u8>> {
        if place.len() != self.place_bytes && !self.leads.is_empty() {
            return None;
        }
        let length = self.packed.iter().map(Vec::len).sum::<usize>()
            + self.leads.len() * (place.len() + LEAD + 8)
            + 16;
        let mut out = Vec::with_capacity(length);
        for (at, packed) in self.packed.iter().enumerate() {
            if let Some(lead) = at.checked_sub(1).and_then(|before| self.leads.get(before)) {
                stored(self.coding, &[place, lead], &mut out)?;
            }
            out.extend_from_slice(packed);
        }
        if self.coding == Coding::Gzip {
            out.extend(gzip_tail(self.parts_with(place)));
        }
        Some(out)
    }

    /// The page as it is, in order.
    fn parts_with<'a>(&'a self, place: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        self.plain.iter().enumerate().flat_map(move |(at, piece)| {
            let lead = at.checked_sub(1).and_then(|before| self.leads.get(before));
            let filled = lead.map(|lead| [place, lead.as_slice()]);
            filled.into_iter().flatten().chain([piece.as_slice()])
        })
    }

    /// Whether whoever unpacks it gets what was packed, whatever is in the places.
    fn is_true(&self) -> bool {
        [b'A', b'z'].into_iter().all(|letter| {
            let place = vec![letter; self.place_bytes];
            let packed = self.with(&place).and_then(|packed| unpack(self.coding, &packed).ok());
            packed.is_some_and(|unpacked| unpacked == self.parts_with(&place).collect::<Vec<_>>().concat())
        })
    }
}

/// Bytes that repeat nothing of the page, nor themselves for long.
fn filler() -> impl Iterator<Item = u8> {
    const STEPS: u64 = 6_364_136_223_846_793_005;
    let states = std::iter::successors(Some(1_442_695_040_888_963_407_u64), |state| {
        Some(state.wrapping_mul(STEPS).wrapping_add(1))
    });
    states.filter_map(|state| {
        let at = usize::try_from(state >> 40).ok()? % NOWHERE.len();
        NOWHERE.get(at).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::super::codecs::pack_now;
    use super::*;

    fn page() -> Vec<String> {
        let rows = |from: u32| {
            (from..from + 90).map(|row| format!("<li><a href=\"/cards/{row}\">Карта № {row}</a>")).collect()
        };
        vec![rows(0), format!("\">{}", rows(10)), format!("'>{}</html>", rows(60))]
    }

    #[test]
    fn a_packed_page_is_the_page_whatever_is_in_its_places() {
        let page = page();
        let parts: Vec<&[u8]> = page.iter().map(String::as_bytes).collect();
        for coding in Coding::ALL {
            let pieces = Pieces::new(coding, &parts, 43).unwrap();
            for token in [
                "a".repeat(43),
                "Карта № 1234567890 Карта № 12345".to_owned(),
                "href=\"/cards/17\">Карта № 17</a><li><a hre".to_owned(),
            ] {
                let token: Vec<u8> = token.bytes().chain(std::iter::repeat(b'.')).take(43).collect();
                let packed = pieces.with(&token).unwrap();
                let whole = parts.join(token.as_slice());
                assert_eq!(unpack(coding, &packed).unwrap(), whole, "{coding:?}");
                assert!(packed.len() * 3 < whole.len(), "{coding:?}: {} of {}", packed.len(), whole.len());
            }
            assert!(pieces.with(b"short").is_none(), "{coding:?}");
        }
    }

    /// What is in the places tells nothing of what stands around them: all packed pages are of one length.
    #[test]
    fn the_length_of_a_packed_page_tells_nothing_of_its_token() {
        let page = page();
        let parts: Vec<&[u8]> = page.iter().map(String::as_bytes).collect();
        for coding in Coding::ALL {
            let pieces = Pieces::new(coding, &parts, 16).unwrap();
            let lengths = ["Карта № 1", "/cards/1/cards/1", "0123456789abcdef"];
            let mut lengths = lengths.map(|token| pieces.with(token.as_bytes()).unwrap().len());
            lengths.sort_unstable();
            assert_eq!(lengths.first(), lengths.last(), "{coding:?}");
        }
    }

    #[test]
    fn a_page_without_a_place_is_packed_whole() {
        for coding in Coding::ALL {
            let page = page().concat();
            let pieces = Pieces::new(coding, &[page.as_bytes()], 0).unwrap();
            assert_eq!(unpack(coding, &pieces.with(b"").unwrap()).unwrap(), page.as_bytes(), "{coding:?}");
        }
    }

    #[test]
    fn what_is_packed_each_time_is_whole() {
        let page = page().concat();
        for coding in Coding::ALL {
            for length in [0, 1, 700, page.len()] {
                let bytes = &page.as_bytes()[..length];
                assert_eq!(unpack(coding, &pack_now(coding, bytes).unwrap()).unwrap(), bytes, "{coding:?}");
            }
        }
    }
}
