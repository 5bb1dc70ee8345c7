//! The steps of a registration.

use crate::{listed_enum, text_enum};

text_enum! {
    /// What a registration waits for.
    RegistrationStep { Code => "code", Privacy => "privacy", Version => "version", Password => "password", Done => "done" }
}

listed_enum! {
    /// What moves a registration on.
    RegistrationEvent {
        CodeMatched,
        Agreed,
        VersionChosen,
        AccountMade,
    }
}

impl RegistrationStep {
    /// The step after an event; None when the event does not belong here.
    pub fn after(self, event: RegistrationEvent) -> Option<RegistrationStep> {
        match (self, event) {
            (RegistrationStep::Code, RegistrationEvent::CodeMatched) => Some(RegistrationStep::Privacy),
            (RegistrationStep::Privacy, RegistrationEvent::Agreed) => Some(RegistrationStep::Version),
            (RegistrationStep::Version, RegistrationEvent::VersionChosen) => Some(RegistrationStep::Password),
            (RegistrationStep::Password, RegistrationEvent::AccountMade) => Some(RegistrationStep::Done),
            _ => None,
        }
    }

    /// The page of this step.
    pub const fn path(self) -> &'static str {
        match self {
            RegistrationStep::Code => "/registration/code",
            RegistrationStep::Privacy => "/registration/privacy",
            RegistrationStep::Version => "/registration/version",
            RegistrationStep::Password => "/registration/password",
            RegistrationStep::Done => "/registration/done",
        }
    }
}
