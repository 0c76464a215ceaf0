#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/access/actor.hpp"

/// What a personal access token was granted. Every way to rows asks here: the route that a request names
/// (core/api/restrictions.hpp), and everything that leads from there to rows of others, all of which goes
/// through Resource::visible_to.
namespace tamiti {

struct Resource;

/// Whether grants such as "projects:read", "tasks:write" and "*:read" hold that one: the app's name and the
/// verb, "read" or "write". Neither implies the other.
bool is_granted(const std::vector<std::string>& grants, std::string_view app, std::string_view verb);

/// Whether the way in which the actor signed in lets it "read" or "write" rows of the resource: everything
/// but a personal access token without that grant of the app that mounts the resource. Rows of an app that
/// answers no token (`App::no_token`) are granted to none.
bool token_allows(const Actor& who, const Resource& resource, std::string_view verb);

/// The person who holds the token, with all that they see themselves.
Actor holder_of(const Actor& who);

}  // namespace tamiti
