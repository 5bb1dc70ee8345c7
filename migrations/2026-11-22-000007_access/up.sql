CREATE TABLE registrations (
    id BIGINT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- The row of one_time_codes, until the code was typed.
    code_id BIGINT NOT NULL,
    -- How often the last form may come once more.
    resubmissions_left INTEGER NOT NULL,
    expires_at BIGINT NOT NULL,
    account_id BIGINT REFERENCES accounts (id),
    -- The numbers of the messages that were sent for it, with spaces between: they become the account's.
    messages TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT registrations_token_is_one UNIQUE (token_hash)
);
CREATE INDEX registrations_by_end ON registrations (expires_at);

-- Somebody has given the right password and owes the second factor. The browser holds the token; what the password cost the
-- limits is given back when the code is right.
CREATE TABLE pending_sign_ins (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    -- The account's epoch when the password was checked.
    epoch BIGINT NOT NULL,
    -- The names of the counters, one a line.
    spent TEXT NOT NULL,
    known BOOLEAN NOT NULL,
    -- As it was typed.
    login TEXT NOT NULL,
    tries_left INTEGER NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX pending_sign_ins_by_end ON pending_sign_ins (expires_at);

-- Ways back in that are under way. Whoever asked for one may type its code; whoever holds the mailed link may open it; the
-- browser in which one of both was done goes on with a secret of its own. A row stands for an unknown address as well: its
-- code is never right. All secrets as hashes; the code's row is in one_time_codes.
CREATE TABLE recoveries (
    id BIGINT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL,
    requester_hash TEXT NOT NULL,
    continuation_hash TEXT,
    status TEXT NOT NULL,
    channel TEXT NOT NULL,
    account_id BIGINT REFERENCES accounts (id),
    code_id BIGINT NOT NULL,
    answers_left INTEGER NOT NULL,
    -- What support asks for, where only support can help.
    reference TEXT,
    -- Tells the same address or phone from another one; not which it is.
    asked_for TEXT NOT NULL,
    -- The same, sealed: whoever has typed it reads it on the page of the code.
    typed BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT recoveries_token_is_one UNIQUE (token_hash),
    CONSTRAINT recoveries_requester_is_one UNIQUE (requester_hash),
    CONSTRAINT recoveries_continuation_is_one UNIQUE (continuation_hash),
    CONSTRAINT recoveries_reference_is_one UNIQUE (reference)
);
CREATE INDEX recoveries_by_account ON recoveries (account_id, created_at);
CREATE INDEX recoveries_by_target ON recoveries (asked_for);
CREATE INDEX recoveries_by_end ON recoveries (expires_at);

-- Accounts that wait for their owner: each mail is a row, the newest counts. The address is kept here until it is confirmed.
CREATE TABLE invitations (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    status TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    -- The browser that has confirmed goes on with a secret of its own.
    continuation_hash TEXT,
    code_id BIGINT NOT NULL,
    -- The PHC string, sealed, until the last step makes it the account's.
    password BYTEA,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT invitations_token_is_one UNIQUE (token_hash),
    CONSTRAINT invitations_continuation_is_one UNIQUE (continuation_hash)
);
CREATE INDEX invitations_by_address ON invitations (email_key, id);
CREATE INDEX invitations_by_account ON invitations (account_id, id);
CREATE INDEX invitations_by_end ON invitations (expires_at);
