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

-- What the trigger of a table does: one entry for each row that changed, with {"column": [before, after]} of what
-- changed. It is written out column by column, which costs a third of comparing rows of whichever shape. An amount of
-- money is shown with its currency, a secret as "[hidden]".
CREATE FUNCTION core_audit_body(of_table regclass) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $function$
    WITH columns AS (
        SELECT a.attname::text AS name, a.attnum AS place, a.attnotnull AS filled, c.money,
            CASE WHEN c.secret THEN 'CASE WHEN OLD.%1$I IS NOT NULL THEN ''[hidden]'' END' ELSE 'OLD.%1$I' END AS old,
            CASE WHEN c.secret THEN 'CASE WHEN NEW.%1$I IS NOT NULL THEN ''[hidden]'' END' ELSE 'NEW.%1$I' END AS new
        FROM pg_attribute AS a
        CROSS JOIN LATERAL (SELECT coalesce(col_description(a.attrelid, a.attnum), '') AS comment) AS d
        CROSS JOIN LATERAL (
            SELECT d.comment LIKE '%secret%' OR a.attname ~ '(^|_)(hash|password|secret)(_|$)' AS secret,
                EXISTS (SELECT FROM pg_attribute AS b
                        WHERE b.attrelid = a.attrelid AND b.attname = a.attname || '_currency') AS money
        ) AS c
        WHERE a.attrelid = of_table AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attname NOT IN ('version', 'updated_at', 'search', 'search_text')
            AND a.attname !~ '^last_.*_at$' AND d.comment NOT LIKE '%not-audited%'
    ),
    parts AS (
        SELECT
            string_agg(format(CASE WHEN money
                THEN 'IF (NEW.%1$I, NEW.%2$I) IS DISTINCT FROM (OLD.%1$I, OLD.%2$I) THEN'
                    ' changed := changed || jsonb_build_object(%1$L, jsonb_build_array(OLD.%1$I, NEW.%1$I),'
                    ' %2$L, jsonb_build_array(OLD.%2$I, NEW.%2$I)); END IF;'
                ELSE 'IF NEW.%1$I IS DISTINCT FROM OLD.%1$I THEN changed := changed ||'
                    ' jsonb_build_object(%1$L, jsonb_build_array(' || old || ', ' || new || ')); END IF;' END,
                name, name || '_currency'), E'\n' ORDER BY place) AS changed,
            string_agg(format('IF NEW.%1$I IS NOT NULL THEN changed := changed ||'
                ' jsonb_build_object(%1$L, jsonb_build_array(NULL, ' || new || ')); END IF;',
                name), E'\n' ORDER BY place) FILTER (WHERE NOT filled) AS made,
            string_agg(format('IF OLD.%1$I IS NOT NULL THEN changed := changed ||'
                ' jsonb_build_object(%1$L, jsonb_build_array(' || old || ', NULL)); END IF;',
                name), E'\n' ORDER BY place) FILTER (WHERE NOT filled) AS removed
        FROM columns
    ),
    -- A function takes a hundred arguments at most.
    groups AS (
        SELECT string_agg('changed := changed || jsonb_build_object(' || made || ');', E'\n') AS made,
            string_agg('changed := changed || jsonb_build_object(' || removed || ');', E'\n') AS removed
        FROM (
            SELECT string_agg(format('%1$L, jsonb_build_array(NULL, ' || new || ')', name), ', ' ORDER BY place) AS made,
                string_agg(format('%1$L, jsonb_build_array(' || old || ', NULL)', name), ', ' ORDER BY place) AS removed
            FROM (SELECT *, (row_number() OVER (ORDER BY place)) / 40 AS part FROM columns WHERE filled) AS filled
            GROUP BY part
            ORDER BY part
        ) AS each
    )
    SELECT concat_ws(E'\n', 'DECLARE changed jsonb := ''{}''; BEGIN',
        'IF TG_OP = ''UPDATE'' THEN', parts.changed, 'IF changed = ''{}'' THEN RETURN NULL; END IF;',
        'ELSIF TG_OP = ''INSERT'' THEN', groups.made, parts.made, 'ELSE', groups.removed, parts.removed, 'END IF;',
        format('INSERT INTO public.core_audit (table_name, row_id, verb, actor, address, request, via, changes)'
            ' VALUES (%L, CASE WHEN TG_OP = ''DELETE'' THEN OLD.id ELSE NEW.id END, lower(TG_OP),'
            ' nullif(current_setting(''tamiti.actor'', true), '''')::uuid,'
            ' nullif(current_setting(''tamiti.address'', true), ''''),'
            ' nullif(current_setting(''tamiti.request'', true), ''''),'
            ' nullif(current_setting(''tamiti.via'', true), ''''), changed);', c.relname),
        'RETURN NULL; END')
    FROM parts, groups, pg_class AS c WHERE c.oid = of_table
$function$;

-- Puts the trigger on every table of an app with the columns id and version, and takes it from those that say
-- "not-audited" in their comment. A column that says so is left out, as are times of the last use (last_…_at); one whose
-- comment has the word "secret", or whose name says that it holds a hash, a password or a secret, is recorded without its
-- values. The migrator calls this after each migration.
CREATE FUNCTION core_audit_attach() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    each record;
    body text;
BEGIN
    FOR each IN
        SELECT r.oid::regclass AS name, left('core_audit_of_' || r.relname, 63) AS writer, p.prosrc AS attached,
            coalesce(obj_description(r.oid, 'pg_class'), '') NOT LIKE '%not-audited%' AS audited
        FROM pg_class AS r
        LEFT JOIN pg_trigger AS t ON t.tgrelid = r.oid AND t.tgname = 'core_audit'
        LEFT JOIN pg_proc AS p ON p.oid = t.tgfoid
        WHERE r.relnamespace = 'public'::regnamespace AND r.relkind IN ('r', 'p') AND NOT r.relispartition
            AND r.relname NOT LIKE 'core\_%' AND pg_has_role(r.relowner, 'USAGE')
            AND EXISTS (SELECT FROM pg_attribute AS a
                        WHERE a.attrelid = r.oid AND a.attname = 'id' AND a.atttypid = 'uuid'::regtype)
            AND EXISTS (SELECT FROM pg_attribute AS a
                        WHERE a.attrelid = r.oid AND a.attname = 'version' AND NOT a.attisdropped)
    LOOP
        IF NOT each.audited THEN
            EXECUTE format('DROP TRIGGER IF EXISTS core_audit ON %s; DROP FUNCTION IF EXISTS public.%I()',
                each.name, each.writer);
            CONTINUE;
        END IF;
        body := public.core_audit_body(each.name);
        CONTINUE WHEN each.attached = body;
        EXECUTE format('CREATE OR REPLACE FUNCTION public.%I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER'
            ' SET search_path = pg_catalog, pg_temp AS %L', each.writer, body);
        EXECUTE format('REVOKE ALL ON FUNCTION public.%I() FROM PUBLIC', each.writer);
        CONTINUE WHEN each.attached IS NOT NULL;
        EXECUTE format('CREATE TRIGGER core_audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW'
            ' EXECUTE FUNCTION public.%I()', each.name, each.writer);
    END LOOP;
END
$function$;

REVOKE ALL ON FUNCTION core_audit_refuse(), core_audit_body(regclass), core_audit_attach() FROM PUBLIC;
