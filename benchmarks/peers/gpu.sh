#!/bin/sh
# All that needs an NVIDIA card, in one call: doctor's self-checks, the contract tests on the device, the benchmarks of the
# Gaussian process, and the same by BoTorch, GPyTorch and PyTorch; one JSON file each, and a log.
# Usage: benchmarks/peers/gpu.sh [--quick] DIRECTORY
# In a checkout it builds what it needs; in the kit of `assay bundle --gpu-kit` it is peers/gpu.sh and needs neither Java nor
# a network.
set -u
quick=
if [ "${1:-}" = --quick ]; then
  quick=--quick
  shift
fi
out=${1:?"usage: gpu.sh [--quick] DIRECTORY"}
mkdir -p "$out"
out=$(cd "$out" && pwd)
peers=$(cd "$(dirname "$0")" && pwd)
if [ -x "$peers/../runtime/bin/java" ]; then
  home=$(cd "$peers/.." && pwd)
  assay=bin/assay
else
  home=$(cd "$peers/../.." && pwd)
  assay=./assay
fi
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

tests="dev.assay.device.cuda.DeviceGpEngineTest dev.assay.device.cuda.DeviceTrainEngineTest"
contract() {
  if [ -d "$home/test" ]; then
    # shellcheck disable=SC2046
    runtime/bin/java --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
      -jar test/junit-platform-console-standalone-*.jar execute --disable-banner --details=summary --fail-if-no-tests \
      -cp "$(echo lib/*.jar test/*.jar | tr ' ' ':')" $(printf ' -c %s' $tests)
  else
    ./mvnw -B -q -pl src -Djacoco.skip=true -Dtest="$(echo "$tests" | tr ' ' ',')" -Dsurefire.failIfNoSpecifiedTests=false test
  fi
}
doctor() { $assay doctor --backend cuda --json >"$out/doctor.json"; }
bench() { $assay bench gp --backend cuda $quick --out "$out/bench"; }
processor() { $assay bench gp --backend cpu --quick --out "$out/bench-cpu"; }
peers() { python3 "$peers/gp_peers.py" $quick --out "$out/peers.json"; }

rm -f "$out/steps.json"
step doctor doctor
step contract contract
step bench bench
step processor processor
step peers peers
exit $status
