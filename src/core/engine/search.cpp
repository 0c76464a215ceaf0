#include "core/engine/search.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/api/operations.hpp"
#include "core/api/route.hpp"
#include "core/base/json.hpp"
#include "core/base/sentences.hpp"
#include "core/base/text.hpp"
#include "core/model/fields/texts.hpp"
#include "core/model/fields/written.hpp"
#include "core/model/input.hpp"
#include "core/model/list.hpp"
#include "core/model/search_hits.hpp"

namespace tamiti::search {

namespace {

struct SearchQuery {
    std::string q{};
    std::optional<std::string> models{};
    int limit = 20;
};

using boost::json::array;
using boost::json::object;

// What matches lies between these in what ts_headline answers; they are taken out of the text before.
constexpr char match_begins = '\x02', match_ends = '\x03';
constexpr const char* headline_options =
    "StartSel=\"\x02\", StopSel=\"\x03\", MaxFragments=2, MaxWords=16, MinWords=5, FragmentDelimiter=\" … \"";

[[noreturn]] void refuse(const std::string& parameter, const std::string& sentence) {
    throw Malformed("http.bad_parameter", sentence).with({{parameter, sentence}});
}

/// What is sought: 2 characters at least, since one is in nearly everything.
class SoughtType final : public TextLike {
public:
    std::string_view name() const override { return "words"; }
    object schema(const Field& field) const override {
        object made = TextLike::schema(field);
        made["minLength"] = least_characters;
        return made;
    }
    std::string example(const Field& field) const override { return quoted_example(field, "festival"); }

protected:
    int usual_length() const override { return 100; }
    std::optional<std::string> read(const Field&, std::string_view text, const std::string& path,
                                    Faults& faults) const override {
        if (count_characters(text) >= least_characters) return std::string(text);
        return tamiti::refuse(faults, path, "Must have 2 characters at least.");
    }

private:
    static constexpr std::size_t least_characters = 2;
};

/// Its text is of that type.
Field of_type(Field field, const FieldType& type) {
    field.type = &type;
    return field;
}

const Shape& query_shape() {
    static const SoughtType sought;
    static const Shape shape = input<SearchQuery>(
        {of_type(field<&SearchQuery::q>("q", {.max_length = 100,
                                              .help = "What to find; words may be half typed or mistyped.",
                                              .example = "festival"}),
                 sought),
         field<&SearchQuery::models>("models", {.max_length = 500,
                                                .help = "Search these alone, separated by commas.",
                                                .example = "projects.project,projects.client"}),
         field<&SearchQuery::limit>("limit",
                                    {.minimum = "1", .maximum = "50", .help = "Results, at most."})});
    return shape;
}

std::vector<const Resource*> searched(const Catalogue& catalogue, const SearchQuery& query) {
    std::vector<const Resource*> all;
    std::vector<std::string> names;
    for (const Model* model : catalogue.models()) {
        if (!model->searchable) continue;
        all.push_back(catalogue.resource_of(*model));
        names.push_back(model->name);
    }
    if (!query.models) return all;
    const std::vector<std::string> wanted = names_in(*query.models);
    for (const auto& name : wanted)
        if (std::find(names.begin(), names.end(), name) == names.end())
            refuse("models", "\"" + name + "\" can't be searched. These can: " + listed(names) + ".");
    std::erase_if(all, [&](const Resource* one) {
        return std::find(wanted.begin(), wanted.end(), one->model->name) == wanted.end();
    });
    return all;
}

/// "a \2film\3 b" → [{"text": "a ", "match": false}, …]: a client marks what matches without reading markup.
void write_highlight(json::Writer& writer, std::string_view headline) {
    writer.begin_array();
    while (!headline.empty()) {
        const bool match = headline.front() == match_begins;
        if (match) headline.remove_prefix(1);
        const std::size_t end = std::min(headline.find(match ? match_ends : match_begins), headline.size());
        if (end > 0) {
            writer.begin_object();
            writer.key("text");
            writer.string(headline.substr(0, end));
            writer.key("match");
            writer.boolean(match);
            writer.end_object();
        }
        headline.remove_prefix(match ? std::min(end + 1, headline.size()) : end);
    }
    writer.end_array();
}

void write_result(json::Writer& writer, const Catalogue& catalogue, const db::Row& row) {
    const Model& model = *catalogue.model_named(row.text(0));
    writer.begin_object();
    writer.key("model");
    writer.string(model.name);
    writer.key("id");
    writer.string(row.text(1));
    writer.key("title");
    writer.string(row.text(2));
    writer.key("highlight");
    write_highlight(writer, row.text(3));
    writer.key("rank");
    writer.raw(row.text(4));
    writer.key("path");
    writer.string(std::string(api_root) + catalogue.resource_of(model)->path + "/" +
                  std::string(row.text(1)));
    writer.end_object();
}

// What a row is called that has no name of its own, such as a comment: how its first line begins.
constexpr std::string_view beginning =
    "(SELECT CASE WHEN char_length(line) > 80 THEN left(line, 79) || '…' ELSE line END"
    " FROM btrim(split_part(btrim(s.body, E' \\n\\r\\t'), E'\\n', 1)) AS line)";

db::Result matches(ReadTx& tx, const std::vector<const Resource*>& resources, const SearchQuery& query,
                   const Actor& who, Spelling spelling) {
    db::Params params;
    SearchClause clause = search_clause(query.q, spelling, params);
    leave_common_words(clause, query.q, tx.transaction(), params);
    const std::string hits = visible_hits(resources, who, clause, ranked_rows, params);
    if (hits.empty()) return db::Result();
    const std::string words =
        clause.query.empty() ? search_clause(query.q, Spelling::right, params).query : clause.query;
    const std::string limit = "$" + std::to_string(params.add(query.limit));
    const std::string options = "$" + std::to_string(params.add(headline_options));
    return tx.transaction().run(
        hits + " SELECT s.model, s.row_id, coalesce(nullif(s.title, ''), " + std::string(beginning) +
            "), ts_headline('simple', translate(s.body, E'\\x02\\x03', "
            "''), " +
            words + ", " + options +
            "), round(best.rank::numeric, 4) FROM (SELECT * FROM hits ORDER BY rank DESC, model, row_id DESC "
            "LIMIT " +
            limit +
            ") AS best JOIN core_search AS s ON s.row_id = best.row_id AND s.model = best.model "
            "ORDER BY best.rank DESC, best.model, best.row_id DESC",
        params);
}

std::string run(ReadTx& tx, const Actor& who, const SearchQuery& query) {
    const Catalogue& catalogue = *tx.site().catalogue;
    const std::vector<const Resource*> resources = searched(catalogue, query);
    db::Result found = matches(tx, resources, query, who, Spelling::right);
    if (found.empty() && may_be_misspelt(query.q))
        found = matches(tx, resources, query, who, Spelling::wrong);
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    writer.key("results");
    writer.begin_array();
    for (const auto row : found) write_result(writer, catalogue, row);
    writer.end_array();
    writer.end_object();
    return out;
}

object results_schema() {
    const auto text = [](const char* description) {
        return object{{"type", "string"}, {"description", description}};
    };
    object part{
        {"type", "object"},
        {"properties",
         object{{"text", text("A piece of the row's text.")},
                {"match", object{{"type", "boolean"}, {"description", "Whether this is what was sought."}}}}},
        {"required", array{"text", "match"}},
        {"additionalProperties", false}};
    object highlight{{"type", "array"},
                     {"items", std::move(part)},
                     {"description", "Where the words stand, in order; plain text, never markup."}};
    object properties{{"model", text("`projects.project`")},
                      {"id", object{{"type", "string"}, {"format", "uuid"}}},
                      {"title", text("What the row is called.")},
                      {"highlight", std::move(highlight)},
                      {"rank", object{{"type", "number"}, {"description", "Higher is better."}}},
                      {"path", text("Where the row is read.")}};
    object result{{"type", "object"},
                  {"properties", std::move(properties)},
                  {"required", array{"model", "id", "title", "highlight", "rank", "path"}},
                  {"additionalProperties", false}};
    return {{"type", "array"}, {"items", std::move(result)}};
}

}  // namespace

Route search_route() {
    static const WrittenType results(results_schema);
    Route route{.method = http::Method::get,
                .path = "/search",
                .summary = "Search everything that you may see, the best matches first.",
                .access = signed_in()};
    route.input = query_shape();
    route.output = Shape{.name = "SearchResults"};
    route.output->fields = {written_field("results", results)};
    route.run = [](Call& call) {
        SearchQuery query;
        read_shape(query_shape(), call.query, call.who, &query);
        query.q = std::string(trim(query.q));
        call.response.body = look(call.site, [&](ReadTx& tx) { return run(tx, call.who, query); });
    };
    return route;
}

}  // namespace tamiti::search
