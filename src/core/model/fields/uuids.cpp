#include "core/model/fields/uuids.hpp"

#include "core/access/actor.hpp"
#include "core/model/fields/json_forms.hpp"

namespace tamiti {

std::optional<std::string> read_uuid(std::string_view text, const std::string& path, Faults& faults) {
    const auto id = Uuid::parse(text);
    if (!id) return refuse(faults, path, "Must be a UUID such as 0195a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b.");
    if (id->is_nil()) return refuse(faults, path, "Must be an id; the nil UUID belongs to nothing.");
    return id->text();
}

std::optional<std::string> read_uuid_of(const Actor& who, std::string_view text, const std::string& path,
                                        Faults& faults) {
    return text == "me" ? who.id.text() : read_uuid(text, path, faults);
}

bool is_nil_uuid(std::string_view stored) {
    return stored.find_first_not_of("0-") == stored.npos;
}

}  // namespace tamiti
