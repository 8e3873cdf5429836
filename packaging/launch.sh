# shellcheck shell=sh disable=SC2012,SC2034,SC2154
# What the launchers of a checkout and of a bundle have in common. They set home, the directory of Assay, and read this file.
: "${HOME:=}" # services and containers may have none

# In the locale C, Java reads and writes the names of files and arguments as ASCII: one with UTF-8 in its place, where there is one.
use_utf8() {
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    C.UTF-8 | C.utf8 | en_US.UTF-8 | en_US.utf8) return ;; # no program has to be started to know
  esac
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

# Sets kind to what commands like this one share an archive of classes and the JVM's options with; vector to the option by which the
# vector module can be added when something is calculated (VectorModule.java) where a command calculates; looks to 1 where one only looks
# into a study and prints some lines, as the most frequent commands do; and copies to 1 where one writes all that there is of it.
kind_of() {
  vector=
  looks=
  copies=
  case " $* " in
    " tune "* | " best "*" --confirm"* | " try "* | " bench "* | " compare "* | " serve "* | " doctor "* | " refit "* | " predict "* | " work "*)
      vector=--add-exports=java.base/jdk.internal.module=ALL-UNNAMED
      ;;
    " export "* | " trials "*csv* | " trials "*json*) copies=1 ;;
    " list "* | " best "* | " trials "* | " show "*) looks=1 ;;
  esac
  kind=${looks:+look}${vector:+vector}
  kind=${kind:-rest}
}

# What a call of this kind looked up is kept in the file $known: jdk, classpath and archive. It holds as long as asked, all that was asked for, is
# the same, and nothing that the rest of the arguments names was touched since; copies with old times were, too. To see that takes one
# program, and to look all up ten, a tenth of a short command. Where anything is unclear it fails, and all is looked up.
recall() {
  known=$1
  shift
  [ -f "$known" ] || return 1
  { IFS= read -r before && IFS= read -r jdk && IFS= read -r classpath && IFS= read -r archive; } <"$known" || return 1
  [ "$before" = "$asked" ] && [ -s "${archive#*=}" ] || return 1
  touched=$(find "$@" "$jdk/release" "$jdk/lib/modules" -cnewer "$known" -print -quit 2>/dev/null) && [ -z "$touched" ]
}

# To be called before anything is looked up: what changes meanwhile is then seen by the next call.
begin_lookup() {
  if { true >"$known.$$"; } 2>/dev/null; then
    trap 'rm -f "$known.$$"' EXIT # should nothing come of it
  else
    known= # nowhere to keep it
  fi
}

keep_lookup() {
  trap - EXIT
  [ -n "$known" ] || return 0
  {
    printf '%s\n' "$asked" "$jdk" "$classpath" "$archive" >"$known.$$.new" && touch -r "$known.$$" "$known.$$.new" && mv "$known.$$.new" "$known"
    rm -f "$known.$$" "$known.$$.new"
  } 2>/dev/null
}

# Sets tuned to the JVM's options that a command of this kind starts fastest with, and ends soonest: one that only looks is over
# before a compiler or a collector with several threads is of use. What reads a large study makes much that is garbage at once: with
# little room for what is new it needs half the memory, and less time. What copies a study does little with each number: the second
# compiler would take a third of the time for a study of 6 million numbers, and be of use from some ten million on.
tune_for() {
  tuned=-XX:+UseParallelGC
  if [ -z "$vector" ]; then
    tuned="-XX:+UseSerialGC -Xmn24m -XX:MinHeapFreeRatio=20 -XX:MaxHeapFreeRatio=40${copies:+ -XX:TieredStopAtLevel=1}"
  fi
  if [ -n "$looks" ]; then
    columns
    tuned="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dassay.columns=$size"
  fi
}

# Sets size to the columns of the terminal; 0 where what is printed goes elsewhere, and where nobody knows.
columns() {
  size=
  [ ! -t 1 ] || { size=$(stty size <&3 2>/dev/null); } 3>&1
  size=${size#* }
  case $size in
    "" | *[!0-9]*) size=0 ;;
  esac
}

options="--enable-native-access=ALL-UNNAMED -Xlog:cds*=off -Xlog:aot*=off"
logging="-Dslf4j.provider=dev.assay.cli.TerminalLog -Dslf4j.internal.verbosity=WARN"

# The jars below $home of a directory, in an order that no file system and no locale changes.
jars_in() {
  (LC_ALL=C && cd "$home" && printf '%s\n' "$1"/*.jar)
}

# Sets jars, below $home, and classpath to jars in their order, but SQLite's driver before all others: it looks for a file of its own,
# and the JVM opens each jar before its jar for that, which takes as long as all else that a short command does.
class_path() {
  jars=
  classpath=
  for jar; do
    case $jar in
      */sqlite-jdbc-*)
        jars="$jar${jars:+ $jars}"
        classpath=$home/$jar${classpath:+:$classpath}
        ;;
      *)
        jars="${jars:+$jars }$jar"
        classpath=${classpath:+$classpath:}$home/$jar
        ;;
    esac
  done
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

# Sets archive to the option that gives the JVM its classes loaded and linked: commands start several times as fast, and first trials
# cost less. The first call with these jars and this runtime makes it, by a small study; where that fails, all goes on without.
# There are three, since the JVM brings all that is in one into memory at each start.
# Arguments: the jars, relative to $home; the directory they lie in; the runtime, absolute or relative to $home.
find_classes() {
  key=$(classes_key "$1" "$3")
  key=assay-${key%% *}-$kind.jsa
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
  if [ ! -s "$archive" ]; then # an empty one says that it was tried
    archive=
  else
    archive=-XX:AOTCache=$archive
  fi
}

# Runs a class: the JVM's options, the class and its words.
rehearse() {
  # shellcheck disable=SC2086
  "$runtime/bin/java" $options $logging -Dassay.home="$home" -cp "$classpath" "$@"
}

make_classes() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/assay-classes.XXXXXX") || return 0
  [ ! -t 2 ] || echo "assay: a few seconds, once, for faster starts." >&2
  made=$work/assay.jsa
  runtime=$2
  (
    cd "$home" || exit 1
    export ASSAY_STUDIES="$work/studies"
    study=packaging/classes.yaml
    if [ -n "$vector" ]; then
      # Most searches say no sampler, and look for a number in what programs print.
      # No cache takes classes that name the vector module, which is not there when the JVM starts.
      rehearse "$vector" -XX:+UseParallelGC -XX:TieredStopAtLevel=1 -Dassay.vectors=false -XX:AOTCacheOutput="$made" dev.assay.cli.ArchiveRehearsal \
        tune $study --quiet -- \
        tune $study --set sampler=auto --set name=auto --set 'objective.value={number: loss}' --trials 8 --quiet -- \
        tune packaging/training.yaml --quiet
    else
      rehearse -XX:TieredStopAtLevel=1 dev.assay.cli.Main tune $study --quiet
      if [ -n "$looks" ]; then
        # Without the columns they would ask the terminal, by classes that no such command needs.
        rehearse -XX:+UseSerialGC -Dassay.columns=0 -XX:AOTCacheOutput="$made" dev.assay.cli.ArchiveRehearsal \
          list -- best classes -- show classes -- trials classes
      else
        rehearse -XX:+UseSerialGC -XX:AOTCacheOutput="$made" dev.assay.cli.Main report classes
      fi
    fi
  ) </dev/null >"$work/log" 2>&1 || rm -f "$made"
  [ -s "$made" ] || : >"$made"
  # Earlier ones go, but for two sets: another JDK's, and another machine's on one file system.
  { cp "$made" "$1.$$" && mv "$1.$$" "$1" && LC_ALL=C ls -t "$(dirname "$1")"/assay*.jsa | tail -n +10 | while read -r old; do
    rm -f "$old"
  done; } 2>/dev/null
  rm -rf "$work"
}
