# shellcheck shell=sh disable=SC2012,SC2154
# What the launchers of a checkout and of a bundle have in common. They set home, the directory of Assay, and read this file.
: "${HOME:=}" # services and containers may have none

# In the locale C, Java reads and writes the names of files and arguments as ASCII: one with UTF-8 in its place, where there is one.
use_utf8() {
  case $(locale charmap 2>/dev/null) in
    ANSI_X3.4-1968 | US-ASCII)
      for utf8 in C.UTF-8 C.utf8 en_US.UTF-8 en_US.utf8; do
        if [ "$(LC_ALL=$utf8 locale charmap 2>/dev/null)" = UTF-8 ]; then
          if [ -n "${LC_ALL:-}" ]; then
            export LC_ALL=$utf8
          else
            export LC_CTYPE=$utf8
          fi
          break
        fi
      done
      ;;
  esac
}

# What a command takes is known before anything is built, and without a JDK. Ends the launcher where that was the question.
answer_help() {
  help=
  case ${1:-} in
    --help | -h) help=assay ;;
    */*) ;;
    *)
      case ${2:-} in
        --help | -h) help=$1 ;;
      esac
      ;;
  esac
  if [ -n "$help" ] && [ -f "$home/packaging/help/$help.txt" ]; then
    exec cat "$home/packaging/help/$help.txt"
  fi
}

# What is not Assay's own: samplers and pruners of others (docs/research.md), in the JVM's notation. `dir/*` is every jar of dir.
check_extra() {
  saved=$IFS
  IFS=:
  set -f
  for entry in ${ASSAY_CLASSPATH:-}; do
    if [ -n "$entry" ] && [ ! -e "${entry%/\*}" ]; then
      printf 'error: There is no such jar or directory.\n  %s (ASSAY_CLASSPATH)\n  Mend the path, or unset ASSAY_CLASSPATH.\n' "$entry" >&2
      exit 2
    fi
  done
  set +f
  IFS=$saved
}

# Only what calculates needs the vector module, whose use the JVM announces on stderr.
vector_of() {
  case $1 in
    tune | try | bench | compare | serve | doctor | refit | predict) echo --add-modules=jdk.incubator.vector ;;
  esac
}

options="--enable-native-access=ALL-UNNAMED -XX:+UseParallelGC -Xlog:cds*=off -Xlog:aot*=off"

# The jars below $home that the class path consists of, in an order that no file system and no locale changes.
jars_in() {
  (cd "$home" && for directory in "$@"; do LC_ALL=C ls -d "$directory"/*.jar; done)
}

# The JVM takes an archive of classes only with the jars and the runtime that it was made of: same order, sizes and times. A copy
# without their times, another JDK or a new jar has another key, and so another archive: none is ever silently left out.
classes_key() {
  # shellcheck disable=SC2086
  (cd "$home" && { stat -L -c '%n %s %Y' $1 "$2/lib/modules" || stat -L -f '%N %z %m' $1 "$2/lib/modules"; } 2>/dev/null) | cksum
}

# Where archives of classes may lie: beside the jars, and where that is not ours to write, in the user's cache.
classes_places() {
  echo "$1"
  if [ -n "${XDG_CACHE_HOME:-}$HOME" ]; then
    echo "${XDG_CACHE_HOME:-$HOME/.cache}/assay"
  fi
}

# Sets archive to the JVM's classes as most commands need them, loaded and linked: commands start twice as fast, and first trials
# cost less. The first call with these jars and this runtime makes it, by a small study; where that fails, all goes on without.
# Arguments: the jars, relative to $home; the directory they lie in; the runtime, absolute or relative to $home.
find_classes() {
  key=$(classes_key "$1" "$3")
  key=assay-${key%% *}.jsa
  archive=
  place=
  saved=$IFS
  IFS='
'
  set -f
  for directory in $(classes_places "$2"); do
    if [ -f "$directory/$key" ]; then
      archive=$directory/$key
      break
    fi
    [ -n "$place" ] || { { [ -d "$directory" ] || mkdir -p "$directory"; } && [ -w "$directory" ] && place=$directory; } 2>/dev/null
  done
  set +f
  IFS=$saved
  if [ -z "$archive" ] && [ -n "$place" ]; then
    make_classes "$place/$key" "$3"
    archive=$place/$key
  fi
  [ -s "$archive" ] || archive= # an empty one says that it was tried
}

make_classes() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/assay-classes.XXXXXX") || return 0
  [ ! -t 2 ] || echo "assay: a few seconds, once, for faster starts." >&2
  made=$work/assay.jsa
  # shellcheck disable=SC2046,SC2086
  (cd "$home" && ASSAY_STUDIES=$work/studies "$2/bin/java" $(vector_of tune) $options -XX:ArchiveClassesAtExit="$made" \
    -Dassay.home="$home" -Dslf4j.provider=dev.assay.cli.TerminalLog -cp "$classpath" dev.assay.cli.Main \
    tune "$home/packaging/classes.yaml" --quiet) </dev/null >"$work/log" 2>&1 || rm -f "$made"
  [ -s "$made" ] || : >"$made"
  # Earlier ones go, but for two: another JDK's, and another machine's on one file system.
  { cp "$made" "$1.$$" && mv "$1.$$" "$1" && LC_ALL=C ls -t "$(dirname "$1")"/assay*.jsa | tail -n +4 | while read -r old; do
    rm -f "$old"
  done; } 2>/dev/null
  rm -rf "$work"
}
