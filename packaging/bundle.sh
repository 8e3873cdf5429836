#!/bin/sh
# Builds target/assay-bundle: Assay with a Java runtime of its own, for machines without Java and without a network, and
# target/assay-bundle-PLATFORM.tar.xz of it (.tar.gz where xz is missing). Only this platform's native libraries go in.
# Usage: ./assay bundle, which builds the jar first and runs this with the JDK 25 that it found.
set -eu
jdk=$1
home=$(cd "$(dirname "$0")/.." && pwd)
cd "$home"

case $(uname -s)-$(uname -m) in
  Linux-x86_64) platform=linux-x86_64; jni=Linux/x86_64 ;;
  Linux-aarch64) platform=linux-arm64; jni=Linux/aarch64 ;;
  Darwin-x86_64) platform=macosx-x86_64; jni=Mac/x86_64 ;;
  Darwin-arm64) platform=macosx-arm64; jni=Mac/aarch64 ;;
  *) echo "bundle: no natives are known for $(uname -s) on $(uname -m)" >&2; exit 2 ;;
esac

bundle=$home/target/assay-bundle
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

"$jdk/bin/jlink" --output "$bundle/runtime" --strip-debug --no-header-files --no-man-pages --compress zip-0 \
  --generate-cds-archive --vm server \
  --add-modules java.base,java.logging,java.management,java.naming,java.sql,java.xml,jdk.httpserver,jdk.incubator.vector,jdk.unsupported,java.net.http

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
home=$(cd "$(dirname "$here")/.." && pwd)
# Only what calculates needs the vector module, whose use the JVM announces on stderr.
vector=
case ${1:-} in
  tune | try | compare | serve | doctor | refit | predict) vector=--add-modules=jdk.incubator.vector ;;
  bench)
    echo "assay: the bundle has no benchmarks; they need the sources and a JDK." >&2
    exit 2
    ;;
esac
# shellcheck disable=SC2086
exec "$home/runtime/bin/java" $vector --enable-native-access=ALL-UNNAMED -XX:+UseParallelGC \
  -Dassay.home="$home" -Dlogback.configurationFile=dev/assay/cli/logback.xml ${ASSAY_JAVA_OPTIONS:-} \
  -cp "$home/lib/*" dev.assay.cli.Main "$@"
END
chmod +x "$bundle/bin/assay"
cp LICENSE README.md "$bundle/"

archive=$home/target/assay-bundle-$platform.tar
rm -f "$archive".*
if command -v xz >/dev/null; then
  tar -C "$home/target" -cf - assay-bundle | xz -6 -T2 >"$archive.xz"
  archive=$archive.xz
else
  tar -C "$home/target" -cf - assay-bundle | gzip -9 >"$archive.gz"
  archive=$archive.gz
fi
size=$(wc -c <"$archive")
echo "$bundle"
echo "$archive: $((size / 1048576)) MiB"
if [ "$size" -gt 52428800 ]; then
  echo "bundle: larger than 50 MiB" >&2
  exit 1
fi
