-- Notes, and who wrote them.
CREATE TABLE notes (id BIGINT PRIMARY KEY);

CREATE TABEL authors (
    id BIGINT PRIMARY KEY
);
