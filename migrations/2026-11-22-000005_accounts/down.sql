DROP TABLE sms_preferences;
DROP TABLE activity;
DROP TABLE promo_gifts;
DROP TABLE mailed_links;
DROP TABLE consents;
DROP TABLE accounts;
