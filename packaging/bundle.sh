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
home=$(cd "$(dirname "$here")/.." && pwd)
# In the locale C, Java reads and writes the names of files and arguments as ASCII: one with UTF-8 in its place, where there is one.
case $(locale charmap 2>/dev/null) in
  ANSI_X3.4-1968 | US-ASCII)
    for utf8 in C.UTF-8 C.utf8 en_US.UTF-8 en_US.utf8; do
      if [ "$(LC_ALL=$utf8 locale charmap 2>/dev/null)" = UTF-8 ]; then
        if [ -n "${LC_ALL:-}" ]; then
          export LC_ALL=$utf8
        else
          export LC_CTYPE=$utf8
        fi
        break
      fi
    done
    ;;
esac

# Only what calculates needs the vector module, whose use the JVM announces on stderr.
vector=
main=dev.assay.cli.Main
case ${1:-} in
  tune | try | compare | serve | doctor | refit | predict) vector=--add-modules=jdk.incubator.vector ;;
  bench)
    if [ ! -f "$home/lib/assay-benchmarks.jar" ]; then
      echo "assay: the bundle has no benchmarks; they need the sources and a JDK, or the kit of assay bundle --gpu-kit." >&2
      exit 2
    fi
    vector=--add-modules=jdk.incubator.vector
    main=dev.assay.bench.Main
    shift
    ;;
esac
# The classes that most commands use, as the JVM keeps them: they fit only where the jars stand in the order of the build, and
# have their times, which tar and cp -p keep. Where they do not fit, all goes on without.
archive=
[ ! -f "$home/lib/assay.jsa" ] || archive=-XX:SharedArchiveFile=$home/lib/assay.jsa
classpath=
for jar in @JARS@; do
  classpath=$classpath${classpath:+:}$home/lib/$jar
done
# Samplers and pruners of others (docs/research.md), in the JVM's notation.
extra=${ASSAY_CLASSPATH:-}
saved=$IFS
IFS=:
set -f
for entry in $extra; do
  if [ -n "$entry" ] && [ ! -e "${entry%/\*}" ]; then
    printf 'error: There is no such jar or directory.\n  %s (ASSAY_CLASSPATH)\n  Mend the path, or unset ASSAY_CLASSPATH.\n' "$entry" >&2
    exit 2
  fi
done
set +f
IFS=$saved
# shellcheck disable=SC2086
exec "$home/runtime/bin/java" $vector --enable-native-access=ALL-UNNAMED -XX:+UseParallelGC '-Xlog:cds*=off' '-Xlog:aot*=off' \
  ${archive:+"$archive"} -Dassay.home="$home" -Dlogback.configurationFile=dev/assay/cli/logback.xml ${ASSAY_JAVA_OPTIONS:-} \
  -cp "$classpath${extra:+:$extra}" "$main" "$@"
END
chmod +x "$bundle/bin/assay"
cp LICENSE README.md "$bundle/"

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

sed -i.bak "s|@JARS@|$(cd "$bundle/lib" && echo *.jar)|" "$bundle/bin/assay"
rm "$bundle/bin/assay.bak"
# As the launcher of the checkout does after a build. A kit is used once: there it would only be carried.
if [ -z "$kit" ]; then
  ASSAY_STUDIES=$work/studies ASSAY_JAVA_OPTIONS="-XX:ArchiveClassesAtExit=$work/assay.jsa" "$bundle/bin/assay" \
    tune packaging/classes.yaml --quiet </dev/null >"$work/log" 2>&1 || rm -f "$work/assay.jsa"
  if [ -s "$work/assay.jsa" ]; then
    mv "$work/assay.jsa" "$bundle/lib/"
  else
    echo "bundle: without an archive of classes, commands start slower:" >&2
    tail -n 3 "$work/log" >&2
  fi
fi

archive=$home/target/$name-$platform.tar
rm -f "$archive".*
if command -v xz >/dev/null; then
  tar -C "$home/target" -cf - "$name" | xz -6 -T2 >"$archive.xz"
  archive=$archive.xz
else
  tar -C "$home/target" -cf - "$name" | gzip -9 >"$archive.gz"
  archive=$archive.gz
fi
size=$(wc -c <"$archive")
echo "$bundle"
echo "$archive: $((size / 1048576)) MiB"
if [ -z "$kit" ] && [ "$size" -gt 52428800 ]; then
  echo "bundle: larger than 50 MiB" >&2
  exit 1
fi
