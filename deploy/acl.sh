#!/bin/sh
# Makes Redis' ACL file of a template:
#
#   ONESTORY_REDIS_WORKER_PASSWORD=… deploy/acl.sh [--redis 6.2] deploy/users.acl > users.acl
#
# ONESTORY_NAMESPACE is the namespace (onestory). ONESTORY_REDIS_<USER>_PASSWORD is the password
# of a user; one without a password is switched off. While a password is being changed, the one
# before stands in ONESTORY_REDIS_<USER>_PASSWORD_OLD and holds as well.
# Runs in the image of Redis: needs sh, sed, awk and sha256sum. No password is printed, nor seen
# in the list of processes.
set -eu

fail() {
    echo "acl.sh: $*" >&2
    exit 1
}

oldest=7
if [ "${1:-}" = --redis ]; then
    oldest=${2%%.*}
    shift 2
fi
[ $# -eq 1 ] || fail "expected the template, deploy/users.acl"
namespace=${ONESTORY_NAMESPACE:-onestory}
case $namespace in
    *[!A-Za-z0-9._-]* | [!A-Za-z0-9]*) fail "ONESTORY_NAMESPACE is no namespace: $namespace" ;;
esac

# "#" and the hash of the password in the variable that is named; nothing if it is empty.
hash_of() {
    eval "password=\${$1:-}"
    [ -n "$password" ] || return 0
    case $password in
        *[!A-Za-z0-9_-]*) fail "$1: letters, digits, - and _ only, since it is part of an address" ;;
    esac
    [ ${#password} -ge 16 ] || fail "$1 has ${#password} characters, expected 16 or more"
    printf '#'
    printf %s "$password" | sha256sum | cut -d ' ' -f 1
}

# A template without comments, one user a line.
joined() {
    awk '/^[ \t]*(#|$)/ { next }
         /^[ \t]/ { sub(/^[ \t]+/, " "); line = line $0; next }
         { if (line != "") print line; line = $0 }
         END { print line }' "$1"
}

lines=$(joined "$1" | sed "s/{NAMESPACE/{$namespace/g")
if [ "$oldest" -lt 7 ]; then
    lines=$(printf '%s\n' "$lines" | sed 's/%[RW]*~/~/g; s/[()]//g')
fi
printf '%s\n' "$lines" | while read -r word user rest; do
    [ "$word" = user ] || fail "a line begins with $word, expected user"
    case $rest in
        *'#PASSWORD'*)
            name=ONESTORY_REDIS_$(printf %s "$user" | tr '[:lower:]' '[:upper:]')_PASSWORD
            new=$(hash_of "$name")
            if [ -z "$new" ]; then
                echo "acl.sh: $name is not set, so user $user is off" >&2
                echo "user $user off"
                continue
            fi
            old=$(hash_of "${name}_OLD")
            rest=$(printf '%s' "$rest" | sed "s/#PASSWORD/$new${old:+ $old}/")
            ;;
    esac
    echo "user $user $rest"
done
