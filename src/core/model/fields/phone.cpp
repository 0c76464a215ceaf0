#include <boost/json.hpp>

#include "core/base/text.hpp"
#include "core/model/fields/texts.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

/// A telephone number in international form (E.164).
class PhoneType final : public FormedText {
public:
    std::string_view name() const override { return "phone"; }

    boost::json::object schema(const Field& field) const override {
        // The form that is kept and answered; blanks, hyphens and brackets are taken too and dropped, and so
        // are numbers as they are dialled in the site's own country.
        boost::json::object schema{{"type", "string"}};
        schema["pattern"] = may_be_blank(field) ? R"(^(\+[1-9][0-9]{7,14})?$)" : R"(^\+[1-9][0-9]{7,14}$)";
        return schema;
    }
    std::string example(const Field& field) const override { return quoted_example(field, "+256772123456"); }

protected:
    int usual_length() const override { return 40; }  // as typed
    std::string normalised(std::string_view text, std::string_view calling_code) const override {
        return normalise_phone(text, calling_code);
    }
    std::string sentence() const override {
        return "Must be a telephone number with its country's code, such as +256772123456.";
    }
};

}  // namespace

const FieldType& phone_type() {
    static const PhoneType type;
    return type;
}

}  // namespace tamiti
