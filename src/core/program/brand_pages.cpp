#include "core/program/brand_pages.hpp"

#include <chrono>
#include <mutex>

#include "core/base/html.hpp"
#include "core/base/json.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/model/tx.hpp"
#include "core/site/ramp.hpp"

namespace tamiti {
namespace {

using Steady = std::chrono::steady_clock;

/// The brand as it was read last.
class KeptBrand {
public:
    explicit KeptBrand(const Site& site) : brand_{site.name, site.colour, {site.logo}} {}

    /// One visit reads it anew; those beside it get what was read before and don't wait.
    Brand get(Site& site) {
        {
            const std::lock_guard lock(mutex_);
            if (Steady::now() < good_until_) return brand_;
            good_until_ = Steady::now() + std::chrono::seconds(1);
        }
        std::optional<Brand> read;
        try {
            read = look(site, [](ReadTx& tx) { return tx.setting<Brand>(); });
        } catch (const std::exception& error) {
            log::warning("brand_not_read", {{"error", error.what()}});
        }
        const std::lock_guard lock(mutex_);
        if (read) brand_ = *read;
        return brand_;
    }

private:
    std::mutex mutex_{};
    Brand brand_;
    Steady::time_point good_until_{};
};

/// The first character of the name, in capitals where it is a letter of ASCII.
std::string initial(const std::string& name) {
    const std::string_view text = trim(name);
    if (text.empty()) return {};
    std::size_t end = 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    std::string letter(text.substr(0, end));
    if (letter[0] >= 'a' && letter[0] <= 'z') letter[0] = static_cast<char>(letter[0] - 'a' + 'A');
    return letter;
}

Colour colour_of_brand(const Brand& brand) {
    return Colour::parse(brand.colour).value_or(Colour{});
}

std::string icon_of(const Brand& brand) {
    const Ramp ramp = ramp_of(colour_of_brand(brand), Theme::light);
    return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill=")" +
           ramp.brand.text() + R"("/><text x="32" y="33" fill=")" + ramp.on.text() +
           R"(" font-family="Figtree,system-ui,sans-serif" font-size="36" font-weight="650" text-anchor="middle")" +
           R"( dominant-baseline="central">)" + escape_html(initial(brand.name)) + "</text></svg>\n";
}

void write_icon(json::Writer& writer, std::string_view purpose) {
    writer.begin_object();
    for (const auto& [name, value] : {std::pair<std::string_view, std::string_view>{"src", "/icon.svg"},
                                      {"type", "image/svg+xml"},
                                      {"sizes", "any"},
                                      {"purpose", purpose}}) {
        writer.key(name);
        writer.string(value);
    }
    writer.end_object();
}

std::string manifest_of(const Brand& brand) {
    const Ramp ramp = ramp_of(colour_of_brand(brand), Theme::light);
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    for (const auto& [name, value] : {std::pair<std::string_view, std::string>{"id", "/"},
                                      {"name", brand.name},
                                      {"short_name", brand.name},
                                      {"start_url", "/"},
                                      {"scope", "/"},
                                      {"display", "standalone"},
                                      {"theme_color", ramp.brand.text()},
                                      {"background_color", surfaces(Theme::light).front().text()}}) {
        writer.key(name);
        writer.string(value);
    }
    writer.key("icons");
    writer.begin_array();
    write_icon(writer, "any");
    write_icon(writer, "maskable");
    writer.end_array();
    writer.end_object();
    return out;
}

}  // namespace

Brand shown_brand(Site& site) {
    return site.memory.get<KeptBrand>(site).get(site);
}

std::optional<http::Response> brand_page(Site& site, const std::vector<std::string>& segments) {
    if (segments.size() != 1) return std::nullopt;
    const std::string& name = segments.front();
    if (name == "brand.css")
        return http::Response{.content_type = "text/css; charset=utf-8",
                              .body = ramp_css(colour_of_brand(shown_brand(site)))};
    if (name == "manifest.webmanifest")
        return http::Response{.content_type = "application/manifest+json",
                              .body = manifest_of(shown_brand(site))};
    if (name == "icon.svg")
        return http::Response{.content_type = "image/svg+xml", .body = icon_of(shown_brand(site))};
    return std::nullopt;
}

}  // namespace tamiti
