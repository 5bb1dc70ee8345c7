DROP TABLE backup_codes;
DROP TABLE totp_secrets;
DROP TABLE security_answers;
DROP TABLE trusted_browsers;
DROP TABLE ended_sessions;
DROP TABLE sessions;
