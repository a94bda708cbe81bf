-- kiln: no-transaction
VACUUM INTO 'copy.db';
