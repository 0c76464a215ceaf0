-- Requests that were sent with an Idempotency-Key and committed, each with its answer. The row is written in the
-- transaction of the request's own effects, so either both are there or neither.
CREATE TABLE core_idempotency (
    -- Of who asked, method, path and key.
    hash text PRIMARY KEY,
    -- The user who asked; empty for requests without a sign-in, which are told apart by their address.
    principal text NOT NULL,
    request text NOT NULL,
    fingerprint text NOT NULL,
    -- Sealed with the site's key: answers may hold what only the one who asked may see.
    answer text,
    created_at timestamptz NOT NULL
);
CREATE INDEX core_idempotency_created_at ON core_idempotency (created_at);
CREATE INDEX core_idempotency_principal ON core_idempotency (principal);
