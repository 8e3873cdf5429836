package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// How two studies are shown beside each other.
class StudyDifferencesTest {
  private static final List<List<String>> TABLE =
      List.of(
          List.of("", "first", "second one"),
          List.of("space.lr", "{float: [0.001, 0.1], log: true}", "{float: [0.001, 0.2]}"),
          List.of("seed", "1", "2"));

  @Test
  void isATableWhereThereIsRoom() {
    assertThat(StudyDifferences.text(TABLE, 80).lines()).hasSize(3);
  }

  @Test
  void bothSidesAreShownWholeOnANarrowTerminal() {
    assertThat(StudyDifferences.text(TABLE, 40))
        .isEqualTo(
            """
            space.lr
              first       {float: [0.001, 0.1], log: true}
              second one  {float: [0.001, 0.2]}
            seed
              first       1
              second one  2
            """);
  }
}
