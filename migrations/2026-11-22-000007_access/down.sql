DROP TABLE invitations;
DROP TABLE recoveries;
DROP TABLE second_steps;
DROP TABLE registrations;
