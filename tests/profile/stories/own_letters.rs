//! An address with a domain in letters of its own, typed so or sent by the browser in ASCII: one account, one way to show it.

use kabinet::base::minutes;

use crate::house::{House, PASSWORD, link_in};
use crate::tidy::access::{ROUTES, Who};

const SHOWN: &str = "petr@почта.рф";
const SENT: &str = "petr@xn--80a1acny.xn--p1ai";

#[actix_web::test]
async fn either_spelling_is_shown_in_its_own_letters_on_every_page_and_in_every_message() {
    for (typed, other) in [(SHOWN, SENT), (SENT, SHOWN)] {
        let house = House::open().await;
        let petr = house.visitor("Petr");
        petr.registers_with(typed).await;
        let mut seen = 0;
        for is_confirmed in [false, true] {
            if is_confirmed {
                let link = link_in(&house.letter_to(SENT).await);
                assert!(petr.opens(&link).await.says(SHOWN));
                petr.submits(&link, &[]).await.goes_to(&link);
            }
            for row in ROUTES.iter().filter(|row| row.method == "GET" && row.who == Who::Owner) {
                if row.path.contains('{') {
                    continue;
                }
                let page = petr.opens(row.path).await;
                assert!(!page.source.contains("xn--"), "{} after {typed}: {}", row.path, page.text());
                seen += usize::from(page.says(SHOWN));
            }
        }
        assert!(seen >= 6, "{seen} pages show the address");
        assert!(petr.opens("/messages").await.says(&format!("письмо на {SHOWN}")));
        assert!(petr.opens("/security/activity").await.says(SHOWN));
        let letters = house.letters_to(SENT).await.into_iter().chain(house.letters_to(&petr.phone).await);
        for letter in letters {
            assert!(!letter.text.contains("xn--") && !letter.subject.contains("xn--"), "{}", letter.text);
        }
        assert!(house.letter_to(&petr.phone).await.text.contains("p•••@почта.рф"));
        assert!(house.letters_to(SHOWN).await.is_empty(), "a mail server is told the name in ASCII");
        // It is one account, whichever is typed; a second one cannot have it.
        petr.signs_out().await;
        for login in [typed, other] {
            let wrong = petr.signs_in(login, "wrong-0-word").await.is(422).page();
            assert_eq!(wrong.value("login").as_deref(), Some(SHOWN));
            petr.signs_in(login, PASSWORD).await.goes_to("/cabinet");
            petr.signs_out().await;
        }
        let boris = house.visitor("Boris").calling("+79265550102");
        boris.registers().await;
        house.passes(minutes(1));
        boris.asks_to_confirm(other).await;
        assert_eq!(house.letter_to(SENT).await.subject, "Ваш адрес пытались добавить в другой аккаунт");
        assert_eq!(house.count("accounts WHERE email IS NOT NULL"), 1);
    }
}
