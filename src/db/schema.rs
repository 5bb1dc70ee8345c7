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
        account_id -> BigInt,
        state -> Text,
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
        password -> Binary,
        locale -> Text,
        time_zone -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    devices (token_hash) { token_hash -> Text, account_id -> BigInt, created_at -> BigInt, seen_at -> BigInt, }
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

diesel::allow_tables_to_appear_in_same_query!(accounts, sessions, gifts);
