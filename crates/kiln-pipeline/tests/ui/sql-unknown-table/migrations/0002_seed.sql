INSERT INTO notes (id, text) VALUES (1, 'first');
INSERT INTO notes (id, txet) VALUES (2, 'second');
