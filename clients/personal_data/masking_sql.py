"""What the owner of the tables does for an approved act of destruction: history loses the words.

The web's role cannot change history (ADR 0001). It asks these functions, which replace words that
the history itself knows of the person by a mask, in histories and in the journal of access, and
only while an act of the person, approved by somebody else than its author, waits to be carried
out. Nothing else can be written by them (ADR 0026).
"""

from __future__ import annotations

MASK = "***"
MOST_TAIL = 4  # letters that an inflected word may end with otherwise

PATTERN = """
CREATE OR REPLACE FUNCTION klientura_mask_pattern(words text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg('\\m' || phrase || '\\M', '|') FROM (
        SELECT (
            SELECT string_agg(
                replace(replace(
                    CASE WHEN token ~ '^[[:alpha:]]{4,}$'
                    THEN left(token, length(token) - CASE WHEN length(token) < 6 THEN 1 ELSE 2 END)
                        || '[[:alpha:]]{0,4}'
                    WHEN token ~ '^[0-9]{10}$' THEN '[78]?' || token
                    ELSE token END,
                chr(1105), chr(1077)), chr(1077), '[' || chr(1077) || chr(1105) || ']'),
                '[-[:space:].,@+()_]{1,4}' ORDER BY place
            )
            FROM regexp_split_to_table(lower(word), '[^[:alnum:]]+')
                WITH ORDINALITY AS tokens (token, place)
            WHERE token <> ''
        ) AS phrase
        FROM unnest(words) AS word
    ) AS phrases WHERE phrase <> ''
$$
"""

HISTORY = """
CREATE OR REPLACE FUNCTION klientura_mask_history(
    asked bigint, target text, words text[], of_person boolean
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    person bigint;
    known text;
    pattern text;
    changes text;
    found text;
    narrowed text := '';
    ignored text;
    number bigint;
BEGIN
    SELECT act.person_id INTO person FROM clients_destructionact AS act
    WHERE act.id = asked AND act.state = 'approved' AND act.decided_by_id <> act.proposed_by_id
    FOR UPDATE;
    IF person IS NULL THEN
        RAISE EXCEPTION 'no approved act of destruction: %', asked;
    END IF;
    IF target <> 'accounts_accessevent' AND NOT EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = target AND column_name = 'pgh_label'
    ) THEN
        RAISE EXCEPTION 'not a history: %', target;
    END IF;
    SELECT lower(string_agg(concat_ws(' ', full_name, email, phone), ' ')) INTO known
    FROM clients_contactpersonevent WHERE pgh_obj_id = person;
    IF EXISTS (
        SELECT 1 FROM unnest(words) AS word
        WHERE length(regexp_replace(word, '[^[:alnum:]]', '', 'g')) < 4 OR EXISTS (
            SELECT 1 FROM regexp_split_to_table(lower(word), '[^[:alnum:]]+') AS token
            WHERE token <> '' AND position(token IN known) = 0
        )
    ) THEN
        RAISE EXCEPTION 'words that are not of the person';
    END IF;
    pattern := klientura_mask_pattern(words);
    IF pattern IS NULL THEN
        RETURN 0;
    END IF;
    SELECT
        string_agg(format(
            CASE data_type WHEN 'jsonb'
            THEN '%1$I = regexp_replace(%1$I::text, $1, ''***'', ''gi'')::jsonb'
            ELSE '%1$I = regexp_replace(%1$I, $1, ''***'', ''gi'')' END, column_name), ', '),
        string_agg(format('%I::text ~* $1', column_name), ' OR ')
    INTO changes, found
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = target
        AND data_type IN ('text', 'character varying', 'jsonb')
        AND column_name NOT IN ('pgh_label', 'state', 'kind') AND is_generated = 'NEVER';
    IF changes IS NULL THEN
        RETURN 0;
    END IF;
    IF of_person THEN
        IF NOT EXISTS (
            SELECT 1 FROM information_schema.columns WHERE table_schema = 'public'
                AND table_name = target AND column_name = 'person_id'
        ) THEN
            RETURN 0;
        END IF;
        narrowed := format(' AND person_id = %s', person);
    END IF;
    SELECT coalesce(string_agg(tgname, ','), '') INTO ignored
    FROM pg_trigger WHERE tgrelid = ('public.' || quote_ident(target))::regclass
        AND tgname LIKE 'pgtrigger\\_%';
    PERFORM set_config('pgtrigger.ignore', '{' || ignored || '}', true);
    EXECUTE format('UPDATE public.%I SET %s WHERE (%s)%s', target, changes, found, narrowed)
        USING pattern;
    GET DIAGNOSTICS number = ROW_COUNT;
    IF target = 'clients_contactpersonevent' AND NOT of_person THEN
        UPDATE public.clients_contactpersonevent
        SET full_name = '***', position = '', phone = '', email = '', specifics = '', birthday = ''
        WHERE pgh_obj_id = person AND anonymised_at IS NULL;
    END IF;
    PERFORM set_config('pgtrigger.ignore', '{}', true);
    RETURN number;
END
$$
"""

FUNCTIONS = {
    "klientura_mask_pattern(text[])": PATTERN,
    "klientura_mask_history(bigint, text, text[], boolean)": HISTORY,
}
