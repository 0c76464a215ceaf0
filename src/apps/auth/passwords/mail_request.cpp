#include "apps/auth/passwords/mail_request.hpp"

namespace tamiti::auth {

Rules rules_for(tag<MailRequest>, std::string_view) {
    return {.example = "achieng@studio.example"};
}

}  // namespace tamiti::auth
