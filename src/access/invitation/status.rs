//! The steps of an invitation.

use crate::{listed_enum, text_enum};

text_enum! {
    /// What an invitation waits for, or how it ended.
    InvitationStatus {
        Mailed => "mailed",
        Privacy => "privacy",
        Password => "password",
        Questions => "questions",
        Done => "done",
        // A newer mail, or another browser, has taken its place.
        Replaced => "replaced",
    }
}

listed_enum! {
    /// What moves an invitation on.
    InvitationEvent {
        Confirmed,
        Agreed,
        PasswordChosen,
        QuestionsChosen,
        Superseded,
    }
}

impl InvitationStatus {
    /// The state after an event; None when the event does not belong here.
    pub fn after(self, event: InvitationEvent) -> Option<InvitationStatus> {
        use InvitationEvent::{Agreed, Confirmed, PasswordChosen, QuestionsChosen, Superseded};
        use InvitationStatus::{Done, Mailed, Password, Privacy, Questions, Replaced};
        match (self, event) {
            (Mailed, Confirmed) => Some(Privacy),
            (Privacy, Agreed) => Some(Password),
            (Password, PasswordChosen) => Some(Questions),
            (Questions, QuestionsChosen) => Some(Done),
            (Mailed | Privacy | Password | Questions, Superseded) => Some(Replaced),
            _ => None,
        }
    }

    /// The page of this step, for the browser that has confirmed.
    pub const fn path(self) -> Option<&'static str> {
        match self {
            InvitationStatus::Privacy => Some("/invitation/privacy"),
            InvitationStatus::Password => Some("/invitation/password"),
            InvitationStatus::Questions => Some("/invitation/questions"),
            InvitationStatus::Done => Some("/registration/done"),
            InvitationStatus::Mailed | InvitationStatus::Replaced => None,
        }
    }
}
