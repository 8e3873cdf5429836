#!/bin/sh
# Builds ptx/*.ptx from *.cu with nvcc: PTX for compute_75, which the driver compiles for that and every later card.
# The version line is lowered to the oldest that takes the code, so that drivers from 525 (CUDA 12.0) on accept it.
# Usage: build.sh [OUTPUT-DIRECTORY]     CUDA compiler: $NVCC, or nvcc on the path
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/ptx}
mkdir -p "$out"
cd "$here"
for source in *.cu; do
  name=${source%.cu}
  "${NVCC:-nvcc}" -ptx -arch=compute_75 -O3 -std=c++17 -I. -o "$out/$name.ptx.new" "$source"
  # The compiler's version and the input's name would make the bytes differ from place to place.
  sed -e 's/^\.version .*/.version 6.3/' -e '/^\/\//d' "$out/$name.ptx.new" >"$out/$name.ptx"
  rm "$out/$name.ptx.new"
done
