#include "apps/common/models.hpp"

#include "core/model/describe.hpp"

namespace tamiti::common {
namespace {

constexpr const char* view_internal = "common.view_internal";
constexpr const char* write_internal = "common.write_internal";

}  // namespace

// Descriptions are tables: a field a line where it fits.
// clang-format off

const Model& model_of(tag<Comment>) {
    static const Model comment = describe<Comment>("common.comment", {
        .table = "common_comment",
        .doc = "What somebody said about a record. Who sees the record sees the comment, but clients no internal one.",
        .fields = {
            uuid_model<Comment>(),
            record<&Comment::on>("on", {.required = true, .filter = one_or_any, .create_only = true}),
            field<&Comment::author>("author", {.filter = one_or_any, .read_only = true}),
            field<&Comment::reply_to>("reply_to", {.filter = one_or_any, .create_only = true,
                .on_delete = Delete::set_null, .help = "The comment on the same record that this one answers."}),
            field<&Comment::depth>("depth", {.read_only = true,
                                             .help = "0 for the first comment of a thread, 2 at most."}),
            field<&Comment::body>("body", {.required = true, .max_length = longest_comment, .search = 'B',
                .help = "A @username names a person, who gets a mail if they may see the comment.",
                .example = "@ronald, the colours are too warm from 0:42 on."}),
            field<&Comment::mentions>("mentions", {.filter = Match::any, .read_only = true,
                .help = "Whom the text names, where they may see the comment."}),
            field<&Comment::internal>("internal", {.filter = Match::equal, .read = view_internal,
                .write = write_internal, .true_for = write_internal,
                .help = "Never shown to clients; true where the studio's people leave it out. What answers an internal "
                        "comment is internal. It can be changed for five minutes, and until somebody answers."}),
            field<&Comment::edited_at>("edited_at", {.read_only = true}),
            field<&Comment::removed_by>("removed_by", {.read = view_internal, .read_only = true,
                .on_delete = Delete::set_null, .help = "Who put it into the trash last."}),
            time_stamped_model<Comment>(),
            soft_delete_model<Comment>(),
        },
        .order = "created_at",
        .brief = {"on_model", "on_row", "author"},
        .console = {.list = {"on_model", "author", "body", "created_at"}, .group = "Common", .icon = "message", .placed = false,
                    .filters = {"author", "on_model"}},
        .within = "on_row",
        .label = "body",
    });
    return comment;
}

const Model& model_of(tag<Attachment>) {
    static const Model attachment = describe<Attachment>("common.attachment", {
        .table = "common_attachment",
        .doc = "A file that belongs to a record. Who sees the record sees the file, but clients no internal one.",
        .fields = {
            uuid_model<Attachment>(),
            record<&Attachment::on>("on", {.required = true, .filter = one_or_any, .create_only = true}),
            field<&Attachment::name>("name", {.required = true, .max_length = 200, .sort = true, .search = 'A',
                .help = "The file's name; an ending that doesn't fit the content gets one that does.",
                .example = "storyboard.pdf"}),
            field<&Attachment::media_type>("media_type", {.filter = one_or_any, .read_only = true,
                .help = "What the content is, whatever the name says.", .example = "application/pdf"}),
            field<&Attachment::size>("size", {.sort = true, .read_only = true, .help = "Bytes."}),
            field<&Attachment::sha256>("sha256", {.read_only = true, .help = "Of the bytes, hexadecimal.",
                .example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}),
            field<&Attachment::uploader>("uploader", {.filter = one_or_any, .read_only = true}),
            field<&Attachment::internal>("internal", {.filter = Match::equal, .read = view_internal,
                .write = write_internal, .create_only = true, .help = "Never shown to clients."}),
            field<&Attachment::storage_key>("storage_key", {.read = "common.view_storage", .read_only = true,
                .help = "Where the program keeps the bytes."}),
            field<&Attachment::removed_by>("removed_by", {.read = view_internal, .read_only = true,
                .on_delete = Delete::set_null, .help = "Who put it into the trash last."}),
            time_stamped_model<Attachment>(),
            soft_delete_model<Attachment>(),
        },
        .order = "created_at",
        .brief = {"name", "media_type", "size"},
        .console = {.list = {"on_model", "name", "media_type", "size", "uploader"}, .group = "Common", .icon = "paperclip", .placed = false,
                    .filters = {"media_type", "uploader", "on_model"}},
        .within = "on_row",
        .label = "name",
    });
    return attachment;
}

const Model& model_of(tag<SavedView>) {
    static const Model view = describe<SavedView>("common.saved_view", {
        .table = "common_saved_view",
        .doc = "A way to look at a list, kept under a name.",
        .fields = {
            uuid_model<SavedView>(),
            field<&SavedView::name>("name", {.required = true, .max_length = 100, .sort = true,
                                             .example = "Late for Nile Breeze"}),
            field<&SavedView::on_model>("on_model", {.required = true, .max_length = 100, .filter = one_or_any,
                .create_only = true, .help = "Whose rows are listed.", .example = "projects.project"}),
            field<&SavedView::query>("query", {
                .help = "An object of filters, ordering, search, fields and expand as the list takes them, and of "
                        "columns and group for the screen. \"me\" and \"today\" mean whoever looks.",
                .example = R"({"filters":{"status__in":["active","review"],"owner":"me"},"ordering":"-due_on"})"}),
            field<&SavedView::query_string>("query_string", {.read_only = true,
                .help = "The query as it is appended to the list's address.",
                .example = "?status__in=active%2Creview&owner=me&ordering=-due_on"}),
            field<&SavedView::owner>("owner", {.filter = one_or_any, .read_only = true,
                                               .on_delete = Delete::cascade}),
            field<&SavedView::visibility>("visibility", {.filter = one_or_any,
                .help = "personal: the owner alone; team: the owner's department too; everyone: the whole studio, "
                        "which takes the permission `common.share_views`."}),
            field<&SavedView::is_default>("is_default", {.filter = Match::equal,
                .help = "What the owner, and nobody else, sees of the model at first; at most one, so a new one takes "
                        "over. Only the owner sets it."}),
            field<&SavedView::position>("position", {.minimum = "0", .maximum = "100000", .sort = true,
                .help = "Order among the owner's views of the model, from 1: what stands there goes one further. 0 is "
                        "before them all."}),
            time_stamped_model<SavedView>(),
        },
        .unique = {{"name_once", "You have a view of this name already.", "name"},
                   {"default_once", "Another view became the default meanwhile. Try again.", "is_default"}},
        .order = "position,name",
        .brief = {"name", "on_model"},
        .console = {.list = {"name", "on_model", "visibility", "owner"}, .group = "Common", .icon = "bookmark", .placed = false,
                    .filters = {"on_model", "visibility"}},
        .label = "name",
    });
    return view;
}

// clang-format on

}  // namespace tamiti::common
