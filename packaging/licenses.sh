#!/bin/sh
# Gathers the licence and notice of every library: for each jar of a directory a directory of its name below OUT, from what the
# jar carries or, where it carries nothing, from packaging/licenses. Fails and names the jars where there is neither.
# Usage: packaging/licenses.sh JARS OUT JDK
set -eu
jars=$1
out=$2
jdk=$3
own=$(cd "$(dirname "$0")" && pwd)/licenses
if ! ls "$jars"/*.jar >/dev/null 2>&1; then
  echo "licenses: there are no jars in $jars" >&2
  echo "  Usage: packaging/licenses.sh JARS OUT JDK" >&2
  exit 2
fi
jars=$(cd "$jars" && pwd)
mkdir -p "$out"
out=$(cd "$out" && pwd)
missing=
for jar in "$jars"/*.jar; do
  name=$(basename "$jar" .jar)
  mkdir -p "$out/$name"
  if ! listed=$("$jdk/bin/jar" tf "$jar" 2>/dev/null); then
    echo "licenses: this is no jar: $jar" >&2
    echo "  Put a whole one in its place." >&2
    exit 2
  fi
  entries=$(printf '%s\n' "$listed" | grep -iE '^META-INF/(.*/)?[^/]*(licen[cs]e|notice|copying)[^/]*$' | grep -v '\.class$' || true)
  if [ -n "$entries" ]; then
    ( # one word a line: names may have blanks
      IFS='
'
      set -f
      # shellcheck disable=SC2086
      cd "$out/$name" && "$jdk/bin/jar" xf "$jar" $entries
    )
  fi
  for text in "$own"/*.txt; do
    case $name in
      "$(basename "$text" .txt)"[-0-9]*) cp "$text" "$out/$name/" ;;
    esac
  done
  if [ -z "$(find "$out/$name" -type f -size +0 -print -quit)" ]; then
    missing="$missing $name"
  fi
done
# The texts that several of them refer to.
for text in Apache-2.0 EPL-2.0 GPL-3.0 LGPL-2.1; do
  cp "$own/$text.txt" "$out/"
done
if [ -n "$missing" ]; then
  echo "licenses: no licence is known of:$missing" >&2
  echo "  Add packaging/licenses/NAME.txt, whose name is the beginning of the jar's." >&2
  exit 1
fi
