-- Signed-in browsers. The key is the SHA-256 of what the cookie holds.
CREATE TABLE sessions (
    key_hash TEXT NOT NULL PRIMARY KEY,
    -- What the owner's list of sessions calls it.
    handle TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    -- The account's epoch when its password was checked: ending all sessions begins another.
    epoch BIGINT NOT NULL,
    state TEXT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account_id, created_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Sessions that were ended before their time, and why: the browser that still holds one is told.
CREATE TABLE ended_sessions (
    key_hash TEXT NOT NULL PRIMARY KEY,
    why TEXT NOT NULL,
    -- When the session would have ended in any case.
    ends_at BIGINT NOT NULL
);
CREATE INDEX ended_sessions_by_end ON ended_sessions (ends_at);

-- Browsers in which the owner has signed in before: strangers' failures do not count against them. Several people may share one.
CREATE TABLE trusted_browsers (
    token_hash TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    -- Until when no second factor is asked for here, because its owner ticked that; with what the owner's list shows.
    factor_until BIGINT,
    handle TEXT,
    ip TEXT,
    user_agent TEXT,
    PRIMARY KEY (token_hash, account_id)
);
CREATE INDEX trusted_browsers_by_account ON trusted_browsers (account_id);

-- Answers to security questions: the question's word from a fixed list, the PHC string of the normalised answer, sealed.
CREATE TABLE security_answers (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    question TEXT NOT NULL,
    answer BYTEA NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (account_id, question)
);

-- Second factors (TOTP, RFC 6238): the secret sealed; the last time step that was used, so that no code works twice.
CREATE TABLE totp_secrets (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    secret BYTEA NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Codes for somebody who has lost the second factor: each works once. Keyed hashes.
CREATE TABLE backup_codes (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    code_hash TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account_id, code_hash)
);
