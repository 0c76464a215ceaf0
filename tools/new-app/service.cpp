#include "apps/@name@/service.hpp"

namespace tamiti::@name@ {

@Item@ retire(Tx& tx, const Actor&, @Item@ row) {
    if (row.retired_at) return row;
    row.retired_at = tx.now();
    tx.save(row, &@Item@::retired_at);
    return row;
}

}  // namespace tamiti::@name@
