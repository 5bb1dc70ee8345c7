//! The tables, for both databases.

diesel::table! {
    system_state (name) { name -> Text, value -> Text, }
}

diesel::table! {
    counters (name) { name -> Text, count -> BigInt, ends_at -> BigInt, blocked_until -> BigInt, }
}

diesel::table! {
    ended_sessions (key_hash) {
        key_hash -> Text,
        why -> Text,
        ends_at -> BigInt,
    }
}

diesel::table! {
    sessions (key_hash) {
        key_hash -> Text,
        handle -> Text,
        account_id -> BigInt,
        epoch -> BigInt,
        state -> Text,
        ip -> Text,
        user_agent -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
        ends_at -> BigInt,
    }
}

diesel::table! {
    accounts (id) {
        id -> BigInt,
        number -> Text,
        status -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        password -> Nullable<Binary>,
        name -> Nullable<Text>,
        epoch -> BigInt,
        locale -> Text,
        time_zone -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    trusted_browsers (token_hash, account_id) {
        token_hash -> Text,
        account_id -> BigInt,
        created_at -> BigInt,
        seen_at -> BigInt,
        factor_until -> Nullable<BigInt>,
        handle -> Nullable<Text>,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
    }
}

diesel::table! {
    registrations (id) {
        id -> BigInt,
        token_hash -> Text,
        status -> Text,
        phone -> Text,
        code_id -> BigInt,
        resubmissions_left -> Integer,
        expires_at -> BigInt,
        account_id -> Nullable<BigInt>,
        messages -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    consents (id) {
        id -> BigInt,
        registration_id -> BigInt,
        account_id -> Nullable<BigInt>,
        kind -> Text,
        text_version -> Text,
        locale -> Text,
        ip -> Text,
        given_at -> BigInt,
    }
}

diesel::table! {
    mailed_links (id) {
        id -> BigInt,
        token_hash -> Text,
        purpose -> Text,
        status -> Text,
        account_id -> BigInt,
        email -> Nullable<Text>,
        code_id -> Nullable<BigInt>,
        expires_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    promo_gifts (id) {
        id -> BigInt,
        account_id -> BigInt,
        code -> Text,
        amount_minor -> BigInt,
        currency -> Text,
        expires_at -> BigInt,
        spent_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt,
        number -> Text,
        account_id -> Nullable<BigInt>,
        channel -> Text,
        kind -> Text,
        locale -> Text,
        recipient_masked -> Text,
        recipient_sealed -> Nullable<Binary>,
        content -> Nullable<Binary>,
        status -> Text,
        attempts -> Integer,
        next_at -> BigInt,
        useful_until -> BigInt,
        peer_id -> Nullable<Text>,
        failure -> Nullable<Text>,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        delivered_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    activity (id) {
        id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        topic -> Text,
        detail -> Text,
        ip -> Text,
        user_agent -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    security_answers (account_id, question) { account_id -> BigInt, question -> Text, answer -> Binary, place -> Integer, }
}

diesel::table! {
    totp_secrets (account_id) {
        account_id -> BigInt,
        secret -> Binary,
        confirmed_at -> Nullable<BigInt>,
        last_step -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    backup_codes (account_id, code_hash) { account_id -> BigInt, code_hash -> Text, used_at -> Nullable<BigInt>, }
}

diesel::table! {
    pending_sign_ins (token_hash) {
        token_hash -> Text,
        account_id -> BigInt,
        epoch -> BigInt,
        spent -> Text,
        known -> Bool,
        login -> Text,
        tries_left -> Integer,
        expires_at -> BigInt,
    }
}

diesel::table! {
    recoveries (id) {
        id -> BigInt,
        token_hash -> Text,
        requester_hash -> Text,
        continuation_hash -> Nullable<Text>,
        status -> Text,
        channel -> Text,
        account_id -> Nullable<BigInt>,
        code_id -> BigInt,
        answers_left -> Integer,
        reference -> Nullable<Text>,
        asked_for -> Text,
        typed -> Binary,
        expires_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    invitations (id) {
        id -> BigInt,
        account_id -> BigInt,
        status -> Text,
        email -> Text,
        email_key -> Text,
        token_hash -> Text,
        continuation_hash -> Nullable<Text>,
        code_id -> BigInt,
        password -> Nullable<Binary>,
        expires_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    phone_changes (account_id) {
        account_id -> BigInt,
        phone -> Text,
        code_id -> BigInt,
    }
}

diesel::table! {
    sms_preferences (account_id) {
        account_id -> BigInt,
        is_on -> Bool,
        kinds -> Text,
        least_minor -> BigInt,
        changed_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    invitations,
    sessions,
    promo_gifts,
    totp_secrets,
    trusted_browsers
);

diesel::table! {
    ledger_accounts (id) {
        id -> BigInt,
        owner_kind -> Text,
        owner_id -> BigInt,
        kind -> Text,
        currency -> Text,
        may_go_below_zero -> Bool,
        posted -> BigInt,
        pending_debits -> BigInt,
        pending_credits -> BigInt,
        entries -> BigInt,
    }
}

diesel::table! {
    transfers (id) {
        id -> BigInt,
        operation_id -> BigInt,
        reason -> Text,
        phase -> Text,
        resolves -> Nullable<BigInt>,
        reverses -> Nullable<BigInt>,
        at -> BigInt,
    }
}

diesel::table! {
    postings (account_id, number) {
        account_id -> BigInt,
        number -> BigInt,
        transfer_id -> BigInt,
        amount_minor -> BigInt,
        posted_after -> BigInt,
    }
}

diesel::joinable!(postings -> transfers (transfer_id));
diesel::joinable!(postings -> ledger_accounts (account_id));
diesel::allow_tables_to_appear_in_same_query!(ledger_accounts, transfers, postings);

diesel::table! {
    cards (id) {
        id -> BigInt,
        handle -> Text,
        account_id -> BigInt,
        form_key -> Text,
        status -> Text,
        failure -> Nullable<Text>,
        decline -> Nullable<Text>,
        decline_code -> Nullable<Text>,
        gateway -> Text,
        entry_operation -> BigInt,
        is_hosted -> Bool,
        entry_url -> Nullable<Text>,
        spent -> Nullable<Text>,
        token -> Nullable<Binary>,
        brand -> Nullable<Text>,
        last_four -> Nullable<Text>,
        holder -> Nullable<Text>,
        expires_year -> Nullable<SmallInt>,
        expires_month -> Nullable<SmallInt>,
        fingerprint -> Nullable<Text>,
        cool_down_until -> Nullable<BigInt>,
        is_default -> Bool,
        tries_left -> Integer,
        locale -> Text,
        ip -> Text,
        user_agent -> Text,
        next_at -> Nullable<BigInt>,
        attempts -> Integer,
        expiry_told -> Bool,
        created_at -> BigInt,
        confirmed_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    card_verifications (id) {
        id -> BigInt,
        card_id -> BigInt,
        account_id -> BigInt,
        status -> Text,
        gateway -> Text,
        amount_minor -> BigInt,
        currency -> Text,
        charge_operation -> BigInt,
        refund_operation -> BigInt,
        charge_reference -> Nullable<Text>,
        refund_reference -> Nullable<Text>,
        challenge_url -> Nullable<Text>,
        hold_id -> BigInt,
        transfer_id -> Nullable<BigInt>,
        decline -> Nullable<Text>,
        decline_code -> Nullable<Text>,
        refund_refused -> Integer,
        next_at -> Nullable<BigInt>,
        attempts -> Integer,
        gateway_error -> Nullable<Text>,
        failing_since -> Nullable<BigInt>,
        alerted_at -> Nullable<BigInt>,
        begun_at -> BigInt,
        challenged_at -> Nullable<BigInt>,
        refund_at -> BigInt,
        return_by -> BigInt,
        charged_at -> Nullable<BigInt>,
        returned_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(card_verifications -> cards (card_id));
diesel::joinable!(card_verifications -> accounts (account_id));
diesel::allow_tables_to_appear_in_same_query!(card_verifications, cards);
diesel::allow_tables_to_appear_in_same_query!(card_verifications, accounts);

diesel::table! {
    one_time_codes (id) {
        id -> BigInt,
        purpose -> Text,
        nonce -> Binary,
        tries_left -> Integer,
        resend_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(one_time_codes, registrations, recoveries, phone_changes);
