-- What has been promised to be sent. Recipient and text are sealed, and wiped once they have been handed over.
CREATE TABLE outbox (
    id BIGINT NOT NULL PRIMARY KEY,
    -- What people see in the message and may ask about.
    number TEXT NOT NULL,
    account_id BIGINT,
    channel TEXT NOT NULL,
    -- Names its texts.
    kind TEXT NOT NULL,
    locale TEXT NOT NULL,
    recipient_masked TEXT NOT NULL,
    -- Whole, for the owner of the account; nothing while there is none.
    recipient_sealed BYTEA,
    content BYTEA,
    status TEXT NOT NULL,
    -- Rises with each claim: whoever finishes names the attempt that they claimed.
    attempts INTEGER NOT NULL,
    -- When it is due; while it is being sent, when the claim lapses.
    next_at BIGINT NOT NULL,
    -- A message that has not gone out by then is given up.
    useful_until BIGINT NOT NULL,
    -- What the SMS centre calls it; delivery receipts name it.
    peer_id TEXT,
    failure TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    delivered_at BIGINT,
    CONSTRAINT outbox_number_is_one UNIQUE (number)
);
CREATE INDEX outbox_due ON outbox (channel, status, next_at);
CREATE INDEX outbox_by_status ON outbox (status, created_at);
CREATE INDEX outbox_by_peer ON outbox (peer_id);
CREATE INDEX outbox_by_account ON outbox (account_id, id);
