//! The three ways of packing, each with the library that is kept for it.

use std::cell::RefCell;
use std::io::{self, Read, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};

use super::coding::Coding;

/// `Once`: as small as it gets, for what is kept. `EachTime`: as quick as it gets.
const ONCE_BROTLI: u32 = 11;
const ONCE_ZSTD: i32 = 19;
const ONCE_GZIP: u32 = 9;
const EACH_TIME_BROTLI: u32 = 1;
const EACH_TIME_ZSTD: i32 = 1;
const EACH_TIME_GZIP: u32 = 1;
/// Of brotli: 4 MiB, more than any page has.
const WINDOW_BITS: u32 = 22;
const BUFFER_BYTES: usize = 4 * 1024;
/// Nothing is known of when, by whom and under which name.
pub(super) const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// A stream that can be cut at each byte: what was written until then comes out whole.
pub(super) enum Packer {
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
    Gzip(DeflateEncoder<Vec<u8>>),
}

impl Packer {
    /// Packs `length` bytes once, as small as they get.
    pub(super) fn new(coding: Coding, length: u64) -> io::Result<Packer> {
        Ok(match coding {
            Coding::Brotli => {
                let packer =
                    brotli::CompressorWriter::new(Vec::new(), BUFFER_BYTES, ONCE_BROTLI, WINDOW_BITS);
                Packer::Brotli(Box::new(packer))
            }
            Coding::Zstd => {
                let mut packer = zstd::stream::write::Encoder::new(Vec::new(), ONCE_ZSTD)?;
                packer.set_pledged_src_size(Some(length))?;
                Packer::Zstd(packer)
            }
            Coding::Gzip => {
                Packer::Gzip(DeflateEncoder::new(GZIP_HEAD.to_vec(), Compression::new(ONCE_GZIP)))
            }
        })
    }

    /// Packs some more, up to the last byte. Returns how long all is that has come out.
    pub(super) fn pack(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Packer::Brotli(packer) => {
                packer.write_all(bytes)?;
                packer.flush()?;
                Ok(packer.get_ref().len())
            }
            Packer::Zstd(packer) => {
                packer.write_all(bytes)?;
                packer.flush()?;
                Ok(packer.get_ref().len())
            }
            Packer::Gzip(packer) => {
                packer.write_all(bytes)?;
                packer.flush()?;
                Ok(packer.get_ref().len())
            }
        }
    }

    /// All that has come out, with its end; of gzip without the sums that stand behind it.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Packer::Brotli(packer) => Ok(packer.into_inner()),
            Packer::Zstd(packer) => packer.finish(),
            Packer::Gzip(packer) => packer.finish(),
        }
    }
}

/// Bytes as they are, in the stream of a way of packing: at most 65,535 of them.
pub(super) fn stored(coding: Coding, bytes: &[&[u8]], out: &mut Vec<u8>) -> Option<()> {
    let length =
        u16::try_from(bytes.iter().map(|bytes| bytes.len()).sum::<usize>()).ok().filter(|n| *n > 0)?;
    match coding {
        // RFC 7932, 9.2: not the last, four nibbles of length - 1, not compressed.
        Coding::Brotli => {
            let head = (u32::from(length - 1) << 3) | (1 << 19);
            out.extend(head.to_le_bytes().into_iter().take(3));
        }
        // RFC 8878, 3.1.1.2: not the last, raw, length.
        Coding::Zstd => out.extend((u32::from(length) << 3).to_le_bytes().into_iter().take(3)),
        // RFC 1951, 3.2.4: not the last, stored, length and its complement.
        Coding::Gzip => {
            out.push(0);
            out.extend(length.to_le_bytes());
            out.extend((!length).to_le_bytes());
        }
    }
    bytes.iter().for_each(|bytes| out.extend_from_slice(bytes));
    Some(())
}

/// What stands behind a stream of gzip.
pub(super) fn gzip_tail<'a>(parts: impl Iterator<Item = &'a [u8]>) -> [u8; 8] {
    let mut crc = Crc::new();
    parts.for_each(|part| crc.update(part));
    let mut tail = [0; 8];
    let (sum, length) = tail.split_at_mut(4);
    sum.copy_from_slice(&crc.sum().to_le_bytes());
    length.copy_from_slice(&crc.amount().to_le_bytes());
    tail
}

thread_local! {
    // What was packed last may still stand in them: pages that show a secret are not packed (`web::packed`).
    static ZSTD: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    static DEFLATE: RefCell<Option<Compress>> = const { RefCell::new(None) };
}

/// Packs an answer that is for one reader, as quickly as it gets. None where that does not come to pass.
pub fn pack_now(coding: Coding, bytes: &[u8]) -> Option<Vec<u8>> {
    match coding {
        Coding::Brotli => {
            let mut packer =
                brotli::CompressorWriter::new(Vec::new(), BUFFER_BYTES, EACH_TIME_BROTLI, WINDOW_BITS);
            packer.write_all(bytes).ok()?;
            Some(packer.into_inner())
        }
        Coding::Zstd => ZSTD.with_borrow_mut(|kept| {
            let mut packer = match kept.take() {
                Some(packer) => packer,
                None => zstd::bulk::Compressor::new(EACH_TIME_ZSTD).ok()?,
            };
            let packed = packer.compress(bytes).ok()?;
            *kept = Some(packer);
            Some(packed)
        }),
        Coding::Gzip => DEFLATE.with_borrow_mut(|kept| {
            let mut packer =
                kept.take().unwrap_or_else(|| Compress::new(Compression::new(EACH_TIME_GZIP), false));
            packer.reset();
            let mut out = Vec::with_capacity(bytes.len() + 64);
            out.extend(GZIP_HEAD);
            let status = packer.compress_vec(bytes, &mut out, FlushCompress::Finish).ok()?;
            *kept = Some(packer);
            out.extend(gzip_tail([bytes].into_iter()));
            (status == Status::StreamEnd).then_some(out)
        }),
    }
}

/// The bytes that were packed.
pub(super) fn unpack(coding: Coding, packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    match coding {
        Coding::Brotli => brotli::Decompressor::new(packed, BUFFER_BYTES).read_to_end(&mut out)?,
        Coding::Zstd => zstd::stream::read::Decoder::new(packed)?.read_to_end(&mut out)?,
        Coding::Gzip => flate2::read::GzDecoder::new(packed).read_to_end(&mut out)?,
    };
    Ok(out)
}
