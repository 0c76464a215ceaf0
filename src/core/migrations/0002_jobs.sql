-- Background work: jobs, the workers that hold them, and schedules. ADR 0006 tells why it is as it is.

CREATE SEQUENCE core_job_lease;

-- A job is "waiting" until a worker claims it ("running"); "blocked" while an earlier one has its serial key. It ends as
-- "done", "cancelled" or, when it can't be done, "dead".
CREATE TABLE core_job (
    id uuid PRIMARY KEY,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    arguments jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    queue text NOT NULL DEFAULT 'default',
    priority bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'waiting',
    attempt bigint NOT NULL DEFAULT 0,
    max_attempts bigint NOT NULL DEFAULT 20,
    rescues bigint NOT NULL DEFAULT 0,
    run_at timestamptz NOT NULL DEFAULT now(),
    unique_key text,
    serial_key text,
    worker uuid,
    lease_token bigint,
    cancel_requested boolean NOT NULL DEFAULT false,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT core_job_state_choice CHECK (state IN ('waiting', 'blocked', 'running', 'done', 'cancelled', 'dead')),
    CONSTRAINT core_job_running_has_lease CHECK ((state = 'running') = (lease_token IS NOT NULL)),
    CONSTRAINT core_job_running_has_worker CHECK ((state = 'running') = (worker IS NOT NULL)),
    CONSTRAINT core_job_finished_has_time CHECK ((state IN ('done', 'cancelled', 'dead')) = (finished_at IS NOT NULL)),
    CONSTRAINT core_job_attempts CHECK (attempt >= 0 AND rescues >= 0),
    CONSTRAINT core_job_blocked_is_serial CHECK (state <> 'blocked' OR serial_key IS NOT NULL)
);
-- What claims look through; finished jobs are not in it.
CREATE INDEX core_job_ready ON core_job (queue, priority DESC, run_at, seq) WHERE state = 'waiting';
CREATE INDEX core_job_running ON core_job (worker) WHERE state = 'running';
CREATE UNIQUE INDEX core_job_unique ON core_job (kind, unique_key)
    WHERE unique_key IS NOT NULL AND state IN ('waiting', 'blocked', 'running');
CREATE INDEX core_job_serial ON core_job (serial_key, seq)
    WHERE serial_key IS NOT NULL AND state IN ('waiting', 'blocked', 'running');
CREATE INDEX core_job_blocked ON core_job (serial_key, seq) WHERE state = 'blocked';
-- Of the jobs that share a serial key no two ever run at once.
CREATE UNIQUE INDEX core_job_serial_running ON core_job (serial_key) WHERE serial_key IS NOT NULL AND state = 'running';
CREATE INDEX core_job_finished ON core_job (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX core_job_dead ON core_job (queue) WHERE state = 'dead';

-- A process that runs jobs. It holds those that it claimed for as long as its lease, which it renews each second.
CREATE TABLE core_worker (
    id uuid PRIMARY KEY,
    place text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- How often jobs of a kind ended in which way, over all workers, for the metrics.
CREATE TABLE core_job_total (
    kind text NOT NULL,
    outcome text NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (kind, outcome)
) WITH (fillfactor = 50);

-- Up to which nominal time a schedule has been run. Its row is locked by whoever runs its next ticks.
CREATE TABLE core_schedule (
    name text PRIMARY KEY,
    last_tick timestamptz NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- The job that came of each tick: one, by the primary key.
CREATE TABLE core_schedule_tick (
    schedule text NOT NULL,
    nominal timestamptz NOT NULL,
    job uuid NOT NULL,
    worker text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (schedule, nominal)
);
CREATE INDEX core_schedule_tick_made_at ON core_schedule_tick (made_at);

-- Lets the next job with that serial key run, after one of them has ended.
CREATE FUNCTION core_job_unblock(of_key text) RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $function$
    UPDATE core_job SET state = 'waiting'
    WHERE id = (SELECT id FROM core_job WHERE serial_key = of_key AND state = 'blocked' ORDER BY seq LIMIT 1)
        AND state = 'blocked'
$function$;

-- Holds a running job until the end of the transaction, which fails where the lease is no longer that one.
CREATE FUNCTION core_job_hold(job uuid, token bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$
BEGIN
    PERFORM FROM core_job WHERE id = job AND lease_token = token FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'The lease of the job % was lost.', job USING ERRCODE = 'TJ001';
    END IF;
END
$function$;

-- Ends an attempt within the transaction of its effects, which fails where the lease is no longer that one. A job that
-- goes back to wait ("waiting" after a delay) has not counted this attempt.
CREATE FUNCTION core_job_end(job uuid, token bigint, next_state text, delay interval, why text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $function$
DECLARE
    key text;
BEGIN
    UPDATE core_job SET state = next_state, worker = NULL, lease_token = NULL, last_error = coalesce(why, last_error),
        attempt = attempt - CASE WHEN next_state = 'waiting' THEN 1 ELSE 0 END,
        run_at = CASE WHEN next_state = 'waiting' THEN clock_timestamp() + delay ELSE run_at END,
        finished_at = CASE WHEN next_state <> 'waiting' THEN clock_timestamp() END
    WHERE id = job AND lease_token = token RETURNING serial_key INTO key;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'The lease of the job % was lost.', job USING ERRCODE = 'TJ001';
    END IF;
    IF key IS NOT NULL AND next_state <> 'waiting' THEN PERFORM core_job_unblock(key); END IF;
END
$function$;
