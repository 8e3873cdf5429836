package dev.assay.internal.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KNOWN =
      List.of("learning_rate", "hidden", "batch_size", "gp", "grid");

  @ParameterizedTest
  @CsvSource({
    "kitten, sitting, 3",
    "'', abc, 3",
    "abc, '', 3",
    "same, same, 0",
    "Hidden, hIDDEN, 0",
    "ab, ba, 2",
    "straße, strasse, 2"
  })
  void theDistanceIsLevenshteins(String a, String b, int distance) {
    assertThat(Nearest.distance(a, b)).isEqualTo(distance);
    assertThat(Nearest.distance(b, a)).isEqualTo(distance);
  }

  @ParameterizedTest
  @CsvSource({
    "learning_rat, learning_rate",
    "lerning_rate, learning_rate",
    "HIDDEN, hidden",
    "hiden, hidden",
    "batchsize, batch_size",
    "pg, gp",
    "gird, grid"
  })
  void aMistypedNameGetsTheOneThatWasMeant(String wrong, String meant) {
    assertThat(Nearest.suggest(wrong, KNOWN)).startsWith("Did you mean \"" + meant + "\"? Known: ");
  }

  @Test
  void whatResemblesNothingGetsTheListOnly() {
    assertThat(Nearest.suggest("momentum", KNOWN))
        .isEqualTo("Known: batch_size, gp, grid, hidden, learning_rate.");
  }

  @Test
  void aLongListIsCut() {
    var many = IntStream.range(100, 150).mapToObj(i -> "name" + i).toList();
    assertThat(Nearest.suggest("nothing like it", many))
        .startsWith("Known: name100, ")
        .endsWith("name129, and 20 more.");
  }

  @Test
  void withoutNamesNothingIsSuggested() {
    assertThat(Nearest.suggest("x", List.of())).isEqualTo("Nothing is known here.");
  }
}
