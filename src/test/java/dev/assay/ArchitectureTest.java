package dev.assay;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which package may use which. Every package may use itself and `problem`, and what its entry
/// names; what is not in the table is not a package of Assay.
class ArchitectureTest {
  private static final int MOST_LINES = 400;
  private static final List<String> SOURCES = List.of(".java", ".cu", ".cuh", ".h", ".c");

  private static final Map<String, Set<String>> MAY_USE = new TreeMap<>();

  static {
    put("problem");
    put("random");
    put("settings");
    put("space", "random");
    put("pareto");
    put("statistics");
    put("trial", "pareto", "settings", "random", "space");
    put("storage", "space", "trial");
    put("storage.sql", "files", "process", "space", "storage", "trial");
    put("study.desk", "random", "space", "storage", "study.free", "trial");
    put("study.free", "random", "space", "trial");
    put("study.opening", "space", "storage", "trial");
    put(
        "study",
        "statistics",
        "random",
        "space",
        "storage",
        "study.desk",
        "study.free",
        "study.opening",
        "trial");
    put("linalg", "process");
    put("gp", "linalg");
    put("acquisition", "pareto", "gp", "linalg");
    put("engine", "gp", "acquisition", "linalg", "random");
    put("surrogate", "pareto", "engine", "gp", "acquisition", "linalg", "random");
    put("sampler.prior", "space", "acquisition");
    put("sampler.seen", "sampler.prior", "space", "trial");
    put("sampler.simple", "settings", "sampler.prior", "sampler.seen", "space", "random", "trial");
    put("sampler.halving", "settings", "sampler.prior", "space", "random", "trial");
    put(
        "sampler.population",
        "settings",
        "sampler.prior",
        "sampler.seen",
        "space",
        "random",
        "trial");
    put(
        "sampler.curves",
        "settings",
        "sampler.prior",
        "sampler.seen",
        "space",
        "random",
        "acquisition",
        "linalg",
        "trial");
    put(
        "sampler.genetic",
        "pareto",
        "settings",
        "sampler.prior",
        "sampler.seen",
        "space",
        "random",
        "trial");
    put(
        "sampler.tpe",
        "pareto",
        "settings",
        "sampler.prior",
        "sampler.seen",
        "space",
        "random",
        "acquisition",
        "linalg",
        "trial");
    put(
        "sampler.cmaes",
        "pareto",
        "settings",
        "sampler.tpe",
        "sampler.prior",
        "sampler.seen",
        "space",
        "random",
        "trial");
    put(
        "sampler.gp",
        "settings",
        "sampler.prior",
        "sampler.seen",
        "surrogate",
        "engine",
        "acquisition",
        "gp",
        "space",
        "random",
        "trial");
    put(
        "sampler",
        "settings",
        "sampler.gp",
        "sampler.tpe",
        "sampler.cmaes",
        "sampler.genetic",
        "sampler.population",
        "sampler.curves",
        "sampler.halving",
        "sampler.simple",
        "engine",
        "space",
        "trial");
    put("pruner", "pareto", "statistics", "settings", "sampler.curves", "space", "trial");
    put("train", "files", "space", "random");
    put("device", "engine", "train", "gp", "acquisition", "random");
    put("device.lanes", "train");
    put("device.cpu", "device", "engine", "train", "gp", "acquisition", "linalg", "random");
    put(
        "device.cuda",
        "pareto",
        "process",
        "device",
        "device.lanes",
        "engine",
        "train",
        "gp",
        "acquisition",
        "linalg",
        "random");
    put("kernel");
    put("device.opencl", "kernel");
    put("device.nvidia", "kernel");
    put("run", "space", "study", "trial");
    put("run.control", "run", "files", "process", "space", "storage", "study");
    put("run.kernel", "run", "kernel", "space", "study", "trial");
    put("run.function", "run", "space", "study", "trial");
    put("run.table", "run", "files", "space", "train", "study", "trial");
    put("run.population", "files", "trial");
    put(
        "run.trainer",
        "run",
        "run.population",
        "space",
        "random",
        "train",
        "device",
        "study",
        "trial");
    put("process");
    put("ship", "files");
    put("files");
    put("run.gpu", "space");
    put(
        "run.command",
        "run",
        "run.gpu",
        "run.population",
        "files",
        "process",
        "space",
        "storage",
        "study",
        "trial");
    put(
        "spec",
        "track",
        "files",
        "engine",
        "run",
        "run.command",
        "run.function",
        "run.gpu",
        "run.kernel",
        "kernel",
        "run.table",
        "run.trainer",
        "space",
        "random",
        "sampler",
        "sampler.gp",
        "sampler.curves",
        "sampler.population",
        "pruner",
        "train",
        "device",
        "storage",
        "study",
        "trial");
    put("importance", "space", "random", "trial");
    put(
        "compare",
        "statistics",
        "files",
        "run",
        "run.command",
        "run.function",
        "run.table",
        "spec",
        "sampler",
        "device",
        "engine",
        "space",
        "random",
        "storage",
        "study",
        "trial");
    put(
        "report",
        "statistics",
        "linalg",
        "files",
        "compare",
        "spec",
        "space",
        "importance",
        "engine",
        "gp",
        "sampler.gp",
        "run",
        "run.control",
        "storage",
        "study",
        "trial");
    put("track", "space", "study", "trial");
    put(
        "exchange",
        "track",
        "report",
        "spec",
        "files",
        "space",
        "storage",
        "storage.sql",
        "study.opening",
        "trial");
    put(
        "serve",
        "files",
        "run",
        "run.control",
        "spec",
        "report",
        "space",
        "storage",
        "study",
        "trial");
    put(
        "remote",
        "ship",
        "report",
        "run",
        "serve",
        "space",
        "storage",
        "study",
        "study.desk",
        "trial");
    put(
        "cli",
        "exchange",
        "track",
        "files",
        "process",
        "compare",
        "engine",
        "run",
        "run.command",
        "run.control",
        "run.gpu",
        "run.table",
        "sampler",
        "sampler.gp",
        "sampler.population",
        "spec",
        "importance",
        "remote",
        "report",
        "serve",
        "ship",
        "space",
        "device",
        "train",
        "random",
        "storage",
        "storage.sql",
        "study",
        "study.opening",
        "trial");
  }

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.assay");

  private static void put(String name, String... used) {
    var all = new HashSet<>(List.of(used));
    all.add(name);
    all.add("problem");
    MAY_USE.put(name, all);
  }

  static Set<String> names() {
    return MAY_USE.keySet();
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith("dev.assay.");
  }

  private static String shortName(JavaClass type) {
    return type.getPackageName().substring("dev.assay.".length());
  }

  @ParameterizedTest
  @MethodSource("names")
  void aPackageUsesOnlyWhatTheTableAllows(String name) {
    var allowed = java.util.Objects.requireNonNull(MAY_USE.get(name));
    noClasses()
        .that()
        .resideInAPackage("dev.assay." + name)
        .should()
        .dependOnClassesThat(
            describe(
                "are outside " + allowed,
                used -> isOurs(used) && !allowed.contains(shortName(used))))
        .check(CLASSES);
  }

  @Test
  void theTableHasNoCircle() {
    var left = new TreeMap<>(MAY_USE);
    var settled = new HashSet<String>();
    boolean found = true;
    while (found) {
      var free =
          left.entrySet().stream()
              .filter(room ->
                  room.getValue().stream()
                      .allMatch(used -> used.equals(room.getKey()) || settled.contains(used)))
              .map(Map.Entry::getKey)
              .toList();
      settled.addAll(free);
      free.forEach(left::remove);
      found = !free.isEmpty();
    }
    assertThat(left.keySet()).as("packages that use each other in a circle").isEmpty();
  }

  @Test
  void everyPackageStandsInTheTable() {
    CLASSES.stream()
        .filter(ArchitectureTest::isOurs)
        .forEach(type -> assertThat(MAY_USE).containsKey(shortName(type)));
  }

  /// What is longer has more than one purpose.
  @ParameterizedTest
  @ValueSource(strings = {"main/java", "../benchmarks/src/main/java", "../kernels"})
  void noFileIsLongerThanAReaderTakes(Path directory) throws IOException {
    var tooLong = new TreeMap<String, Integer>();
    try (var files = Files.walk(directory)) {
      for (var file : files.filter(ArchitectureTest::isSource).toList()) {
        int lines = Files.readAllLines(file).size();
        if (lines > MOST_LINES) {
          tooLong.put(file.toString(), lines);
        }
      }
    }
    assertThat(tooLong).as("files of more than " + MOST_LINES + " lines").isEmpty();
  }

  private static boolean isSource(Path file) {
    return SOURCES.stream().anyMatch(file.toString()::endsWith);
  }

  @Test
  void onlyTheCommandLinePrintsOrExits() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.assay.cli")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }

  /// Else SLF4J would print to the stderr of whatever program uses the library without a log.
  @Test
  void theLibraryAsksForLogsInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.assay.problem", "dev.assay.cli", "dev.assay.bench..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(org.slf4j.LoggerFactory.class)
        .check(CLASSES);
  }
}
