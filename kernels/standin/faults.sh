#!/bin/sh
# Builds faults.ptx from faults.cu with nvcc, with the lines that its instructions come from. Compiler: $NVCC, or nvcc.
set -eu
cd "$(dirname "$0")"
"${NVCC:-nvcc}" -ptx -arch=compute_75 -O3 -lineinfo -std=c++17 -o faults.ptx.new faults.cu
sed -e 's/^\.version .*/.version 6.3/' -e '/^\/\//d' -e 's#^\(\t*\.file.*"\)[^"]*/#\1#' faults.ptx.new >faults.ptx
rm faults.ptx.new
