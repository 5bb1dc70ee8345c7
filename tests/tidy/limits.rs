//! Every limit on one screen.

use kabinet::portal::LIMITS;

use super::sources::working_sources;

fn table() -> Vec<String> {
    LIMITS.iter().copied().flatten().map(ToString::to_string).collect()
}

#[test]
fn these_are_the_limits() {
    assert_eq!(
        table(),
        [
            "sms.phone per Phone: 5 in 86400 s",
            "sms.notices per Phone: 10 in 86400 s",
            "sms.ip_prefix per IpPrefix: 10 in 86400 s",
            "sms.ip_block per IpBlock: 30 in 86400 s",
            "sms.trial per IpPrefix: 200 in 3600 s",
            "sms.global_hour per Everybody: 1000 in 3600 s",
            "sms.global_day per Everybody: 10000 in 86400 s",
            "sms.network_hour per IpNetwork: 100 in 3600 s",
            "sms.network_day per IpNetwork: 1000 in 86400 s",
            "sms.sent_by_network per IpNetwork: 20 in 10800 s",
            "sms.between per Phone: 1 free, then 60 s to 900 s, memory 86400 s",
            "sms.alarm per Everybody: 1 in 3600 s",
            "activity.failures per Login: 50 in 86400 s",
            "accounts.mails_to_one per Email: 5 in 86400 s",
            "credentials.reauthentication per Account: 5 in 900 s",
            "credentials.second_factor per Account: 10 in 900 s",
            "sign_in.per_ip per IpPrefix: 30 in 60 s",
            "sign_in.failed_per_ip per IpPrefix: 10 in 60 s",
            "sign_in.failed_per_browser per Browser: 10 in 900 s",
            "sign_in.failed_per_login per Login: 5 free, then 30 s to 900 s, memory 86400 s",
            "sign_in.failed_per_account per Account: 100 free, then 86400 s to 86400 s, memory 2592000 s",
            "sign_in.codes_per_browser per Browser: 10 in 900 s",
            "sign_in.codes_per_account per Account: 10 free, then 900 s to 3600 s, memory 86400 s",
            "sign_in.unlock_mails per Account: 1 in 3600 s",
            "sign_in.unlock_sms per Account: 3 in 86400 s",
            "recovery.mails per Email: 3 in 3600 s",
            "recovery.requests per IpPrefix: 10 in 3600 s",
            "recovery.answers per Account: 10 in 86400 s",
            "invitation.mails per Email: 5 in 3600 s",
            "invitation.codes per Email: 3 in 86400 s",
            "invitation.codes_per_ip per IpPrefix: 10 in 3600 s",
            "profile.changes per Account: 60 in 3600 s",
            "profile.email_mails per Account: 10 in 86400 s",
            "profile.passwords per Account: 10 in 86400 s",
            "phone_change.messages per Account: 10 in 86400 s",
            "cards.day per Account: 3 in 86400 s",
            "cards.month per Account: 10 in 2592000 s",
            "cards.ip per IpPrefix: 20 in 86400 s",
            "cards.ip_all per IpPrefix: 100 in 86400 s",
            "cards.trial per Account: 200 in 3600 s",
            "cards.calls per Account: 20 in 3600 s",
            "cards.calls_of_ip per IpPrefix: 60 in 3600 s",
            "cards.breaker per Everybody: 1 in 60 s",
            "landing.message_checks per IpPrefix: 20 in 600 s",
        ]
    );
}

#[test]
fn no_limit_is_missing_from_the_table() {
    let (table, mut missing) = (table(), Vec::new());
    for file in working_sources().into_iter().filter(|file| file.path != "src/limits.rs") {
        for declared in ["RateLimit::new(", "Backoff {"].iter().flat_map(|word| file.text.split(word).skip(1))
        {
            let declared = declared.split(';').next().unwrap();
            // What has no limit is a tally, or work for the look of it.
            if declared.contains("i64::MAX") {
                continue;
            }
            let name = declared.split('"').nth(1).unwrap_or("a limit without a name");
            if !table.iter().any(|line| line.starts_with(&format!("{name} per "))) {
                missing.push(format!("{}: {name}", file.path));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
