//! Forms that were not taken: what was typed there, as far as it is no secret, in a sealed cookie until their pages are opened again.
//! Each is shown to nobody but the account that its form was made for.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::cookies::DRAFTS;
use super::csrf::Owner;
use super::flash::OldForm;
use super::state::State;
use crate::base::{Moment, in_own_letters, minutes, strip_invisible};

const AAD: &str = "cookies/drafts";
/// With a flash and all other cookies beside it the line still fits what proxies take (8 KiB).
const MAX_CHARS: usize = 2_500;
/// Of as many tabs.
const KEPT: usize = 8;
const MINUTES: i64 = 30;

/// One form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Draft {
    /// The page that it stands on, and the address that it was sent to.
    pub page: String,
    pub action: String,
    pub owner: Owner,
    typed: Vec<(String, String)>,
    /// More was typed than is kept.
    pub has_secrets: bool,
    /// Nobody was signed in any more.
    pub was_ended: bool,
    until: i64,
}

impl Draft {
    pub fn of(page: &str, action: &str, old: OldForm) -> Draft {
        let visible = |text: String| in_own_letters(&strip_invisible(&text)).into_owned();
        let OldForm { typed, has_secrets, owner, next: _ } = old;
        let typed = typed.into_iter().map(|(name, value)| (name, visible(value))).collect();
        Draft {
            page: page.to_owned(),
            action: action.to_owned(),
            owner,
            typed,
            has_secrets,
            was_ended: false,
            until: 0,
        }
    }

    pub fn of_ended_session(mut self) -> Draft {
        self.was_ended = true;
        self
    }

    /// A page for everybody shows it whoever is signed in there.
    pub fn for_everybody_if(mut self, is_for_everybody: bool, nobody: Owner) -> Draft {
        if is_for_everybody {
            self.owner = nobody;
        }
        self
    }

    pub fn value(&self, field: &str) -> Option<&str> {
        self.typed.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }
}

/// Those of one browser, the newest last.
#[derive(Debug, Clone, Default)]
pub(super) struct Drafts(Vec<Draft>);

impl Drafts {
    pub fn read(req: &HttpRequest, state: &State) -> Drafts {
        let open = |cookie: String| {
            let json = state.keys.open_sealed(AAD, &URL_SAFE_NO_PAD.decode(cookie).ok()?).ok()?;
            serde_json::from_slice::<Vec<Draft>>(&json).ok()
        };
        let mut kept = state.cookies.read(req, DRAFTS).and_then(open).unwrap_or_default();
        kept.retain(|draft| draft.until > state.now().micros());
        Drafts(kept)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Draft> {
        self.0.iter()
    }

    pub fn without(&self, is_over: impl Fn(&Draft) -> bool) -> Drafts {
        Drafts(self.0.iter().filter(|draft| !is_over(draft)).cloned().collect())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// With one more, in the place of an older one of its page. None when there is nothing in it, or too much.
    pub fn with(&self, mut draft: Draft, now: Moment) -> Option<Drafts> {
        if draft.typed.iter().all(|(_, value)| value.is_empty()) {
            return None;
        }
        draft.until = now.after(minutes(MINUTES.unsigned_abs())).micros();
        let mut kept = self.without(|held| held.page == draft.page && held.owner == draft.owner).0;
        kept.push(draft);
        while kept.len() > KEPT || sealed_chars(&kept) > MAX_CHARS {
            kept.remove(0);
        }
        (!kept.is_empty()).then_some(Drafts(kept))
    }

    /// What the browser has to keep.
    pub fn cookie(&self, state: &State) -> Cookie<'static> {
        if self.0.is_empty() {
            return state.cookies.removal(DRAFTS);
        }
        let sealed = URL_SAFE_NO_PAD.encode(state.keys.seal(AAD, &json(&self.0)));
        state.cookies.brief(DRAFTS, &sealed, MINUTES)
    }
}

fn json(kept: &[Draft]) -> Vec<u8> {
    serde_json::to_vec(kept).unwrap_or_default()
}

/// Sealing adds less than a hundred bytes, letters a third.
fn sealed_chars(kept: &[Draft]) -> usize {
    (json(kept).len() + 100) * 4 / 3
}
