#include "core/program/app.hpp"

#include "apps/common/access.hpp"
#include "apps/common/jobs.hpp"
#include "apps/common/service.hpp"
#include "apps/users/access.hpp"
#include "core/api/route.hpp"
#include "core/jobs/job.hpp"

namespace tamiti::common {
namespace {

std::vector<Resource> resources() {
    return {
        resource<Comment>("/comments",
                          {.view = not_internal,
                           .create = new_comments,
                           .change = own_comments,
                           .remove = removable_comments,
                           .seen_with = "on"},
                          {.before_save = before_save_comment,
                           .after_save = after_save_comment,
                           .before_remove = before_remove_comment}),
        resource<Attachment>(
            "/attachments",
            {.view = not_internal,
             .change = own_attachments,
             .remove = removable_attachments,
             .seen_with = "on"},
            {.before_save = before_save_attachment, .before_remove = before_remove_attachment}),
        resource<SavedView>("/saved-views",
                            {.view = visible_views,
                             .create = new_views,
                             .change = changeable_views,
                             .remove = changeable_views},
                            {.before_save = before_save_view}),
    };
}

std::vector<Permission> permissions() {
    return {
        {"common.view_internal", "See internal comments and files", users::staff_roles},
        {"common.write_internal", "Make comments and files internal", users::staff_roles},
        {"common.view_storage", "See where the program keeps files", {}},
        {"common.moderate", "Delete anybody's comments and files", users::manager_roles},
        {"common.manage_tags", "Rename and merge tags", users::manager_roles},
        {"common.share_views", "Share views with the whole studio, and change those", users::manager_roles},
    };
}

}  // namespace

App app() {
    return {
        .name = "common",
        .doc = "Vocabulary that every app shares, and what people add to records and lists.",
        .resources = resources(),
        .routes =
            {
                get("/enums", enums, "List the choices of every choice field, with labels.", signed_in()),
                get("/tags", tags, "List the tags in use, most used first.", signed_in()),
                post("/tags/merge", merge_tags, "Put one tag in place of others, everywhere.",
                     needs("common.manage_tags")),
                post("/attachments", attach, "Attach a small file to a record.", signed_in(),
                     {.problems = {"access.field", "common.too_many_files"}, .status = 201}),
                upload("/attachments/file", most_file_bytes, before_attach_file, attach_file,
                       "Attach a file of up to 25 MB, the body of the request, to a record.", signed_in(),
                       {.problems = {"access.field", "common.too_many_files"}, .status = 201}),
                get("/attachments/{id}/content", download, "Download the bytes of an attachment.",
                    signed_in(), {.status = 200}),
            },
        .permissions = permissions(),
        .jobs = {job<SweepOrphans>(sweep_orphans)},
        .schedules = {daily("03:40", SweepOrphans{})},
        .problems =
            {{"common.too_many_files", 409,
              "A record has at most 20 files, and 20 internal ones; those in its trash count."},
             {"common.settled", 409,
              "Whether a comment is internal is changed within five minutes, and before it is answered."}},
        .erase = erase,
    };
}

}  // namespace tamiti::common
