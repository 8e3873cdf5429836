#!/bin/sh
# Makes a container image of target/assay-bundle, without a daemon and without root: target/assay-image-ARCHITECTURE.tar, an OCI
# image layout that `docker load -i` and `podman load -i` take as well.
# Usage: packaging/image.sh [--base ROOT.tar[.gz]] [--tag NAME:TAG]
# The base is a Linux with glibc, a POSIX shell and coreutils: the root file system of any image, such as `docker export` writes.
# Without one it is a small Debian, made by mmdebstrap from the sources that apt has here.
set -eu
home=$(cd "$(dirname "$0")/.." && pwd)
version=$(sed -n 's|^  <version>\(.*\)</version>|\1|p' "$home/pom.xml")
base=
tag=assay:$version
refuse() {
  printf 'error: %s\n  %s\n  %s\n' "$1" "$2" "$3" >&2
  exit 2
}
while [ $# -gt 0 ]; do
  case $1 in
    --base | --tag)
      [ $# -gt 1 ] || refuse "An option lacks its value." "$1" "Usage: packaging/image.sh [--base ROOT.tar] [--tag NAME:TAG]"
      if [ "$1" = --base ]; then base=$2; else tag=$2; fi
      shift 2
      ;;
    *) refuse "image takes no such option." "$1" "Usage: packaging/image.sh [--base ROOT.tar] [--tag NAME:TAG]" ;;
  esac
done
case $tag in
  *[!a-z0-9._:/-]* | :* | *: | *:*:* | *:*/*) refuse "This is no tag of an image." "$tag" "Write NAME:TAG in lower case, such as assay:$version." ;;
  *:*) ;;
  *) tag=$tag:latest ;;
esac
bundle=$home/target/assay-bundle
[ -x "$bundle/bin/assay" ] || refuse "There is no bundle." "$bundle" "Run ./assay bundle first."
[ -z "$base" ] || [ -f "$base" ] || refuse "There is no such base." "$base" "Name a tar of a root file system."
case $(uname -s)-$(uname -m) in
  Linux-x86_64) architecture=amd64 ;;
  Linux-aarch64) architecture=arm64 ;;
  *) refuse "The bundle of this platform does not run in a Linux container." "$(uname -s) $(uname -m)" "Make bundle and image on Linux." ;;
esac
work=$(mktemp -d "${TMPDIR:-/tmp}/assay-image.XXXXXX")
trap 'rm -rf "$work"' EXIT
blobs=$work/image/blobs/sha256
mkdir -p "$blobs" "$work/layer"

if [ -z "$base" ]; then
  command -v mmdebstrap >/dev/null || refuse "There is no base, and no mmdebstrap to make one." "--base" \
    "Install mmdebstrap (Debian and Ubuntu have it), or name the tar of a root file system."
  suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  base=$work/base.tar
  # Essential packages, and apt, so that who builds on the image can add to it; without papers that no container reads.
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
    mmdebstrap --quiet --variant=apt --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      "$suite" "$base" -
fi

# The times of files stay: the archive of classes goes by them.
mkdir -p "$work/layer/usr/local/bin" "$work/layer/work"
chmod 1777 "$work/layer/work" # for users other than root: docker run --user
ln -s /opt/assay/bin/assay "$work/layer/usr/local/bin/assay"
tar -C "$work/layer" --sort=name --owner=0 --group=0 --numeric-owner -cf "$work/top.tar" usr work
tar -C "$home/target" --sort=name --owner=0 --group=0 --numeric-owner --transform='s|^assay-bundle|opt/assay|S' \
  -rf "$work/top.tar" assay-bundle

sum() {
  sha256sum "$1" | cut -d ' ' -f 1
}
# Adds a tar as a layer: sets diffs and layers, lists of what configuration and manifest say of it.
diffs=
layers=
names=
add_layer() {
  case $1 in
    *.gz) gzip -dc "$1" ;;
    *) cat "$1" ;;
  esac >"$work/plain.tar"
  diffs=$diffs${diffs:+,}\"sha256:$(sum "$work/plain.tar")\"
  gzip -6nc "$work/plain.tar" >"$work/layer.gz"
  digest=$(sum "$work/layer.gz")
  layers=$layers${layers:+,}"{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:$digest\",\"size\":$(wc -c <"$work/layer.gz")}"
  names=$names${names:+,}\"blobs/sha256/$digest\"
  mv "$work/layer.gz" "$blobs/$digest"
  rm "$work/plain.tar"
}
# Adds a text as a blob, and prints its digest.
add_text() {
  printf '%s' "$1" >"$work/text"
  text=$(sum "$work/text")
  mv "$work/text" "$blobs/$text"
  echo "$text"
}
add_layer "$base"
add_layer "$work/top.tar"

created=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%dT%H:%M:%SZ)
config=$(add_text "{\"created\":\"$created\",\"architecture\":\"$architecture\",\"os\":\"linux\",\"config\":{\
\"Entrypoint\":[\"/opt/assay/bin/assay\"],\"Cmd\":[\"--help\"],\"WorkingDir\":\"/work\",\
\"Env\":[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\",\"LANG=C.UTF-8\",\
\"NVIDIA_VISIBLE_DEVICES=all\",\"NVIDIA_DRIVER_CAPABILITIES=compute,utility\"],\
\"Labels\":{\"org.opencontainers.image.title\":\"Assay\",\"org.opencontainers.image.version\":\"$version\",\
\"org.opencontainers.image.licenses\":\"Apache-2.0\"}},\
\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[$diffs]},\
\"history\":[{\"created\":\"$created\",\"created_by\":\"base\"},{\"created\":\"$created\",\"created_by\":\"assay bundle\"}]}")
manifest="{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\
\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:$config\",\"size\":$(wc -c <"$blobs/$config")},\
\"layers\":[$layers]}"
digest=$(add_text "$manifest")
printf '{"imageLayoutVersion":"1.0.0"}' >"$work/image/oci-layout"
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"%s","digest":"sha256:%s","size":%s,"platform":{"architecture":"%s","os":"linux"},"annotations":{"org.opencontainers.image.ref.name":"%s","io.containerd.image.name":"%s"}}]}' \
  application/vnd.oci.image.manifest.v1+json "$digest" "$(wc -c <"$blobs/$digest")" "$architecture" "${tag##*:}" "docker.io/library/$tag" \
  >"$work/image/index.json"
# What docker load read before it knew OCI layouts.
printf '[{"Config":"blobs/sha256/%s","RepoTags":["%s"],"Layers":[%s]}]' "$config" "$tag" "$names" >"$work/image/manifest.json"

image=$home/target/assay-image-$architecture.tar
tar -C "$work/image" --sort=name --owner=0 --group=0 --numeric-owner -cf "$image.part" .
mv "$image.part" "$image"
echo "$image: $(($(wc -c <"$image") / 1048576)) MiB, $tag, sha256:$digest"
