#include "core/model/search.hpp"

#include <algorithm>
#include <cctype>

#include "core/base/text.hpp"

namespace tamiti {
namespace {

bool is_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0;
}

// "Film, NBC-26" → "'film' & 'nbc-26':*": every word counts, and the last may be unfinished, since it is the
// one that is being typed; the index reads a finished word in half the time. A hyphen inside a word belongs
// to it; everything else that isn't a letter or digit separates, so no sign of the query language gets
// through.
std::string search_words(std::string_view text) {
    std::string words;
    for (std::size_t i = 0; i < text.size();) {
        if (!is_word(text[i])) {
            ++i;
            continue;
        }
        words += words.empty() ? "'" : " & '";
        for (; i < text.size() &&
               (is_word(text[i]) || (text[i] == '-' && i + 1 < text.size() && is_word(text[i + 1])));
             ++i)
            words += text[i];
        words += "'";
    }
    return words.empty() ? words : words + ":*";
}

/// The names of the fields with that weight.
std::vector<std::string> fields_of(const Model& model, char weight) {
    std::vector<std::string> names;
    for (const Field& field : model.fields)
        if (field.rules.search == weight) names.push_back(field.name);
    return names;
}

}  // namespace

SearchClause search_clause(std::string_view text, Spelling spelling, db::Params& params) {
    // Subselects, since a statement that is kept prepared would make the query anew for each row.
    if (spelling == Spelling::wrong) {
        const std::string typed = "(SELECT core_folded($" + std::to_string(params.add(text)) + "))";
        return {.condition = typed + " <% s.letters", .rank = "word_similarity(" + typed + ", s.letters)"};
    }
    // Folding leaves the signs of the query language as they are, and makes a phrase of what it parts.
    const std::string query =
        "(SELECT to_tsquery('simple', core_folded($" + std::to_string(params.add(search_words(text))) + ")))";
    return {.condition = "s.words @@ " + query, .rank = "ts_rank(s.words, " + query + ")", .query = query};
}

std::string condition_in(const SearchClause& clause, const std::vector<std::string>& models) {
    const std::string names = " IN ('" + join(models, "', '") + "')";
    if (clause.query.empty()) return clause.condition + " AND s.model" + names;
    // Not the bare column: another index has it, and all rows of many models would be collected from that.
    const std::string one_of = " AND s.model || ''" + names;
    if (models.size() > models_in_index) return clause.condition + one_of;
    const std::string lexemes = "'model:" + join(models, "' | 'model:") + "'";
    return "s.words @@ (SELECT " + clause.query + " && " + db::literal(lexemes).text() + "::tsquery)" +
           one_of;
}

bool may_be_misspelt(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Sql is_of(const Model& model) {
    return {"s.model = {}", db::literal(model.name)};
}

SearchTrigger search_trigger(const Model& model) {
    SearchTrigger trigger{.call = "SELECT core_search_keep('" + model.table + "', '" + model.name + "'" +
                                  (model.within == "id" ? std::string() : ", '" + model.within + "'"),
                          .comment = model.name + " within " + model.within + ":"};
    for (const char weight : {'A', 'B', 'C', 'D'}) {
        const std::vector<std::string> names = fields_of(model, weight);
        trigger.comment += std::string(weight == 'A' ? " " : "; ") + weight + " " + join(names, ", ");
        if (names.empty()) continue;
        trigger.call +=
            std::string(", ") + static_cast<char>(std::tolower(weight)) + " => '{" + join(names, ", ") + "}'";
    }
    trigger.call += ")";
    return trigger;
}

}  // namespace tamiti
