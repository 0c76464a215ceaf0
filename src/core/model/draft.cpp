#include "core/model/draft.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <set>

#include "core/base/json.hpp"
#include "core/base/sentences.hpp"
#include "core/base/text.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/label.hpp"
#include "core/model/member.hpp"
#include "core/model/output.hpp"
#include "core/model/record.hpp"
#include "core/model/token_grants.hpp"

namespace tamiti {
namespace {

bool may_write(const Field& field, const Actor& who) {
    return !field.rules.write || who.can(field.rules.write);
}

/// Goes through one JSON object and collects what is wrong with it, kind by kind.
class Taking {
public:
    Taking(Draft& draft, const Actor& who, Verb verb)
        : draft_(draft), model_(*draft.model), who_(who), verb_(verb) {}

    void member(std::string_view name, const boost::json::value& value) {
        const Field* field = model_.find(name);
        if (!field) {
            const std::string near = closest(name, readable_names(model_, who_));
            unknown_.push_back({std::string(name), "There is no such field." +
                                                       (near.empty() ? "" : " Did you mean " + near + "?")});
        } else if (field->rules.read_only) {
            unknown_.push_back({field->name, "This field is set by the program."});
        } else if (field->rules.create_only && verb_ != Verb::create) {
            unknown_.push_back({field->name, "This field can't be changed after the row was made."});
        } else if (!may_write(*field, who_)) {
            forbidden_.push_back({field->name, "You may not set this field."});
        } else {
            accept(*field, value);
        }
    }

    void require() {
        for (std::size_t i = 0; i < model_.fields.size(); ++i) {
            const Field& field = model_.fields[i];
            if (!field.rules.required || draft_.given[i] || field.rules.read_only) continue;
            if (verb_ == Verb::replace && field.rules.create_only) continue;
            if (!may_write(field, who_)) continue;
            invalid_.push_back({field.name, "This field is required."});
        }
    }

    void finish() {
        if (!unknown_.empty())
            throw Malformed("http.unknown_field", "Some fields can't be sent here: " + names(unknown_) + ".")
                .with(std::move(unknown_));
        if (!forbidden_.empty())
            throw Forbidden("access.field", "You may not set: " + names(forbidden_) + ".")
                .with(std::move(forbidden_));
    }

    std::vector<FieldError> invalid() && { return std::move(invalid_); }

private:
    void accept(const Field& field, const boost::json::value& value) {
        const auto at = static_cast<std::size_t>(model_.position_of(field));
        draft_.given[at] = true;
        if (value.is_null()) {
            if (field.nullable)
                draft_.values[at] = std::nullopt;
            else
                invalid_.push_back({field.name, "This field can't be null."});
            return;
        }
        Faults faults(invalid_, who_.calling_code);
        const std::size_t before = invalid_.size();
        auto stored = field.type->accept(field, value, field.name, faults);
        if (!stored || invalid_.size() > before) return;
        if (field.rules.required && field.type->is_empty(*stored)) {
            invalid_.push_back({field.name, "This field can't be empty."});
            return;
        }
        draft_.values[at] = std::move(stored);
    }

    static std::string names(const std::vector<FieldError>& errors) {
        std::vector<std::string> fields;
        for (const auto& error : errors) fields.push_back(error.field);
        return join(fields, ", ");
    }

    Draft& draft_;
    const Model& model_;
    const Actor& who_;
    Verb verb_;
    std::vector<FieldError> unknown_{};
    std::vector<FieldError> forbidden_{};
    std::vector<FieldError> invalid_{};
};

/// A row that takes others with it to the trash must not go there while one is being added: its removal waits
/// for this lock, which the foreign key takes in any case, and the other way round.
Sql held(const Field& field) {
    const bool goes_along = field.rules.on_delete == Delete::cascade && field.target().deleted_at >= 0;
    return goes_along ? Sql(" FOR KEY SHARE OF r") : Sql();
}

/// What is asked of the database about the references and records of a draft: one column each, true where it
/// leads to a row that the actor sees.
class References {
public:
    References(const Catalogue& catalogue, const Draft& draft, const Actor& who)
        : catalogue_(catalogue), draft_(draft), who_(who), holder_(holder_of(who)) {}

    // An id that somebody knows may be written down by their programs, too, whose tokens read other things.
    void reference(int position) {
        const Field& field = draft_.model->fields[static_cast<std::size_t>(position)];
        const Model& model = field.target();
        const Resource* target = catalogue_.resource_of(model);
        const Sql rows = target ? visible_rows(*target, holder_) : scoped_rows(model, Scope::all());
        const std::string& value = *draft_[position];
        if (field.type->is_set())
            ask({"(SELECT count(*) FROM {} r WHERE r.id = ANY({}::uuid[])) = cardinality({}::uuid[])", rows,
                 value, value},
                {field.name,
                 "Some of these are not the id of " + with_article(noun_of(model)) + " that you can see."});
        else
            ask({"EXISTS (SELECT FROM {} r WHERE r.id = {}::uuid{})", rows, value, held(field)},
                {field.name, "This is not the id of " + with_article(noun_of(model)) + " that you can see."});
    }

    // What is about a record is seen only with it, by a token as well.
    void record(const RecordFields& record) {
        const std::string name = draft_[record.model].value_or("");
        if (std::string fault = carrier_fault(catalogue_, name); !fault.empty()) {
            faults_.push_back({record.name + "_model", std::move(fault)});
            return;
        }
        const Model& model = *catalogue_.model_named(name);
        ask({"EXISTS (SELECT FROM {} r WHERE r.id = {}::uuid)",
             visible_rows(*catalogue_.resource_of(model), who_), draft_[record.row].value_or("")},
            {record.name + "_row", not_seen(model)});
    }

    /// Asks with the next statement of the transaction; what is refused without asking is thrown here.
    bool send(Tx& tx) {
        if (questions_.empty() && !faults_.empty()) throw Invalid(std::move(faults_));
        if (questions_.empty()) return false;
        const Sql sql{"SELECT {}", db::join(questions_, ", ")};
        tx.transaction().ask(sql.text(), sql.params(),
                             [refusals = std::move(refusals_), faults = std::move(faults_)](
                                 const db::Result& result) { refuse(refusals, faults, result[0]); });
        return true;
    }

private:
    void ask(const Sql& question, FieldError refusal) {
        questions_.push_back(question);
        refusals_.push_back(std::move(refusal));
    }

    static void refuse(const std::vector<FieldError>& refusals, std::vector<FieldError> faults,
                       const db::Row& found) {
        for (std::size_t i = 0; i < refusals.size(); ++i)
            if (!found.boolean(static_cast<int>(i))) faults.push_back(refusals[i]);
        if (!faults.empty()) throw Invalid(std::move(faults));
    }

    const Catalogue& catalogue_;
    const Draft& draft_;
    const Actor& who_;
    const Actor holder_;
    std::vector<Sql> questions_{};
    std::vector<FieldError> refusals_{};  ///< one for each question
    std::vector<FieldError> faults_{};
};

/// The field that a constraint is about which no rule describes, such as name_length: of several the one with
/// the longest name.
const Field* checked_field(const Model& model, std::string_view constraint) {
    const Field* found = nullptr;
    for (const Field& field : model.fields)
        if (constraint.starts_with(field.name + "_") && (!found || field.name.size() > found->name.size()))
            found = &field;
    return found;
}

}  // namespace

Draft initial_draft(const Model& model) {
    Draft draft{.model = &model};
    draft.values.reserve(model.fields.size());
    for (const Field& field : model.fields)
        draft.values.push_back(field.default_null ? std::nullopt
                                                  : std::optional<std::string>(field.default_stored));
    draft.given.assign(model.fields.size(), false);
    return draft;
}

Draft new_draft(const Model& model, const void* row, Timestamp now) {
    Draft draft = initial_draft(model);
    from_row(draft, row);
    auto& id = draft[model.id];
    if (Uuid::parse(id.value()).value().is_nil()) id = Uuid::make().text();
    if (model.created_at >= 0) draft[model.created_at] = format(now);
    if (model.updated_at >= 0) draft[model.updated_at] = format(now);
    draft[model.version] = "1";
    return draft;
}

void take(Draft& draft, const boost::json::value& body, const Actor& who, Verb verb) {
    if (auto faults = take_sound(draft, body, who, verb); !faults.empty()) throw Invalid(std::move(faults));
}

std::vector<FieldError> take_sound(Draft& draft, const boost::json::value& body, const Actor& who,
                                   Verb verb) {
    if (!body.is_object()) throw Malformed("http.malformed_json", "The body must be a JSON object.");
    Taking taking(draft, who, verb);
    for (const auto& member : body.get_object())
        taking.member({member.key().data(), member.key().size()}, member.value());
    if (verb != Verb::change) taking.require();
    taking.finish();
    return std::move(taking).invalid();
}

void to_row(const Draft& draft, void* row) {
    for (std::size_t i = 0; i < draft.values.size(); ++i) {
        const auto& value = draft.values[i];
        draft.model->fields[i].load(row, value ? std::optional<std::string_view>(*value) : std::nullopt);
    }
}

void from_row(Draft& draft, const void* row) {
    for (std::size_t i = 0; i < draft.values.size(); ++i) draft.values[i] = draft.model->fields[i].store(row);
}

std::vector<int> differences(const Draft& before, const Draft& after) {
    std::vector<int> fields;
    for (std::size_t i = 0; i < before.values.size(); ++i)
        if (before.values[i] != after.values[i] && !before.model->fields[i].is_derived())
            fields.push_back(static_cast<int>(i));
    return fields;
}

void bind(const Draft& draft, db::Params& params) {
    for (std::size_t i = 0; i < draft.values.size(); ++i) {
        const Field& field = draft.model->fields[i];
        if (!field.is_derived()) field.type->bind(draft.values[i], params);
    }
}

std::string assignment(const Field& field, const std::optional<std::string>& stored, db::Params& params) {
    std::string sets;
    int parameter = params.size();
    field.type->bind(stored, params);
    for (const Column& column : field.type->columns(field))
        sets += (sets.empty() ? "" : ", ") + column.name + " = " + placeholder(++parameter, column.type);
    return sets;
}

std::string update_statement(const Draft& draft, const std::vector<int>& fields, const Uuid& id,
                             db::Params& params) {
    std::string sets;
    for (int position : fields) {
        if (!sets.empty()) sets += ", ";
        sets += assignment(draft.model->fields[static_cast<std::size_t>(position)], draft[position], params);
    }
    return "UPDATE " + draft.model->table + " AS t SET " + sets + " WHERE id = $" +
           std::to_string(params.add(id));
}

// `may` is asked of the columns of t itself, not of the table anew: where another transaction changed the row
// while this one waited for it, PostgreSQL asks again with what that one left.
Sql lock_statement(const Model& model, const Uuid& id, const Scope& visible, const Scope& may) {
    return Sql{"SELECT {}, {} FROM {} t WHERE t.id = {} FOR UPDATE OF t", model.columns, may,
               scoped_rows(model, visible), id};
}

bool check_references(Tx& tx, const Draft& draft, const std::vector<int>& fields, const Actor& who) {
    References references(*tx.site().catalogue, draft, who);
    for (int position : fields) {
        const Field& field = draft.model->fields[static_cast<std::size_t>(position)];
        if (field.target && position != draft.model->id && draft[position]) references.reference(position);
    }
    const auto is_given = [&](int position) { return std::ranges::find(fields, position) != fields.end(); };
    for (const RecordFields& record : draft.model->records)
        if (is_given(record.model) || is_given(record.row)) references.record(record);
    return references.send(tx);
}

void explain(const Catalogue& catalogue, const db::Error& error) {
    for (const Model* model : catalogue.models()) {
        const std::string prefix = model->table + "_";
        if (!error.constraint.starts_with(prefix)) continue;
        const std::string name = error.constraint.substr(prefix.size());
        for (const Check& check : model->checks)
            if (name == check.name)
                throw Invalid({{check.field.empty() ? check.name : check.field, check.message}});
        for (const Unique& unique : model->unique)
            if (name == unique.name)
                throw Conflict(model->app + "." + unique.name, unique.message)
                    .with({{unique.field, unique.message}});
        for (const Field& field : model->fields) {
            if (name == field.name + "_unique")
                throw Conflict("data.taken", "This " + field.name + " is taken.")
                    .with({{field.name, "This is taken."}});
            if (name == field.name + "_fkey" && error.sqlstate == "23503" && error.table == model->table)
                throw Conflict("data.reference", "The row can't be removed or linked: " + model->noun +
                                                     " rows and what " + field.name +
                                                     " refers to must both exist.");
        }
        if (const Field* field = checked_field(*model, name); field && error.sqlstate == "23514")
            throw Invalid({{field->name, "This value is not allowed here."}});
    }
    if (const Problem* problem = db::problem_of(error)) throw Problem(*problem);
}

}  // namespace tamiti
