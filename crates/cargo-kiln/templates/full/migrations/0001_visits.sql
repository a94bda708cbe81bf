CREATE TABLE visits (
    id INTEGER NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL
);

INSERT INTO visits (id, count) VALUES (1, 0);
