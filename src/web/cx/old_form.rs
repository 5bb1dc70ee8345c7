//! What the page says of a form that was not taken. It is said only what is true of the form that stands there: so it is read off the
//! page itself.

use actix_web::cookie::Cookie;

use super::Cx;
use crate::texts::Locale;
use crate::web::csrf::Owner;
use crate::web::drafts::Draft;
use crate::web::flash::Flash;

/// Stands in the place of the sentence while the page is written. No page of ours has such a character.
pub(super) const OLD_FORM: &str = "\u{1}old-form\u{1}";

/// What never comes back, by the mark of its field.
const SECRETS: [(&str, &str); 7] = [
    (r#"type="password""#, "old-form-password"),
    (r#"autocomplete="one-time-code""#, "old-form-code"),
    (r#"autocomplete="cc-number""#, "old-form-card-number"),
    (r#"autocomplete="cc-exp""#, "old-form-card-expiry"),
    (r#"autocomplete="cc-csc""#, "old-form-card-code"),
    (r#"name="answer"#, "old-form-answers"),
    (r#"name="sum""#, "old-form-sum"),
];

impl Cx {
    /// For whom the forms of this page are made.
    pub(in crate::web) fn owner(&self) -> Owner {
        Owner::of(self.session.as_ref().map(|session| session.account_id), &self.state.keys)
    }

    pub(in crate::web) fn nobody(&self) -> Owner {
        Owner::of(None, &self.state.keys)
    }

    /// Whether a form was sent here that is for the signed-in, and nobody is.
    pub(in crate::web) fn lacks_session(&self) -> bool {
        self.session.is_none() && self.own_page(self.form_page()).is_some()
    }

    /// A form of this page that was not taken.
    pub(super) fn draft(&self) -> Option<&Draft> {
        let is_shown = |draft: &&Draft| draft.page == self.path && self.may_see(draft);
        self.drafts.iter().find(is_shown).filter(|_| !self.is_form)
    }

    fn may_see(&self, draft: &Draft) -> bool {
        draft.owner == self.nobody() || draft.owner == self.owner()
    }

    /// What waits on the page that opens after signing in.
    pub(in crate::web) fn waiting_draft(&self) -> Option<&Draft> {
        let wanted = self.wanted.as_ref()?.path();
        self.drafts.iter().find(|draft| draft.page == wanted)
    }

    /// How the sign-in page tells what becomes of the form.
    pub fn draft_kept(&self) -> &'static str {
        match self.waiting_draft() {
            None => "sign-in-unsaved-next",
            Some(draft) if draft.has_secrets => "sign-in-unsaved-kept-but-secrets",
            Some(_) => "sign-in-unsaved-kept",
        }
    }

    /// The cookie that keeps one more.
    pub(in crate::web) fn keeping(&self, draft: Draft) -> Option<Cookie<'static>> {
        self.drafts.with(draft, self.now()).map(|drafts| drafts.cookie(&self.state))
    }

    /// What is left once this page is shown: neither what stands on it, nor what belongs to another account.
    pub(in crate::web) fn drafts_left(&self) -> Option<Cookie<'static>> {
        let is_shown = self.draft().map(|draft| draft.page.as_str());
        let is_over = |draft: &Draft| {
            (self.session.is_some() && !self.may_see(draft))
                || (is_shown == Some(draft.page.as_str()) && self.may_see(draft))
        };
        let left = self.drafts.without(is_over);
        (left.len() < self.drafts.len()).then(|| left.cookie(&self.state))
    }

    /// Whether the page says that a form was not taken.
    pub(super) fn says_not_taken(&self) -> bool {
        self.draft().is_some() || self.flash.as_ref().is_some_and(Flash::is_refusal)
    }

    /// The page with its sentence.
    pub(in crate::web) fn with_old_form(&self, html: String) -> String {
        if !self.says_not_taken() || !html.contains(OLD_FORM) {
            return html;
        }
        let action = match (self.draft(), &self.flash) {
            (Some(draft), _) => &draft.action,
            (None, Some(flash)) => flash.old_form().unwrap_or_default(),
            (None, None) => "",
        };
        html.replacen(OLD_FORM, &self.told_of(&html, action), 1)
    }

    fn told_of(&self, html: &str, action: &str) -> String {
        let form = html
            .split_once(&format!("action=\"{action}\""))
            .and_then(|(_, rest)| rest.split("</form>").next());
        let Some(form) = form else { return self.t("old-form-elsewhere").to_string() };
        let fields: Vec<&str> = form.split('<').filter(is_field).collect();
        if fields.is_empty() {
            return self.t("old-form-button").to_string();
        }
        let comes_back =
            |tag: &&str| !SECRETS.iter().any(|(mark, _)| tag.contains(mark)) || self.is_kept(tag);
        let was_ended = self.draft().is_some_and(|draft| draft.was_ended);
        let why = if was_ended { "old-form-ended" } else { "old-form-nothing" };
        let mut said = self.t(why).to_string();
        let mut add = |words: String| {
            said.push_str(self.joint());
            said.push_str(&words);
        };
        let secrets: Vec<String> = SECRETS
            .iter()
            .filter(|(mark, _)| fields.iter().any(|tag| tag.contains(mark) && !self.is_kept(tag)))
            .map(|(_, key)| self.t(key).to_string())
            .collect();
        match (self.draft().is_some(), fields.iter().any(comes_back)) {
            (true, _) => add(self.t("old-form-check").to_string()),
            (false, true) => add(self.t("old-form-fill").to_string()),
            (false, false) => {}
        }
        if !secrets.is_empty() {
            let comma = if self.locale == Locale::ZhCn { "、" } else { ", " };
            add(self.ta("old-form-secrets", &[("what", secrets.join(comma).into())]));
        }
        said
    }

    /// Whether what was typed in a field stands there.
    fn is_kept(&self, tag: &str) -> bool {
        let name = tag.split_once("name=\"").and_then(|(_, rest)| rest.split('"').next());
        let kept =
            |draft: &Draft| name.and_then(|name| draft.value(name)).is_some_and(|value| !value.is_empty());
        self.draft().is_some_and(kept)
    }
}

/// What somebody fills in: not what is sent along, not the button, and not the name that a password is kept under.
fn is_field(tag: &&str) -> bool {
    let is_input = ["input ", "select ", "textarea "].iter().any(|kind| tag.starts_with(kind));
    is_input && tag.contains("name=\"") && !tag.contains("type=\"hidden\"")
}
