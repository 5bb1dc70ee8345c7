-- Counters of tries. The name is a keyed hash: nobody reads from it who tried what.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
CREATE INDEX counters_by_end ON counters (ends_at);
