#include "tests/core/toy/remarks.hpp"

#include "core/model/describe.hpp"

namespace tamiti::toy_remarks {

const Model& model_of(tag<Remark>) {
    static const Model remark = describe<Remark>(
        "remarks.remark",
        {.table = "remarks_remark",
         .doc = "What a reader says.",
         .fields = {uuid_model<Remark>(),
                    record<&Remark::on>("on", {.required = true, .filter = one_or_any, .create_only = true}),
                    field<&Remark::text>("text", {.required = true, .max_length = 80, .sort = true}),
                    field<&Remark::quiet>("quiet"), field<&Remark::shelf_mark>("shelf_mark"),
                    field<&Remark::compare>("compare", {.filter = Match::any}), time_stamped_model<Remark>()},
         .checks = {{.name = "grows",
                     .sql = "a text is never made shorter",
                     .message = "What was said stays: write more, not less.",
                     .field = "text",
                     .by_trigger = true}},
         .order = "text",
         .brief = {"text"}});
    return remark;
}

Scope not_quiet(const Actor& who) {
    if (who.is_anonymous()) return Scope::none();
    return who.has(Role::admin) ? Scope::all() : where("NOT quiet");
}

namespace {

Scope signed_in_people(const Actor& who) {
    return who.is_anonymous() ? Scope::none() : Scope::all();
}

}  // namespace

App app() {
    return {.name = "remarks",
            .doc = "What readers say.",
            .resources = {resource<Remark>("/remarks", {.view = not_quiet,
                                                        .create = signed_in_people,
                                                        .change = signed_in_people,
                                                        .remove = signed_in_people,
                                                        .seen_with = "on"})}};
}

std::vector<db::Migration> migrations() {
    return {{"remarks", "0001_remarks", R"(
CREATE TABLE remarks_remark (
    id uuid PRIMARY KEY,
    on_model text NOT NULL,
    on_row uuid NOT NULL,
    text text NOT NULL,
    quiet boolean NOT NULL DEFAULT false,
    shelf_mark uuid CONSTRAINT remarks_remark_shelf_mark_fkey REFERENCES library_shelf,
    compare uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX remarks_remark_on ON remarks_remark (on_model, on_row);
CREATE INDEX remarks_remark_on_row ON remarks_remark (on_row);
CREATE INDEX remarks_remark_created_at ON remarks_remark (created_at, id);
CREATE INDEX remarks_remark_updated_at ON remarks_remark (updated_at, id);
CREATE INDEX remarks_remark_text ON remarks_remark (text COLLATE "und-x-icu", id);
CREATE INDEX remarks_remark_shelf_mark ON remarks_remark (shelf_mark);
CREATE INDEX remarks_remark_compare ON remarks_remark USING gin (compare);
CREATE FUNCTION remarks_remark_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF length(NEW.text) < length(OLD.text) THEN
        RAISE EXCEPTION 'the text of % became shorter', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'remarks_remark_grows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER remarks_remark_grows BEFORE UPDATE ON remarks_remark
FOR EACH ROW EXECUTE FUNCTION remarks_remark_grows();
)"}};
}

}  // namespace tamiti::toy_remarks
