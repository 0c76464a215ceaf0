#include <boost/json.hpp>

#include "apps/common/erasure.hpp"
#include "apps/common/records.hpp"
#include "apps/common/service.hpp"
#include "core/base/json.hpp"
#include "core/base/sentences.hpp"
#include "core/base/text.hpp"
#include "core/http/uri.hpp"
#include "core/model/list.hpp"
#include "core/model/positions.hpp"

namespace tamiti::common {
namespace {

/// Reads a saved query the way the list of its model would read it from an address.
class SavedQuery {
public:
    SavedQuery(const Catalogue& catalogue, const Resource& resource, const Actor& who)
        : catalogue_(catalogue), resource_(resource), who_(who) {}

    void read(const Json& query) {
        const json::value parsed = json::parse(query.text);
        const json::object* parts = parsed.if_object();
        if (!parts) throw Invalid("query", "Must be an object such as {\"filters\": {\"owner\": \"me\"}}.");
        for (const auto& part : *parts) member(std::string(part.key()), part.value());
        check_filters();
        check_rest();
    }

    /// "?status=active&ordering=-due_on", empty where nothing is asked.
    std::string address() const {
        QueryPairs all = filters_;
        all.insert(all.end(), rest_.begin(), rest_.end());
        return all.empty() ? std::string() : "?" + http::encode_query(all);
    }

private:
    void member(const std::string& name, const json::value& value) {
        if (name == "filters") return filters(value);
        if (name == "search" || name == "ordering" || name == "fields" || name == "expand") {
            if (std::string text = text_of("query." + name, value); !text.empty())
                rest_.emplace_back(name, std::move(text));
            return;
        }
        if (name != "columns" && name != "group")
            throw Invalid(
                "query." + name,
                "There is no such part. These exist: filters, ordering, search, fields, expand, columns, "
                "group.");
        for (const auto& column : names_in(text_of("query." + name, value)))
            readable_field("query." + name, column);
    }

    void filters(const json::value& value) {
        const json::object* named = value.if_object();
        if (!named) throw Invalid("query.filters", "Must be an object such as {\"owner\": \"me\"}.");
        for (const auto& filter : *named) {
            const std::string name(filter.key());
            filters_.emplace_back(name, text_of("query.filters." + name, filter.value()));
        }
    }

    // As an address writes it; a list is joined by commas.
    static std::string text_of(const std::string& path, const json::value& value) {
        if (const auto* text = value.if_string()) return std::string(*text);
        if (value.is_number() || value.is_bool()) return json::text_of(value);
        const json::array* list = value.if_array();
        if (!list) throw Invalid(path, "Must be a text, a number, true or false, or a list of those.");
        std::vector<std::string> parts;
        for (const auto& one : *list) {
            if (one.is_array()) throw Invalid(path, "Must not have a list inside a list.");
            parts.push_back(text_of(path, one));
            if (parts.back().find(',') != std::string::npos)
                throw Invalid(path, "What is in a list must have no commas.");
        }
        return join(parts, ",");
    }

    void readable_field(const std::string& path, const std::string& name) const {
        const Model& model = *resource_.model;
        const Field* field = model.find(name);
        if (field && readable(*field, who_)) return;
        throw Invalid(path, "There is no \"" + name +
                                "\" here. These exist: " + tamiti::listed(readable_names(model, who_)) + ".");
    }

    void check_filters() const {
        try {
            db::Params params;
            filter_conditions(catalogue_, *resource_.model, who_, filters_, params);
        } catch (const Problem& problem) {
            const std::string name = problem.errors().empty() ? "" : "." + problem.errors().front().field;
            throw Invalid("query.filters" + name, problem.detail());
        }
    }

    void check_rest() const {
        try {
            const ListRequest request = read_list_request(*resource_.model, who_, rest_);
            db::Params params;
            const Output output(catalogue_, resource_, who_, request.selection, params);
        } catch (const Problem& problem) {
            const std::string name = problem.errors().empty() ? "" : "." + problem.errors().front().field;
            throw Invalid("query" + name, problem.detail());
        }
    }

    const Catalogue& catalogue_;
    const Resource& resource_;
    const Actor& who_;
    QueryPairs filters_{};
    QueryPairs rest_{};
};

void require_sharing(const Actor& who, Visibility visibility) {
    const bool is_client = who.has(Role::client);
    if (visibility == Visibility::everyone && !who.can("common.share_views"))
        throw Forbidden("access.field", "You may not show a view to everyone.")
            .with({{"visibility", "You may use personal" + std::string(is_client ? "." : " or team.")}});
    if (visibility == Visibility::team && is_client)
        throw Forbidden("access.field", "You have no team to show a view to.")
            .with({{"visibility", "You may use personal."}});
}

// What a person sees at first is for that person to choose, also where others may change the view.
void require_own_default(const Actor& who, const SavedView& next, const SavedView& before) {
    if (next.is_default == before.is_default || next.owner.value == who.id || who.is_system) return;
    throw Forbidden("access.field", "Only the owner makes a view their default, or ends that.")
        .with({{"is_default", "Leave this as it is: it is what the owner sees at first."}});
}

// The owner's other default of that model is one no longer; what two requests at once want is decided here,
// in their order.
void take_over(Tx& tx, const SavedView& next) {
    tx.hold("common.saved_view " + next.owner.text() + " " + next.on_model);
    tx.update<SavedView>({"is_default = false"},
                         where("owner = {} AND on_model = {} AND id <> {} AND is_default", next.owner,
                               next.on_model, next.id));
}

// Among the owner's views of the model.
void take_position(Tx& tx, const SavedView& next) {
    tx.hold("common.positions " + next.owner.text() + " " + next.on_model);
    make_place(tx, model_of(tag<SavedView>{}),
               where("owner = {} AND on_model = {}", next.owner, next.on_model), next.id.value,
               next.position);
}

}  // namespace

void before_save_view(Tx& tx, const Actor& who, SavedView& next, const SavedView* before) {
    if (!before) next.owner = {who.id};
    if (before) require_own_default(who, next, *before);
    if (!before || next.visibility != before->visibility) require_sharing(who, next.visibility);
    if (!before || next.query != before->query) {
        SavedQuery query(*tx.site().catalogue, listed(tx, next.on_model), who);
        query.read(next.query);
        next.query_string.text = query.address();
    }
    if (next.is_default && !(before && before->is_default)) take_over(tx, next);
    if (next.position != 0 && (!before || next.position != before->position)) take_position(tx, next);
}

void erase(Tx& tx, const Uuid& person) {
    forget_mentions(tx, person);
    tx.execute({"DELETE FROM common_saved_view WHERE owner = {} AND visibility = 'personal'", person});
}

}  // namespace tamiti::common
