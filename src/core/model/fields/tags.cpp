#include <boost/json.hpp>

#include "core/base/text.hpp"
#include "core/model/fields/lists.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// Free words for grouping, lower-case, each once, in the order they were sent.
class TagsType final : public ListLike {
public:
    std::string_view name() const override { return "tags"; }

    std::optional<std::string> accept_text(const Field& field, std::string_view text, const Actor&,
                                           const std::string& path, Faults& faults) const override {
        return read(field, text, path, faults);
    }

protected:
    std::string_view element_type() const override { return "text"; }
    std::size_t limit(const Field&) const override { return 50; }
    std::optional<std::string> read(const Field&, std::string_view text, const std::string& path,
                                    Faults& faults) const override {
        std::string tag = normalise_tag(text);
        if (!tag.empty()) return tag;
        return refuse(faults, path, "Must be a tag of 1 to 50 characters without commas.");
    }
    boost::json::object element_schema(const Field&) const override {
        return {{"type", "string"}, {"minLength", 1}, {"maxLength", 50}};
    }
    std::string element_example(const Field&) const override { return "film"; }
};

}  // namespace

const FieldType& tags_type() {
    static const TagsType type;
    return type;
}

}  // namespace tamiti
