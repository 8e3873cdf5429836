package dev.assay.internal.sampler.gp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.internal.engine.Coordinate;
import dev.assay.sampler.Samplers;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.Distribution;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.study.Study;
import dev.assay.trial.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OddPartsTest {
  private static Choice ordered(Object... values) {
    return new Choice(List.of(values), true);
  }

  private static SearchSpace space(Distribution... distributions) {
    var builder = SearchSpace.builder();
    for (int i = 0; i < distributions.length; i++) {
      builder.add("p" + i, distributions[i]);
    }
    return builder.build();
  }

  /// Blocks of 16 to 256 threads, and tiles.
  private static SearchSpace kernel() {
    return SearchSpace.builder()
        .add("block", new IntRange(16, 256, false, 16))
        .add("rows", ordered(1, 2, 4, 8, 16))
        .add("tile", ordered(1, 2, 3, 4))
        .add("padded", ordered(0, 1))
        .where("fits", c -> c.number("block") * c.number("rows") <= 1024)
        .where("padding", c -> c.number("padded") == 0 || c.number("block") % 32 != 0)
        .build();
  }

  @Test
  void sizesThatAreNoPowersOfTwoHaveACoordinateOfTheirOddParts() {
    var encoding = BoxEncoding.ofSizes(kernel());
    var parts = encoding.oddParts();
    assertThat(parts.count()).isEqualTo(2); // rows are powers of two, padded has two values
    assertThat(parts.parameter(0)).isZero();
    assertThat(parts.parameter(1)).isEqualTo(2);
    assertThat(((Coordinate.Grid) parts.coordinate(0)).positions()).hasSize(8); // 1, 3, ... 15
    var point =
        encoding.point(
            kernel().configuration(Map.of("block", 96, "rows", 2, "tile", 4, "padded", 0)));
    assertThat(point).hasSize(6);
    assertThat(point[4]).isEqualTo(Math.log(3) / Math.log(15), within(1e-12));
    assertThat(point[5]).isZero();
    assertThat(encoding.isDerived(3)).isFalse();
    assertThat(encoding.isDerived(4)).isTrue();
    assertThat(encoding.configuration(point).number("block")).isEqualTo(96);
  }

  @Test
  void whatIsNoSizeOfBlocksHasNone() {
    for (var other :
        List.of(
            space(ordered(16, 32, 64), ordered(1, 2, 3)), // powers of two, and no block
            space(ordered(12, 20, 36)), // no multiples of 8
            space(ordered(16, 48)), // two of them
            space(Choice.of(16, 32, 48)), // without an order
            space(ordered(0, 16, 48)),
            space(ordered("16", "a", "48")),
            space(ordered(16, 48, 64), new FloatRange(0, 1, false, 0)),
            space(new IntRange(8, 80_000, false, 8)))) {
      assertThat(OddParts.of(other).isEmpty()).as("%s", other.parameters()).isTrue();
    }
  }

  @Test
  void aConfigurationIsRoundedToTheNearestPowersOfTwo() {
    var space = kernel();
    var odd = space.configuration(Map.of("block", 240, "rows", 4, "tile", 3, "padded", 1));
    assertThat(OddParts.of(space).rounded(odd).values())
        .containsEntry("block", 256L)
        .containsEntry("rows", 4L)
        .containsEntry("tile", 2L)
        .containsEntry("padded", 1L);
  }

  /// That need not satisfy constraints: others are then drawn until one does.
  @Test
  void theFirstTrialsAreAtPowersOfTwo() {
    try (Study<Configuration> study =
        Study.over(kernel()).minimize("y").sampler(Samplers.auto()).seed(3).open()) {
      for (int i = 0; i < 14; i++) {
        var trial = study.ask();
        var sizes = trial.configuration();
        if (i < 10) {
          assertThat(Long.bitCount((long) sizes.number("block"))).isEqualTo(1);
          assertThat(Long.bitCount((long) sizes.number("tile"))).isEqualTo(1);
        }
        double y = Math.abs(sizes.number("block") - 112) + sizes.number("tile");
        study.tell(trial, Outcome.complete(y));
      }
      var configurations = study.trials().stream().map(t -> t.configuration()).toList();
      assertThat(Set.copyOf(configurations)).hasSizeGreaterThanOrEqualTo(13); // one may be repeated
    }
  }
}
