#include "core/db/params.hpp"

#include "core/db/error.hpp"

namespace tamiti::db {

int Params::add_null() {
    offsets_.push_back(-1);
    return size();
}

int Params::add_text(std::string_view text) {
    // libpq reads text values up to the first zero byte: such a value would be cut off without a word.
    if (text.find('\0') != std::string_view::npos) throw Error("A text value holds a zero byte.", "22021");
    offsets_.push_back(static_cast<std::ptrdiff_t>(bytes_.size()));
    bytes_.append(text).push_back('\0');
    return size();
}

int Params::add(const std::vector<std::string>& texts) {
    return add_text(array_text(texts));
}

int Params::append(const Params& other) {
    const int moved = size();
    if (other.offsets_.empty()) return moved;
    const auto shift = static_cast<std::ptrdiff_t>(bytes_.size());
    bytes_ += other.bytes_;
    offsets_.reserve(offsets_.size() + other.offsets_.size());
    for (const auto offset : other.offsets_) offsets_.push_back(offset < 0 ? -1 : offset + shift);
    return moved;
}

// Computed anew each time: kept pointers would go astray when the object is moved or copied.
const std::vector<const char*>& Params::pointers() const {
    pointers_.resize(offsets_.size());
    for (std::size_t i = 0; i < offsets_.size(); ++i) {
        pointers_[i] = offsets_[i] < 0 ? nullptr : bytes_.data() + offsets_[i];
    }
    return pointers_;
}

std::string array_text(const std::vector<std::string>& parts) {
    std::string text = "{";
    for (const auto& part : parts) {
        if (text.size() > 1) text += ',';
        text += '"';
        for (const char c : part) {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
        text += '"';
    }
    return text += '}';
}

std::vector<std::string> parse_array(std::string_view text) {
    std::vector<std::string> parts;
    if (text.size() < 2 || text.front() != '{' || text.back() != '}') return parts;
    text = text.substr(1, text.size() - 2);
    std::string part;
    bool quoted = false;      // inside quotes now
    bool was_quoted = false;  // this element began with a quote: "NULL" is then a word, not a missing value
    const auto finish = [&] {
        if (was_quoted || part != "NULL") parts.push_back(std::move(part));
        part.clear();
        was_quoted = false;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && i + 1 < text.size()) {
            part += text[++i];
        } else if (c == '"') {
            quoted = !quoted;
            was_quoted = true;
        } else if (c == ',' && !quoted) {
            finish();
        } else {
            part += c;
        }
    }
    if (!text.empty()) finish();
    return parts;
}

}  // namespace tamiti::db
