#include "core/model/search_hits.hpp"

#include <algorithm>

#include "core/model/listing.hpp"

namespace tamiti {
namespace {

/// Models whose rows are seen under the same condition.
struct Group {
    Sql ids{};  // that the rows are within one of; empty where they need not be
    std::vector<std::string> models{};
    std::vector<Sql> told_one_by_one{};  // WHEN … THEN … for those of which not all rows are seen then
};

/// Models whose rows hang on others of several models, so that an id alone doesn't tell whether one is seen:
/// each is looked up, those alone that lie within ids of what somebody sees.
struct Hung {
    Sql ids{};  // of the rows that somebody reaches; so many at most are looked at
    int few = 0;
    Sql beside_ids{};  // of models that they see whole
    std::vector<std::string> models{};
    std::vector<Sql> reached{}, beside{}, otherwise{};  // WHEN … THEN … of each model
};

struct Groups {
    Group anywhere{};
    std::vector<Group> within{};  // each by its ids
    std::vector<Hung> hung{};     // the same
};

/// "WHEN 'projects.member' THEN the row, found again in its table, meets the condition".
Sql when_row_meets(const Model& model, const Sql& condition) {
    // A subselect, since the planner might look for all that EXISTS says of the table at once.
    return {"WHEN {} THEN (SELECT true FROM {} WHERE id = s.row_id AND {})", db::literal(model.name),
            db::name(model.table), condition};
}

Group& group_within(std::vector<Group>& groups, const Sql& ids) {
    const auto found = std::ranges::find(groups, ids, &Group::ids);
    return found != groups.end() ? *found : groups.emplace_back(Group{.ids = ids});
}

/// Whether the index of what rows are within finds those that the actor reaches.
bool hangs(const Model& model, const Scope::Reached& reached) {
    return !reached.tells_rows && reached.column == db::name(model.within);
}

/// Whether core_search alone tells which rows of the model are the scope's: all of them, none, or those
/// within rows that are reached. Rows of other scopes are looked up in their table, each match.
bool is_told_by_words(const Model& model, const Scope& scope) {
    const Scope::Reached* reached = scope.reached();
    if (!reached) return scope.is_all() || scope.is_none();
    return reached->tells_rows && reached->beside.empty() && reached->column == db::name(model.within);
}

void add_hung(std::vector<Hung>& groups, const Model& model, const Scope& scope) {
    const Scope::Reached& reached = *scope.reached();
    auto found = std::ranges::find_if(groups, [&](const Hung& one) {
        return one.ids == reached.ids && one.beside_ids == reached.beside_ids && one.few == reached.few;
    });
    if (found == groups.end())
        found = groups.insert(found,
                              Hung{.ids = reached.ids, .few = reached.few, .beside_ids = reached.beside_ids});
    found->models.push_back(model.name);
    found->reached.push_back(when_row_meets(model, reached.rest));
    if (!reached.beside.empty()) found->beside.push_back(when_row_meets(model, reached.beside));
    found->otherwise.push_back(when_row_meets(model, scope));
}

Groups groups_of(const std::vector<const Resource*>& resources, const Actor& who) {
    Groups groups;
    for (const Resource* resource : resources) {
        const Model& model = *resource->model;
        const Scope scope = resource->visible_to(who);
        const Scope::Reached* reached = scope.reached();
        if (scope.is_none()) continue;
        if (reached && hangs(model, *reached)) {
            add_hung(groups.hung, model, scope);
            continue;
        }
        const bool is_within = reached && is_told_by_words(model, scope);
        Group& group = is_within ? group_within(groups.within, reached->ids) : groups.anywhere;
        group.models.push_back(model.name);
        const Sql told = is_within ? reached->rest : scope.is_all() ? Sql() : Sql(scope);
        if (!told.empty()) group.told_one_by_one.push_back(when_row_meets(model, told));
    }
    return groups;
}

/// What is true of a row of core_search, s, of one of the group's models that the actor sees.
Sql is_seen(const Group& group) {
    if (group.told_one_by_one.empty()) return Sql("true");
    return {"CASE s.model {} ELSE true END", db::join(group.told_one_by_one, " ")};
}

/// The parts of the statement, put together one after the other.
class Hits {
public:
    Hits(const SearchClause& clause, int most) : clause_(clause), most_(most) {}

    // Whatever is asked of a row is asked once its words are found.
    void add_anywhere(const Group& group) {
        if (!group.models.empty()) add(Sql("core_search"), group.models, is_seen(group));
    }

    // Few rows are looked at one by one; many stand in any part of the table, and are met soon among the
    // words.
    void add_within(const Group& group) {
        const Sql list = add_list(group.ids);
        const Sql few = Sql::verbatim(std::to_string(few_reached));
        const Sql is_few{"(SELECT count(*) FROM {}) <= {}", list, few};
        // The index has the model, too; of many models nearly all rows are wanted.
        const Sql rows =
            group.models.size() <= models_in_index ? rows_within(list, group.models) : rows_within(list);
        if (group.told_one_by_one.empty())
            add(rows, group.models, is_few);
        else
            add_seen_first(rows, group.models, is_few, is_seen(group));
        add(Sql("core_search"), group.models,
            {"(SELECT count(*) FROM {}) > {} AND CASE WHEN s.within IN (SELECT id FROM {}) THEN {} ELSE "
             "false END",
             list, few, list, is_seen(group)});
    }

    // The same of what hangs on rows, those that somebody reaches and those of models that they see whole.
    // Who reaches many meets theirs soon among the words.
    void add_hung(const Hung& group) {
        const Sql few = Sql::verbatim(std::to_string(group.few));
        const Sql list = add_list({"SELECT id FROM ({}) AS r LIMIT {} + 1", group.ids, few});
        const Sql is_few{"(SELECT count(*) FROM {}) <= {}", list, few};
        add(rows_within(list, group.models), group.models,
            {"{} AND CASE s.model {} END", is_few, db::join(group.reached, " ")});
        if (!group.beside.empty()) {
            const Sql others = add_list({"SELECT id FROM ({}) AS r LIMIT {} + 1", group.beside_ids, few});
            const Sql are_few{"{} AND (SELECT count(*) FROM {}) <= {}", is_few, others, few};
            const Sql are_many{"{} AND (SELECT count(*) FROM {}) > {}", is_few, others, few};
            add(rows_within(others, group.models), group.models,
                {"{} AND CASE s.model {} END", are_few, db::join(group.beside, " ")});
            add(Sql("core_search"), group.models,
                {"{} AND CASE WHEN s.within IN ({}) THEN CASE s.model {} END END", are_many, group.beside_ids,
                 db::join(group.beside, " ")});
        }
        add(Sql("core_search"), group.models,
            {"NOT {} AND CASE s.model {} END", is_few, db::join(group.otherwise, " ")});
    }

    bool empty() const { return parts_.empty(); }

    Sql statement() const {
        Sql hits{"hits AS MATERIALIZED ({})", db::join(parts_, " UNION ALL ")};
        return lists_.empty() ? Sql("WITH {}", hits) : Sql("WITH {}, {}", db::join(lists_, ", "), hits);
    }

private:
    Sql add_list(const Sql& ids) {
        const Sql list = Sql::verbatim("reached_" + std::to_string(lists_.size()));
        lists_.push_back({"{} (id) AS MATERIALIZED ({})", list, ids});
        return list;
    }

    static Sql rows_within(const Sql& list) {
        return {R"((SELECT * FROM core_search AS s WHERE s.within = ANY(ARRAY(SELECT id FROM {})) OFFSET 0))",
                list};
    }
    static Sql rows_within(const Sql& list, const std::vector<std::string>& models) {
        std::vector<Sql> names;
        for (const std::string& name : models) names.push_back(db::literal(name));
        return {R"((SELECT * FROM core_search AS s WHERE s.within = ANY(ARRAY(SELECT id FROM {}))
                    AND s.model IN ({}) OFFSET 0))",
                list, db::join(names, ", ")};
    }

    void add(const Sql& rows, const std::vector<std::string>& models, const Sql& condition) {
        add_part(rows, {"{} AND {}", Sql::verbatim(condition_in(clause_, models)), condition});
    }

    // Rows whose words are looked at only where they are seen: what hidden rows say costs nothing, as if they
    // said something else.
    void add_seen_first(const Sql& rows, const std::vector<std::string>& models, const Sql& condition,
                        const Sql& seen) {
        add_part(rows, {"{} AND CASE WHEN {} THEN {} ELSE false END", condition, seen,
                        Sql::verbatim(condition_in(clause_, models))});
    }

    void add_part(const Sql& rows, const Sql& condition) {
        parts_.push_back({"(SELECT s.model, s.row_id, {} AS rank FROM {} AS s WHERE s.kept AND {} LIMIT {})",
                          Sql::verbatim(clause_.rank), rows, condition,
                          Sql::verbatim(std::to_string(most_ + 1))});
    }

    const SearchClause& clause_;
    int most_;
    std::vector<Sql> lists_{}, parts_{};
};

}  // namespace

bool is_found_by_words(const Model& model, const Scope& scope) {
    const Scope::Reached* reached = scope.reached();
    return is_told_by_words(model, scope) || (reached && hangs(model, *reached));
}

std::string visible_hits(const std::vector<const Resource*>& resources, const Actor& who,
                         const SearchClause& clause, int most, db::Params& params) {
    const Groups groups = groups_of(resources, who);
    Hits hits(clause, most);
    hits.add_anywhere(groups.anywhere);
    for (const Group& group : groups.within) hits.add_within(group);
    for (const Hung& group : groups.hung) hits.add_hung(group);
    return hits.empty() ? std::string() : hits.statement().render(params);
}

}  // namespace tamiti
