#!/bin/sh
# All that needs an NVIDIA card, in one call: doctor's self-checks, the contract tests on the device, the benchmarks of the
# Gaussian process, and the same by BoTorch, GPyTorch and PyTorch; one JSON file each, and a log.
# Usage: benchmarks/peers/gpu.sh [--quick] DIRECTORY
set -u
quick=
if [ "${1:-}" = --quick ]; then
  quick=--quick
  shift
fi
out=${1:?"usage: gpu.sh [--quick] DIRECTORY"}
mkdir -p "$out"
out=$(cd "$out" && pwd)
home=$(cd "$(dirname "$0")/../.." && pwd)
cd "$home"
status=0

step() {
  name=$1
  shift
  echo "gpu.sh: $name" >&2
  if "$@" >"$out/$name.log" 2>&1; then
    echo "{\"step\": \"$name\", \"passed\": true}" >>"$out/steps.json"
  else
    echo "{\"step\": \"$name\", \"passed\": false}" >>"$out/steps.json"
    echo "gpu.sh: $name failed, see $out/$name.log" >&2
    status=1
  fi
}

doctor() { ./assay doctor --backend cuda --json >"$out/doctor.json"; }
contract() { ./mvnw -B -q -pl src -Djacoco.skip=true -Dtest='DeviceGpEngineTest' -Dsurefire.failIfNoSpecifiedTests=false test; }
bench() { ./assay bench gp --backend cuda $quick --out "$out/bench"; }
processor() { ./assay bench gp --backend cpu --quick --out "$out/bench-cpu"; }
peers() { python3 benchmarks/peers/gp_peers.py $quick --out "$out/peers.json"; }

rm -f "$out/steps.json"
step doctor doctor
step contract contract
step bench bench
step processor processor
step peers peers
exit $status
