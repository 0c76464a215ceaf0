#include "apps/users/service_avatars.hpp"

#include "core/api/route.hpp"
#include "core/base/text.hpp"
#include "core/cache/throttle.hpp"

namespace tamiti::users {
namespace {

constexpr std::size_t most_bytes = 1'000'000;
constexpr Limit pictures_of_one{"avatar", 20, std::chrono::hours(1)};

/// What the bytes are, by how they begin; empty where they are neither.
std::string type_of(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return "image/png";
    if (bytes.starts_with("\xff\xd8\xff"sv)) return "image/jpeg";
    return {};
}

struct Picture {
    std::string media_type{};
    std::string content{};
};
BOOST_DESCRIBE_STRUCT(Picture, (), (media_type, content))

void put_place(Tx& tx, const Actor& who, const std::string& place) {
    tx.update<User>({"avatar = {}", place}, where("id = {} AND avatar <> {}", who.id, place));
}

}  // namespace

AvatarPlace set_avatar(Tx& tx, const Actor& who, const Call& call) {
    const std::string_view bytes = call.request.body;
    if (bytes.size() > most_bytes)
        throw Invalid("avatar",
                      "A picture has at most 1000000 bytes, not " + std::to_string(bytes.size()) + ".");
    const std::string type = type_of(bytes);
    if (type.empty()) throw Invalid("avatar", "Send a picture that is PNG or JPEG.");
    require(tx.site(), pictures_of_one, who.id.text());
    const Uuid id = Uuid::make();
    const std::string place = "/api/v1/avatars/" + id.text();
    put_place(tx, who, place);  // locks the person's row, before the picture's
    tx.execute({"DELETE FROM users_avatar WHERE person = {}", who.id});
    tx.execute(
        {"INSERT INTO users_avatar (id, person, media_type, content) VALUES ({}, {}, {}, decode({}, 'hex'))",
         id, who.id, type, hex(bytes)});
    return {place};
}

void remove_avatar(Tx& tx, const Actor& who) {
    put_place(tx, who, "");
    tx.execute({"DELETE FROM users_avatar WHERE person = {}", who.id});
}

void show_avatar(ReadTx& tx, const Actor&, Id<Avatar> id, const Call& call) {
    const auto picture = tx.find_one<Picture>(
        {"SELECT media_type, encode(content, 'hex') AS content FROM users_avatar WHERE id = {}", id});
    if (!picture) throw NotFound();
    call.response.body = unhex(picture->content);
    call.response.content_type = picture->media_type;
    call.response.set("ETag", "\"" + id.text() + "\"");
    call.response.set("Content-Security-Policy", "sandbox; default-src 'none'");
    call.response.set("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace tamiti::users
