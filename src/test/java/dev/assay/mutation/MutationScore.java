package dev.assay.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.run.Provenance;
import dev.assay.study.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Changes the code of what searches and prunes, one place at a time, and runs the tests of these
/// packages that reach that place: some should fail. A sample of all changes, by seed, so that it
/// ends within an hour.
///
/// System properties: `assay.mutation.sample` (how many changes; 200), `assay.mutation.seed`,
/// `assay.mutation.packages` (of what is changed, separated by commas; [#PACKAGES], of which all
/// tests are run), `assay.mutation.processes` (2), `assay.mutation.out` (a file for the scores,
/// JSON).
class MutationScore {
  /// What is changed, in these packages of `dev.assay` and of `dev.assay.internal`. Packages below
  /// them are part of them.
  private static final List<String> PACKAGES =
      List.of("surrogate", "sampler", "pruner", "gp", "pareto", "acquisition", "statistics");

  private static final List<String> ROOTS = List.of("dev.assay.", "dev.assay.internal.");

  /// Verdicts are there to be read while others are still to come.
  private final Path directory = Path.of("target/mutation").toAbsolutePath();

  private static String setting(String name, String otherwise) {
    return System.getProperty("assay.mutation." + name, otherwise);
  }

  private static Path classes() throws Exception {
    return Path.of(Study.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  /// All changes of all classes, in an order that the seed decides.
  private static List<Mutant> drawn(List<String> packages) throws Exception {
    var all = new ArrayList<Mutant>();
    for (var name : named(packages)) {
      var root = classes().resolve(name.replace('.', '/'));
      if (Files.isDirectory(root)) {
        try (var files = Files.walk(root)) {
          for (var file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
            all.addAll(Mutants.of(Files.readAllBytes(file)));
          }
        }
      }
    }
    Collections.shuffle(all, new Random(Long.parseLong(setting("seed", "1"))));
    System.out.printf("%d changes can be made.%n", all.size());
    int sample = Integer.parseInt(setting("sample", "200"));
    return all.subList(0, Math.min(sample, all.size()));
  }

  private Path agent() throws IOException {
    var manifest = new Manifest();
    var main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(new Attributes.Name("Premain-Class"), MutantRun.class.getName());
    main.put(new Attributes.Name("Can-Redefine-Classes"), "true");
    var file = directory.resolve("agent.jar");
    new JarOutputStream(Files.newOutputStream(file), manifest).close();
    return file;
  }

  private int process(Path agent, String probed, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx2g", "-XX:+UseSerialGC", "-XX:-OmitStackTraceInFastThrow"));
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-javaagent:" + agent + "=" + probed);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(MutantRun.class.getName());
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command)
            .redirectOutput(
                probed.isEmpty()
                    ? ProcessBuilder.Redirect.DISCARD
                    : ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor();
    } finally {
      process.destroyForcibly();
    }
  }

  /// The verdicts over some changes. A process that ends over a change has caught it.
  private Map<Mutant, String> judged(Path agent, Path reach, int part, List<Mutant> mutants)
      throws Exception {
    var verdicts = new LinkedHashMap<Mutant, String>();
    var left = directory.resolve("mutants-" + part);
    for (int run = 0; verdicts.size() < mutants.size(); run++) {
      var said = directory.resolve("verdicts-" + part + "-" + run);
      Files.write(
          left,
          mutants.stream().filter(m -> !verdicts.containsKey(m)).map(Mutant::written).toList());
      Files.deleteIfExists(said);
      process(agent, "", "judge", reach.toString(), left.toString(), said.toString());
      int before = verdicts.size();
      for (var line : Files.exists(said) ? Files.readAllLines(said) : List.<String>of()) {
        int tab = line.indexOf('\t');
        verdicts.put(Mutant.read(line.substring(tab + 1)), line.substring(0, tab));
      }
      verdicts.replaceAll(
          (_, verdict) -> verdict.equals(MutantRun.STARTED) ? MutantRun.CAUGHT : verdict);
      assertThat(verdicts.size()).as("changes that were judged").isGreaterThan(before);
    }
    return verdicts;
  }

  @Test
  void changesAreNoticed() throws Exception {
    var packages = List.of(setting("packages", String.join(",", PACKAGES)).split(","));
    var mutants = drawn(packages);
    Files.createDirectories(directory);
    var agent = agent();
    var reach = directory.resolve("reach");
    var named = String.join(",", named(packages));
    assertThat(process(agent, named, "reach", reach.toString(), String.join(",", named(PACKAGES))))
        .as("the run that sees which tests reach what")
        .isZero();
    int processes = Integer.parseInt(setting("processes", "2"));
    var verdicts = new TreeMap<String, Map<Mutant, String>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var parts = new ArrayList<Future<Map<Mutant, String>>>();
      for (int p = 0; p < processes; p++) {
        int part = p;
        var share = new ArrayList<Mutant>();
        for (int i = p; i < mutants.size(); i += processes) {
          share.add(mutants.get(i));
        }
        parts.add(threads.submit(() -> judged(agent, reach, part, share)));
      }
      for (var part : parts) {
        for (var entry : part.get().entrySet()) {
          verdicts
              .computeIfAbsent(packageOf(entry.getKey(), packages), _ -> new LinkedHashMap<>())
              .put(entry.getKey(), entry.getValue());
        }
      }
    }
    var measurements = new ArrayList<Map<String, @Nullable Object>>();
    verdicts.forEach((name, of) -> measurements.add(measured(name, of)));
    var all = new LinkedHashMap<Mutant, String>();
    verdicts.values().forEach(all::putAll);
    measurements.add(measured("all", all));
    write(measurements);
    assertThat(all).isNotEmpty();
  }

  private static List<String> named(List<String> packages) {
    return packages.stream().flatMap(name -> ROOTS.stream().map(root -> root + name)).toList();
  }

  private static String packageOf(Mutant mutant, List<String> packages) {
    return packages.stream()
        .filter(
            name -> ROOTS.stream().anyMatch(root -> mutant.type().startsWith(root + name + ".")))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, @Nullable Object> measured(String name, Map<Mutant, String> verdicts) {
    var counts = new TreeMap<String, Integer>();
    verdicts.values().forEach(verdict -> counts.merge(verdict, 1, Integer::sum));
    int caught = counts.getOrDefault(MutantRun.CAUGHT, 0);
    int judged = verdicts.size() - counts.getOrDefault(MutantRun.INVALID, 0);
    double score = judged == 0 ? Double.NaN : 100.0 * caught / judged;
    System.out.printf("%-12s %5.1f %% of %d changes are noticed %s%n", name, score, judged, counts);
    if (!name.equals("all")) {
      verdicts.forEach((mutant, verdict) -> {
        if (verdict.equals(MutantRun.SURVIVED) || verdict.equals(MutantRun.UNREACHED)) {
          System.out.println("  " + verdict + " " + mutant);
        }
      });
    }
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("seed", setting("seed", "1"));
    parameters.put("changes", Integer.toString(judged));
    parameters.put("noticed", Integer.toString(caught));
    parameters.put(
        "reached by no test", Integer.toString(counts.getOrDefault(MutantRun.UNREACHED, 0)));
    var measurement = new LinkedHashMap<String, @Nullable Object>();
    measurement.put("benchmark", "mutation." + name);
    measurement.put("parameters", parameters);
    measurement.put("score", score);
    measurement.put("error", null);
    measurement.put("unit", "%");
    measurement.put("p50", score);
    measurement.put("p99", score);
    measurement.put("bytesPerOperation", null);
    measurement.put("peer", null);
    return measurement;
  }

  private static void write(List<Map<String, @Nullable Object>> measurements) throws IOException {
    var out = System.getProperty("assay.mutation.out");
    if (out == null) {
      return;
    }
    var provenance = Provenance.now();
    provenance.put("quick", false);
    provenance.put(
        "command",
        "mvnw -pl src test-compile surefire:test@default-test -Dtest=MutationScore"
            + " -Dassay.mutation.sample="
            + setting("sample", "200")
            + " -Dassay.mutation.seed="
            + setting("seed", "1")
            + " -Dassay.mutation.packages="
            + setting("packages", String.join(",", PACKAGES)));
    var file = new LinkedHashMap<String, @Nullable Object>();
    file.put("format", 1);
    file.put("provenance", provenance);
    file.put("measurements", measurements);
    Files.writeString(
        Path.of(out),
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(file) + "\n");
  }
}
