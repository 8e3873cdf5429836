#!/bin/sh
# All that needs an NVIDIA card, in one call of ten minutes at most, in the order of worth: doctor's self-checks and load times;
# fused training beside PyTorch and JAX; what the card reaches at all; refits and suggestions beside BoTorch; many candidates,
# factors and covariances beside GPyTorch and PyTorch; the contract tests on the device; how long each kernel takes; whether
# memory is kept; compute-sanitizer where it is installed. Nothing here is measured on the processor.
# Usage: benchmarks/peers/gpu.sh [--quick] [--minutes N] [--step NAME] DIRECTORY
# Each step has a limit, its share of what is left of the time, and leaves DIRECTORY/NAME.log; DIRECTORY/steps.json says how it
# went, and whatever happens the rest goes on. At the end all figures stand in one file,
# DIRECTORY/results/DEVICE/DATE-COMMIT-gpu.json, with .md and .html.
# --minutes: for all steps together. --step: only that one, without a limit. ASSAY_PYTHON names another Python than python3.
# In a checkout it builds what it needs; in the kit of `assay bundle --gpu-kit` it is peers/gpu.sh and needs neither Java nor
# a network. On the stand-in driver it shows that all of it runs: kernels/README.md.
set -u
quick=
minutes=10
only=
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=--quick ;;
    --minutes | --step)
      [ $# -ge 2 ] || set -- "$1" ""
      if [ "$1" = --step ]; then only=$2; else minutes=$2; fi
      shift
      ;;
    -*)
      echo "gpu.sh: no such option: $1" >&2
      exit 2
      ;;
    *) break ;;
  esac
  shift
done
case $minutes in
  "" | *[!0-9]* | 0)
    echo "gpu.sh: --minutes takes a whole number from 1" >&2
    exit 2
    ;;
esac
if [ $# -ne 1 ]; then
  echo "usage: gpu.sh [--quick] [--minutes N] [--step NAME] DIRECTORY" >&2
  exit 2
fi
mkdir -p "$1" || exit 2
out=$(cd "$1" && pwd)
peers=$(cd "$(dirname "$0")" && pwd)
if [ -x "$peers/../runtime/bin/java" ]; then
  home=$(cd "$peers/.." && pwd)
  assay=bin/assay
else
  home=$(cd "$peers/../.." && pwd)
  assay=./assay
fi
cd "$home" || exit 2
python=${ASSAY_PYTHON:-python3}

# 64-128-10 with batches of 128, a thousand at once, and as many of eight widths: everybody on the same rows.
configurations=1000
each=125
epochs=5
repeats=5
suggests=1000
largest=100
widest=20
if [ -n "$quick" ]; then
  configurations=16
  each=2
  epochs=2
  repeats=1
  suggests=400
  largest=10
  widest=4
fi

tests="dev.assay.device.cuda.DeviceGpEngineTest dev.assay.device.cuda.DeviceTrainEngineTest"

# In the kit. $@: what stands before the command, such as a sanitizer.
console() {
  # shellcheck disable=SC2046
  "$@" runtime/bin/java --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    -jar test/junit-platform-console-standalone-*.jar execute --disable-banner --details=summary --fail-if-no-tests \
    -cp "$(echo lib/*.jar test/*.jar | tr ' ' ':')" $(printf ' -c %s' $tests)
}

contract() {
  if [ ! -d "$home/test" ]; then
    ./mvnw -B -q -pl src -Dtest="$(echo "$tests" | tr ' ' ',')" -Dsurefire.failIfNoSpecifiedTests=false test
    return
  fi
  said=$(console env)
  failed=$?
  echo "$said"
  if [ $failed -eq 0 ] && ! echo "$said" | grep -q '[1-9][0-9]* tests successful'; then
    echo "no test ran: there is no card here" >&2
    return 1
  fi
  return $failed
}

# The contract of the Gaussian process, with every access to the device's memory checked, or every pair of accesses to
# shared memory. They take long, and come into the results also where they are cut off.
sanitizer() {
  tool=$(command -v compute-sanitizer || echo /usr/local/cuda/bin/compute-sanitizer)
  if [ ! -x "$tool" ] || [ ! -d "$home/test" ]; then
    echo "left out: compute-sanitizer is not installed, or this is not the kit" >&2
    return 3
  fi
  tests=dev.assay.device.cuda.DeviceGpEngineTest
  console "$tool" --tool "$1" --error-exitcode 9
}

training() {
  $assay bench training device --backend "$1" --configurations "$2" --epochs "$3" --repeats "$4" --rows "$out/rows.csv" \
    --out "$out/bench"
}

train() {
  "$python" "$peers/train.py" --device cuda --data "$out/rows.csv" --batch 128 --epochs $epochs --repeats $repeats "$@"
}

gp() {
  $assay bench gp --backend cuda $quick --only "$1" --out "$out/bench"
}

gp_peers() {
  "$python" "$peers/gp_peers.py" $quick --only "$2" --out "$out/$1.json"
}

do_step() {
  case $1 in
    doctor) $assay doctor --backend cuda --json >"$out/doctor.json" ;;
    contract) contract ;;
    ceilings) gp_peers "$1" ceilings ;;
    refits) gp refitAndSuggest,fullRefitAndSuggest,suggestFromManyStarts ;;
    refits-peers) gp_peers "$1" botorch ;;
    candidates) gp bestOfManyCandidates,manyCandidates ;;
    candidates-peers) gp_peers "$1" gpytorch,torch ;;
    kernels) gp operations ;;
    memcheck | racecheck) sanitizer "$1" ;;
    training) training cuda $configurations $epochs $repeats ;;
    training-peers)
      train --hidden 128 --configurations $configurations --tools pytorch-vmap,jax-vmap,jax-vmap-tf32,pytorch-eager \
        --out "$out/training-peers.json"
      ;;
    training-widths-peers)
      train --widths 32,48,64,80,96,112,128,144 --configurations $each --tools pytorch-vmap,jax-vmap,jax-vmap-tf32 \
        --out "$out/training-widths-peers.json"
      ;;
    leaks) $assay bench leaks --backend cuda --suggests $suggests --largest $largest --widest $widest --out "$out/bench" ;;
    gather) $assay bench gather $quick "$out" --out "$out/results" ;;
    *)
      echo "gpu.sh: there is no step $1" >&2
      return 2
      ;;
  esac
}

if [ -n "$only" ]; then
  do_step "$only"
  exit
fi

status=0
running=
# 20 seconds of the time are for the last step, which makes one file of all.
deadline=$(($(date +%s) + 60 * minutes - 20))
trap '[ -z "$running" ] || kill "$running" 2>/dev/null; exit 130' INT TERM

limited() {
  if command -v timeout >/dev/null; then
    timeout -k 5 "$@"
  else
    shift
    "$@"
  fi
}

# A step of its own process: at its limit it is ended with all that it started. What a step leaves of its share goes to those
# after it.
step() {
  name=$1
  now=$(date +%s)
  limit=0
  [ "$deadline" -le "$now" ] || limit=$(((deadline - now) * $2 / shares))
  shares=$((shares - $2))
  began=$(date +%s)
  if [ "$limit" -lt 5 ]; then
    outcome="left out: no time"
    limit=0
  else
    echo "gpu.sh: $name" >&2
    limited "$limit" "$peers/gpu.sh" $quick --step "$name" "$out" >"$out/$name.log" 2>&1 &
    running=$!
    wait $running
    case $? in
      0) outcome=passed ;;
      3) outcome="not installed" ;;
      124 | 137) outcome="timed out" ;;
      *) outcome=failed ;;
    esac
    running=
  fi
  printf '{"step": "%s", "outcome": "%s", "seconds": %d, "limit": %d}\n' \
    "$name" "$outcome" $(($(date +%s) - began)) "$limit" >>"$out/steps.json"
  case $outcome in
    passed) ;;
    "not installed") echo "gpu.sh: $name: $(tail -n 1 "$out/$name.log")" >&2 ;;
    *)
      echo "gpu.sh: $name: $outcome, see $out/$name.log" >&2
      status=1
      ;;
  esac
}

if [ -e "$out/steps.json" ]; then
  echo "gpu.sh: $out has an earlier run's files; name another directory" >&2
  exit 2
fi
# Shares are seconds of ten minutes.
all='doctor:90 training:60 training-peers:70 training-widths-peers:40 ceilings:20 refits:70 refits-peers:60 candidates:40
  candidates-peers:40 contract:40 kernels:15 leaks:15 memcheck:12 racecheck:8'
shares=0
for each in $all; do
  shares=$((shares + ${each#*:}))
done
for each in $all; do
  step "${each%:*}" "${each#*:}"
done
deadline=$(($(date +%s) + 20))
shares=20
step gather 20
cat "$out/gather.log"
exit $status
