package dev.assay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Objects.requireNonNull;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which package may use which. Every package may use itself, [#EVERYWHERE], and what its entry
/// names; what is not in the table is not a package of Assay.
class ArchitectureTest {
  private static final int MOST_LINES = 400;
  private static final List<String> SOURCES = List.of(".java", ".cu", ".cuh", ".h", ".c");

  /// What every package may use, each of these those before it.
  private static final List<String> EVERYWHERE =
      List.of("internal.words", "problem", "internal.problem");

  private static final Map<String, Set<String>> MAY_USE = new TreeMap<>();

  static {
    for (int i = 0; i < EVERYWHERE.size(); i++) {
      MAY_USE.put(EVERYWHERE.get(i), Set.copyOf(EVERYWHERE.subList(0, i + 1)));
    }
    put("internal");
    put("files");
    put("gp");
    put("internal.pareto");
    put("internal.statistics");
    put("kernel");
    put("process");
    put("random");
    put("settings");
    put("acquisition", "internal.statistics");
    put("device.nvidia", "kernel");
    put("device.opencl", "kernel");
    put("internal.linalg", "process");
    put("internal.random", "random");
    put("ship", "files");
    put("space", "random");
    put("train", "files", "random");
    put("device.lanes", "train");
    put("internal.acquisition", "acquisition", "internal.pareto", "internal.statistics");
    put("internal.gp", "gp", "internal.linalg");
    put("internal.sampler.prior", "internal.statistics", "space");
    put("internal.space", "space");
    put("run.gpu", "space");
    put("trial", "random", "settings", "space");
    put("importance", "random", "space", "trial");
    put(
        "internal.engine",
        "acquisition",
        "gp",
        "internal.acquisition",
        "internal.gp",
        "internal.linalg",
        "internal.random",
        "random");
    put(
        "internal.sampler.halving",
        "internal.sampler.prior",
        "random",
        "settings",
        "space",
        "trial");
    put("internal.sampler.seen", "internal.sampler.prior", "space", "trial");
    put("internal.sampler.cost", "internal.linalg", "space", "trial");
    put(
        "internal.sampler.memory",
        "internal.linalg",
        "internal.sampler.cost",
        "random",
        "space",
        "trial");
    put("internal.trial", "internal.pareto", "settings", "trial");
    put("run.population", "files", "trial");
    put("storage", "space", "trial");
    put("study.free", "space", "trial");
    put(
        "device",
        "files",
        "gp",
        "internal.acquisition",
        "internal.engine",
        "internal.gp",
        "random",
        "train");
    put("internal.free", "random", "space", "study.free", "trial");
    put(
        "internal.sampler.curves",
        "internal.linalg",
        "internal.sampler.memory",
        "internal.sampler.seen",
        "internal.statistics",
        "random",
        "settings",
        "space",
        "trial");
    put(
        "internal.sampler.genetic",
        "internal.pareto",
        "internal.sampler.prior",
        "internal.sampler.seen",
        "random",
        "settings",
        "space",
        "trial");
    put(
        "internal.sampler.population",
        "internal.sampler.prior",
        "internal.sampler.seen",
        "random",
        "settings",
        "space",
        "trial");
    put(
        "internal.sampler.simple",
        "internal.random",
        "internal.sampler.prior",
        "internal.sampler.seen",
        "random",
        "settings",
        "space",
        "trial");
    put(
        "internal.sampler.tpe",
        "internal.linalg",
        "internal.pareto",
        "internal.sampler.memory",
        "internal.sampler.prior",
        "internal.sampler.seen",
        "internal.statistics",
        "random",
        "settings",
        "space",
        "trial");
    put("internal.storage", "internal.space", "space", "storage", "trial");
    put("internal.storage.sql", "files", "process", "space", "storage", "trial");
    put(
        "internal.surrogate",
        "acquisition",
        "gp",
        "internal.acquisition",
        "internal.engine",
        "internal.gp",
        "internal.linalg",
        "internal.pareto",
        "random");
    put(
        "device.cpu",
        "device",
        "gp",
        "internal.acquisition",
        "internal.engine",
        "internal.gp",
        "internal.linalg",
        "random",
        "train");
    put(
        "device.cuda",
        "device",
        "device.lanes",
        "gp",
        "internal.acquisition",
        "internal.engine",
        "internal.gp",
        "internal.linalg",
        "internal.pareto",
        "internal.random",
        "process",
        "random",
        "train");
    put(
        "internal.desk",
        "internal.space",
        "internal.storage",
        "internal.trial",
        "random",
        "space",
        "storage",
        "study.free",
        "trial");
    put("internal.opening", "internal.storage", "space", "storage", "trial");
    put(
        "internal.pruner",
        "internal.pareto",
        "internal.sampler.curves",
        "internal.statistics",
        "internal.trial",
        "settings",
        "space",
        "trial");
    put(
        "internal.sampler.cmaes",
        "internal.pareto",
        "internal.sampler.prior",
        "internal.sampler.seen",
        "internal.sampler.tpe",
        "random",
        "settings",
        "space",
        "trial");
    put(
        "internal.sampler.gp",
        "gp",
        "internal.acquisition",
        "internal.engine",
        "internal.gp",
        "internal.random",
        "internal.sampler.cost",
        "internal.sampler.memory",
        "internal.sampler.prior",
        "internal.sampler.seen",
        "internal.surrogate",
        "random",
        "settings",
        "space",
        "trial");
    put("storage.sql", "internal.storage.sql", "storage");
    put(
        "internal.sampler",
        "internal.engine",
        "internal.sampler.cmaes",
        "internal.sampler.cost",
        "internal.sampler.gp",
        "internal.sampler.simple",
        "internal.sampler.tpe",
        "random",
        "settings",
        "space",
        "trial");
    put("pruner", "internal.pruner", "internal.trial", "trial");
    put(
        "sampler.gp",
        "acquisition",
        "gp",
        "internal.engine",
        "internal.gp",
        "internal.sampler.gp",
        "internal.surrogate",
        "trial");
    put(
        "study",
        "internal.desk",
        "internal.free",
        "internal.opening",
        "internal.space",
        "internal.statistics",
        "internal.storage",
        "internal.trial",
        "random",
        "space",
        "storage",
        "study.free",
        "trial");
    put("run", "space", "study", "trial");
    put(
        "sampler",
        "internal.engine",
        "internal.sampler",
        "internal.sampler.cmaes",
        "internal.sampler.curves",
        "internal.sampler.genetic",
        "internal.sampler.gp",
        "internal.sampler.halving",
        "internal.sampler.population",
        "internal.sampler.simple",
        "internal.sampler.tpe",
        "internal.trial",
        "trial");
    put("track", "space", "study", "trial");
    put(
        "run.command",
        "files",
        "internal.sampler.cost",
        "internal.trial",
        "process",
        "run",
        "run.gpu",
        "run.population",
        "space",
        "storage",
        "study",
        "trial");
    put("run.control", "files", "process", "run", "space", "storage", "study");
    put("run.function", "run", "space", "study", "trial");
    put("run.kernel", "files", "kernel", "run", "space", "study", "trial");
    put("run.table", "files", "run", "space", "study", "train", "trial");
    put(
        "run.trainer",
        "device",
        "random",
        "run",
        "run.population",
        "space",
        "study",
        "train",
        "trial");
    put(
        "spec",
        "device",
        "files",
        "internal.engine",
        "internal.sampler",
        "internal.sampler.curves",
        "internal.sampler.gp",
        "internal.sampler.population",
        "internal.trial",
        "kernel",
        "pruner",
        "random",
        "run",
        "run.command",
        "run.function",
        "run.gpu",
        "run.kernel",
        "run.table",
        "run.trainer",
        "sampler",
        "space",
        "storage",
        "study",
        "track",
        "train",
        "trial");
    put(
        "compare",
        "device",
        "files",
        "internal.engine",
        "internal.statistics",
        "random",
        "run",
        "run.command",
        "run.function",
        "run.table",
        "sampler",
        "space",
        "spec",
        "storage",
        "study",
        "trial");
    put(
        "report",
        "compare",
        "files",
        "gp",
        "importance",
        "internal.engine",
        "internal.gp",
        "internal.linalg",
        "internal.sampler.gp",
        "internal.space",
        "internal.statistics",
        "internal.storage",
        "internal.trial",
        "run.control",
        "space",
        "spec",
        "storage",
        "study",
        "trial");
    put(
        "exchange",
        "internal.opening",
        "internal.space",
        "internal.storage",
        "internal.storage.sql",
        "report",
        "space",
        "storage",
        "track",
        "trial");
    put(
        "serve",
        "files",
        "internal.trial",
        "report",
        "run",
        "run.control",
        "space",
        "spec",
        "storage",
        "study",
        "trial");
    put(
        "remote",
        "internal.desk",
        "report",
        "run",
        "serve",
        "ship",
        "space",
        "storage",
        "study",
        "trial");
    put(
        "cli",
        "compare",
        "device",
        "exchange",
        "files",
        "importance",
        "internal.engine",
        "internal.opening",
        "internal.sampler",
        "internal.sampler.gp",
        "internal.sampler.population",
        "internal.storage",
        "internal.storage.sql",
        "internal.trial",
        "process",
        "random",
        "remote",
        "report",
        "run",
        "run.command",
        "run.control",
        "run.gpu",
        "run.table",
        "serve",
        "ship",
        "space",
        "spec",
        "storage",
        "study",
        "track",
        "train",
        "trial");
  }

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.assay");

  private static void put(String name, String... used) {
    var all = new HashSet<>(List.of(used));
    all.add(name);
    all.addAll(EVERYWHERE);
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
    var allowed = requireNonNull(MAY_USE.get(name));
    assertThat(USES.getOrDefault(name, List.of()))
        .as("uses of packages outside %s", allowed)
        .allMatch(use -> allowed.contains(use.room()));
  }

  /// A type of ours that another package's refers to.
  private record Use(String room, String description) {
    @Override
    public String toString() {
      return description;
    }
  }

  /// Looked at once for all packages.
  private static final Map<String, List<Use>> USES =
      CLASSES.stream()
          .filter(ArchitectureTest::isOurs)
          .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
          .filter(one -> isOurs(one.getTargetClass().getBaseComponentType()))
          .collect(
              Collectors.groupingBy(
                  one -> shortName(one.getOriginClass()),
                  Collectors.mapping(
                      one ->
                          new Use(
                              shortName(one.getTargetClass().getBaseComponentType()),
                              one.getDescription()),
                      Collectors.toList())));

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
        .resideOutsideOfPackages("dev.assay.internal.words", "dev.assay.cli", "dev.assay.bench..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(org.slf4j.LoggerFactory.class)
        .check(CLASSES);
  }
}
