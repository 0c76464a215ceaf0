#include <boost/json.hpp>

#include "core/model/fields/json_forms.hpp"
#include "core/model/fields/uuids.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

constexpr std::size_t version_at = 14;
constexpr std::size_t variant_at = 19;

/// The id of the row itself. A client may choose it, as UUID version 7 (RFC 9562), so that ids keep growing
/// with time.
class IdType final : public FieldType {
public:
    std::string_view name() const override { return "id"; }
    std::string column_type(const Field&) const override { return "uuid"; }

    std::optional<std::string> accept(const Field&, const boost::json::value& json, const std::string& path,
                                      Faults& faults) const override {
        const auto text = read_string(json, path, faults);
        if (!text) return std::nullopt;
        auto id = read_uuid(*text, path, faults);
        if (!id) return std::nullopt;
        const bool is_time_ordered =
            (*id)[version_at] == '7' &&
            std::string_view("89ab").find((*id)[variant_at]) != std::string_view::npos;
        if (is_time_ordered) return id;
        return refuse(faults, path,
                      "Must be a UUID of version 7 (RFC 9562) such as 0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b.");
    }
    std::optional<std::string> accept_text(const Field&, std::string_view text, const Actor& who,
                                           const std::string& path, Faults& faults) const override {
        return read_uuid_of(who, text, path, faults);  // asking for any id is fine
    }
    void write_json(const Field&, std::string_view stored, std::string& out) const override {
        append_quoted(out, stored);
    }
    bool is_empty(std::string_view stored) const override { return is_nil_uuid(stored); }

    boost::json::object schema(const Field&) const override {
        // Without "format": programs that make up values look at it first and then miss the version.
        return {{"type", "string"},
                {"pattern", "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"}};
    }
    std::string example(const Field& field) const override {
        return quoted_example(field, "0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    }
};

}  // namespace

const FieldType& id_type() {
    static const IdType type;
    return type;
}

}  // namespace tamiti
