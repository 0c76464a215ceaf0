#include <boost/json.hpp>

#include "core/base/text.hpp"
#include "core/model/fields/texts.hpp"
#include "core/model/member.hpp"

namespace tamiti {
namespace {

// An address as normalise_url() takes it and keeps it, or nothing.
constexpr const char* blank_or_url =
    R"(^(https?://[A-Za-z0-9]+(-+[A-Za-z0-9]+)*(\.[A-Za-z0-9]+(-+[A-Za-z0-9]+)*)*(:[1-9][0-9]{0,4})?)"
    R"(([/?]([!$&-;=?-Z_a-z~]|%[0-9A-Fa-f]{2})*)?(#([!$&-;=?-Z_a-z~]|%[0-9A-Fa-f]{2})*)?)?$)";

/// The address of a page.
class UrlType final : public FormedText {
public:
    std::string_view name() const override { return "url"; }

    boost::json::object schema(const Field& field) const override {
        boost::json::object schema = TextLike::schema(field);
        if (may_be_blank(field))
            schema["pattern"] = blank_or_url;
        else
            schema["format"] = "uri";
        return schema;
    }
    std::string example(const Field& field) const override {
        return quoted_example(field, "https://studio.example/reel");
    }

protected:
    int usual_length() const override { return 2000; }
    std::string normalised(std::string_view text, std::string_view) const override {
        return normalise_url(text);
    }
    std::string sentence() const override {
        return "Must be an address with http or https, such as https://studio.example/reel.";
    }
};

}  // namespace

const FieldType& url_type() {
    static const UrlType type;
    return type;
}

}  // namespace tamiti
