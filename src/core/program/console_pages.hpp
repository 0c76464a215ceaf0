#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/http/message.hpp"
#include "core/site/site.hpp"

/// The console as the program serves it, from what its build left in the folder `console` of the static
/// files.
namespace tamiti {

/// A page of the console, or a file of it, outside /api, /static and /dev; nothing where there is none.
/// Whoever asks for HTML gets the index, whatever the address: the console knows what is there. It is written
/// in the name of the site, the language and the theme of the cookies, so that nothing flashes. Where the
/// console isn't built the page says what to install.
std::optional<http::Response> console_page(const std::string& static_folder, Site& site,
                                           const http::Request& request,
                                           const std::vector<std::string>& segments);

}  // namespace tamiti
