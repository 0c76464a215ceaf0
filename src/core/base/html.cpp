#include "core/base/html.hpp"

namespace tamiti {

std::string escape_html(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    for (const char letter : text) {
        switch (letter) {
            case '&':
                made += "&amp;";
                break;
            case '<':
                made += "&lt;";
                break;
            case '>':
                made += "&gt;";
                break;
            case '"':
                made += "&quot;";
                break;
            case '\'':
                made += "&#39;";
                break;
            default:
                made += letter;
        }
    }
    return made;
}

}  // namespace tamiti
