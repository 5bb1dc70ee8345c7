DROP TABLE card_verifications;
DROP TABLE cards;
