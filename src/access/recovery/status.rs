//! The states of a way back into an account.

use crate::text_enum;

text_enum! {
    /// What it waits for, or how it ended.
    RecoveryStatus {
        // For the mailed link or the code.
        Asked => "asked",
        Questions => "questions",
        Password => "password",
        Done => "done",
        // There is nothing to check the person by: only support can help.
        Support => "support",
        // The questions were answered wrongly too often.
        Closed => "closed",
        // Another one has taken its place.
        Replaced => "replaced",
    }
}

/// What moves it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryEvent {
    /// The link or code came back, and the account has control questions.
    ProvedWithQuestions,
    /// The mailed link or code came back; there are no questions.
    ProvedByMail,
    /// The code of an SMS came back; there are no questions, and four digits alone let nobody in.
    ProvedBySms,
    Answered,
    AnswersSpent,
    PasswordSet,
    Superseded,
}

impl RecoveryEvent {
    pub const ALL: [RecoveryEvent; 7] = [
        RecoveryEvent::ProvedWithQuestions,
        RecoveryEvent::ProvedByMail,
        RecoveryEvent::ProvedBySms,
        RecoveryEvent::Answered,
        RecoveryEvent::AnswersSpent,
        RecoveryEvent::PasswordSet,
        RecoveryEvent::Superseded,
    ];
}

impl RecoveryStatus {
    /// The state after an event; None when the event does not belong here.
    pub fn after(self, event: RecoveryEvent) -> Option<RecoveryStatus> {
        use RecoveryEvent::{
            Answered, AnswersSpent, PasswordSet, ProvedByMail, ProvedBySms, ProvedWithQuestions, Superseded,
        };
        use RecoveryStatus::{Asked, Closed, Done, Password, Questions, Replaced, Support};
        match (self, event) {
            (Asked, ProvedWithQuestions) => Some(Questions),
            (Asked, ProvedByMail) => Some(Password),
            (Asked, ProvedBySms) => Some(Support),
            (Questions, Answered) => Some(Password),
            (Questions, AnswersSpent) => Some(Closed),
            (Password, PasswordSet) => Some(Done),
            (Asked | Questions | Password, Superseded) => Some(Replaced),
            _ => None,
        }
    }
}
