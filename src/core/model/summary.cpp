#include "core/model/summary.hpp"

#include <algorithm>
#include <array>

#include "core/base/json.hpp"
#include "core/base/sentences.hpp"
#include "core/base/text.hpp"
#include "core/model/derived.hpp"
#include "core/model/fields/json_forms.hpp"
#include "core/model/listing.hpp"
#include "core/model/member.hpp"
#include "core/model/seen.hpp"

namespace tamiti {
namespace {

constexpr std::size_t most_keys = 3;
constexpr std::size_t most_sums = 10;
constexpr int most_groups = 1'000;
constexpr std::array<std::string_view, 5> periods = {"day", "week", "month", "quarter", "year"};

struct GroupKey {
    const Field* field;
    std::string period{};  // of days and times
};

struct SummaryRequest {
    std::vector<GroupKey> keys{};
    std::vector<const Field*> sums{};
    QueryPairs rows{};  // which rows, as a list is asked
};

bool is_timed(const Field& field) {
    return field.type == &date_type() || field.type == &timestamp_type();
}

/// Whether rows can be grouped by the field: it has few values, and lists are asked for one of them.
bool groups(const Field& field) {
    if (field.rules.filter == Match::none) return false;
    return is_timed(field) || field.type == &choice_type() || field.type == &boolean_type() ||
           field.type == &reference_type() || field.type == &text_type() || field.type == &email_type() ||
           field.type == &phone_type() || field.type == &time_zone_type();
}

bool adds_up(const Field& field) {
    const bool is_number = field.type == &integer_type() || field.type == &decimal_type();
    return (is_number && field.name != "version") || field.type == &duration_type() ||
           field.type == &money_type();
}

bool is_money(const Field* field) {
    return field->type == &money_type();
}

[[noreturn]] void refuse(const std::string& parameter, const std::string& sentence) {
    throw Malformed("http.bad_parameter", sentence).with({{parameter, sentence}});
}

GroupKey key_of(const Model& model, const Actor& who, std::string_view name) {
    const std::size_t colon = name.find(':');
    const Field* field = model.find(name.substr(0, colon));
    const std::string_view period = colon == name.npos ? std::string_view() : name.substr(colon + 1);
    const bool is_known =
        field && readable(*field, who) && groups(*field) &&
        (is_timed(*field) ? std::ranges::find(periods, period) != periods.end() : colon == name.npos);
    if (!is_known)
        refuse("group", "There is no grouping by \"" + std::string(name) +
                            "\". These exist: " + listed(group_names(model, &who)) + ".");
    return {&as_seen(model, *field, who), std::string(period)};
}

std::vector<GroupKey> keys_in(const Model& model, const Actor& who, std::string_view text) {
    std::vector<GroupKey> keys;
    for (const std::string& name : names_in(text)) {
        keys.push_back(key_of(model, who, name));
        const auto is_same = [&](const GroupKey& key) { return key.field == keys.back().field; };
        if (std::ranges::count_if(keys, is_same) > 1)
            refuse("group", "Rows are grouped by " + keys.back().field->name + " once.");
    }
    if (keys.size() > most_keys) refuse("group", "Rows are grouped by three fields at most.");
    return keys;
}

std::vector<const Field*> sums_in(const Model& model, const Actor& who, std::string_view text) {
    std::vector<const Field*> sums;
    for (const std::string& name : names_in(text)) {
        const Field* field = model.find(name);
        if (!field || !readable(*field, who) || !adds_up(*field))
            refuse("sum", "There is no sum of \"" + name +
                              "\". These exist: " + listed(sum_names(model, &who)) + ".");
        if (std::ranges::find(sums, field) == sums.end()) sums.push_back(field);
    }
    if (sums.size() > most_sums) refuse("sum", "Ten fields at most are added up.");
    return sums;
}

SummaryRequest read_request(const Model& model, const Actor& who, const QueryPairs& query) {
    SummaryRequest request;
    for (const auto& [name, value] : query) {
        if (name == "group")
            request.keys = keys_in(model, who, value);
        else if (name == "sum")
            request.sums = sums_in(model, who, value);
        else if (!says_which_rows(name))
            refuse(name, "A summary has no pages and tells no rows: leave out " + name + ".");
        else
            request.rows.emplace_back(name, value);
    }
    return request;
}

/// The statement of one summary, put together, and its answer.
///
/// One pass over the rows finds everything: they are grouped by the keys (count, plain sums), for each sum of
/// money by the keys and its currency, and all together. What a row of the result tells is seen by
/// GROUPING().
class Summary {
public:
    Summary(ReadTx& tx, const Resource& resource, const Actor& who, const SummaryRequest& request,
            Spelling spelling)
        : request_(request),
          listing_(listing_of(*tx.site().catalogue, resource, who, request.rows, spelling)),
          zone_(who.time_zone) {
        for (const Field* field : request_.sums)
            if (is_money(field)) monies_.push_back(field);
        const std::string statement = at_moment(sql(), tx.now(), who, listing_.params);
        result_ = tx.transaction().run(statement, listing_.params);
        for (const db::Row row : result_)
            if (is_total(row)) count_ = row.integer(count_column());
    }

    std::int64_t count() const { return count_; }
    const std::string& search() const { return listing_.request.search; }

    void write(std::string& out) const {
        json::Writer writer(out);
        writer.begin_object();
        writer.key("count");
        writer.integer(count_);
        const int last =
            result_.empty() ? 0 : static_cast<int>(result_[result_.size() - 1].integer(place_column()));
        writer.key("groups_complete");
        writer.boolean(last <= most_groups);
        writer.key("groups");
        writer.begin_array();
        for (int at = 0; at < result_.size();) at = write_group(writer, at);
        writer.end_array();
        writer.end_object();
    }

private:
    std::string g(std::size_t key) const { return "g" + std::to_string(key + 1); }

    // Columns of the result, after those of the keys.
    int count_column() const { return static_cast<int>(request_.keys.size()); }
    int sum_column(std::size_t sum) const { return count_column() + 1 + static_cast<int>(sum); }
    int marks_column() const { return sum_column(request_.sums.size()); }
    int currency_column() const { return marks_column() + 1; }
    int place_column() const { return currency_column() + 1; }

    bool is_total(const db::Row& row) const {
        return row.integer(place_column()) == (request_.keys.empty() ? 1 : 0) &&
               row.integer(marks_column()) == all_marks();
    }
    std::int64_t all_marks() const { return (std::int64_t{1} << monies_.size()) - 1; }

    std::string key_value(const GroupKey& key) {
        const std::string column = column_of(*key.field, "t");
        if (key.period.empty()) return column;
        if (key.field->type == &date_type())
            return "date_trunc('" + key.period + "', " + column + "::timestamp)::date";
        return "date_trunc('" + key.period + "', " + column + " AT TIME ZONE $" +
               std::to_string(listing_.params.add(zone_)) + "::text)::date";
    }

    std::string columns() {
        std::string columns;
        for (std::size_t i = 0; i < request_.keys.size(); ++i)
            columns += (columns.empty() ? "" : ", ") + key_value(request_.keys[i]) + " AS " + g(i);
        for (std::size_t i = 0; i < request_.sums.size(); ++i)
            columns += (columns.empty() ? "" : ", ") + column_of(*request_.sums[i], "t") + " AS v" +
                       std::to_string(i + 1);
        for (std::size_t i = 0; i < monies_.size(); ++i)
            columns +=
                ", t." + monies_[i]->type->columns(*monies_[i])[1].name + " AS c" + std::to_string(i + 1);
        return columns.empty() ? "t.id" : columns;
    }

    // "g1, g2", "c1, c2": what GROUPING() and the like take.
    std::string keys() const {
        std::string all;
        for (std::size_t i = 0; i < request_.keys.size(); ++i) all += (i > 0 ? ", " : "") + g(i);
        return all;
    }
    std::string currencies() const {
        std::string all;
        for (std::size_t i = 0; i < monies_.size(); ++i) all += (i > 0 ? ", c" : "c") + std::to_string(i + 1);
        return all;
    }

    std::string grouping_sets() const {
        std::string sets = "(" + keys() + ")";
        for (std::size_t i = 0; i < monies_.size(); ++i)
            sets += ", (" + keys() + (request_.keys.empty() ? "c" : ", c") + std::to_string(i + 1) + ")";
        return sets + (request_.keys.empty() ? "" : ", ()");
    }

    /// The place of a group among the others, from 1; 0 of all rows together.
    std::string place() const {
        if (request_.keys.empty()) return "1";
        std::string order = "grouping(g1) DESC";
        for (std::size_t i = 0; i < request_.keys.size(); ++i) {
            const GroupKey& key = request_.keys[i];
            order += ", " + (key.period.empty() ? order_value(*key.field, g(i)) : g(i));
        }
        return "dense_rank() OVER (ORDER BY " + order + ") - 1";
    }

    std::string sql() {
        const FoundRows found = found_rows(listing_, columns());
        std::string sql = found.with.empty() ? "" : "WITH " + found.with + " ";
        sql += "SELECT * FROM (SELECT ";
        for (std::size_t i = 0; i < request_.keys.size(); ++i) sql += g(i) + ", ";
        sql += "count(*)";
        for (std::size_t i = 0; i < request_.sums.size(); ++i)
            sql += ", coalesce(sum(v" + std::to_string(i + 1) + "), 0)";
        sql += monies_.empty()
                   ? ", 0 AS marks, NULL::text AS currency"
                   : ", grouping(" + currencies() + ") AS marks, coalesce(" + currencies() + ") AS currency";
        sql += ", " + place() + " AS place FROM (" + found.select + ") seen GROUP BY GROUPING SETS (" +
               grouping_sets() + ")) told WHERE place <= " + std::to_string(most_groups + 1);
        return sql + " ORDER BY place, marks DESC, currency";
    }

    /// Writes the group whose rows begin there; answers where those of the next one do.
    int write_group(json::Writer& writer, int from) const {
        const std::int64_t place = result_[from].integer(place_column());
        int end = from;
        while (end < result_.size() && result_[end].integer(place_column()) == place) ++end;
        if (place == 0 || place > most_groups) return end;
        writer.begin_object();
        for (std::size_t i = 0; i < request_.keys.size(); ++i) {
            writer.key(request_.keys[i].field->name);
            writer.raw(key_json(request_.keys[i], result_[from].optional_text(static_cast<int>(i))));
        }
        writer.key("count");
        writer.integer(result_[from].integer(count_column()));
        if (!request_.sums.empty()) write_sums(writer, from, end);
        writer.end_object();
        return end;
    }

    static std::string key_json(const GroupKey& key, std::optional<std::string_view> stored) {
        if (!stored) return "null";
        std::string out;
        if (key.period.empty())
            key.field->type->write_json(*key.field, *stored, out);
        else
            append_quoted(out, *stored);
        return out;
    }

    void write_sums(json::Writer& writer, int from, int end) const {
        writer.key("sum");
        writer.begin_object();
        for (std::size_t i = 0; i < request_.sums.size(); ++i) {
            const Field& field = *request_.sums[i];
            writer.key(field.name);
            std::string sum;
            if (is_money(&field))
                sum = money_json(i, from, end);
            else
                field.type->write_json(field, result_[from].text(sum_column(i)), sum);
            writer.raw(sum);
        }
        writer.end_object();
    }

    std::string money_json(std::size_t sum, int from, int end) const {
        const Field* field = request_.sums[sum];
        const auto at = std::ranges::find(monies_, field) - monies_.begin();
        // The first currency has the highest bit, and a row is of that whose bit is missing.
        const std::int64_t bit = std::int64_t{1} << (static_cast<std::ptrdiff_t>(monies_.size()) - 1 - at);
        std::string out = "[";
        for (int i = from; i < end; ++i) {
            const db::Row row = result_[i];
            if (row.integer(marks_column()) != all_marks() - bit || row.is_null(currency_column())) continue;
            if (out.size() > 1) out += ',';
            const std::string stored =
                std::string(row.text(sum_column(sum))) + " " + std::string(row.text(currency_column()));
            field->type->write_json(*field, stored, out);
        }
        return out + "]";
    }

    const SummaryRequest& request_;
    Listing listing_;
    std::string zone_;
    std::vector<const Field*> monies_{};
    db::Result result_{};
    std::int64_t count_ = 0;
};

}  // namespace

std::vector<std::string> group_names(const Model& model, const Actor* who) {
    std::vector<std::string> names;
    for (const Field& field : model.fields) {
        if (!groups(field) || (who && !readable(field, *who))) continue;
        if (!is_timed(field)) names.push_back(field.name);
        for (const std::string_view period : periods)
            if (is_timed(field)) names.push_back(field.name + ":" + std::string(period));
    }
    return names;
}

std::vector<std::string> sum_names(const Model& model, const Actor* who) {
    std::vector<std::string> names;
    for (const Field& field : model.fields)
        if (adds_up(field) && (!who || readable(field, *who))) names.push_back(field.name);
    return names;
}

void summary(ReadTx& tx, const Resource& resource, const Actor& who, const QueryPairs& query,
             std::string& out) {
    const SummaryRequest request = read_request(*resource.model, who, query);
    const Summary found(tx, resource, who, request, Spelling::right);
    const bool may_mean_others = !found.search().empty() && may_be_misspelt(found.search());
    if (found.count() == 0 && may_mean_others)
        Summary(tx, resource, who, request, Spelling::wrong).write(out);
    else
        found.write(out);
}

}  // namespace tamiti
