#!/bin/sh
# Builds ptx/ from *.cu with nvcc: PTX for compute_75, which the driver compiles for that and every later card; of what has
# FP64 tensor instructions (tiles.cuh) PTX for compute_80 too, in ptx/compute_80, which cards from there on get instead; of what is
# nothing without tensor instructions (tensor.cuh) that alone; from that PTX, in ptx/sm_NN, the machine code of each generation of
# cards (cubins, packed), which needs no compiling; and the sums of all of them and their sources.
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
# ptx SOURCE CAPABILITY VERSION TO
ptx() {
  "$nvcc" -ptx -arch=compute_$2 -O3 -std=c++17 -I. -o "$4.new" "$1"
  # The compiler's version and the input's name would make the bytes differ from place to place. What tells debuggers which bytes of a
  # vector are used is of a later version, and changes no instruction.
  sed -e "s/^\.version .*/.version $3/" -e '/^\/\//d' -e '/\.pragma "used_bytes_mask/d' "$4.new" >"$4"
  rm "$4.new"
}
mkdir -p "$out/compute_80"
for source in *.cu; do
  name=${source%.cu}
  grep -q '"tensor.cuh"' "$source" || ptx "$source" 75 6.3 "$out/$name.ptx"
  ! grep -q -e '"tiles.cuh"' -e '"tensor.cuh"' "$source" || ptx "$source" 80 7.0 "$out/compute_80/$name.ptx"
done
[ -n "$cubins" ] || exit 0
for capability in 75 80 86 89 90 100 120; do
  mkdir -p "$out/sm_$capability"
  for source in *.cu; do
    name=${source%.cu}
    from=$out/$name.ptx
    [ $capability -lt 80 ] || [ ! -e "$out/compute_80/$name.ptx" ] || from=$out/compute_80/$name.ptx
    [ -e "$from" ] || continue
    "$ptxas" -arch=sm_$capability -O3 -o "$out/cubin" "$from"
    gzip -9n <"$out/cubin" >"$out/sm_$capability/$name.cubin.gz"
    rm "$out/cubin"
  done
done
sha256sum *.cu *.cuh >"$out/SHA256SUMS"
cd "$out"
sha256sum *.ptx compute_80/*.ptx sm_*/*.cubin.gz >>SHA256SUMS
