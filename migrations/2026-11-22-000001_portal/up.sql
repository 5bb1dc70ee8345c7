-- Portable between SQLite and PostgreSQL: BIGINT ids made by the program, times in microseconds, words for states.

-- Facts about this installation, such as which secret file it belongs to.
CREATE TABLE system_state (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
