#include "core/model/search.hpp"

#include <algorithm>
#include <cctype>

#include "core/base/text.hpp"
#include "core/db/transaction.hpp"

namespace tamiti {
namespace {

bool is_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0;
}

// "Film, NBC-26" → "Film", "NBC-26". A hyphen inside a word belongs to it; everything else that isn't a
// letter or digit separates, so no sign of the query language gets through.
std::vector<std::string> words_in(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < text.size();) {
        if (!is_word(text[i])) {
            ++i;
            continue;
        }
        std::string& word = words.emplace_back();
        for (; i < text.size() &&
               (is_word(text[i]) || (text[i] == '-' && i + 1 < text.size() && is_word(text[i + 1])));
             ++i)
            word += text[i];
    }
    return words;
}

// "'Film' & 'NBC-26':*": every word counts, and the last may be unfinished, since it is the one that is being
// typed; the index reads a finished word in half the time.
std::string every(const std::vector<std::string>& words, bool is_last_finished = false) {
    if (words.empty()) return {};
    return "'" + join(words, "' & '") + (is_last_finished ? "'" : "':*");
}

// Folding leaves the signs of the query language as they are, and makes a phrase of what it parts.
std::string query_of(const std::string& words, db::Params& params) {
    return "(SELECT to_tsquery('simple', core_folded($" + std::to_string(params.add(words)) + ")))";
}

// In how many of a million rows each word stands; 0 where it isn't among the commonest.
constexpr std::string_view shares_of_words = R"(
WITH known AS MATERIALIZED (
    SELECT word, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS each (word, share)
    WHERE schemaname = 'public' AND tablename = 'core_search' AND attname = 'words'),
typed AS MATERIALIZED (
    SELECT core_folded(word) AS word, place, place = cardinality(string_to_array($1, ' ')) AS is_last
    FROM unnest(string_to_array($1, ' ')) WITH ORDINALITY AS each (word, place))
SELECT coalesce((SELECT sum(share) * 1000000 FROM known
                 WHERE CASE WHEN is_last THEN starts_with(known.word, typed.word) ELSE known.word = typed.word END), 0)::bigint
FROM typed ORDER BY place)";

constexpr std::int64_t common_share = 10'000;  // of a million
constexpr int much_commoner = 15;              // times: as many places in the index cost what one row does

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
    const std::string query = query_of(every(words_in(text)), params);
    return {.condition = "s.words @@ " + query, .rank = "ts_rank(s.words, " + query + ")", .query = query};
}

void leave_common_words(SearchClause& clause, std::string_view text, db::Transaction& transaction,
                        db::Params& params) {
    const std::vector<std::string> words = words_in(text);
    if (clause.query.empty() || words.size() < 2) return;
    const db::Result shares = transaction.run(shares_of_words, db::Params::of(join(words, " ")));
    std::int64_t least = shares[0].integer(0);
    for (const auto row : shares) least = std::min(least, row.integer(0));
    std::vector<std::string> rare;
    for (int i = 0; const std::string& word : words)
        if (shares[i++].integer(0) <= std::max(common_share, much_commoner * least)) rare.push_back(word);
    if (rare.size() == words.size()) return;
    clause.rare = query_of(every(rare, rare.back() != words.back()), params);
}

std::string condition_in(const SearchClause& clause, const std::vector<std::string>& models) {
    const std::string names = " IN ('" + join(models, "', '") + "')";
    if (clause.query.empty()) return clause.condition + " AND s.model" + names;
    // Not the bare column: another index has it, and all rows of many models would be collected from that.
    const std::string one_of = " AND s.model || ''" + names;
    const bool has_all = clause.rare.empty();
    const std::string& sought = has_all ? clause.query : clause.rare;
    // CASE hides the whole query from the index.
    const std::string rest =
        one_of + (has_all ? "" : " AND CASE WHEN s.words @@ " + clause.query + " THEN true ELSE false END");
    if (models.size() > models_in_index) return "s.words @@ " + sought + rest;
    const std::string lexemes = "'model:" + join(models, "' | 'model:") + "'";
    return "s.words @@ (SELECT " + sought + " && " + db::literal(lexemes).text() + "::tsquery)" + rest;
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
