DROP TABLE sms_settings;
DROP TABLE phone_changes;
DROP TABLE invitations;
DROP TABLE recoveries;
DROP TABLE recovery_codes;
DROP TABLE authenticators;
DROP TABLE answers;
DROP TABLE events;
