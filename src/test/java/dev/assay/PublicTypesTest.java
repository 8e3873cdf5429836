package dev.assay;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// How many types a library user sees: public ones in packages that are not below
/// `dev.assay.internal`. A number here only falls: what no documentation speaks of stands in a room
/// behind, or is not public.
class PublicTypesTest {
  /// What a search is made of; the empty name is `dev.assay` itself.
  private static final List<String> CORE =
      List.of(
          "",
          "problem",
          "random",
          "settings",
          "space",
          "trial",
          "study",
          "study.free",
          "sampler",
          "sampler.gp",
          "pruner",
          "gp",
          "acquisition",
          "storage",
          "storage.sql");

  /// The program around the search: trainers, runners, devices, reports, the command line. Packages
  /// below these are of them.
  private static final List<String> PROGRAM =
      List.of(
          "cli",
          "compare",
          "device",
          "exchange",
          "files",
          "importance",
          "kernel",
          "process",
          "remote",
          "report",
          "run",
          "serve",
          "ship",
          "spec",
          "track",
          "train");

  private static final int MOST = 90;
  private static final int MOST_OF_STUDY = 11;

  @Test
  void thePublicTypesOfTheCoreBecomeNoMore() {
    var counts = new TreeMap<String, Integer>();
    var others = new TreeSet<String>();
    new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.assay").stream()
            .filter(PublicTypesTest::isSeen)
            .map(PublicTypesTest::room)
            .forEach(room -> {
              if (CORE.contains(room)) {
                counts.merge(room, 1, Integer::sum);
              } else {
                others.add(room.replaceFirst("\\..*", ""));
              }
            });
    assertThat(counts).containsOnlyKeys(CORE);
    assertThat(others).as("rooms that are neither internal nor named here").isSubsetOf(PROGRAM);
    assertThat(counts.get("study")).as("what a reader of study sees").isEqualTo(MOST_OF_STUDY);
    assertThat(counts.values().stream().mapToInt(Integer::intValue).sum())
        .as("public types of the core: %s", counts)
        .isEqualTo(MOST);
  }

  private static boolean isSeen(JavaClass type) {
    return type.isTopLevelClass()
        && type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.getSimpleName().equals("package-info")
        && !type.getPackageName().startsWith("dev.assay.internal");
  }

  /// The package below `dev.assay`; empty for that one itself.
  private static String room(JavaClass type) {
    return type.getPackageName().replaceFirst("^dev\\.assay\\.?", "");
  }
}
