CREATE TABLE accounts (
    id BIGINT NOT NULL PRIMARY KEY,
    -- 12 digits, the last a Luhn check digit.
    number TEXT NOT NULL,
    status TEXT NOT NULL,
    -- E.164, confirmed.
    phone TEXT,
    -- As typed by its owner, and the form in which addresses are compared; both only when confirmed.
    email TEXT,
    email_key TEXT,
    -- The PHC string, sealed; none while the account is only invited.
    password BYTEA,
    -- As shown to its owner.
    name TEXT,
    -- Rises when all sessions are ended.
    epoch BIGINT NOT NULL,
    locale TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT accounts_number_is_one UNIQUE (number),
    CONSTRAINT accounts_phone_is_one UNIQUE (phone),
    CONSTRAINT accounts_email_is_one UNIQUE (email_key)
);

CREATE TABLE consents (
    id BIGINT NOT NULL PRIMARY KEY,
    registration_id BIGINT NOT NULL,
    account_id BIGINT REFERENCES accounts (id),
    kind TEXT NOT NULL,
    text_version TEXT NOT NULL,
    locale TEXT NOT NULL,
    ip TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    CONSTRAINT consents_are_given_once UNIQUE (registration_id, kind)
);
CREATE INDEX consents_by_account ON consents (account_id);

-- Mailed links: the token as a hash; an address that is to be confirmed has a code as well, for another browser.
CREATE TABLE mailed_links (
    id BIGINT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL,
    purpose TEXT NOT NULL,
    status TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    email TEXT,
    -- The row of one_time_codes.
    code_id BIGINT,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT mailed_links_token_is_one UNIQUE (token_hash)
);
CREATE INDEX mailed_links_by_account ON mailed_links (account_id, purpose, id);

-- Promo codes given at registration; spent by the first payment that names one.
CREATE TABLE promo_gifts (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    code TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT,
    created_at BIGINT NOT NULL,
    CONSTRAINT gifts_code_is_one UNIQUE (code),
    CONSTRAINT gifts_one_an_account UNIQUE (account_id)
);

-- The activity of an account, as its owner reads it: what happened, from where. Detail is a masked address or a name, never a secret.
CREATE TABLE activity (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    -- Names its text.
    kind TEXT NOT NULL,
    -- What the owner can filter by.
    topic TEXT NOT NULL,
    detail TEXT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX activity_by_account ON activity (account_id, id);

-- What the owner wants to be told by SMS.
CREATE TABLE sms_preferences (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    is_on BOOLEAN NOT NULL,
    kinds TEXT NOT NULL,
    least_minor BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
