CREATE INDEX CONCURRENTLY notes_by_text ON notes (text);
-- kiln: no-transaction
