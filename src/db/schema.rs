//! The tables, for both databases.

diesel::table! {
    facts (name) { name -> Text, value -> Text, }
}

diesel::table! {
    counters (name) { name -> Text, count -> BigInt, ends_at -> BigInt, blocked_until -> BigInt, }
}

diesel::table! {
    sessions (key_hash) {
        key_hash -> Text,
        handle -> Text,
        account_id -> BigInt,
        epoch -> BigInt,
        state -> Text,
        address -> Text,
        browser -> Text,
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
    devices (token_hash, account_id) {
        token_hash -> Text,
        account_id -> BigInt,
        created_at -> BigInt,
        seen_at -> BigInt,
        factor_until -> Nullable<BigInt>,
        handle -> Nullable<Text>,
        address -> Nullable<Text>,
        browser -> Nullable<Text>,
    }
}

diesel::table! {
    registrations (id) {
        id -> BigInt,
        token_hash -> Text,
        status -> Text,
        phone -> Text,
        locale -> Text,
        nonce -> Binary,
        tries_left -> Integer,
        messages_sent -> Integer,
        again_at -> BigInt,
        code_expires_at -> BigInt,
        expires_at -> BigInt,
        account_id -> Nullable<BigInt>,
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
        address -> Text,
        given_at -> BigInt,
    }
}

diesel::table! {
    confirmations (id) {
        id -> BigInt,
        token_hash -> Text,
        purpose -> Text,
        status -> Text,
        account_id -> BigInt,
        email -> Text,
        email_key -> Text,
        nonce -> Binary,
        tries_left -> Integer,
        expires_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    gifts (id) {
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
        content -> Nullable<Binary>,
        status -> Text,
        attempts -> Integer,
        next_at -> BigInt,
        peer_id -> Nullable<Text>,
        failure -> Nullable<Text>,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        delivered_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    events (id) {
        id -> BigInt,
        account_id -> BigInt,
        kind -> Text,
        detail -> Text,
        address -> Text,
        browser -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    answers (account_id, question) { account_id -> BigInt, question -> Text, answer -> Binary, place -> Integer, }
}

diesel::table! {
    authenticators (account_id) {
        account_id -> BigInt,
        secret -> Binary,
        confirmed_at -> Nullable<BigInt>,
        last_step -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    recovery_codes (account_id, code_hash) { account_id -> BigInt, code_hash -> Text, used_at -> Nullable<BigInt>, }
}

diesel::table! {
    second_steps (token_hash) {
        token_hash -> Text,
        account_id -> BigInt,
        epoch -> BigInt,
        spent -> Text,
        known -> Bool,
        tries_left -> Integer,
        expires_at -> BigInt,
    }
}

diesel::table! {
    recoveries (id) {
        id -> BigInt,
        token_hash -> Text,
        asker_hash -> Text,
        step_hash -> Nullable<Text>,
        status -> Text,
        channel -> Text,
        account_id -> Nullable<BigInt>,
        nonce -> Binary,
        tries_left -> Integer,
        answers_left -> Integer,
        reference -> Nullable<Text>,
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
        step_hash -> Nullable<Text>,
        nonce -> Binary,
        password -> Nullable<Binary>,
        expires_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    phone_changes (account_id) {
        account_id -> BigInt,
        phone -> Text,
        nonce -> Binary,
        tries_left -> Integer,
        again_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    sms_settings (account_id) {
        account_id -> BigInt,
        is_on -> Bool,
        kinds -> Text,
        least_minor -> BigInt,
        changed_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(accounts, invitations, sessions, gifts);
