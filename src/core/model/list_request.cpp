#include <algorithm>
#include <charconv>

#include "core/base/sentences.hpp"
#include "core/base/text.hpp"
#include "core/base/unicode.hpp"
#include "core/model/list.hpp"
#include "core/model/seen.hpp"

namespace tamiti {
namespace {

constexpr int most_rows = 200;

[[noreturn]] void refuse(const std::string& parameter, const std::string& sentence) {
    throw Malformed("http.bad_parameter", sentence).with({{parameter, sentence}});
}

int number_in(const std::string& parameter, std::string_view text, int least, int most) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most)
        refuse(parameter, parameter + " must be a whole number from " + std::to_string(least) + " to " +
                              std::to_string(most) + ".");
    return number;
}

bool truth_in(const std::string& parameter, std::string_view text) {
    if (text != "true" && text != "false") refuse(parameter, parameter + " must be true or false.");
    return text == "true";
}

Count count_in(std::string_view text) {
    if (text == "exact") return Count::exact;
    if (text == "estimated") return Count::estimated;
    if (text == "none") return Count::none;
    refuse("count", "count must be exact, estimated or none.");
}

std::vector<std::string> sort_names(const Model& model, const Actor* who) {
    std::vector<std::string> names;
    for (const Field& field : model.fields)
        if (field.rules.sort && (!who || readable(field, *who))) names.push_back(field.name);
    return names;
}

const OrderKey* tail_of(const std::vector<OrderKey>& order, const Model& model) {
    const Field* id = &model.fields[static_cast<std::size_t>(model.id)];
    const auto found =
        std::find_if(order.begin(), order.end(), [&](const OrderKey& key) { return key.field == id; });
    return found == order.end() ? nullptr : &*found;
}

}  // namespace

bool says_which_rows(std::string_view parameter) {
    for (const std::string_view shown :
         {"page", "page_size", "cursor", "count", "ordering", "fields", "expand", "can", "format"})
        if (parameter == shown) return false;
    return true;
}

std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> names;
    for (std::string_view part : split(text, ','))
        if (!trim(part).empty()) names.emplace_back(trim(part));
    return names;
}

std::vector<OrderKey> read_order(const Model& model, const Actor* who, std::string_view text) {
    std::vector<OrderKey> order;
    for (const auto& name : names_in(text)) {
        const bool descending = name.front() == '-';
        const std::string_view bare = std::string_view(name).substr(descending ? 1 : 0);
        const Field* field = model.find(bare);
        const bool allowed =
            field && (!who || ((field->rules.sort || model.position_of(*field) == model.id) &&
                               readable(*field, *who)));
        if (!allowed) {
            const auto names = sort_names(model, who);
            refuse("ordering", "There is no ordering by \"" + std::string(bare) +
                                   "\". These exist: " + listed(names) +
                                   (names.empty() ? "." : ", each also with a leading minus."));
        }
        // Behind itself a field decides nothing; repeated without end it would only make the statement long.
        const auto is_known = [&](const OrderKey& key) { return key.field == field; };
        if (std::none_of(order.begin(), order.end(), is_known)) order.push_back({field, descending});
    }
    // A unique tail makes the order total, so pages never overlap.
    if (!tail_of(order, model))
        order.push_back(
            {&model.fields[static_cast<std::size_t>(model.id)], !order.empty() && order.back().descending});
    return order;
}

Selection read_selection(const QueryPairs& query) {
    Selection selection;
    for (const auto& [name, value] : query) {
        if (name == "fields")
            selection.fields = names_in(value);
        else if (name == "expand")
            selection.expand = names_in(value);
        else if (name == "deleted")
            selection.trash = truth_in(name, value);
        else if (name == "can")
            selection.can = truth_in(name, value);
        else
            refuse(name, "There is no parameter \"" + name + "\" here. These exist: fields, expand, can.");
    }
    return selection;
}

ListRequest read_list_request(const Model& model, const Actor& who, const QueryPairs& query) {
    ListRequest request;
    std::string_view ordering = model.order;
    bool page_is_given = false;
    for (const auto& [name, value] : query) {
        if (name == "page") {
            request.page = number_in(name, value, 1, 1'000'000);
            page_is_given = true;
        } else if (name == "page_size") {
            request.page_size = number_in(name, value, 1, most_rows);
        } else if (name == "cursor") {
            request.cursor = value;
        } else if (name == "count") {
            request.count = count_in(value);
        } else if (name == "ordering") {
            ordering = value;
            request.order_is_given = true;
        } else if (name == "search") {
            if (!model.searchable) refuse(name, "These rows can't be searched.");
            if (count_characters(value) > 200) refuse(name, "A search has at most 200 characters.");
            request.search = kept_line(value);
        } else if (name == "format") {
            continue;  // whoever answers has read it
        } else if (name == "fields") {
            request.selection.fields = names_in(value);
        } else if (name == "expand") {
            request.selection.expand = names_in(value);
        } else if (name == "can") {
            request.selection.can = truth_in(name, value);
        } else if (name == "deleted" && model.deleted_at >= 0) {
            request.selection.trash = truth_in(name, value);
        } else {
            request.filters.emplace_back(name, value);
        }
    }
    if (request.cursor && page_is_given) refuse("cursor", "Give either page or cursor.");
    if (request.cursor && !request.search.empty() && !request.order_is_given)
        refuse("cursor", "A search is ordered by rank; give an ordering to page it by cursor.");
    request.order = read_order(model, request.order_is_given ? &who : nullptr, ordering);
    for (OrderKey& key : request.order) key.field = &as_seen(model, *key.field, who);
    return request;
}

}  // namespace tamiti
