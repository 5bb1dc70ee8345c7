-- A new phone that waits for its code; forgotten with it.
CREATE TABLE phone_changes (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    phone TEXT NOT NULL,
    code_id BIGINT NOT NULL
);
