#include "core/model/list.hpp"

#include <algorithm>

#include "core/base/json.hpp"
#include "core/http/uri.hpp"
#include "core/model/derived.hpp"
#include "core/model/listing.hpp"
#include "core/model/member.hpp"
#include "core/model/trash.hpp"

namespace tamiti {
namespace {

struct Total {
    std::int64_t rows = 0;
    bool is_exact = true;
};

/// One page of a list: its statement, run.
class Page {
public:
    Page(ReadTx& tx, const Resource& resource, const Actor& who, const QueryPairs& query, Spelling spelling)
        : tx_(tx),
          who_(who),
          query_(query),
          listing_(listing_of(*tx.site().catalogue, resource, who, query, spelling)),
          found_params_(listing_.params),
          output_(*tx.site().catalogue, resource, who, listing_.request.selection, listing_.params),
          rows_(run(statement(listing_, output_, who, tx.site()), listing_.params)),
          has_more_(rows_.size() > listing_.request.page_size),
          shown_(has_more_ ? listing_.request.page_size : rows_.size()) {}
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;

    /// Whether the words of a search find nothing, on this page or another, and may be misspelt.
    bool is_misspelt() const {
        const ListRequest& request = listing_.request;
        if (!rows_.empty() || request.search.empty() || !may_be_misspelt(request.search)) return false;
        const bool is_first = request.page == 1 && (!request.cursor || request.cursor->empty());
        if (is_first) return true;
        db::Params params = found_params_;
        const std::string any = "SELECT FROM " + listing_.from(params) + listing_.where() + " LIMIT 1";
        return run(any, params).empty();
    }

    void write(std::string_view path, std::string& out) const {
        const ListRequest& request = listing_.request;
        if (rows_.empty() && request.page > 1)
            throw NotFound("There is no page " + std::to_string(request.page) + ".");
        json::Writer writer(out);
        writer.begin_object();
        write_count(writer);
        write_links(writer, path);
        writer.key("results");
        out += '[';
        for (int i = 0; i < shown_; ++i) {
            if (i > 0) out += ',';
            output_.write(rows_[i], out);
        }
        out += "]}";
    }

private:
    db::Result run(const std::string& sql, db::Params& params) const {
        const std::string statement = at_moment(sql, tx_.now(), who_, params);
        return tx_.transaction().run(statement, params);
    }

    // Beyond what is counted, rows up to the end of this page, and one more where another follows, are
    // certain.
    Total total() const {
        const ListRequest& request = listing_.request;
        const std::int64_t rows = rows_.empty() ? 0 : rows_[0].integer(listing_.count_column);
        if (request.count == Count::exact || rows <= counted_rows) return {rows, true};
        const std::int64_t before = static_cast<std::int64_t>(request.page - 1) * request.page_size;
        const std::int64_t certain = listing_.is_ranked ? 0 : before + shown_ + (has_more_ ? 1 : 0);
        return {std::max<std::int64_t>(counted_rows, certain), false};
    }

    void write_count(json::Writer& writer) const {
        writer.key("count");
        if (!listing_.counts) return writer.null();
        const Total all = total();
        writer.integer(all.rows);
        if (all.is_exact) return;
        writer.key("count_exact");
        writer.boolean(false);
    }

    void write_links(json::Writer& writer, std::string_view path) const {
        const ListRequest& request = listing_.request;
        writer.key("next");
        if (!has_more_)
            writer.null();
        else if (request.cursor)
            writer.string(page_link(path, query_, "cursor", next_cursor()));
        else
            writer.string(page_link(path, query_, "page", std::to_string(request.page + 1)));
        writer.key("previous");
        if (request.cursor || request.page == 1)
            writer.null();
        else
            writer.string(page_link(path, query_, "page", std::to_string(request.page - 1)));
    }

    std::string next_cursor() const {
        std::vector<std::optional<std::string>> keys;
        const db::Row last = rows_[shown_ - 1];
        const std::vector<OrderKey>& order = listing_.request.order;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto key = last.optional_text(listing_.first_key + static_cast<int>(i));
            keys.push_back(key ? std::optional<std::string>(*key) : std::nullopt);
        }
        return seal_cursor(tx_.site(), *listing_.resource.model, order, who_, keys);
    }

    ReadTx& tx_;
    const Actor& who_;
    const QueryPairs& query_;
    Listing listing_;
    const db::Params found_params_;  // of rows and conditions alone: those of paging come after
    const Output output_;
    const db::Result rows_;
    const bool has_more_;
    const int shown_;
};

}  // namespace

std::string page_link(std::string_view path, const QueryPairs& query, std::string_view name,
                      const std::string& value) {
    QueryPairs changed;
    for (const auto& pair : query)
        if (pair.first != name) changed.push_back(pair);
    changed.emplace_back(std::string(name), value);
    return std::string(path) + "?" + http::encode_query(changed);
}

void list(ReadTx& tx, const Resource& resource, const Actor& who, const QueryPairs& query,
          std::string_view path, std::string& out) {
    const Page page(tx, resource, who, query, Spelling::right);
    if (page.is_misspelt())
        Page(tx, resource, who, query, Spelling::wrong).write(path, out);
    else
        page.write(path, out);
}

std::vector<Uuid> found_ids(ReadTx& tx, const Resource& resource, const Actor& who, const QueryPairs& query,
                            int most) {
    for (const auto& [name, value] : query) {
        if (says_which_rows(name)) continue;
        const std::string sentence = name + " doesn't say which rows are meant: leave it out.";
        throw Malformed("http.bad_parameter", sentence).with({{name, sentence}});
    }
    Listing listing = listing_of(*tx.site().catalogue, resource, who, query, Spelling::right);
    const FoundRows found = found_rows(listing, "t.id");
    const std::string with = found.with.empty() ? "" : "WITH " + found.with + " ";
    const std::string statement = at_moment(
        with + "SELECT id FROM (" + found.select + ") found ORDER BY id LIMIT " + std::to_string(most + 1),
        tx.now(), who, listing.params);
    std::vector<Uuid> ids;
    // By place: there is one column.
    for (const db::Row row : tx.transaction().run(statement, listing.params))
        ids.push_back(stored_uuid(row.text(0)));
    return ids;
}

std::int64_t read(ReadTx& tx, const Resource& resource, const Actor& who, const Uuid& id,
                  const Selection& selection, std::string& out) {
    db::Params params;
    const std::string rows = selected_rows(resource, who, selection).render(params);
    const Output output(*tx.site().catalogue, resource, who, selection, params);
    const int parameter = params.add(id);
    const std::string statement =
        at_moment("SELECT " + output.columns() + " FROM " + rows + " t" + output.joins() + " WHERE t.id = $" +
                      std::to_string(parameter),
                  tx.now(), who, params);
    const db::Result result = tx.transaction().run(statement, params);
    if (result.empty()) throw NotFound();
    output.write(result[0], out);
    return result[0].integer(output.version_column());
}

}  // namespace tamiti
