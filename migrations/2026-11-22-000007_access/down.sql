DROP TABLE invitations;
DROP TABLE recoveries;
DROP TABLE pending_sign_ins;
DROP TABLE registrations;
