DROP TABLE checks;
DROP TABLE cards;
