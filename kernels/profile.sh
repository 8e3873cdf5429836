#!/bin/sh
# Counts what kernels do, on the stand-in driver, and estimates what cards would take: a table, a line for each kernel.
# Usage: profile.sh [--keep DIR] [COMMAND ...]     What the command does on CUDA is counted; without one, a small search and training.
# --keep leaves the counts in DIR, from which a results file is made (CONTRIBUTING.md).
# A JDK 25: $JAVA_HOME, or java on the path. With ptxas on the path occupancies are told too.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=$(dirname "$here")
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
standin=$home/src/target/standin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
keep=
if [ "${1:-}" = --keep ]; then
  mkdir -p "$2"
  keep=$(cd "$2" && pwd)
  shift 2
fi

"$here/standin/build.sh" "$standin"
: >"$work/counts"
counted() { ASSAY_STANDIN=allowed ASSAY_STANDIN_PROFILE=$work/counts LD_LIBRARY_PATH=$standin "$@"; }
if [ $# -gt 0 ]; then
  counted "$@" >&2
else
  cat >"$work/search.yaml" <<END
name: search
objective: {function: branin}
minimize: value
space:
  x0: {float: [-5, 10]}
  x1: {float: [0, 15]}
sampler: gp
budget: {trials: 24}
seed: 1
END
  cat >"$work/training.yaml" <<END
name: training
objective: {train: mlp, data: digits, fixed: {epochs: 1, hidden: 32}}
maximize: accuracy
space:
  learning_rate: {float: [1e-3, 0.1], log: true}
budget: {trials: 4}
seed: 1
END
  (cd "$work" && counted "$home/assay" tune search.yaml --backend cuda && counted "$home/assay" tune training.yaml --backend cuda) >&2
fi

: >"$work/registers"
if command -v ptxas >/dev/null; then
  for module in "$here"/ptx/*.ptx; do ptxas -arch=sm_90 -v -o /dev/null "$module" 2>>"$work/registers"; done
fi
[ -z "$keep" ] || cp "$work/counts" "$work/registers" "$keep"
cd "$home/src/test/java"
"$java"c -proc:none -d "$work/classes" dev/assay/ptx/Kind.java \
  $(ls dev/assay/ptx/profile/*.java | grep -v -e 'Test\.java$' -e package-info)
"$java" -cp "$work/classes" dev.assay.ptx.profile.Profile "$work/counts" "$work/registers"
