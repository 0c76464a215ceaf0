# shellcheck shell=bash
# ./dev new-app and ./dev new-migration.

# shellcheck source=packages.sh
source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

# new_app NAME: src/apps/NAME from tools/new-app, and its two lines in src/apps.cpp.
# In the templates' names and texts @name@ is "assets", @Name@ "Assets", @item@ "asset" and @Item@ "Asset".
new_app() {
    local name=${1-} folder=$root/src/apps/${1-} template target
    [[ $name =~ ^[a-z][a-z0-9_]*$ ]] || fail "usage: ./dev new-app NAME; a lower-case word, usually a plural such as assets."
    [[ ! -e $folder ]] || fail "src/apps/$name exists already."
    packages_install check
    new_app_anchors
    local item=${2-$(new_singular "$name")}
    while IFS= read -rd '' template; do
        target=$folder/$(new_fill "$name" "$item" <<<"${template#"$root"/tools/new-app/}")
        mkdir -p "$(dirname "$target")"
        new_fill "$name" "$item" <"$template" >"$target"
        say "src/${target#"$root"/src/}"
    done < <(find "$root/tools/new-app" -type f -print0 | sort -z)
    new_app_lines "$name"
    # A name's length moves line breaks.
    find "$folder" -name '*.[hc]pp' -print0 | xargs -0 clang-format-14 -i
    say "src/apps.cpp: two lines. Next: ./dev test $name, then ./dev accept."
    say "src/apps/$name/tests/authorization_matrix.txt says who sees and changes what: ./dev test $name prints it as it is when that changes."
}

# Lines for new apps go above these: where apps are declared, and where they are listed.
new_app_declared='// declared above, listed below'
new_app_listed='        // the list ends here'

new_app_anchors() {
    local anchor
    for anchor in "$new_app_declared" "$new_app_listed"; do
        grep -qxF "$anchor" "$root/src/apps.cpp" || fail "src/apps.cpp lacks the line \"$anchor\"."
    done
}

# new_app_lines NAME: the app's two lines.
new_app_lines() {
    local text=$root/src/apps.cpp
    NAME=$1 DECLARED=$new_app_declared LISTED=$new_app_listed awk '
        $0 == ENVIRON["DECLARED"] { print "namespace " ENVIRON["NAME"] " { App app(); }" }
        $0 == ENVIRON["LISTED"] { print "        " ENVIRON["NAME"] "::app()," }
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
