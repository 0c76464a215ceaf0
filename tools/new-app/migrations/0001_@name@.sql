-- @Name@: its tables.
-- Runs once, in a transaction, while the old program still works on these tables.

