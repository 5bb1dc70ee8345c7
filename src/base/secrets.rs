//! The master key and what is derived from it.
//!
//! The secret file holds one key a line, `id:64 hex digits`; the last line is the one that seals, all of them open.
//! Rotation is a new line: rows sealed under older keys stay readable.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::tokens::{hex, random_bytes};

const NONCE_BYTES: usize = 24;

/// What a derived key is for. Each purpose has a key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Tokens in forms of people who have no session yet.
    Forms,
    /// The encrypted session cookie.
    Cookies,
    /// Codes that are sent by SMS and mail.
    Codes,
    /// Names of counters: who tried to sign in, from where.
    Counters,
    /// Rows that hold a password hash or the text of a message.
    Rows,
    /// Tells whether the secret file belongs to the database.
    Fingerprint,
    /// Tells card numbers apart.
    Cards,
    /// What the portal and its sandbox know of each other.
    Sandbox,
}

impl Purpose {
    const ALL: [Purpose; 8] = [
        Purpose::Forms,
        Purpose::Cookies,
        Purpose::Codes,
        Purpose::Counters,
        Purpose::Rows,
        Purpose::Fingerprint,
        Purpose::Cards,
        Purpose::Sandbox,
    ];

    const fn label(self) -> &'static str {
        match self {
            Purpose::Forms => "forms",
            Purpose::Cookies => "cookies",
            Purpose::Codes => "codes",
            Purpose::Counters => "counters",
            Purpose::Rows => "rows",
            Purpose::Fingerprint => "fingerprint",
            Purpose::Cards => "cards",
            Purpose::Sandbox => "sandbox",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    #[error("cannot read or make the secret file {path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("the secret file {path} is damaged: each line must be `id:64 hex digits`, ids from 0 to 255")]
    Damaged { path: PathBuf },
    #[error("the secret file {path} can be read by others: take the rights away (chmod 600)")]
    Open { path: PathBuf },
}

/// A sealed value could not be opened: another key, another row, or damage.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value cannot be opened")]
pub struct SealError;

struct Master {
    id: u8,
    key: Zeroizing<[u8; 32]>,
}

/// HMAC-SHA-256 that has taken its key already.
type Keyed = Hmac<Sha256>;

/// The keys of this installation. Cheap to clone.
#[derive(Clone)]
pub struct Keys {
    /// Oldest first, never empty.
    masters: Arc<[Master]>,
    /// One for each purpose, derived once: pages ask several times.
    keyed: Arc<[(Purpose, Keyed)]>,
}

impl Keys {
    /// Reads the secret file, or makes it (mode 0600) when there is none.
    pub fn open(path: &Path) -> Result<Keys, SecretFileError> {
        let file_error = |source| SecretFileError::File { path: path.to_owned(), source };
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                make(path).map_err(file_error)?;
                Zeroizing::new(fs::read_to_string(path).map_err(file_error)?)
            }
            Err(error) => return Err(file_error(error)),
        };
        refuse_open_file(path)?;
        Keys::parse(&text).ok_or_else(|| SecretFileError::Damaged { path: path.to_owned() })
    }

    fn parse(text: &str) -> Option<Keys> {
        let masters: Option<Vec<Master>> =
            text.lines().filter(|line| !line.trim().is_empty()).map(parse_line).collect();
        Some(Keys::of(masters.filter(|masters| !masters.is_empty())?))
    }

    fn of(masters: Vec<Master>) -> Keys {
        // Names and open forms hang on the oldest key, so that rotation does not change them.
        let oldest = masters.first().into_iter();
        let keyed = oldest.flat_map(|oldest| {
            Purpose::ALL.map(|purpose| Some((purpose, keyed(derive(oldest, purpose).as_slice())?)))
        });
        Keys { keyed: keyed.flatten().collect(), masters: masters.into() }
    }

    /// Keys for tests and benches: the same for the same seed.
    pub fn from_seed(seed: u8) -> Keys {
        Keys::of(vec![Master { id: 1, key: Zeroizing::new([seed; 32]) }])
    }

    /// HMAC-SHA-256 under the key of this purpose, of the parts with their lengths.
    pub fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let keyed = self.keyed.iter().find(|(known, _)| *known == purpose);
        keyed.map_or([0; 32], |(_, keyed)| mac(keyed.clone(), parts))
    }

    /// Like `mac`, as hex: for names in tables.
    pub fn keyed_hash(&self, purpose: Purpose, parts: &[&[u8]]) -> String {
        hex(&self.mac(purpose, parts))
    }

    /// A number below 2^64 that only this installation can compute: codes are made of it.
    pub fn keyed_u64(&self, purpose: Purpose, parts: &[&[u8]]) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.mac(purpose, parts);
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// 64 bytes for the session cookie.
    pub fn cookie_key(&self) -> Zeroizing<Vec<u8>> {
        let mut key = self.mac(Purpose::Cookies, &[b"first"]).to_vec();
        key.extend_from_slice(&self.mac(Purpose::Cookies, &[b"second"]));
        Zeroizing::new(key)
    }

    /// Seals with the newest key. `place` names table, row and column: a sealed value cannot be moved elsewhere.
    pub fn seal(&self, aad: &str, secret: &[u8]) -> Vec<u8> {
        let Some(master) = self.masters.last() else { return Vec::new() };
        let nonce = random_bytes::<NONCE_BYTES>();
        let payload = Payload { msg: secret, aad: aad.as_bytes() };
        let sealed = cipher(master).encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        let mut out = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
        out.push(master.id);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens what `seal` made for the same place, under whichever key it was sealed.
    pub fn open_sealed(&self, aad: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (id, rest) = sealed.split_first().ok_or(SealError)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(SealError)?;
        let master = self.masters.iter().find(|master| master.id == *id).ok_or(SealError)?;
        let payload = Payload { msg: body, aad: aad.as_bytes() };
        cipher(master)
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_sealed| SealError)
    }

    /// Tells secret files apart without telling anything else.
    pub fn fingerprint(&self) -> String {
        self.keyed_hash(Purpose::Fingerprint, &[b"kabinet"])
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// Overwrites what calls that have returned have left on the stack of this thread: hashing a card's number puts it into registers, and
/// these go there.
#[inline(never)]
pub fn wipe_stack() {
    let mut over = [0_u8; 16 * 1024];
    over.zeroize();
    std::hint::black_box(&over);
}

fn keyed(key: &[u8]) -> Option<Keyed> {
    <Keyed as hmac::KeyInit>::new_from_slice(key).ok()
}

fn mac(mut mac: Keyed, parts: &[&[u8]]) -> [u8; 32] {
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn derive(master: &Master, purpose: Purpose) -> Zeroizing<[u8; 32]> {
    let parts: [&[u8]; 2] = [b"kabinet", purpose.label().as_bytes()];
    Zeroizing::new(keyed(master.key.as_slice()).map_or([0; 32], |keyed| mac(keyed, &parts)))
}

fn cipher(master: &Master) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&(*derive(master, Purpose::Rows)).into())
}

fn parse_line(line: &str) -> Option<Master> {
    let (id, digits) = line.trim().split_once(':')?;
    let mut key = Zeroizing::new([0_u8; 32]);
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(digits.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(Master { id: id.parse().ok()?, key })
}

/// Makes the file whole or not at all: written aside, then linked into place, so that two first starts agree on one.
fn make(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let aside = path.with_extension(format!("new-{}", hex(&random_bytes::<6>())));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    let line = Zeroizing::new(format!("1:{}\n", hex(&random_bytes::<32>())));
    file.write_all(line.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn refuse_open_file(path: &Path) -> Result<(), SecretFileError> {
    use std::os::unix::fs::PermissionsExt;
    let rights = fs::metadata(path)
        .map_err(|source| SecretFileError::File { path: path.to_owned(), source })?
        .permissions();
    if rights.mode() & 0o077 == 0 { Ok(()) } else { Err(SecretFileError::Open { path: path.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::{Keys, Purpose};

    #[test]
    fn a_sealed_value_opens_only_in_its_own_place() {
        let keys = Keys::from_seed(7);
        let sealed = keys.seal("accounts/1/password", b"secret");
        assert_eq!(keys.open_sealed("accounts/1/password", &sealed).unwrap().as_slice(), b"secret");
        assert!(keys.open_sealed("accounts/2/password", &sealed).is_err());
        assert!(Keys::from_seed(8).open_sealed("accounts/1/password", &sealed).is_err());
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
    }

    #[test]
    fn rotation_keeps_old_rows_readable_and_seals_with_the_new_key() {
        let old = Keys::parse(&format!("1:{}", "ab".repeat(32))).unwrap();
        let both = Keys::parse(&format!("1:{}\n2:{}\n", "ab".repeat(32), "cd".repeat(32))).unwrap();
        let sealed = old.seal("x", b"before");
        assert_eq!(both.open_sealed("x", &sealed).unwrap().as_slice(), b"before");
        assert_eq!(both.seal("x", b"after").first(), Some(&2));
        assert_eq!(old.keyed_hash(Purpose::Counters, &[b"a"]), both.keyed_hash(Purpose::Counters, &[b"a"]));
    }

    #[test]
    fn parts_cannot_be_shifted_into_each_other() {
        let keys = Keys::from_seed(1);
        assert_ne!(keys.mac(Purpose::Counters, &[b"ab", b"c"]), keys.mac(Purpose::Counters, &[b"a", b"bc"]));
    }

    #[test]
    fn damaged_files_are_refused() {
        for text in
            ["", "1:zz", "1", "x:00", &format!("300:{}", "ab".repeat(32)), &format!("1:{}é", "ab".repeat(31))]
        {
            assert!(Keys::parse(text).is_none(), "{text}");
        }
    }
}
