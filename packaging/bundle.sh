#!/bin/sh
# Builds target/assay-bundle: Assay with a Java runtime of its own, for machines without Java and without a network, and
# target/assay-bundle-PLATFORM.tar.xz of it (.tar.gz where xz is missing). Only this platform's native libraries go in.
# Usage: ./assay bundle [--gpu-kit], which builds the jar first and runs this with the JDK 25 that it found.
# With --gpu-kit: also the benchmarks, the contract tests and gpu.sh, as target/gpu-kit: everything that is to be checked and
# measured on a machine with an NVIDIA card, carried there in one file.
set -eu
jdk=$1
kit=
name=assay-bundle
modules=java.base,java.logging,java.management,java.naming,java.sql,java.xml,jdk.httpserver,jdk.incubator.vector,jdk.unsupported,java.net.http
case ${2:-} in
  "") ;;
  --gpu-kit)
    kit=1
    name=gpu-kit
    modules=$modules,java.compiler,jdk.management,jdk.zipfs # JMH and JUnit
    ;;
  *)
    printf 'error: bundle takes no such option.\n  %s\n  Use `assay bundle` or `assay bundle --gpu-kit`.\n' "$2" >&2
    exit 2
    ;;
esac
home=$(cd "$(dirname "$0")/.." && pwd)
cd "$home"

case $(uname -s)-$(uname -m) in
  Linux-x86_64) platform=linux-x86_64; jni=Linux/x86_64 ;;
  Linux-aarch64) platform=linux-arm64; jni=Linux/aarch64 ;;
  Darwin-x86_64) platform=macosx-x86_64; jni=Mac/x86_64 ;;
  Darwin-arm64) platform=macosx-arm64; jni=Mac/aarch64 ;;
  *) echo "bundle: no natives are known for $(uname -s) on $(uname -m)" >&2; exit 2 ;;
esac

bundle=$home/target/$name
rm -rf "$bundle"
mkdir -p "$bundle/lib" "$bundle/bin"
work=$(mktemp -d "${TMPDIR:-/tmp}/assay-bundle.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Copies a jar, leaving out entries: a pattern of `find -path` for each further argument, relative to the jar's root.
strip_jar() {
  from=$1
  shift
  rm -rf "$work/jar"
  mkdir "$work/jar"
  (cd "$work/jar" && "$jdk/bin/jar" xf "$from")
  for pattern in "$@"; do
    find "$work/jar" -path "$work/jar/$pattern" -type f -exec rm -f {} +
  done
  # Not the manifest's signature or module descriptor: none of these jars is signed or is on the module path.
  (cd "$work/jar" && "$jdk/bin/jar" cfM "$bundle/lib/$(basename "$from")" .)
}

# Copies of a jar only the files that match one of two patterns.
only_files() {
  rm -rf "$work/jar"
  mkdir "$work/jar"
  (cd "$work/jar" && "$jdk/bin/jar" xf "$1")
  find "$work/jar" -type f ! -path "$2" ! -path "$3" -exec rm -f {} +
  (cd "$work/jar" && "$jdk/bin/jar" cfM "$bundle/lib/$(basename "$1")" .)
}

# Keeps only one directory of a jar's natives.
keep_only() {
  from=$1
  tree=$2
  kept=$3
  rm -rf "$work/kept"
  mkdir "$work/kept"
  (cd "$work/kept" && "$jdk/bin/jar" xf "$from" "$tree/$kept")
  strip_jar "$from" "$tree/*"
  (cd "$work/kept" && "$jdk/bin/jar" ufM "$bundle/lib/$(basename "$from")" .)
}

cp "$home/src/target/assay.jar" "$bundle/lib/"
for jar in "$home"/src/target/lib/*.jar; do
  case $(basename "$jar") in
    jcuda-natives-*"$platform".jar) strip_jar "$jar" "lib/*JNv*" "lib/*JCudaRuntime*" ;;
    jcuda-natives-* | openblas-*windows* | openblas-*macosx*) ;; # other platforms'
    openblas-*"$platform".jar) strip_jar "$jar" "*/include/*" "*/lib/cmake/*" "*.a" "*libjniopenblas*" ;;
    openblas-*) ;;
    sqlite-jdbc-*) keep_only "$jar" org/sqlite/native "$jni" ;;
    jline-native-*) keep_only "$jar" org/jline/nativ "$jni" ;;
    echarts-*) only_files "$jar" "*/echarts.min.js" "*/META-INF/maven/*" ;; # the report inlines one file
    *) cp "$jar" "$bundle/lib/" ;;
  esac
done

# Who wrote what is in it, and under which conditions it may be passed on; and the list of it all for programs (CycloneDX). The
# licences of the Java runtime are in runtime/legal.
mkdir "$work/libraries"
for jar in "$bundle"/lib/*.jar; do
  [ "$(basename "$jar")" = assay.jar ] || cp "$jar" "$work/libraries/"
done
sh packaging/licenses.sh "$work/libraries" "$bundle/licenses" "$jdk"
# What speaks with Spark, for `tune --on`; Spark's own jars are those of SPARK_HOME.
JAVA_HOME=$jdk ./mvnw -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true -pl src/spark package
mkdir "$bundle/lib/spark"
cp src/spark/target/assay-spark.jar "$bundle/lib/spark/"

JAVA_HOME=$jdk ./mvnw -q -B -pl src org.cyclonedx:cyclonedx-maven-plugin:makeBom
cp src/target/bom.json "$bundle/sbom.cdx.json"

"$jdk/bin/jlink" --output "$bundle/runtime" --strip-debug --no-header-files --no-man-pages --compress zip-0 \
  --generate-cds-archive --vm server \
  --add-modules "$modules"
[ -f "$bundle/runtime/legal/java.base/LICENSE" ] || {
  echo "bundle: the runtime carries no licences" >&2
  exit 1
}

cat >"$bundle/bin/assay" <<'END'
#!/bin/sh
# Runs Assay on the Java runtime beside it. ASSAY_JAVA_OPTIONS: words for the JVM, such as -Xmx8g.
set -u
here=$0
while [ -h "$here" ]; do
  link=$(readlink "$here")
  case $link in
    /*) here=$link ;;
    *) here=$(dirname "$here")/$link ;;
  esac
done
case $here in
  */*) home=$(cd "${here%/*}/.." && pwd) ;;
  *) home=$(cd .. && pwd) ;;
esac
. "$home/packaging/launch.sh"
use_utf8
answer_help "$@"

main=dev.assay.cli.Main
kind_of "$@"
if [ "${1:-}" = bench ]; then
  if [ ! -f "$home/lib/assay-benchmarks.jar" ]; then
    echo "assay: the bundle has no benchmarks; they need the sources and a JDK, or the kit of assay bundle --gpu-kit." >&2
    exit 2
  fi
  main=dev.assay.bench.Main
  shift
fi
asked=$home
jdk=$home/runtime
if ! recall "$home/packaging/known-$kind" "$home/lib"; then
  begin_lookup
  # shellcheck disable=SC2046
  class_path $(jars_in lib)
  find_classes "$jars" "$home/lib" runtime
  keep_lookup
fi
tune_for
check_extra
# shellcheck disable=SC2086
exec "$home/runtime/bin/java" $vector $options $tuned ${archive:+"$archive"} $logging \
  -Dassay.home="$home" ${ASSAY_JAVA_OPTIONS:-} -cp "$classpath${ASSAY_CLASSPATH:+:$ASSAY_CLASSPATH}" "$main" "$@"
END
chmod +x "$bundle/bin/assay"
mkdir "$bundle/packaging"
cp packaging/launch.sh packaging/classes.yaml packaging/training.yaml "$bundle/packaging/"
cp -R packaging/help "$bundle/packaging/"
rm "$bundle/packaging/help/bundle.txt" # a bundle makes no bundles
cp LICENSE README.md CHANGELOG.md "$bundle/"
if [ -z "$kit" ]; then
  # As they are committed, or without version control as they lie there: no studies that somebody ran beside them.
  for directory in docs examples; do
    if ! git ls-files -z --cached --others --exclude-standard "$directory" 2>/dev/null >"$work/listed" || [ ! -s "$work/listed" ]; then
      find "$directory" -type f -print0 >"$work/listed"
    fi
    # shellcheck disable=SC2016
    xargs -0 sh -c 'for file; do mkdir -p "$0/$(dirname "$file")" && cp -p "$file" "$0/$file"; done' "$bundle" <"$work/listed"
  done
fi

# The benchmarks and the tests of the device back ends, with what they need beyond the product's libraries.
if [ -n "$kit" ]; then
  JAVA_HOME=$jdk ./mvnw -q -B -Pquick -pl src,benchmarks package
  JAVA_HOME=$jdk ./mvnw -q -B -Pquick -Dmaven.test.skip=false -pl src test-compile dependency:copy-dependencies \
    -DincludeScope=test -DoutputDirectory="$work/test-libraries"
  version=$(basename "$work"/test-libraries/junit-jupiter-api-*.jar .jar)
  JAVA_HOME=$jdk ./mvnw -q -B -pl src dependency:copy -DoutputDirectory="$bundle/test" \
    -Dartifact=org.junit.platform:junit-platform-console-standalone:"${version##*-}"
  for jar in benchmarks/target/assay-benchmarks.jar benchmarks/target/lib/*.jar; do
    [ -f "$bundle/lib/$(basename "$jar")" ] || [ -f "src/target/lib/$(basename "$jar")" ] || cp "$jar" "$bundle/lib/"
  done
  for jar in "$work"/test-libraries/*.jar; do
    case $(basename "$jar") in
      junit-* | apiguardian-* | opentest4j-*) ;; # in the console's jar
      archunit* | axe-core-* | json-schema-validator-* | itu-* | byte-buddy-*) ;; # what tests of other parts need
      *) [ -f "src/target/lib/$(basename "$jar")" ] || [ -f "$bundle/lib/$(basename "$jar")" ] || cp "$jar" "$bundle/test/" ;;
    esac
  done
  (cd src/target/test-classes && "$jdk/bin/jar" cfM "$bundle/test/assay-tests.jar" .)
  mkdir "$bundle/peers"
  cp benchmarks/peers/*.py benchmarks/peers/*.sh benchmarks/peers/*.md "$bundle/peers/"
fi

# First calls make the archives of classes. A kit is used once, and needs none.
if [ -z "$kit" ]; then
  { "$bundle/bin/assay" --version && "$bundle/bin/assay" list --names && "$bundle/bin/assay" tune --version; } >"$work/log" 2>&1 || true
  [ "$(find "$bundle/lib" -name 'assay-*.jsa' -size +0 -print | wc -l)" -eq 3 ] || {
    cat "$work/log" >&2
    echo "bundle: there is no archive of classes, without which commands start slower." >&2
    exit 1
  }
fi

# Without the archive of classes, a good tenth of the size: where it is unpacked, the first call makes it.
archive=$home/target/$name-$platform.tar
rm -f "$archive".*
if command -v xz >/dev/null; then
  tar -C "$home/target" --exclude="assay-*.jsa" --exclude="known-*" -cf - "$name" | xz -6 -T2 >"$archive.xz"
  archive=$archive.xz
else
  tar -C "$home/target" --exclude="assay-*.jsa" --exclude="known-*" -cf - "$name" | gzip -9 >"$archive.gz"
  archive=$archive.gz
fi
size=$(wc -c <"$archive")
echo "$bundle"
echo "$archive: $((size / 1048576)) MiB"
if [ -z "$kit" ] && [ "$size" -gt 52428800 ]; then
  echo "bundle: larger than 50 MiB" >&2
  exit 1
fi
