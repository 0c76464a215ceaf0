-- squawk-ignore-file prefer-bigint-over-int
-- What somebody who can't read all of a row knows of its changes. A change of nothing but guarded columns is counted
-- here, so that version and time of change don't tell of it to people without the guard.

CREATE TABLE core_guarded (
    of_table text NOT NULL,
    name text NOT NULL,
    guard text NOT NULL,
    PRIMARY KEY (of_table, name)
);
COMMENT ON TABLE core_guarded IS 'Columns that need a permission to be read, as the models describe them; migrator-only.';

CREATE TABLE core_hidden_change (
    row_id uuid NOT NULL,
    of_table text NOT NULL,
    guards text [] NOT NULL,
    changes integer NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (row_id, of_table, guards)
);
COMMENT ON TABLE core_hidden_change IS
'Changes of nothing but columns under these guards, and the last; {} is the last of any other; trigger-written.';

-- Says anew which columns are guarded: [{"of_table", "name", "guard"}].
CREATE FUNCTION core_guard(columns jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $function$
    DELETE FROM public.core_guarded;
    INSERT INTO public.core_guarded (of_table, name, guard)
    SELECT each.of_table, each.name, each.guard
    FROM jsonb_to_recordset(columns) AS each (of_table text, name text, guard text);
$function$;

-- Whether that is what is kept.
CREATE FUNCTION core_guards_are(columns jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
    SELECT NOT EXISTS (
        SELECT FROM jsonb_to_recordset(columns) AS each (of_table text, name text, guard text)
        FULL JOIN public.core_guarded AS g
            ON g.of_table = each.of_table AND g.name = each.name AND g.guard = each.guard
        WHERE g.name IS NULL OR each.name IS NULL)
$function$;

-- Counts a change of guarded columns alone. The first of a row begins with what everybody saw until then.
CREATE FUNCTION core_hidden_note(
    in_table text, id uuid, changed jsonb, count integer, seen_at timestamptz, now_at timestamptz
) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $function$
    INSERT INTO public.core_hidden_change (row_id, of_table, guards, changes, at)
    VALUES (id, in_table, '{}', 0, seen_at)
    ON CONFLICT DO NOTHING;
    INSERT INTO public.core_hidden_change AS h (row_id, of_table, guards, changes, at)
    SELECT id, in_table, array_agg(DISTINCT g.guard ORDER BY g.guard), count, now_at
    FROM public.core_guarded AS g WHERE g.of_table = in_table AND changed ? g.name
    ON CONFLICT (row_id, of_table, guards) DO UPDATE SET changes = h.changes + EXCLUDED.changes, at = EXCLUDED.at;
$function$;

-- The trigger that writes the audit trail knows what changed; of a table with guarded columns it counts, too.
CREATE OR REPLACE FUNCTION core_audit_body(of_table regclass) RETURNS text
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
        (SELECT format('IF changed - %L::text[] = ''{}'' THEN PERFORM public.core_hidden_note(%L, NEW.id, changed,'
            ' (NEW.version - OLD.version)::integer, OLD.updated_at, NEW.updated_at);'
            ' ELSE UPDATE public.core_hidden_change AS h SET at = NEW.updated_at'
            ' WHERE h.row_id = NEW.id AND h.of_table = %L AND h.guards = ''{}''; END IF;',
            array_agg(g.name ORDER BY g.name), g.of_table, g.of_table)
         FROM public.core_guarded AS g WHERE g.of_table = c.relname GROUP BY g.of_table),
        'ELSIF TG_OP = ''INSERT'' THEN', groups.made, parts.made, 'ELSE', groups.removed, parts.removed,
        (SELECT format('DELETE FROM public.core_hidden_change AS h WHERE h.row_id = OLD.id AND h.of_table = %L;', c.relname)
         WHERE EXISTS (SELECT FROM public.core_guarded AS g WHERE g.of_table = c.relname)),
        'END IF;',
        format('INSERT INTO public.core_audit (table_name, row_id, verb, actor, address, request, via, changes)'
            ' VALUES (%L, CASE WHEN TG_OP = ''DELETE'' THEN OLD.id ELSE NEW.id END, lower(TG_OP),'
            ' nullif(current_setting(''tamiti.actor'', true), '''')::uuid,'
            ' nullif(current_setting(''tamiti.address'', true), ''''),'
            ' nullif(current_setting(''tamiti.request'', true), ''''),'
            ' nullif(current_setting(''tamiti.via'', true), ''''), changed);', c.relname),
        'RETURN NULL; END')
    FROM parts, groups, pg_class AS c WHERE c.oid = of_table
$function$;

REVOKE ALL ON FUNCTION core_guard(jsonb), core_audit_body(regclass),
core_hidden_note(text, uuid, jsonb, integer, timestamptz, timestamptz) FROM PUBLIC;
