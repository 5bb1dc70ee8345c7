DROP TABLE one_time_codes;
DROP TABLE sessions;
DROP TABLE counters;
DROP TABLE facts;
