#!/bin/sh
# A program that knows nothing of Assay: it takes options and prints what it measured.
while [ $# -gt 0 ]; do
  case $1 in
    --width=*) width=${1#--width=} ;;
    --mode=*) mode=${1#--mode=} ;;
  esac
  shift
done
[ "$mode" = fast ] && extra=5 || extra=9
echo "ran with width $width in mode $mode"
echo "seconds: $(((width - 20) * (width - 20) + extra))"
