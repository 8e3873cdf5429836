#!/bin/sh
# Unpacks target/assay-image-ARCHITECTURE.tar as a container engine does, and runs assay in it: doctor, and a study with its report, as
# a user other than root, in namespaces of their own without a network. Needs umoci, unshare and root; no container engine.
# Usage: packaging/image-test.sh IMAGE.tar [TAG]
set -eu
image=$1
tag=${2:-$(tar -xOf "$image" ./index.json | sed 's/.*ref.name":"\([^"]*\)".*/\1/')}
work=$(mktemp -d "${TMPDIR:-/tmp}/assay-image-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/image"
tar -C "$work/image" -xf "$image"
umoci unpack --image "$work/image:$tag" "$work/container"
root=$work/container/rootfs
rm -rf "$work/image"
cat >"$root/run-test.sh" <<'IN'
set -eu
mount -t proc proc /proc
mount -t tmpfs tmpfs /dev
mknod -m 666 /dev/null c 1 3
mknod -m 666 /dev/urandom c 1 9
mknod -m 666 /dev/random c 1 8
cd /work
cat >/tmp/study.yaml <<'STUDY'
name: in-a-container
objective: {function: branin}
minimize: value
budget: {trials: 30}
seed: 1
STUDY
chmod 644 /tmp/study.yaml
as_nobody() {
  chroot --userspec=65534:65534 --skip-chdir / "$@"
}
as_nobody assay --version
as_nobody assay doctor
as_nobody assay tune /tmp/study.yaml --quiet
as_nobody assay best in-a-container
[ -s "$(find results -name report.html)" ]
IN
# The environment is the one that the configuration of the image says.
unshare --mount --pid --ipc --net --uts --fork --kill-child chroot "$root" /usr/bin/env -i \
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 /bin/sh /run-test.sh
echo "the image works"
