#include "core/api/bulk.hpp"

#include <array>
#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/http/entity_tag.hpp"
#include "core/http/uri.hpp"
#include "core/model/draft.hpp"
#include "core/model/list.hpp"
#include "core/model/trash.hpp"
#include "core/model/write.hpp"

namespace tamiti::api {
namespace {

constexpr int most_told = 20;  // operations whose faults an atomic bulk tells

constexpr std::array<std::pair<std::string_view, Verb>, 5> op_names = {{{"create", Verb::create},
                                                                        {"change", Verb::change},
                                                                        {"replace", Verb::replace},
                                                                        {"remove", Verb::remove},
                                                                        {"restore", Verb::restore}}};

/// One of the operations as it was sent.
struct Item {
    Verb op = Verb::create;
    std::optional<Uuid> id{};
    json::value data{};  // an object where the operation takes one
    http::IfMatch known{};
};

struct Bulk {
    std::vector<Item> items{};
    std::optional<QueryPairs> filter{};  // of the rows that each item is made for, of which there is one
    bool atomic = true;
    bool dry_run = false;
};

/// How one operation ended.
struct Outcome {
    int status = 200;
    std::string id{};
    std::string etag{};
    std::string body{};  // of the row, JSON; empty for removals
    std::optional<Problem> problem{};
};

/// Ends a transaction of which nothing is to be kept.
struct NothingKept {};

bool offers(const Resource& resource, Verb op) {
    switch (op) {
        case Verb::create:
            return resource.access.create != nullptr;
        case Verb::change:
        case Verb::replace:
            return resource.access.change != nullptr;
        case Verb::remove:
            return resource.access.remove != nullptr;
        case Verb::restore:
            return has_trash(resource);
        default:
            return false;
    }
}

std::vector<std::string> offered(const Resource& resource) {
    std::vector<std::string> names;
    for (const auto& [name, op] : op_names)
        if (offers(resource, op)) names.emplace_back(name);
    return names;
}

/// Reads one operation, member by member; what is wrong is added to the faults under its path.
class ItemReader {
public:
    ItemReader(const Resource& resource, std::size_t index, std::vector<FieldError>& invalid,
               std::vector<FieldError>& unknown)
        : resource_(resource),
          path_("operations." + std::to_string(index) + "."),
          invalid_(invalid),
          unknown_(unknown) {}

    /// Reads what is to be done to each row that a filter finds, which stands beside the filter.
    ItemReader(const Resource& resource, std::vector<FieldError>& invalid, std::vector<FieldError>& unknown)
        : resource_(resource), by_filter_(true), invalid_(invalid), unknown_(unknown) {}

    Item read(const json::value& json) {
        const auto* members = json.if_object();
        if (!members) {
            invalid_.push_back({path_.substr(0, path_.size() - 1),
                                R"(Must be an object such as {"op": "change", "id": "…", "data": {…}}.)"});
            return {};
        }
        for (const auto& member : *members) take({member.key().data(), member.key().size()}, member.value());
        if (!has_op_) add("op", "This field is required.");
        if (!knows_op_) return std::move(item_);
        if (by_filter_) check_by_filter();
        const bool is_create = item_.op == Verb::create;
        if (!is_create && !item_.id && !bad_id_ && !by_filter_) add("id", "This field is required.");
        if (is_create && item_.id) add("id", "A create takes its id in data.");
        const bool takes_data = item_.op != Verb::remove && item_.op != Verb::restore;
        if (takes_data && !has_data_) add("data", "This field is required.");
        if (!takes_data && has_data_) add("data", "Is not for this operation.");
        if (item_.known.asks() && (is_create || item_.op == Verb::restore))
            add("if_match", "Is not for this operation.");
        return std::move(item_);
    }

private:
    void add(const std::string& member, std::string sentence) {
        invalid_.push_back({path_ + member, std::move(sentence)});
    }

    void check_by_filter() {
        if (item_.op == Verb::create) add("op", "A filter finds rows that are there already.");
        if (item_.id) add("id", "The filter says which rows are meant.");
        if (item_.known.asks()) add("if_match", "Is not for rows that a filter finds.");
    }

    void take(std::string_view name, const json::value& value) {
        if (name == "op") return take_op(value);
        if (name == "id") return take_id(value);
        if (name == "if_match") return take_version(value);
        if (name != "data") {
            unknown_.push_back(
                {path_ + std::string(name),
                 by_filter_ ? "There is no such field. These exist: filter, op, data, atomic, dry_run."
                            : "There is no such field. These exist: op, id, data, if_match."});
            return;
        }
        has_data_ = true;
        item_.data = value;
        if (!value.is_object()) add("data", "Must be an object.");
    }

    void take_op(const json::value& value) {
        has_op_ = true;
        const auto* text = value.if_string();
        for (const auto& [name, op] : op_names) {
            if (!text || std::string_view(text->data(), text->size()) != name || !offers(resource_, op))
                continue;
            item_.op = op;
            knows_op_ = true;
            return;
        }
        add("op", "Must be one of " + join(offered(resource_), ", ") + ".");
    }

    void take_id(const json::value& value) {
        const auto* text = value.if_string();
        if (text) item_.id = Uuid::parse({text->data(), text->size()});
        if (item_.id) return;
        bad_id_ = true;
        add("id", "Must be a UUID.");
    }

    void take_version(const json::value& value) {
        const auto* text = value.if_string();
        if (!text) return add("if_match", "Must be the ETag of the row, a string.");
        try {
            item_.known = http::IfMatch({text->data(), text->size()});
        } catch (const Malformed& problem) {
            add("if_match", problem.detail());
        }
    }

    const Resource& resource_;
    std::string path_{};
    bool by_filter_ = false;
    std::vector<FieldError>& invalid_;
    std::vector<FieldError>& unknown_;
    Item item_{};
    bool has_op_ = false;
    bool knows_op_ = false;
    bool has_data_ = false;
    bool bad_id_ = false;
};

void read_flag(const json::value& value, const char* name, bool& flag, std::vector<FieldError>& invalid) {
    if (value.is_bool())
        flag = value.get_bool();
    else
        invalid.push_back({name, "Must be true or false."});
}

/// Reads "status=active&or=(…)", as an address has it behind its question mark.
void read_filter(const json::value& value, Bulk& bulk, std::vector<FieldError>& invalid) {
    const auto* text = value.if_string();
    bulk.filter.emplace();
    const bool is_read = text && !http::parse_query({text->data(), text->size()}, *bulk.filter);
    if (!is_read || bulk.filter->empty())
        invalid.push_back({"filter", "Must be what a list's address says, such as status=active&owner=me."});
}

void read_operations(const Resource& resource, const json::value* json, Bulk& bulk,
                     std::vector<FieldError>& invalid, std::vector<FieldError>& unknown) {
    const boost::json::array* operations = json ? json->if_array() : nullptr;
    const std::size_t count = operations ? operations->size() : 0;
    if (count < 1 || count > most_bulk_operations)
        invalid.push_back({"operations", "Must be a list of 1 to " + std::to_string(most_bulk_operations) +
                                             " operations."});
    else
        for (std::size_t i = 0; i < count; ++i)
            bulk.items.push_back(ItemReader(resource, i, invalid, unknown).read((*operations)[i]));
}

Bulk read_bulk(const Resource& resource, std::string_view text) {
    const json::value body = json::parse(text);
    if (!body.is_object()) throw Malformed("http.malformed_json", "The body must be a JSON object.");
    Bulk bulk;
    std::vector<FieldError> invalid, unknown;
    json::object others;
    for (const auto& member : body.get_object()) {
        const std::string_view name(member.key().data(), member.key().size());
        if (name == "filter")
            read_filter(member.value(), bulk, invalid);
        else if (name == "atomic")
            read_flag(member.value(), "atomic", bulk.atomic, invalid);
        else if (name == "dry_run")
            read_flag(member.value(), "dry_run", bulk.dry_run, invalid);
        else
            others.emplace(member.key(), member.value());
    }
    if (bulk.filter) {
        bulk.items.push_back(ItemReader(resource, invalid, unknown).read(others));
    } else {
        for (const auto& member : others)
            if (member.key() != "operations")
                unknown.push_back(
                    {std::string(member.key()),
                     "There is no such field. These exist: operations, filter, atomic, dry_run."});
        read_operations(resource, others.if_contains("operations"), bulk, invalid, unknown);
    }
    if (!unknown.empty())
        throw Malformed("http.unknown_field", "Some members are not known here.").with(std::move(unknown));
    if (!invalid.empty()) throw Invalid(std::move(invalid));
    return bulk;
}

/// What is to be done: what was sent, or the same to each row that the filter finds.
std::vector<Item> items_of(Tx& tx, const Resource& resource, const Actor& who, const Bulk& bulk) {
    if (!bulk.filter) return bulk.items;
    const int most = static_cast<int>(most_bulk_operations);
    const std::vector<Uuid> ids = found_ids(tx, resource, who, *bulk.filter, most);
    if (ids.size() > most_bulk_operations) {
        const std::string sentence =
            "The filter finds more than " + std::to_string(most) + " rows, so nothing was done. Narrow it.";
        throw Problem(422, "http.bulk_refused", sentence).with({{"filter", sentence}});
    }
    std::vector<Item> items(ids.size(), bulk.items.front());
    for (std::size_t i = 0; i < ids.size(); ++i) items[i].id = ids[i];
    return items;
}

Outcome done(const Resource&, Written&& written) {
    Outcome outcome;
    outcome.status = written.created ? 201 : 200;
    outcome.id = written.id.text();
    outcome.etag = http::entity_tag(written.body, written.version);
    outcome.body = std::move(written.body);
    return outcome;
}

/// Does one operation just as a request of its own would.
Outcome perform(Tx& tx, const Resource& resource, const Actor& who, const Item& item) {
    switch (item.op) {
        case Verb::create:
            return done(resource, create(tx, resource, who, item.data));
        case Verb::change:
        case Verb::replace:
            return done(resource,
                        change(tx, resource, who, *item.id, item.data, item.known, item.op == Verb::replace));
        case Verb::restore:
            return done(resource, restore(tx, resource, who, *item.id));
        default:
            break;
    }
    remove(tx, resource, who, *item.id, item.known);
    Outcome outcome;
    outcome.status = 204;
    outcome.id = item.id->text();
    return outcome;
}

Outcome refused(const Item& item, const Problem& problem) {
    Outcome outcome;
    outcome.status = problem.status();
    if (item.id) outcome.id = item.id->text();
    outcome.problem = problem;
    return outcome;
}

/// The same, and where it is refused everything is as it was before it. What spoils the whole transaction is
/// thrown on.
Outcome attempt(Tx& tx, const Resource& resource, const Actor& who, const Item& item) {
    tx.execute(Sql("SAVEPOINT bulk_operation"));
    Outcome outcome;
    try {
        outcome = perform(tx, resource, who, item);
    } catch (const Problem& problem) {
        outcome = refused(item, problem);
    } catch (const db::Error& error) {
        if (error.is_retryable() || error.is_disconnect()) throw;
        try {
            explain(*tx.site().catalogue, error);
            throw;
        } catch (const Problem& problem) {
            outcome = refused(item, problem);
        }
    }
    if (outcome.problem) tx.execute(Sql("ROLLBACK TO SAVEPOINT bulk_operation"));
    tx.execute(Sql("RELEASE SAVEPOINT bulk_operation"));
    return outcome;
}

std::string answer_of(const std::vector<Outcome>& outcomes, bool dry_run, std::string_view request_id) {
    std::string out;
    json::Writer writer(out);
    std::int64_t failed = 0;
    for (const Outcome& one : outcomes) failed += one.problem ? 1 : 0;
    writer.begin_object();
    writer.key("dry_run");
    writer.boolean(dry_run);
    writer.key("succeeded");
    writer.integer(static_cast<std::int64_t>(outcomes.size()) - failed);
    writer.key("failed");
    writer.integer(failed);
    writer.key("results");
    writer.begin_array();
    for (const Outcome& one : outcomes) {
        writer.begin_object();
        writer.key("status");
        writer.integer(one.status);
        writer.key("id");
        if (one.id.empty())
            writer.null();
        else
            writer.string(one.id);
        if (!one.etag.empty()) {
            writer.key("etag");
            writer.string(one.etag);
        }
        if (one.problem || !one.body.empty()) {
            writer.key(one.problem ? "problem" : "body");
            writer.raw(one.problem ? one.problem->json(request_id) : one.body);
        }
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
    return out;
}

/// Why an atomic bulk did nothing: the faults of its operations under their paths.
Problem refusal(const std::vector<Outcome>& outcomes) {
    std::vector<FieldError> errors;
    int failed = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const auto& problem = outcomes[i].problem;
        if (!problem) continue;
        ++failed;
        const std::string path = "operations." + std::to_string(i);
        for (const FieldError& error : problem->errors())
            errors.push_back({path + "." + error.field, error.message});
        if (problem->errors().empty())
            errors.push_back({path, problem->detail() + " (" + std::to_string(problem->status()) + " " +
                                        problem->code() + ")"});
    }
    const std::string count = failed == 1 ? "One operation was" : std::to_string(failed) + " operations were";
    return Problem(422, "http.bulk_refused", count + " refused, so none was done.").with(std::move(errors));
}

}  // namespace

bool takes_bulk(const Resource& resource) {
    return !offered(resource).empty();
}

void run_bulk(Call& call, const Operation& operation) {
    const Resource& resource = *operation.resource;
    const Bulk bulk = read_bulk(resource, call.request.body.empty() ? "{}" : call.request.body);
    try {
        carry_out(call, [&](Tx& tx) {
            std::vector<Outcome> outcomes;
            int failed = 0;
            for (const Item& item : items_of(tx, resource, call.who, bulk)) {
                outcomes.push_back(attempt(tx, resource, call.who, item));
                failed += outcomes.back().problem ? 1 : 0;
                if (bulk.atomic && failed >= most_told) break;
            }
            if (bulk.atomic && failed > 0) throw refusal(outcomes);
            call.response.status = 200;
            call.response.body = answer_of(outcomes, bulk.dry_run, call.request.id);
            if (bulk.dry_run) throw NothingKept();
        });
    } catch (const NothingKept&) {
        return;  // the answer tells what would have been
    }
}

}  // namespace tamiti::api
