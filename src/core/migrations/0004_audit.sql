-- The audit trail: what was changed, by whom, from where and by which request. Triggers write it, so no code path can
-- forget it; the program's role may read it and nothing else.

CREATE TABLE core_audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    table_name text NOT NULL,
    row_id uuid,
    verb text NOT NULL,
    actor uuid,
    address text,
    request text,
    via text,
    changes jsonb NOT NULL,
    CONSTRAINT core_audit_verb_choice CHECK (verb IN ('insert', 'update', 'delete', 'read')),
    CONSTRAINT core_audit_row CHECK ((verb = 'read') = (row_id IS NULL)),
    CONSTRAINT core_audit_changes_form CHECK (jsonb_typeof(changes) = 'object')
);
COMMENT ON TABLE core_audit IS 'Who changed what: {"field": [before, after]}; trigger-written, others may read it.';
CREATE INDEX core_audit_row_history ON core_audit (table_name, row_id, id);
CREATE INDEX core_audit_at ON core_audit (at);
CREATE INDEX core_audit_actor ON core_audit (actor, id) WHERE actor IS NOT NULL;
CREATE INDEX core_audit_request ON core_audit (request) WHERE request IS NOT NULL;

-- One entry a row that changed. Arguments of the trigger: columns that are left out, columns whose values nobody may
-- see, and columns with amounts of money, which mean nothing without their currency (all as array literals).
CREATE FUNCTION core_audit_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    before jsonb;
    after jsonb;
    changed jsonb;
    name text;
BEGIN
    IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD) - TG_ARGV[0]::text[]; END IF;
    IF TG_OP <> 'DELETE' THEN after := to_jsonb(NEW) - TG_ARGV[0]::text[]; END IF;
    SELECT jsonb_object_agg(each.key, jsonb_build_array(before -> each.key, after -> each.key)) INTO changed
    FROM jsonb_each(coalesce(after, before)) AS each
    WHERE coalesce(before -> each.key, 'null') <> coalesce(after -> each.key, 'null');
    IF changed IS NULL THEN RETURN NULL; END IF;
    IF TG_ARGV[1] <> '{}' THEN
        FOREACH name IN ARRAY TG_ARGV[1]::text[] LOOP
            IF changed ? name THEN
                changed := jsonb_set(changed, ARRAY[name], jsonb_build_array(
                    CASE WHEN changed -> name -> 0 <> 'null' THEN '[hidden]' END,
                    CASE WHEN changed -> name -> 1 <> 'null' THEN '[hidden]' END));
            END IF;
        END LOOP;
    END IF;
    IF TG_ARGV[2] <> '{}' THEN
        FOREACH name IN ARRAY TG_ARGV[2]::text[] LOOP
            IF changed ?| ARRAY[name, name || '_currency'] THEN
                changed := changed || jsonb_build_object(
                    name, jsonb_build_array(before -> name, after -> name), name || '_currency',
                    jsonb_build_array(before -> (name || '_currency'), after -> (name || '_currency')));
            END IF;
        END LOOP;
    END IF;
    INSERT INTO public.core_audit (table_name, row_id, verb, actor, address, request, via, changes)
    VALUES (TG_TABLE_NAME, (coalesce(after, before) ->> 'id')::uuid, lower(TG_OP),
            nullif(current_setting('tamiti.actor', true), '')::uuid,
            nullif(current_setting('tamiti.address', true), ''),
            nullif(current_setting('tamiti.request', true), ''),
            nullif(current_setting('tamiti.via', true), ''), changed);
    RETURN NULL;
END
$function$;

-- Reading the trail leaves an entry, too.
CREATE FUNCTION core_audit_read(query jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
    INSERT INTO public.core_audit (table_name, verb, actor, address, request, via, changes)
    VALUES ('core_audit', 'read', nullif(current_setting('tamiti.actor', true), '')::uuid,
            nullif(current_setting('tamiti.address', true), ''),
            nullif(current_setting('tamiti.request', true), ''),
            nullif(current_setting('tamiti.via', true), ''),
            jsonb_build_object('query', jsonb_build_array(NULL, query)));
$function$;

-- The one change that an entry may see: a person's own values and addresses are blanked when the person asks for it.
-- That something was changed, when and by which id, stays.
CREATE FUNCTION core_audit_forget(person uuid, of_table text, fields text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    entries bigint;
BEGIN
    UPDATE public.core_audit SET address = NULL WHERE actor = person AND address IS NOT NULL;
    UPDATE public.core_audit AS entry
    SET changes = (
        SELECT jsonb_object_agg(each.key, CASE WHEN each.key <> ALL (fields) THEN each.value ELSE
            jsonb_build_array(CASE WHEN each.value -> 0 <> 'null' THEN '[erased]' END,
                              CASE WHEN each.value -> 1 <> 'null' THEN '[erased]' END) END)
        FROM jsonb_each(entry.changes) AS each)
    WHERE entry.table_name = of_table AND entry.row_id = person AND entry.changes ?| fields;
    GET DIAGNOSTICS entries = ROW_COUNT;
    RETURN entries;
END
$function$;

-- Refuses everything else, also to the owner of the table.
CREATE FUNCTION core_audit_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    calls text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        GET DIAGNOSTICS calls = PG_CONTEXT;
        IF calls ~ '(^|\n)PL/pgSQL function (public\.)?core_audit_forget\(uuid,text,text\[\]\) line'
            AND (NEW.id, NEW.at, NEW.table_name, NEW.row_id, NEW.verb, NEW.actor, NEW.request, NEW.via)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.at, OLD.table_name, OLD.row_id, OLD.verb, OLD.actor, OLD.request, OLD.via)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The audit trail can only grow.' USING ERRCODE = 'insufficient_privilege';
END
$function$;
CREATE TRIGGER core_audit_keep BEFORE UPDATE OR DELETE ON core_audit
FOR EACH ROW EXECUTE FUNCTION core_audit_refuse();
CREATE TRIGGER core_audit_keep_all BEFORE TRUNCATE ON core_audit
FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse();

-- Puts the trigger on every table with the columns id and version, and takes it from those that say "not-audited" in
-- their comment. A column that says so is left out; one whose comment has the word "secret", or whose name says that it
-- holds a hash, a password or a secret, is recorded without its values. The migrator calls this after each migration.
CREATE FUNCTION core_audit_attach() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    each record;
BEGIN
    FOR each IN
        SELECT t.oid::regclass AS name, t.audited, coalesce(c.ignored, '{}')::text AS ignored,
            coalesce(c.secret, '{}')::text AS secret, coalesce(c.money, '{}')::text AS money,
            encode(g.tgargs, 'escape') AS attached
        FROM (
            SELECT r.oid, coalesce(obj_description(r.oid, 'pg_class'), '') NOT LIKE '%not-audited%' AS audited
            FROM pg_class AS r
            WHERE r.relnamespace = 'public'::regnamespace AND r.relkind IN ('r', 'p') AND NOT r.relispartition
                AND pg_has_role(r.relowner, 'USAGE')
                AND EXISTS (SELECT FROM pg_attribute AS a
                            WHERE a.attrelid = r.oid AND a.attname = 'id' AND a.atttypid = 'uuid'::regtype)
                AND EXISTS (SELECT FROM pg_attribute AS a
                            WHERE a.attrelid = r.oid AND a.attname = 'version' AND NOT a.attisdropped)
        ) AS t
        CROSS JOIN LATERAL (
            SELECT
                array_agg(a.attname::text ORDER BY a.attnum) FILTER (
                    WHERE a.attname IN ('version', 'updated_at', 'search', 'search_text')
                    OR d.comment LIKE '%not-audited%') AS ignored,
                array_agg(a.attname::text ORDER BY a.attnum) FILTER (
                    WHERE d.comment LIKE '%secret%' OR a.attname ~ '(^|_)(hash|password|secret)(_|$)') AS secret,
                array_agg(a.attname::text ORDER BY a.attnum) FILTER (
                    WHERE EXISTS (SELECT FROM pg_attribute AS b
                                  WHERE b.attrelid = a.attrelid AND b.attname = a.attname || '_currency')) AS money
            FROM pg_attribute AS a
            CROSS JOIN LATERAL (SELECT coalesce(col_description(a.attrelid, a.attnum), '') AS comment) AS d
            WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
        ) AS c
        LEFT JOIN pg_trigger AS g ON g.tgrelid = t.oid AND g.tgname = 'core_audit'
    LOOP
        CONTINUE WHEN CASE WHEN each.audited
            THEN each.attached = concat(each.ignored, '\000', each.secret, '\000', each.money, '\000')
            ELSE each.attached IS NULL END;
        IF each.attached IS NOT NULL THEN
            EXECUTE format('DROP TRIGGER core_audit ON %s', each.name);
        END IF;
        IF each.audited THEN
            EXECUTE format('CREATE TRIGGER core_audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW'
                ' EXECUTE FUNCTION public.core_audit_write(%L, %L, %L)',
                each.name, each.ignored, each.secret, each.money);
        END IF;
    END LOOP;
END
$function$;

REVOKE ALL ON FUNCTION core_audit_write(), core_audit_refuse(), core_audit_attach() FROM PUBLIC;
