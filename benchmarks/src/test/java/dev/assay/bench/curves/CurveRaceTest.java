package dev.assay.bench.curves;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurveRaceTest {
  @Test
  void theAreaIsTheMeanRegretFromOneOn() {
    var course = new CurveRace.Course(new double[] {1, 3}, new double[] {0.5, 0.1}, 4, 2, 0);
    assertThat(course.area()).isCloseTo((1 + 2 * 0.5 + 0.1) / 4, within(1e-12));
    assertThat(course.at(0.9)).isEqualTo(1);
    assertThat(course.at(3)).isEqualTo(0.1);
    assertThat(course.when(0.5)).isEqualTo(1);
    assertThat(course.when(0.01)).isInfinite();
  }

  @Test
  void whatIsSeenAfterTheEndDoesNotCount() {
    var course = new CurveRace.Course(new double[] {5}, new double[] {0.1}, 4, 1, 0);
    assertThat(course.area()).isEqualTo(1);
    assertThat(course.when(0.1)).isInfinite();
  }

  /// Two rows, the better one worse at first; a run is three steps.
  @Test
  void regretFollowsTheValuesOnTheClock(@TempDir Path directory) throws Exception {
    Files.writeString(
        directory.resolve("t.csv"),
        """
        config,lr,loss_1,loss_2,loss_3
        0,0.1,0.9,0.5,0.2
        1,0.2,0.8,0.7,0.6
        """);
    Files.writeString(
        directory.resolve("t.json"),
        """
        {"parameters": {"lr": {"type": "float", "min": 0.1, "max": 1}},
         "metric": "loss", "direction": "minimize"}
        """);
    var random =
        Rival.all().stream().filter(rival -> rival.label().equals(Rival.RANDOM)).findFirst();
    var course = new CurveRace(directory.resolve("t.csv")).search(random.orElseThrow(), 0, 2, 1);
    assertThat(course.trials()).isEqualTo(2);
    // Both ends are known after six steps; the best of all is row 0's end.
    assertThat(course.at(2)).isEqualTo(1e-3);
    assertThat(Arrays.stream(course.times()))
        .allMatch(time -> Math.abs(time * 3 - Math.rint(time * 3)) < 1e-9);
  }
}
