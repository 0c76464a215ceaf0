-- The words of every row that can be searched, in one table: a search of everything asks one index, however many models
-- there are. Triggers write it in the transaction of the change.

-- Lets one index hold a model's name beside letters.
CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE TABLE core_search (
    model text NOT NULL,
    row_id uuid NOT NULL,
    within uuid NOT NULL,
    kept boolean NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    words tsvector NOT NULL,
    letters text NOT NULL,
    PRIMARY KEY (row_id, model)
);
COMMENT ON TABLE core_search IS 'What rows are found by: within is the row they belong to, kept is false in the trash.';
COMMENT ON COLUMN core_search.words IS 'With the lexeme model:NAME, by which one index finds words in some models.';
COMMENT ON COLUMN core_search.letters IS 'How the weightiest text begins, folded: what misspelt words are compared with.';

-- As people look for it: without case and accents; Chinese and Japanese, which has no spaces, sign by sign. Plain text
-- takes the short way.
CREATE FUNCTION core_folded(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN octet_length(words) = char_length(words) THEN lower(words) ELSE
    regexp_replace(
        normalize(
            replace(replace(replace(replace(translate(
                regexp_replace(lower(normalize(words, NFD) COLLATE "und-x-icu"), '[\u0300-\u036f]', '', 'g'),
                'øłđıħ', 'oldih'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'ŋ', 'ng'),
            NFC),
        '([\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])', ' \1 ', 'g')
    END;

-- The words of four texts, the weightiest first.
CREATE FUNCTION core_words(a text, b text, c text, d text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN setweight(to_tsvector('simple'::regconfig, core_folded(a)), 'A')
    || setweight(to_tsvector('simple'::regconfig, core_folded(b)), 'B')
    || setweight(to_tsvector('simple'::regconfig, core_folded(c)), 'C')
    || setweight(to_tsvector('simple'::regconfig, core_folded(d)), 'D');

-- What waits to be put into an index is read by each search: little may wait.
CREATE INDEX core_search_words ON core_search USING gin (words) WITH (gin_pending_list_limit = 256);
CREATE INDEX core_search_letters ON core_search USING gin (model, letters gin_trgm_ops)
WITH (gin_pending_list_limit = 256);
CREATE INDEX core_search_within ON core_search (within, model);

-- Columns of a table, its row called t, as one text: those that are empty leave no mark.
CREATE FUNCTION core_search_text(of_table regclass, columns text[], between_each text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $function$
    SELECT coalesce('concat_ws(' || quote_literal(between_each) || ', ' || string_agg(
        format(CASE WHEN y.typcategory = 'A' THEN 'nullif(array_to_string(t.%I, '' ''), '''')'
            ELSE 'nullif(t.%I::text, '''')' END, a.attname), ', ' ORDER BY wanted.place) || ')', '''''')
    FROM unnest(columns) WITH ORDINALITY AS wanted (name, place)
    JOIN pg_attribute AS a ON a.attrelid = of_table AND a.attname = wanted.name
    JOIN pg_type AS y ON y.oid = a.atttypid
$function$;

-- The statement that writes what rows are found by, or writes it anew; they are called found.
CREATE FUNCTION core_search_writes(from_rows text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN 'INSERT INTO public.core_search SELECT found.* FROM ' || from_rows || ' ON CONFLICT (row_id, model) DO UPDATE'
    ' SET within = EXCLUDED.within, kept = EXCLUDED.kept, title = EXCLUDED.title, body = EXCLUDED.body,'
    ' words = EXCLUDED.words, letters = EXCLUDED.letters';

-- Makes the rows of a table found, those it has and those to come: by columns of the weights A to D, and by the column
-- `within` that tells which row each belongs to. A migration calls it again when these change.
CREATE FUNCTION core_search_keep(
    of_table regclass, model text, within text DEFAULT 'id',
    a text[] DEFAULT '{}', b text[] DEFAULT '{}', c text[] DEFAULT '{}', d text[] DEFAULT '{}'
) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $function$
DECLARE
    table_name text := (SELECT relname FROM pg_class WHERE oid = of_table);
    has_trash boolean := EXISTS (SELECT FROM pg_attribute WHERE attrelid = of_table AND attname = 'deleted_at');
    columns text[] := a || b || c || d || within || CASE WHEN has_trash THEN '{deleted_at}'::text[] ELSE '{}' END;
    missing text := (SELECT string_agg(each, ', ') FROM unnest(columns) AS each WHERE NOT EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = of_table AND attname = each AND NOT attisdropped));
BEGIN
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION '% has no column %.', table_name, missing;
    END IF;
    EXECUTE format('CREATE OR REPLACE FUNCTION public.core_search_of(t public.%I) RETURNS SETOF public.core_search'
        ' LANGUAGE sql STABLE AS %L', table_name,
        format('SELECT %1$L, t.id, t.%2$I, %3$s, %4$s, left(%5$s, 10000), '
            ' public.core_words(%4$s, %6$s, %7$s, %8$s) || array_to_tsvector(ARRAY[''model:'' || %1$L]), public.core_folded(%9$s)',
            model, within,
            CASE WHEN has_trash THEN 't.deleted_at IS NULL' ELSE 'true' END, core_search_text(of_table, a, ' '),
            core_search_text(of_table, a || b || c || d, ' · '), core_search_text(of_table, b, ' '),
            core_search_text(of_table, c, ' '), core_search_text(of_table, d, ' '),
            format('left(%s, 200)', core_search_text(of_table, CASE WHEN a || b = '{}' THEN c || d ELSE a || b END, ' '))));
    EXECUTE format('CREATE OR REPLACE FUNCTION public.core_search_keep_%s() RETURNS trigger LANGUAGE plpgsql AS %L',
        table_name, format(
        'BEGIN'
        ' IF TG_OP = ''DELETE'' THEN'
        '  DELETE FROM public.core_search AS s WHERE s.row_id = OLD.id AND s.model = %L; RETURN NULL;'
        ' END IF;'
        ' IF TG_OP = ''UPDATE'' THEN IF %s THEN RETURN NULL; END IF; END IF;'
        ' %s; RETURN NULL; '
        'END', model,
        (SELECT string_agg(format('OLD.%1$I IS NOT DISTINCT FROM NEW.%1$I', each), ' AND ') FROM unnest(columns) AS each),
        core_search_writes('public.core_search_of(NEW) AS found')));
    EXECUTE format('CREATE OR REPLACE TRIGGER core_search AFTER INSERT OR DELETE OR UPDATE OF %s ON public.%I'
        ' FOR EACH ROW EXECUTE FUNCTION public.core_search_keep_%s()',
        (SELECT string_agg(quote_ident(each), ', ') FROM unnest(columns) AS each), table_name, table_name);
    EXECUTE format('COMMENT ON TRIGGER core_search ON public.%I IS %L', table_name,
        format('%s within %s: A %s; B %s; C %s; D %s', model, within, array_to_string(a, ', '), array_to_string(b, ', '),
            array_to_string(c, ', '), array_to_string(d, ', ')));
    PERFORM public.core_search_fill(of_table);
END
$function$;

-- Writes anew what the rows of a table are found by: for rows that were put there without triggers.
CREATE FUNCTION core_search_fill(of_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $function$
BEGIN
    EXECUTE core_search_writes(format('%s AS t CROSS JOIN LATERAL public.core_search_of(t) AS found', of_table));
END
$function$;
