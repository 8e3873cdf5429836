#!/bin/sh
# Builds the stand-in driver with g++, and the translator of PTX that it calls with javac. Usage: build.sh OUTPUT-DIRECTORY
# A JDK 25: $JAVA_HOME, or javac on the path. What the driver compiles of PTX it keeps in OUTPUT-DIRECTORY/modules.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
cxx=${CXX:-g++}

cd "$here/../../src/test/java/dev/assay/ptx"
translator=$(ls *.java | grep -v 'Test\.java$')
"$java"c -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -proc:none -d "$out/translator" $translator
language=$(cat $translator | cksum | tr ' ' -)
cd "$here"
cp "$here/ptx.h" "$out/"

# Of the code of modules: numbers are never contracted; whole numbers wrap; memory has no types.
# Compiling takes longer than running: -O1 takes twice as long as -Og to compile, four times or more as long as -O0, which runs
# about as fast where every access is a call that checks.
# Registers are given out to a function as a whole: by regions it takes 1.6 times as long to compile, and the tests no less to run.
checked="-O0"
module="-std=gnu17 -Og -fira-region=one -fPIC -fvisibility=hidden -ffp-contract=off -fwrapv -fno-strict-aliasing -fno-math-errno -w"
if grep -qw fma /proc/cpuinfo 2>/dev/null; then module="$module -mfma"; fi
code=$({ cat "$here/ptx.h"; echo "$module $checked"; "$cxx" --version; } | cksum | tr ' ' -)

flags="-O2 -g1 -std=c++17 -fPIC -fvisibility=hidden -Wall -Wextra"
pids=
for part in execution driver scene modules checks counts sweep; do
  "$cxx" $flags -DSTANDIN_JAVA="\"$java\"" -DSTANDIN_CXX="\"$cxx\"" -DSTANDIN_FLAGS="\"$module\"" \
    -DSTANDIN_CHECKED="\"$checked\"" -DSTANDIN_COMPILER="\"$code\"" -DSTANDIN_TRANSLATOR="\"$language\"" -c -o "$out/$part.o" "$here/$part.cpp" &
  pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
"$cxx" -shared -Wl,-soname,libcuda.so.1 -Wl,-z,defs -o "$out/libcuda.so.1" \
  "$out"/execution.o "$out"/driver.o "$out"/scene.o "$out"/modules.o "$out"/checks.o "$out"/counts.o "$out"/sweep.o -ldl
