#include <boost/json.hpp>

#include "core/model/fields/lists.hpp"
#include "core/model/fields/uuids.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// Ids of rows of another model, each once, in the order they were sent.
class ReferenceListType final : public ListLike {
public:
    std::string_view name() const override { return "list of references"; }

    std::optional<std::string> accept_text(const Field&, std::string_view text, const Actor& who,
                                           const std::string& path, Faults& faults) const override {
        return read_uuid_of(who, text, path, faults);
    }

protected:
    std::string_view element_type() const override { return "uuid"; }
    std::size_t limit(const Field&) const override { return 200; }
    std::optional<std::string> read(const Field&, std::string_view text, const std::string& path,
                                    Faults& faults) const override {
        return read_uuid(text, path, faults);
    }
    boost::json::object element_schema(const Field&) const override {
        return {{"type", "string"}, {"format", "uuid"}};
    }
    std::string element_example(const Field&) const override {
        return "0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
    }
};

}  // namespace

const FieldType& reference_list_type() {
    static const ReferenceListType type;
    return type;
}

}  // namespace tamiti
