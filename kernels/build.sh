#!/bin/sh
# Builds ptx/ from *.cu with nvcc: PTX for compute_75, which the driver compiles for that and every later card; from that
# PTX, in ptx/sm_NN, the machine code of each generation of cards (cubins, packed), which needs no compiling; and the sums of
# all of them and their sources.
# The version line is lowered to the oldest that takes the code, so that drivers from 525 (CUDA 12.0) on accept it.
# Usage: build.sh [--ptx-only] [OUTPUT-DIRECTORY]     CUDA compiler: $NVCC, or nvcc on the path, with ptxas beside it
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cubins=yes
if [ "${1:-}" = --ptx-only ]; then
  cubins=
  shift
fi
mkdir -p "${1:-$here/ptx}"
out=$(cd "${1:-$here/ptx}" && pwd)
nvcc=${NVCC:-nvcc}
case $nvcc in
  */*) ptxas=$(dirname "$nvcc")/ptxas ;;
  *) ptxas=ptxas ;;
esac
cd "$here"
for source in *.cu; do
  name=${source%.cu}
  "$nvcc" -ptx -arch=compute_75 -O3 -std=c++17 -I. -o "$out/$name.ptx.new" "$source"
  # The compiler's version and the input's name would make the bytes differ from place to place.
  sed -e 's/^\.version .*/.version 6.3/' -e '/^\/\//d' "$out/$name.ptx.new" >"$out/$name.ptx"
  rm "$out/$name.ptx.new"
done
[ -n "$cubins" ] || exit 0
for capability in 75 80 86 89 90 100 120; do
  mkdir -p "$out/sm_$capability"
  for source in *.cu; do
    name=${source%.cu}
    "$ptxas" -arch=sm_$capability -O3 -o "$out/cubin" "$out/$name.ptx"
    gzip -9n <"$out/cubin" >"$out/sm_$capability/$name.cubin.gz"
    rm "$out/cubin"
  done
done
sha256sum *.cu *.cuh >"$out/SHA256SUMS"
cd "$out"
sha256sum *.ptx sm_*/*.cubin.gz >>SHA256SUMS
