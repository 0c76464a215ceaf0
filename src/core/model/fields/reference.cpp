#include <boost/json.hpp>

#include "core/model/fields/json_forms.hpp"
#include "core/model/fields/uuids.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// The id of a row of another model.
class ReferenceType final : public FieldType {
public:
    explicit ReferenceType(std::string_view name) : name_(name) {}
    std::string_view name() const override { return name_; }
    std::string column_type(const Field&) const override { return "uuid"; }

    std::optional<std::string> accept(const Field&, const boost::json::value& json, const std::string& path,
                                      Faults& faults) const override {
        const auto text = read_string(json, path, faults);
        return text ? read_uuid(*text, path, faults) : std::nullopt;
    }
    std::optional<std::string> accept_text(const Field&, std::string_view text, const Actor& who,
                                           const std::string& path, Faults& faults) const override {
        return read_uuid_of(who, text, path, faults);
    }
    void write_json(const Field&, std::string_view stored, std::string& out) const override {
        append_quoted(out, stored);
    }
    bool is_empty(std::string_view stored) const override { return is_nil_uuid(stored); }

    boost::json::object schema(const Field&) const override {
        return {{"type", "string"}, {"format", "uuid"}};
    }
    std::string example(const Field& field) const override {
        return quoted_example(field, "0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    }

private:
    std::string_view name_;
};

}  // namespace

// Of the one model that is declared; that the row exists is the engine's to check.
const FieldType& reference_type() {
    static const ReferenceType type("reference");
    return type;
}

// Of whichever model another field names; nothing but the app's rules keeps it true.
const FieldType& row_type() {
    static const ReferenceType type("row");
    return type;
}

}  // namespace tamiti
