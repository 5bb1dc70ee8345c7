DROP TABLE promo_gifts;
DROP TABLE mailed_links;
DROP TABLE consents;
DROP TABLE registrations;
DROP TABLE trusted_browsers;
DROP TABLE accounts;
