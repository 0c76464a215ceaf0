#pragma once

#include "tests/support/matrix/matrix.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {

/// The people of a studio to whom an authorization matrix listens: one of each role, and those who stand to
/// the sample rows in known ways. `owner` (staff) leads the project of their own and is a member of mate's,
/// whose client is `buyer`; `other` is on the staff and has nothing to do with either. Unverified,
/// deactivated and expired are admins whose accounts are in that state. The studio must be open.
Cast studio_cast();

}  // namespace tamiti::test
