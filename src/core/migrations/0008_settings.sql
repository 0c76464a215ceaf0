-- What people set while the program runs: of each struct that an app describes the members that somebody set, for the
-- studio and for each person.
CREATE TABLE core_setting (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    document jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT core_setting_name UNIQUE (name),
    CONSTRAINT core_setting_document_form CHECK (jsonb_typeof(document) = 'object')
);
CREATE TABLE core_person_setting (
    id uuid PRIMARY KEY,
    person uuid NOT NULL,
    name text NOT NULL,
    document jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT core_person_setting_name UNIQUE (person, name),
    CONSTRAINT core_person_setting_document_form CHECK (jsonb_typeof(document) = 'object')
);

-- One entry in the audit trail for each change, with {"auth.registration.mode": [before, after]} of each member; one
-- that nobody had set is null before. Entries of a person's own settings are about the person.
CREATE FUNCTION core_audit_setting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    was jsonb := to_jsonb(OLD);
    becomes jsonb := to_jsonb(NEW);
    about jsonb := coalesce(to_jsonb(NEW), to_jsonb(OLD));
    changed jsonb;
BEGIN
    SELECT jsonb_object_agg(concat(about ->> 'name', '.', key),
                            jsonb_build_array(was -> 'document' -> key, becomes -> 'document' -> key))
    INTO changed
    FROM jsonb_object_keys(coalesce(was -> 'document', '{}') || coalesce(becomes -> 'document', '{}')) AS key
    WHERE was -> 'document' -> key IS DISTINCT FROM becomes -> 'document' -> key;
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.core_audit (table_name, row_id, verb, actor, address, request, via, changes)
    VALUES (TG_TABLE_NAME, coalesce(about ->> 'person', about ->> 'id')::uuid, lower(TG_OP),
            nullif(current_setting('tamiti.actor', true), '')::uuid,
            nullif(current_setting('tamiti.address', true), ''),
            nullif(current_setting('tamiti.request', true), ''),
            nullif(current_setting('tamiti.via', true), ''), changed);
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION core_audit_setting() FROM PUBLIC;
CREATE TRIGGER core_audit AFTER INSERT OR UPDATE OR DELETE ON core_setting
FOR EACH ROW EXECUTE FUNCTION core_audit_setting();
CREATE TRIGGER core_audit AFTER INSERT OR UPDATE OR DELETE ON core_person_setting
FOR EACH ROW EXECUTE FUNCTION core_audit_setting();
