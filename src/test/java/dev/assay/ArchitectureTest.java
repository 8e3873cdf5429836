package dev.assay;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Which package may use which. Every package may use itself and `problem`, and what its entry
/// names; what is not in the table is not a package of Assay.
class ArchitectureTest {
  private static final Map<String, Set<String>> MAY_USE = new TreeMap<>();

  static {
    put("problem");
    put("random");
    put("space", "random");
    put("study", "space", "random");
    put("linalg", "process");
    put("gp", "linalg");
    put("acquisition", "gp", "linalg");
    put("engine", "gp", "acquisition", "linalg", "random");
    put("surrogate", "engine", "gp", "acquisition", "linalg", "random");
    put("sampler.prior", "space", "acquisition");
    put("sampler.seen", "sampler.prior", "study", "space");
    put("sampler.simple", "sampler.prior", "sampler.seen", "study", "space", "random");
    put("sampler.halving", "sampler.prior", "study", "space", "random");
    put("sampler.population", "sampler.prior", "sampler.seen", "study", "space", "random");
    put("sampler.genetic", "sampler.prior", "sampler.seen", "study", "space", "random");
    put(
        "sampler.tpe",
        "sampler.prior",
        "sampler.seen",
        "study",
        "space",
        "random",
        "acquisition",
        "linalg");
    put(
        "sampler.cmaes",
        "sampler.tpe",
        "sampler.prior",
        "sampler.seen",
        "study",
        "space",
        "random");
    put(
        "sampler.gp",
        "sampler.prior",
        "sampler.seen",
        "surrogate",
        "engine",
        "acquisition",
        "gp",
        "study",
        "space",
        "random");
    put(
        "sampler",
        "sampler.gp",
        "sampler.tpe",
        "sampler.cmaes",
        "sampler.genetic",
        "sampler.population",
        "sampler.halving",
        "sampler.simple",
        "engine",
        "study",
        "space");
    put("pruner", "study", "space");
    put("storage", "files", "process", "study", "space");
    put("train", "files", "space", "random");
    put("device", "engine", "train", "gp", "acquisition", "random");
    put("device.lanes", "train");
    put("device.cpu", "device", "engine", "train", "gp", "acquisition", "linalg", "random");
    put(
        "device.cuda",
        "process",
        "device",
        "device.lanes",
        "engine",
        "train",
        "gp",
        "acquisition",
        "linalg",
        "random");
    put("run", "study", "space");
    put("run.control", "files", "process", "study", "space");
    put("run.function", "run", "study", "space");
    put("run.table", "run", "files", "study", "space", "train");
    put("run.population", "files", "study");
    put("run.trainer", "run", "run.population", "study", "space", "random", "train", "device");
    put("process");
    put("files");
    put("run.gpu", "space");
    put("run.command", "run", "run.gpu", "run.population", "files", "process", "study", "space");
    put(
        "spec",
        "track",
        "files",
        "engine",
        "run",
        "run.command",
        "run.function",
        "run.gpu",
        "run.table",
        "run.trainer",
        "study",
        "space",
        "random",
        "sampler",
        "sampler.gp",
        "sampler.population",
        "pruner",
        "train",
        "device");
    put("importance", "study", "space", "random");
    put(
        "compare",
        "files",
        "run",
        "run.command",
        "run.function",
        "run.table",
        "spec",
        "sampler",
        "storage",
        "device",
        "engine",
        "study",
        "space",
        "random");
    put(
        "report",
        "linalg",
        "files",
        "compare",
        "spec",
        "study",
        "space",
        "importance",
        "engine",
        "gp",
        "sampler.gp",
        "run",
        "run.control");
    put("track", "study", "space");
    put("exchange", "track", "report", "spec", "storage", "files", "study", "space");
    put("serve", "files", "run", "run.control", "spec", "report", "study", "space");
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
        "run.table",
        "sampler",
        "sampler.gp",
        "sampler.population",
        "spec",
        "importance",
        "report",
        "serve",
        "storage",
        "study",
        "space",
        "device",
        "train",
        "random");
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
          left.keySet().stream()
              .filter(name ->
                  MAY_USE.get(name).stream()
                      .allMatch(used -> used.equals(name) || settled.contains(used)))
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
