package dev.assay;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Objects.requireNonNull;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The package table of [PackageTable], held against the classes.
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.assay");

  static Set<String> names() {
    return PackageTable.mayUse().keySet();
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
    var allowed = requireNonNull(PackageTable.mayUse().get(name));
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
    var left = new TreeMap<>(PackageTable.mayUse());
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
        .forEach(type -> assertThat(PackageTable.mayUse()).containsKey(shortName(type)));
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
