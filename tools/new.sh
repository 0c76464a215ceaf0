# shellcheck shell=bash
# ./dev new-app and ./dev new-migration.

# shellcheck source=packages.sh
source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

# new_app NAME: src/apps/NAME from tools/new-app, and its line in src/apps.cpp.
# In the templates' names and texts @name@ is "assets", @Name@ "Assets", @item@ "asset" and @Item@ "Asset".
new_app() {
    local name=${1-} folder=$root/src/apps/${1-} template target
    [[ $name =~ ^[a-z][a-z0-9_]*$ ]] || fail "usage: ./dev new-app NAME; a lower-case word, usually a plural such as assets."
    [[ ! -e $folder ]] || fail "src/apps/$name exists already."
    packages_install check
    grep -qF "$new_app_anchor" "$root/src/apps.cpp" || fail "src/apps.cpp lacks the line \"$new_app_anchor\"."
    local item=${2-$(new_singular "$name")}
    while IFS= read -rd '' template; do
        target=$folder/$(new_fill "$name" "$item" <<<"${template#"$root"/tools/new-app/}")
        mkdir -p "$(dirname "$target")"
        new_fill "$name" "$item" <"$template" >"$target"
        say "src/${target#"$root"/src/}"
    done < <(find "$root/tools/new-app" -type f ! -name apps.line -print0 | sort -z)
    new_app_line "$name" "$item"
    # A name's length moves line breaks.
    find "$folder" "$root/src/apps.cpp" -name '*.[hc]pp' -print0 | xargs -0 clang-format-14 -i
    say "src/apps.cpp: one line. Next: ./dev test $name, then ./dev accept."
    say "src/apps/$name/tests/authorization_matrix.txt says who sees and changes what: ./dev test $name prints it as it is when that changes."
}

# Lines for new apps go above this one.
new_app_anchor='/* the list ends here */'

new_app_line() {
    local line text=$root/src/apps.cpp
    line=$(new_fill "$1" "$2" <"$root/tools/new-app/apps.line")
    LINE=$line ANCHOR=$new_app_anchor awk '
        index($0, ENVIRON["ANCHOR"]) { print ENVIRON["LINE"] }
        { print }' "$text" >"$text.new"
    mv "$text.new" "$text"
}

# new_fill NAME ITEM: standard input with the names put in.
new_fill() { sed "s/@name@/$1/g; s/@Name@/$(new_camel "$1")/g; s/@item@/$2/g; s/@Item@/$(new_camel "$2")/g"; }
new_camel() { sed -E 's/(^|_)([a-z0-9])/\U\2/g' <<<"$1"; }
new_singular() {
    case $1 in
        *ies) echo "${1%ies}y" ;;
        *[sxz]es | *ches | *shes) echo "${1%es}" ;;
        *ss) echo "$1" ;;
        *s) echo "${1%s}" ;;
        *) echo "$1" ;;
    esac
}

# new_migration APP NAME: the next number, and two lines to fill in.
new_migration() {
    local app=${1-} name=${2-} folder last number file
    [[ $app =~ ^[a-z][a-z0-9_]*$ && $name =~ ^[a-z0-9_]+$ ]] ||
        fail "usage: ./dev new-migration APP NAME, such as ./dev new-migration projects add_budget."
    folder=$root/src/apps/$app/migrations
    [[ $app != core ]] || folder=$root/src/core/migrations
    [[ -d $(dirname "$folder") ]] || fail "there is no app $app; there are: $(cd "$root/src/apps" && echo *)."
    mkdir -p "$folder"
    last=$(find "$folder" -name '[0-9][0-9][0-9][0-9]_*.sql' -printf '%f\n' | sort | tail -n 1)
    number=$(printf '%04d' $((10#${last:0:4} + 1)))
    file=$folder/${number}_$name.sql
    printf -- '-- %s.\n-- Runs once, in a transaction, while the old program still works on these tables.\n\n' \
        "${name//_/ }" | sed '1s/-- ./\U&/' >"$file"
    echo "${file#"$root"/}"
}
