#include "apps/auth/passwords/mail_request.hpp"

#include "core/model/input.hpp"

namespace tamiti::auth {

const Shape& shape_of(tag<MailRequest>) {
    static const Shape shape =
        input<MailRequest>({field<&MailRequest::email>("email", {.example = "achieng@studio.example"})});
    return shape;
}

}  // namespace tamiti::auth
