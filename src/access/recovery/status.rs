//! The states of a way back into an account.

use crate::{listed_enum, text_enum};

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

listed_enum! {
    /// What moves it on.
    RecoveryEvent {
        /// The link or code came back, and the account has security questions.
        VerifiedWithQuestions,
        /// The mailed link or code came back; there are no questions.
        VerifiedByMail,
        /// The code of an SMS came back; there are no questions, and four digits alone let nobody in.
        VerifiedBySms,
        Answered,
        AnswersSpent,
        PasswordSet,
        Superseded,
    }
}

impl RecoveryStatus {
    /// The state after an event; None when the event does not belong here.
    pub fn after(self, event: RecoveryEvent) -> Option<RecoveryStatus> {
        use RecoveryEvent::{
            Answered, AnswersSpent, PasswordSet, Superseded, VerifiedByMail, VerifiedBySms,
            VerifiedWithQuestions,
        };
        use RecoveryStatus::{Asked, Closed, Done, Password, Questions, Replaced, Support};
        match (self, event) {
            (Asked, VerifiedWithQuestions) => Some(Questions),
            (Asked, VerifiedByMail) => Some(Password),
            (Asked, VerifiedBySms) => Some(Support),
            (Questions, Answered) => Some(Password),
            (Questions, AnswersSpent) => Some(Closed),
            (Password, PasswordSet) => Some(Done),
            (Asked | Questions | Password, Superseded) => Some(Replaced),
            _ => None,
        }
    }
}
