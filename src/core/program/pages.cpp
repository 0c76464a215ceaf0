#include "core/program/pages.hpp"

#include <utility>

#include "core/http/entity_tag.hpp"
#include "core/http/static_files.hpp"
#include "core/mail/page.hpp"
#include "core/openapi/docs_page.hpp"
#include "core/program/console_pages.hpp"
#include "core/program/documented.hpp"

namespace tamiti {
namespace {

using Segments = std::vector<std::string>;

/// The OpenAPI document, which stays the same while the process runs.
struct Schema {
    explicit Schema(std::string document) : text(std::move(document)), tag(http::entity_tag(text)) {}
    std::string text;
    std::string tag;
};

http::Response schema_page(const Schema& schema) {
    http::Response response{.body = schema.text};
    response.set("ETag", schema.tag);
    response.set("Cache-Control", "no-cache");
    return response;
}

}  // namespace

api::Api served(const Settings& settings, const Registry& registry) {
    const auto schema = std::make_shared<Schema>(openapi_text(documented(registry)));
    api::Api api{.operations = registry.operations()};
    api.authenticate = [&registry](Site& site, const http::Request& request) {
        return registry.authenticate(site, request);
    };
    api.page = [&settings, schema](Site& site, const http::Request& request,
                                   const Segments& segments) -> std::optional<http::Response> {
        if (segments == Segments{"api", "schema"}) return schema_page(*schema);
        if (segments == Segments{"api", "docs"}) return http::docs_page(settings.static_dir, site);
        if (segments.size() >= 2 && segments.front() == "static" && segments[1] != "console")
            return http::static_file(settings.static_dir, request);
        if (auto mails = mail::dev_mail_page(site, segments)) return mails;
        return console_page(settings.static_dir, site, request, segments);
    };
    return api;
}

}  // namespace tamiti
