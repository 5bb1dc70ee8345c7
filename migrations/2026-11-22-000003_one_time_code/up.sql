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
