#!/bin/sh
# Makes what package managers take of target/assay-bundle, in target/release: assay-VERSION-PLATFORM.tar.gz, whose only entry is
# assay-VERSION (SDKMAN's layout: bin/assay in it), its sum, and the Homebrew formula assay.rb for all archives that lie there, so that
# those of other platforms can be put beside it first.
# Usage: packaging/release.sh URL    where the archives will be downloaded from, without their name
set -eu
if [ $# -ne 1 ] || [ -z "${1##-*}" ]; then
  printf 'error: release takes one URL.\n  %s\n  Usage: packaging/release.sh https://example.org/assay/0.1.0\n' "$*" >&2
  exit 2
fi
case $1 in
  *[!A-Za-z0-9.:/_~%+-]*)
    printf 'error: This is no URL.\n  %s\n  Usage: packaging/release.sh https://example.org/assay/0.1.0\n' "$1" >&2
    exit 2
    ;;
esac
url=${1%/}
home=$(cd "$(dirname "$0")/.." && pwd)
if [ ! -x "$home/target/assay-bundle/bin/assay" ]; then
  printf 'error: There is no bundle.\n  %s\n  Run ./assay bundle first.\n' "$home/target/assay-bundle" >&2
  exit 2
fi
version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' "$home/pom.xml")
homepage=$(sed -n 's|^  <url>\(.*\)</url>|\1|p' "$home/pom.xml")
case $(uname -s)-$(uname -m) in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-x86_64) platform=macos-x64 ;;
  *) platform=macos-arm64 ;;
esac
out=$home/target/release
mkdir -p "$out"
rm -rf "$out/assay-$version"
cp -Rp "$home/target/assay-bundle" "$out/assay-$version"
archive=$out/assay-$version-$platform.tar.gz
tar -C "$out" -cf - "assay-$version" | gzip -9n >"$archive"
rm -rf "$out/assay-$version"

sum() {
  { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -d ' ' -f 1
}
echo "$(sum "$archive")  $(basename "$archive")" >"$archive.sha256"

# A block of the formula for each archive that is there.
platforms() {
  for kind in macos-arm64 macos-x64 linux-arm64 linux-x64; do
    file=$out/assay-$version-$kind.tar.gz
    [ -f "$file" ] || continue
    case $kind in
      *-arm64) cpu=arm ;;
      *) cpu=intel ;;
    esac
    printf '  on_%s do\n    on_%s do\n      url "%s/%s"\n      sha256 "%s"\n    end\n  end\n\n' \
      "${kind%-*}" "$cpu" "$url" "$(basename "$file")" "$(sum "$file")"
  done
}
platforms >"$out/platforms"
sed -e "s|@VERSION@|$version|; s|@HOMEPAGE@|$homepage|" -e "/@PLATFORMS@/{
r $out/platforms
d
}" "$home/packaging/assay.rb.in" >"$out/assay.rb"
rm "$out/platforms"
echo "$archive"
echo "$out/assay.rb"
