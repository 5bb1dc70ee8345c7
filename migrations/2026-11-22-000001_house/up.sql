-- Portable between SQLite and PostgreSQL: BIGINT ids made by the program, times in microseconds, words for states.

-- Facts about this installation, such as which secret file it belongs to.
CREATE TABLE facts (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Counters of tries. The name is a keyed hash: nobody reads from it who tried what.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
CREATE INDEX counters_by_end ON counters (ends_at);

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

-- Codes that are good once. The code itself is computed from the row's name, the recipient and the master key; it is stored nowhere.
CREATE TABLE one_time_codes (
    id BIGINT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    -- Another one with each new code.
    nonce BYTEA NOT NULL,
    tries_left INTEGER NOT NULL,
    -- When the same or a new code may be sent again.
    resend_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX one_time_codes_by_end ON one_time_codes (expires_at);
