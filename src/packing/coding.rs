//! Which ways of packing a browser can undo.

use actix_web::http::header::{
    ACCEPT_ENCODING, AcceptEncoding, ContentEncoding, Encoding, Header, Preference, Quality,
};

use actix_web::HttpMessage;

/// A way of packing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Zstd,
    Gzip,
}

impl Coding {
    pub const ALL: [Coding; 3] = [Coding::Brotli, Coding::Zstd, Coding::Gzip];

    /// As the header `Content-Encoding` names it.
    pub const fn name(self) -> &'static str {
        match self {
            Coding::Brotli => "br",
            Coding::Zstd => "zstd",
            Coding::Gzip => "gzip",
        }
    }

    fn of(encoding: &Encoding) -> Option<Coding> {
        match encoding {
            Encoding::Known(ContentEncoding::Brotli) => Some(Coding::Brotli),
            Encoding::Known(ContentEncoding::Zstd) => Some(Coding::Zstd),
            Encoding::Known(ContentEncoding::Gzip) => Some(Coding::Gzip),
            _ => None,
        }
    }
}

/// The ways that a browser likes best among ours; none where it wants its answers as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Offered {
    brotli: bool,
    zstd: bool,
    gzip: bool,
}

impl Offered {
    /// Of a request's header `Accept-Encoding`. A list that cannot be read, or `*` alone, asks for nothing.
    pub fn of(request: &impl HttpMessage) -> Offered {
        if !request.headers().contains_key(ACCEPT_ENCODING) {
            return Offered::default();
        }
        AcceptEncoding::parse(request).map_or(Offered::default(), |wishes| Offered::of_wishes(&wishes))
    }

    fn of_wishes(wishes: &AcceptEncoding) -> Offered {
        let (mut offered, mut best) = (Offered::default(), Quality::MIN);
        for wish in wishes.iter() {
            let Preference::Specific(encoding) = &wish.item else { continue };
            let as_it_is = *encoding == Encoding::identity();
            let coding = Coding::of(encoding);
            if wish.quality < best || (coding.is_none() && !as_it_is) {
                continue;
            }
            if wish.quality > best {
                (offered, best) = (Offered::default(), wish.quality);
            }
            match coding {
                Some(Coding::Brotli) => offered.brotli = true,
                Some(Coding::Zstd) => offered.zstd = true,
                Some(Coding::Gzip) => offered.gzip = true,
                None => {}
            }
        }
        offered
    }

    /// For what is packed once: the smallest.
    pub fn smallest(self) -> Option<Coding> {
        self.first_of([Coding::Brotli, Coding::Zstd, Coding::Gzip])
    }

    /// For what is packed each time: the quickest.
    pub fn quickest(self) -> Option<Coding> {
        self.first_of([Coding::Zstd, Coding::Gzip, Coding::Brotli])
    }

    fn first_of(self, order: [Coding; 3]) -> Option<Coding> {
        order.into_iter().find(|coding| match coding {
            Coding::Brotli => self.brotli,
            Coding::Zstd => self.zstd,
            Coding::Gzip => self.gzip,
        })
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_browser_says_what_it_can_undo() {
        let cases = [
            ("gzip, deflate, br, zstd", Some(Coding::Brotli), Some(Coding::Zstd)),
            ("gzip, deflate", Some(Coding::Gzip), Some(Coding::Gzip)),
            ("br", Some(Coding::Brotli), Some(Coding::Brotli)),
            ("gzip;q=1.0, br;q=0.5", Some(Coding::Gzip), Some(Coding::Gzip)),
            ("br;q=0, gzip", Some(Coding::Gzip), Some(Coding::Gzip)),
            ("gzip;q=0", None, None),
            ("identity, gzip;q=0.5", None, None),
            ("identity;q=0.5, gzip", Some(Coding::Gzip), Some(Coding::Gzip)),
            ("gzip, compress, bzip2", Some(Coding::Gzip), Some(Coding::Gzip)),
            ("*", None, None),
            ("", None, None),
            ("nonsense;;q", None, None),
        ];
        for (header, smallest, quickest) in cases {
            let request = TestRequest::default().insert_header((ACCEPT_ENCODING, header)).to_http_request();
            let offered = Offered::of(&request);
            assert_eq!((offered.smallest(), offered.quickest()), (smallest, quickest), "{header}");
        }
        assert_eq!(Offered::of(&TestRequest::default().to_http_request()), Offered::default());
    }
}
