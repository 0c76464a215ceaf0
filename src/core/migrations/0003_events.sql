-- What happened, written in the transaction in which it happened. A job for each listener is made with it.

CREATE TABLE core_event (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    aggregate uuid NOT NULL,
    payload jsonb NOT NULL,
    cause jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT core_event_cause_form CHECK (jsonb_typeof(cause) = 'object')
);
CREATE INDEX core_event_created_at ON core_event (created_at);
CREATE INDEX core_event_aggregate ON core_event (aggregate, created_at);
