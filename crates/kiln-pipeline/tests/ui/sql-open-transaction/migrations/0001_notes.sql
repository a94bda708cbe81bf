-- kiln: no-transaction
BEGIN; CREATE TABLE notes (id BIGINT PRIMARY KEY);
