DROP TABLE sessions;
DROP TABLE counters;
DROP TABLE facts;
