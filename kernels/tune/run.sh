#!/bin/sh
# Tunes the kernels of this directory's studies on a card and adds what it finds to ../ptx/tuned.json, from which the engine takes
# the threads of each kernel's block by the card's name; of one card that was tuned twice the later counts.
# Usage: run.sh [FILE]     assay: $ASSAY, or that of this checkout
set -eu
here=$(cd "$(dirname "$0")" && pwd)
file=${1:-$here/../ptx/tuned.json}
assay=${ASSAY:-$here/../../assay}
new=$file.new-$$
work=$(mktemp -d)
trap 'rm -rf "$work" "$new"' EXIT
export ASSAY_STUDIES="$work"
if [ -s "$file" ] && [ "$(tr -d ' \n' <"$file")" != "[]" ]; then
  sed '$d' "$file" >"$new" # without the last line, which is the list's end
  separator=,
else
  echo "[" >"$new"
  separator=
fi
for study in "$here"/*.yaml; do
  name=$(basename "$study" .yaml)
  "$assay" tune "$study" --quiet
  [ -z "$separator" ] || echo "$separator" >>"$new"
  separator=,
  "$assay" kernel export "$name" --format wisdom >>"$new"
done
echo "]" >>"$new"
mv "$new" "$file"
