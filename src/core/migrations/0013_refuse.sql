-- Stops the transaction with the given SQLSTATE: what a statement that is followed by COMMIT refuses a write with.
CREATE FUNCTION core_refuse(state text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'refused' USING ERRCODE = state;
END $$;
