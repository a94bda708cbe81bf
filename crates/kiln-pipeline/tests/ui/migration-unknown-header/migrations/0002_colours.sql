-- Colours of notes.
--   kiln: compatible-form = 1  
ALTER TABLE notes ADD COLUMN colour TEXT;
