//! Who is asked for the password again before something sensitive.

use actix_session::{Session as SessionCookie, SessionExt};
use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest, web};

use crate::accounts::account::Account;
use crate::credentials::hashing::Hashers;
use crate::credentials::reauthentication::verify_password;
use crate::web::{AfterForm, CurrentSession, Cx, Problem, Refusal, Session};

/// Whoever is signed in, with what it takes to compare a password.
pub struct Reauthentication {
    pub session: Session,
    pub cookie: SessionCookie,
    pub hashers: web::Data<Hashers>,
}

impl Reauthentication {
    /// What is wrong with the field `password`; None when the person has just given the password, or does so now.
    pub async fn problem(
        &self,
        cx: &Cx,
        account: &Account,
        password: &str,
    ) -> Result<Option<Problem>, Refusal> {
        verify_password(cx, &self.cookie, &self.session, &self.hashers, account, password).await
    }
}

impl FromRequest for Reauthentication {
    type Error = Error;
    type Future = AfterForm<Result<Reauthentication, Error>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut read = || {
            let session = CurrentSession::from_request(req, payload).into_inner();
            let CurrentSession(session) = session.unwrap_or(Err(Refusal::SignIn))?;
            let hashers = web::Data::from_request(req, payload).into_inner()?;
            Ok(Reauthentication { session, cookie: req.get_session(), hashers })
        };
        AfterForm::of(req, read())
    }
}
