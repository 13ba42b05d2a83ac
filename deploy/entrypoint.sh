#!/bin/sh
# Hands secrets that lie in files to the server, which reads variables: ADMIN_TOKEN_FILE names the
# file that holds ADMIN_TOKEN. Then it becomes the command it is given. For the container and the
# systemd unit; exits 2 naming the variable that cannot be used, never the secret.
set -eu

fail() {
  printf 'Cannot use %s: %s\n' "$1" "$2" >&2
  exit 2
}

[ $# -gt 0 ] || { echo 'Cannot start: no command given, such as deno task start' >&2; exit 2; }

for name in ADMIN_TOKEN TOKEN_SECRET TURN_SECRET WEBHOOK_SECRET ICE_SERVERS; do
  eval "file=\${${name}_FILE:-} value=\${$name:-}"
  [ -n "$file" ] || continue
  [ -z "$value" ] || fail "${name}_FILE" "$name is set as well, so which one counts is unclear"
  [ -f "$file" ] || fail "${name}_FILE" "there is no file $file"
  [ -r "$file" ] || fail "${name}_FILE" "user $(id -u) may not read $file"
  value=$(cat "$file")
  [ -n "$value" ] || fail "${name}_FILE" "$file is empty"
  export "$name=$value"
  unset "${name}_FILE"
done

exec "$@"
