-- Double entry. Transfers and postings are written once and never changed: what was wrong is put right by another transfer.
-- What is unique is so by an index, not by a constraint: a test of the audit can take the index away, on either database.

-- What somebody holds, or is owed, in one currency. The balances are kept here and can be computed anew from the postings.
CREATE TABLE ledger_accounts (
    id BIGINT NOT NULL PRIMARY KEY,
    owner_kind TEXT NOT NULL,
    -- accounts.id; 0 for the system's own.
    owner_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    may_go_below_zero BOOLEAN NOT NULL,
    -- Credits less debits of all transfers that are posted or settled.
    posted BIGINT NOT NULL,
    -- What open holds would take away, and what they would bring.
    pending_debits BIGINT NOT NULL,
    pending_credits BIGINT NOT NULL,
    -- How many postings there are: the number of the last one.
    entries BIGINT NOT NULL,
    CONSTRAINT ledger_accounts_pending_is_not_negative CHECK (pending_debits >= 0 AND pending_credits >= 0),
    CONSTRAINT ledger_accounts_entries_are_counted CHECK (entries >= 0),
    CONSTRAINT ledger_accounts_floor_holds CHECK (may_go_below_zero OR posted >= pending_debits),
    -- Whatever is held can be settled without leaving the range.
    CONSTRAINT ledger_accounts_range_holds CHECK (
        posted <= 9223372036854775807 - pending_credits AND posted >= pending_debits - 9223372036854775807
    )
);
CREATE UNIQUE INDEX ledger_accounts_are_one ON ledger_accounts (owner_kind, owner_id, kind, currency);

CREATE TABLE transfers (
    id BIGINT NOT NULL PRIMARY KEY,
    -- What it belongs to, and why it was made. Asked again with the same two, it is the same transfer.
    operation_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    -- posted at once | pending | settled, voided: the end of the pending one that `resolves` names.
    phase TEXT NOT NULL,
    resolves BIGINT REFERENCES transfers (id),
    reverses BIGINT REFERENCES transfers (id),
    at BIGINT NOT NULL,
    CONSTRAINT transfers_phase_is_known CHECK (phase IN ('posted', 'pending', 'settled', 'voided')),
    CONSTRAINT transfers_end_names_its_hold CHECK ((phase IN ('settled', 'voided')) = (resolves IS NOT NULL)),
    CONSTRAINT transfers_reversal_is_posted CHECK (reverses IS NULL OR phase = 'posted')
);
CREATE UNIQUE INDEX transfers_asked_once ON transfers (operation_id, reason) WHERE resolves IS NULL;
CREATE UNIQUE INDEX transfers_resolved_once ON transfers (resolves);
CREATE UNIQUE INDEX transfers_reversed_once ON transfers (reverses);

-- One line of an account, numbered without gaps. Credits are positive, debits negative.
CREATE TABLE postings (
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    number BIGINT NOT NULL,
    transfer_id BIGINT NOT NULL REFERENCES transfers (id),
    amount_minor BIGINT NOT NULL,
    -- The account's posted balance once this line was written; a pending line leaves it as it was.
    posted_after BIGINT NOT NULL,
    PRIMARY KEY (account_id, number),
    CONSTRAINT postings_amount_is_not_zero CHECK (amount_minor <> 0),
    CONSTRAINT postings_are_numbered_from_one CHECK (number > 0)
);
CREATE UNIQUE INDEX postings_by_transfer ON postings (transfer_id, account_id);
