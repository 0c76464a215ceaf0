#pragma once

namespace tamiti {

/// The generic things that can be done with a resource; none is something else.
enum class Verb : unsigned char {
    none,
    list,
    summary,
    create,
    read,
    replace,
    change,
    remove,
    history,
    uses,
    restore,
    bulk
};

}  // namespace tamiti
