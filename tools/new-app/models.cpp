#include "apps/@name@/models.hpp"

#include "core/model/describe.hpp"

namespace tamiti::@name@ {

const Model& model_of(tag<@Item@>) {
    static const Model model = describe<@Item@>(
        "@name@.@item@",
        {.table = "@name@_@item@",
         .doc = "One @item@ and whose it is.",
         .fields = {uuid_model<@Item@>(),
                    field<&@Item@::name>("name", {.required = true, .sort = true, .search = 'A'}),
                    field<&@Item@::owner>("owner", {.required = true, .filter = Match::equal}),
                    field<&@Item@::retired_at>("retired_at", {.read_only = true}),
                    time_stamped_model<@Item@>()},
         .order = "name",
         .brief = {"name"},
         .console = {.list = {"name", "owner", "retired_at"}, .group = "Work", .icon = "box", .filters = {"owner"}}});
    return model;
}

}  // namespace tamiti::@name@
