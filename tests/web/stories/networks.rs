//! Whoever is refused because of others at the same network address is told so, and what works all the same.

use kabinet::base::{Client, days, seconds};
use kabinet::limits::{Declared, Per, RateLimit};
use kabinet::portal::LIMITS;

use crate::cards::stories::limits::{GOOD, brings, person};
use crate::house::{House, PASSWORD, Visitor};
use crate::support::http::Answer;

/// In each language: that others may have the address, and that another one will do.
const SAID: [(&str, [&str; 2]); 3] = [
    ("ru", ["могут пользоваться и другие", "другой сети"]),
    ("en", ["other people may share", "another network"]),
    ("zh-CN", ["可能有其他人共用", "其他网络"]),
];

fn all() -> Vec<RateLimit> {
    let limits = LIMITS.iter().copied().flatten().filter_map(|limit| match limit {
        Declared::Rate(limit) => Some(*limit),
        Declared::Backoff(_) => None,
    });
    limits.collect()
}

fn per_network() -> Vec<RateLimit> {
    let is_network = |per| matches!(per, Per::IpPrefix | Per::IpBlock | Per::IpNetwork);
    all().into_iter().filter(|limit| is_network(limit.per)).collect()
}

/// Others at this address, or in the network around it, have spent all of it.
async fn is_used_up(house: &House, limit: RateLimit, ip: &str) {
    let client = Client { ip: ip.to_owned(), user_agent: "Test".to_owned() };
    let txs = house.state().txs.of(client);
    let spends = txs.write(move |tx| {
        let subject = match limit.per {
            Per::IpPrefix => tx.client.ip_prefix(),
            Per::IpBlock => tx.client.ip_block(),
            // A share of everybody's window, which begins now.
            _ => format!("{} {}", tx.client.ip_network(), tx.now.after(limit.within).micros()),
        };
        for _ in 0..limit.most {
            tx.spend(&limit, &subject)?;
        }
        Ok(())
    });
    spends.await.unwrap();
}

/// The forms at which this limit says no, sent by somebody who has done nothing yet; none for a mere tally.
async fn doors(who: &Visitor<'_>, owner: &Visitor<'_>, limit: &str) -> Vec<Answer> {
    let phone: &[(&str, &str)] = &[("country", "RU"), ("phone", "+79162229999"), ("password", PASSWORD)];
    match limit {
        "sms.sent_by_network" => Vec::new(),
        _ if limit.starts_with("sms.") => vec![
            who.submits("/registration", &phone[..2]).await,
            who.submits("/recovery/phone", &phone[..2]).await,
            owner.submits("/profile/phone", phone).await,
        ],
        "recovery.requests" => vec![
            who.submits("/recovery", &[("email", "anna@example.org")]).await,
            who.submits("/recovery/phone", &phone[..2]).await,
        ],
        "sign_in.per_ip" | "sign_in.failed_per_ip" => vec![who.signs_in("+79162229999", PASSWORD).await],
        "invitation.codes_per_ip" => {
            let fields = [("email", "anna@example.org"), ("code", "041726")];
            vec![who.submits("/invitation/code", &fields).await]
        }
        "landing.message_checks" => {
            vec![who.submits("/messages/verify", &[("number", "7Q3KM-0F9TX")]).await]
        }
        _ if limit.starts_with("cards.") => vec![brings(owner, GOOD).await],
        _ => panic!("{limit} counts by the network: say here which forms it shuts"),
    }
}

#[actix_web::test]
async fn a_limit_that_counts_by_the_network_says_so_and_what_else_works() {
    let limits = per_network();
    assert!(limits.len() >= 12, "{limits:?}");
    let mut untold = Vec::new();
    for mode in ["strict", "trial"] {
        for (language, said) in SAID {
            let house = House::with(&[("KABINET_CODE_LIMITS", mode)]).await;
            for (nth, limit) in limits.iter().enumerate() {
                if (mode == "trial") != (limit.name == "sms.trial") {
                    continue;
                }
                let ip = format!("10.{}.7.7", 100 + nth);
                let who = house.visitor("Vera").from(&ip).sending("accept-language", language);
                let owner = person(&house, "Anna").await.sending("accept-language", language);
                // Everybody's windows begin anew.
                house.passes(days(1));
                is_used_up(&house, *limit, &ip).await;
                owner.signs_in_again().await;
                for answer in doors(&who, &owner.clone().from(&ip), limit.name).await {
                    let text = answer.page().text();
                    let told = answer.status == 429 && answer.header("retry-after").is_some();
                    if !told || !said.iter().all(|words| text.contains(words)) {
                        untold.push(format!("{} {language} {}: {text}", limit.name, answer.path));
                    }
                }
            }
        }
    }
    assert!(untold.is_empty(), "{untold:#?}");
}

/// One afternoon of somebody who looks at everything, on a first run.
#[actix_web::test]
async fn where_messages_go_to_the_sandbox_there_is_room_for_codes() {
    let house = House::with(&[("KABINET_CODE_LIMITS", "trial")]).await;
    for phone in 0..40 {
        let vera = house.visitor("Vera").calling(&format!("+7916222{phone:04}")).from("127.0.0.1");
        vera.gives_phone().await.goes_to("/registration/code");
        let fields = [("country", "RU"), ("phone", vera.phone.as_str())];
        house.passes(seconds(61));
        vera.submits("/recovery/phone", &fields).await.goes_to("/recovery/code");
        vera.submits("/recovery", &[("email", &format!("vera{phone}@example.org"))])
            .await
            .goes_to("/recovery/code");
    }
}
