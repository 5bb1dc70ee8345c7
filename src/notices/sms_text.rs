//! The text of an SMS as bytes: which alphabet, how many parts; and the text of a delivery receipt.

use super::receipts::Receipt;
use crate::base::mask;

/// More parts than this are refused: our longest text has four.
const MAX_PARTS: usize = 10;
/// In one message, or in each part of a longer one, whose header takes the rest.
const LATIN_WHOLE: usize = 160;
const LATIN_PART: usize = 153;
const UCS2_WHOLE: usize = 70;
const UCS2_PART: usize = 67;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// The centre's own alphabet (data coding 0), one byte a character.
    Latin,
    /// Data coding 8, two bytes a character; what lies beyond takes two of them, as in UTF-16.
    Ucs2,
}

/// A text ready for `submit_sm`: the bytes of each part, with their header when there are several.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts {
    pub alphabet: Alphabet,
    pub parts: Vec<Vec<u8>>,
}

/// Whether a character has the same code in ASCII and in GSM 03.38. Centres read data coding 0 as one or the other, and an
/// underscore or `@` misread would break a link: texts with anything else go as UCS-2.
fn plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || " !\"#%&'()*+,-./:;<=>?\n".contains(c)
}

/// A text in the letters that every centre has, if that is all that keeps it from costing half as much: what hides digits becomes an
/// asterisk, typographic marks plain ones, the rouble's sign its code. Of what has other letters anyway nothing changes.
pub fn in_plain_letters(text: String) -> String {
    let simpler = |c: char| match c {
        mask::SIGN => '*',
        '’' => '\'',
        '–' | '—' => '-',
        '\u{a0}' | '\u{202f}' => ' ',
        c => c,
    };
    let simple: String = text.replace('₽', "RUB ").chars().map(simpler).collect();
    if simple.chars().all(plain) { simple } else { text }
}

/// Splits a text. `reference` tells parts of one message from another's; the same on a repeat. None when it is too long.
pub fn parts(text: &str, reference: u8) -> Option<Parts> {
    let latin = text.chars().all(plain);
    let (alphabet, whole, part) = if latin {
        (Alphabet::Latin, LATIN_WHOLE, LATIN_PART)
    } else {
        (Alphabet::Ucs2, UCS2_WHOLE, UCS2_PART)
    };
    let units = |c: char| if latin { 1 } else { c.len_utf16() };
    if text.chars().map(units).sum::<usize>() <= whole {
        return Some(Parts { alphabet, parts: vec![bytes(text, alphabet)] });
    }
    let mut pieces = vec![String::new()];
    let mut room = part;
    for c in text.chars() {
        if units(c) > room {
            pieces.push(String::new());
            room = part;
        }
        room -= units(c);
        pieces.last_mut()?.push(c);
    }
    let count = u8::try_from(pieces.len()).ok().filter(|count| usize::from(*count) <= MAX_PARTS)?;
    let parts = pieces.iter().zip(1_u8..).map(|(piece, place)| {
        // User data header: 5 bytes follow; concatenation with an 8-bit reference, 3 bytes of it.
        let mut part = vec![5, 0, 3, reference, count, place];
        part.extend(bytes(piece, alphabet));
        part
    });
    Some(Parts { alphabet, parts: parts.collect() })
}

fn bytes(text: &str, alphabet: Alphabet) -> Vec<u8> {
    match alphabet {
        Alphabet::Latin => text.bytes().collect(),
        Alphabet::Ucs2 => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    }
}

/// Reads `id:… stat:DELIVRD …`. None when it says nothing final.
pub fn receipt(text: &str) -> Option<Receipt> {
    let (mut id, mut stat) = (None, None);
    for word in text.split_whitespace() {
        let Some((name, value)) = word.split_once(':') else { continue };
        match name.to_ascii_lowercase().as_str() {
            "id" => id = id.or(Some(value)),
            "stat" => stat = stat.or(Some(value)),
            "text" => break, // the message's own words
            _ => {}
        }
    }
    let peer_id = id.filter(|id| !id.is_empty() && id.len() <= 64)?.to_owned();
    let arrived = match stat?.to_ascii_uppercase().as_str() {
        "DELIVRD" => true,
        "UNDELIV" | "EXPIRED" | "DELETED" | "REJECTD" => false,
        _ => return None, // on its way
    };
    Some(Receipt { peer_id, arrived })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(parts: &Parts) -> String {
        let skip = if parts.parts.len() > 1 { 6 } else { 0 };
        let bytes: Vec<Vec<u8>> = parts.parts.iter().map(|part| part[skip..].to_vec()).collect();
        match parts.alphabet {
            Alphabet::Latin => String::from_utf8(bytes.concat()).unwrap(),
            Alphabet::Ucs2 => bytes
                .iter()
                .map(|part| {
                    String::from_utf16(
                        &part.chunks(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect::<Vec<_>>(),
                    )
                    .unwrap()
                })
                .collect(),
        }
    }

    #[test]
    fn texts_are_split_at_characters_and_read_back_whole() {
        for (text, alphabet, count) in [
            ("Alipay: code 0123.".to_owned(), Alphabet::Latin, 1),
            ("x".repeat(160), Alphabet::Latin, 1),
            ("x".repeat(161), Alphabet::Latin, 2),
            ("a_b".to_owned(), Alphabet::Ucs2, 1),
            ("Код 0123".to_owned(), Alphabet::Ucs2, 1),
            ("ы".repeat(70), Alphabet::Ucs2, 1),
            ("ы".repeat(71), Alphabet::Ucs2, 2),
            ("ы".repeat(670), Alphabet::Ucs2, 10),
            ("支付".repeat(40), Alphabet::Ucs2, 2),
            (format!("{}🎁{}", "ы".repeat(66), "ы".repeat(10)), Alphabet::Ucs2, 2),
        ] {
            let parts = parts(&text, 7).unwrap();
            assert_eq!((parts.alphabet, parts.parts.len()), (alphabet, count), "{text}");
            assert_eq!(read(&parts), text);
            assert!(parts.parts.iter().all(|part| part.len() <= 159 + usize::from(count == 1)), "{text}");
        }
        assert_eq!(parts("ы".repeat(71).as_str(), 7).unwrap().parts[1][..6], [5, 0, 3, 7, 2, 2]);
        assert_eq!(parts(&"ы".repeat(671), 7), None);
    }

    #[test]
    fn receipts_are_read() {
        let said = |id: &str, arrived| Some(Receipt { peer_id: id.to_owned(), arrived });
        let text = "id:Ab-17 sub:001 dlvrd:001 submit date:2611221605 done date:2611221606 stat:DELIVRD err:000 text:id:9 stat:X";
        assert_eq!(receipt(text), said("Ab-17", true));
        assert_eq!(receipt("ID:5 Stat:expired"), said("5", false));
        assert_eq!(receipt("id:5 stat:ENROUTE"), None);
        assert_eq!(receipt("id: stat:DELIVRD"), None);
        assert_eq!(receipt("hello"), None);
        assert_eq!(receipt("text: id:5 stat:DELIVRD"), None);
    }
}
