#pragma once

#include <string>
#include <vector>

#include "core/http/message.hpp"
#include "core/model/brand.hpp"
#include "core/site/site.hpp"

/// What browsers are told of a site's brand, beside the pages that it is on.
namespace tamiti {

/// The brand for pages that everybody may ask for: at most a second old, so that many visits cost one read,
/// and while the database doesn't answer the one before or that of the deployment.
Brand shown_brand(Site& site);

/// `/brand.css`, the brand's colours for both themes; `/manifest.webmanifest`, by which a device installs the
/// console; and `/icon.svg`, the first letter of the name. Nothing for another address.
std::optional<http::Response> brand_page(Site& site, const std::vector<std::string>& segments);

}  // namespace tamiti
