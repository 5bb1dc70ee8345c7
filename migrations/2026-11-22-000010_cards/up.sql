-- Bank cards and their verification charges. The number of a card and its security code stand nowhere.
CREATE TABLE cards (
    id BIGINT NOT NULL PRIMARY KEY,
    -- What addresses of pages name it by.
    handle TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    -- Drawn with the form: a form that is sent twice binds once.
    form_key TEXT NOT NULL,
    -- entering | verifying | confirmed | failed | unbound
    status TEXT NOT NULL,
    -- Why it failed.
    failure TEXT,
    -- What the gateway said when it would not take the card in: for staff.
    decline TEXT,
    decline_code TEXT,
    gateway TEXT NOT NULL,
    -- The gateway call that exchanges the number for a token (or opens the gateway's own page).
    entry_operation BIGINT NOT NULL,
    is_hosted BOOLEAN NOT NULL,
    -- The gateway's own page, while it stands open.
    entry_url TEXT,
    -- What its attempt has spent: counters, and the ends of their windows. NULL once the bank has answered about the card, or
    -- once it was given back.
    spent TEXT,
    -- The gateway's token, sealed.
    token BYTEA,
    brand TEXT,
    last_four TEXT,
    holder TEXT,
    expires_year SMALLINT,
    expires_month SMALLINT,
    -- A keyed hash of the number: tells cards apart without naming them.
    fingerprint TEXT,
    -- After wrong sums: until when nobody may bind that number.
    cool_down_until BIGINT,
    is_default BOOLEAN NOT NULL,
    -- Tries at naming the sum of the verification charge.
    tries_left INTEGER NOT NULL,
    -- Of the browser that brought it: for the journal and the language of the gateway's page.
    locale TEXT NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    -- When the worker looks at it; NULL when there is nothing to do.
    next_at BIGINT,
    attempts INTEGER NOT NULL,
    expiry_told BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    ended_at BIGINT,
    CONSTRAINT cards_tries_are_not_negative CHECK (tries_left >= 0),
    CONSTRAINT cards_only_last_four CHECK (last_four IS NULL OR length(last_four) = 4),
    CONSTRAINT cards_bound_has_token CHECK (status IN ('entering', 'failed', 'unbound') OR token IS NOT NULL),
    CONSTRAINT cards_default_is_confirmed CHECK (NOT is_default OR status = 'confirmed')
);
CREATE UNIQUE INDEX cards_handle_is_one ON cards (handle);
CREATE UNIQUE INDEX cards_form_binds_once ON cards (account_id, form_key);
CREATE UNIQUE INDEX cards_one_under_way ON cards (account_id) WHERE status IN ('entering', 'verifying');
CREATE UNIQUE INDEX cards_one_default ON cards (account_id) WHERE is_default;
CREATE INDEX cards_by_account ON cards (account_id, id);
CREATE INDEX cards_by_fingerprint ON cards (fingerprint, created_at);
CREATE INDEX cards_due ON cards (next_at);

CREATE TABLE card_verifications (
    id BIGINT NOT NULL PRIMARY KEY,
    card_id BIGINT NOT NULL REFERENCES cards (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    -- charging | challenged | charged | cancelling | returning | returned | declined
    status TEXT NOT NULL,
    gateway TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    -- The idempotency keys of the two calls, drawn before either is made.
    charge_operation BIGINT NOT NULL,
    refund_operation BIGINT NOT NULL,
    charge_reference TEXT,
    refund_reference TEXT,
    -- The bank's page where the cardholder says yes.
    challenge_url TEXT,
    -- In the ledger: what was held when the charge was decided, and what it became when the money moved.
    hold_id BIGINT NOT NULL REFERENCES transfers (id),
    transfer_id BIGINT REFERENCES transfers (id),
    -- The gateway's reasons, for staff.
    decline TEXT,
    decline_code TEXT,
    refund_refused INTEGER NOT NULL,
    next_at BIGINT,
    attempts INTEGER NOT NULL,
    -- What goes wrong at present, since when, and when the operator was alerted.
    gateway_error TEXT,
    failing_since BIGINT,
    alerted_at BIGINT,
    begun_at BIGINT NOT NULL,
    -- When the return begins at the latest, and what the shopper is promised.
    challenged_at BIGINT,
    refund_at BIGINT NOT NULL,
    return_by BIGINT NOT NULL,
    charged_at BIGINT,
    returned_at BIGINT,
    CONSTRAINT card_verifications_amount_is_small CHECK (amount_minor BETWEEN 100 AND 999),
    CONSTRAINT card_verifications_charged_is_in_the_books CHECK (status NOT IN ('charged', 'returning', 'returned') OR transfer_id IS NOT NULL),
    CONSTRAINT card_verifications_return_is_in_time CHECK (refund_at < return_by)
);
CREATE UNIQUE INDEX card_verifications_one_a_card ON card_verifications (card_id);
CREATE UNIQUE INDEX card_verifications_charge_is_one ON card_verifications (charge_operation);
CREATE UNIQUE INDEX card_verifications_refund_is_one ON card_verifications (refund_operation);
CREATE INDEX card_verifications_due ON card_verifications (next_at);
