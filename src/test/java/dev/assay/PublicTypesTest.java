package dev.assay;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// How many types a library user sees. A number here only falls: what nobody outside needs is not
/// public, or stands in a room behind.
class PublicTypesTest {
  /// What the documentation speaks of; other packages are Assay's own rooms.
  private static final List<String> CORE =
      List.of(
          "trial",
          "study",
          "study.free",
          "space",
          "sampler",
          "sampler.gp",
          "pruner",
          "gp",
          "acquisition",
          "surrogate",
          "storage",
          "storage.sql");

  private static final int MOST = 143;
  private static final int MOST_OF_STUDY = 11;

  @Test
  void thePublicTypesOfTheCoreBecomeNoMore() {
    var counts = new TreeMap<String, Integer>();
    new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(CORE.stream().map(name -> "dev.assay." + name).toList())
            .stream()
            .filter(PublicTypesTest::isSeen)
            .forEach(type -> counts.merge(shortName(type), 1, Integer::sum));
    counts.keySet().retainAll(CORE);
    assertThat(counts).containsKeys(CORE.toArray(String[]::new));
    assertThat(counts.get("study")).as("what a reader of study sees").isEqualTo(MOST_OF_STUDY);
    assertThat(counts.values().stream().mapToInt(Integer::intValue).sum())
        .as("public types of the core: %s", counts)
        .isEqualTo(MOST);
  }

  private static boolean isSeen(JavaClass type) {
    return type.isTopLevelClass()
        && type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.getSimpleName().equals("package-info");
  }

  private static String shortName(JavaClass type) {
    return type.getPackageName().substring("dev.assay.".length());
  }
}
