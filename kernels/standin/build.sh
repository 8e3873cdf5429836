#!/bin/sh
# Builds the stand-in driver with g++. Usage: build.sh OUTPUT-DIRECTORY
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out"
flags="-O2 -g1 -std=c++17 -fPIC -fvisibility=hidden -ffp-contract=off -Wall -Wextra -Wno-unused-parameter -Wno-unknown-pragmas"
pids=
for part in execution driver kernels; do
  "${CXX:-g++}" $flags -I"$here/.." -c -o "$out/$part.o" "$here/$part.cpp" &
  pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
"${CXX:-g++}" -shared -Wl,-soname,libcuda.so.1 -Wl,-z,defs -o "$out/libcuda.so.1" "$out"/execution.o "$out"/driver.o "$out"/kernels.o
