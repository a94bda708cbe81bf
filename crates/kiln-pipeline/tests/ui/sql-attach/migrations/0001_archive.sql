-- kiln: no-transaction
ATTACH DATABASE 'archive.db' AS archive;
CREATE TABLE archive.notes (id BIGINT PRIMARY KEY);
