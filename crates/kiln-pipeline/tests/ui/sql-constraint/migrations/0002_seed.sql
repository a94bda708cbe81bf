INSERT INTO notes (id, text) VALUES (1, 'first');
-- The same once more.
/* It is not. */ INSERT INTO notes (id, text)
VALUES (1, 'again');
