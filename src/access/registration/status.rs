//! The steps of a registration.

use crate::text_enum;

text_enum! {
    /// What a registration waits for.
    Step { Code => "code", Privacy => "privacy", Version => "version", Password => "password", Done => "done" }
}

/// What moves a registration on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    CodeMatched,
    Agreed,
    VersionChosen,
    AccountMade,
}

impl Event {
    pub const ALL: [Event; 4] = [Event::CodeMatched, Event::Agreed, Event::VersionChosen, Event::AccountMade];
}

impl Step {
    /// The step after an event; None when the event does not belong here.
    pub fn after(self, event: Event) -> Option<Step> {
        match (self, event) {
            (Step::Code, Event::CodeMatched) => Some(Step::Privacy),
            (Step::Privacy, Event::Agreed) => Some(Step::Version),
            (Step::Version, Event::VersionChosen) => Some(Step::Password),
            (Step::Password, Event::AccountMade) => Some(Step::Done),
            _ => None,
        }
    }

    /// The page of this step.
    pub const fn path(self) -> &'static str {
        match self {
            Step::Code => "/registration/code",
            Step::Privacy => "/registration/privacy",
            Step::Version => "/registration/version",
            Step::Password => "/registration/password",
            Step::Done => "/registration/done",
        }
    }
}
