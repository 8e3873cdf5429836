package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.random.Philox;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The k largest of numbers of both signs, with equal ones, infinities and what is not a number;
/// and which of many starts have not ended.
@Tag("standin")
class SelectionTest {
  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 999, 1000, 5000})
  void findsTheLargestAndWhatEqualsTheLastOfThem(int k) {
    var values = new Philox(3, 1).doubles(1000).map(u -> Math.log(u) + 1).toArray();
    for (int i = 0; i < 1000; i += 10) {
      values[i] = 0.25;
    }
    values[17] = 1e30;
    values[18] = Double.NEGATIVE_INFINITY;
    values[19] = Double.NaN;
    values[21] = -1e30;
    values[22] = -0.0;
    var order =
        Arrays.stream(values)
            .map(v -> Double.isNaN(v) ? Double.POSITIVE_INFINITY : v)
            .sorted()
            .toArray();
    double last = order[Math.max(0, 1000 - k)];
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var given = arena.doubles(1000);
      stream.upload(values, given);
      var selection = new Selection(stream, arena, given, 1000);
      var expected =
          k >= 1000
              ? IntStream.range(0, 1000)
              : IntStream.range(0, 1000)
                  .filter(i -> Double.isNaN(values[i]) || (float) values[i] >= (float) last);
      assertThat(selection.largest(k)).isEqualTo(expected.toArray());
      assertThat(selection.from(0.25))
          .isEqualTo(IntStream.range(0, 1000).filter(i -> !(values[i] < 0.25)).toArray());
      assertThat(selection.largest(1)).containsExactly(19);
    }
  }

  /// A block looks at 256 of them at once.
  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 1000})
  void startsThatHaveNotEndedAreListedInOrder(int starts) {
    var done = IntStream.range(0, starts).map(i -> i * i % 7 < 3 ? 1 : 0).toArray();
    var running = IntStream.range(0, starts).filter(i -> done[i] == 0).toArray();
    var list = new int[running.length];
    var count = new int[1];
    try (var stream = StandIn.device().stream();
        var arena = StandIn.device().memory().arena()) {
      var found = arena.ints(starts);
      var number = arena.ints(1);
      var ended = stream.place(done, arena);
      stream.launch("lbfgsb_running", 1, 1, 1, 4 * 8, starts, ended, found, number);
      stream.download(number, count);
      assertThat(count[0]).isEqualTo(running.length);
      stream.download(found, list);
    }
    assertThat(list).isEqualTo(running);
  }
}
