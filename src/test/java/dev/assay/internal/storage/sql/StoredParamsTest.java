package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import dev.assay.space.Choice;
import dev.assay.space.Condition;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

/// The quick reader of parameters against the usual one, [SearchSpace#read] of what a JSON parser
/// makes of the row.
class StoredParamsTest {
  private static final String HUGE = "x".repeat(1 << 14);

  private static final Choice ODD =
      new Choice(
          Arrays.asList(
              null,
              true,
              false,
              "",
              "true",
              "null",
              "1",
              1,
              -1,
              0.1,
              1e300,
              "a,b}c",
              "\"quoted\\\"",
              "line\nbreak",
              "\u0000",
              "ü€😀",
              HUGE,
              List.of(1, "two", 3.5),
              Map.of("key", List.of())),
          false);

  private static byte[] json(Configuration configuration) {
    return StoredJson.write(configuration.values()).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertRoundTrip(SearchSpace space, StoredParams params, Configuration one) {
    var read = params.read(json(one));
    assertThat(read).isEqualTo(one);
    for (int i = 0; i < space.dimension(); i++) { // bit by bit: -0.0 is not 0.0
      assertThat(Double.doubleToRawLongBits(read.code(i)))
          .isEqualTo(Double.doubleToRawLongBits(one.code(i)));
    }
    assertThat(read.values()).isEqualTo(one.values());
  }

  private static SearchSpace conditional() {
    return SearchSpace.builder()
        .add("rate", FloatRange.log(1e-300, 1e300))
        .add("width", IntRange.log(1, 1L << 53))
        .add("optimizer", Choice.of("sgd", "adam", "none"))
        .add("momentum", new FloatRange(-1, 1), new Condition.In("optimizer", List.of("sgd")))
        .add("nesterov", Choice.of(true, false), new Condition.In("optimizer", List.of("sgd")))
        .add("beta", new FloatRange(0, 1), new Condition.In("optimizer", List.of("adam")))
        .add("odd", ODD)
        .add("offset", new IntRange(-(1L << 53), 1L << 53))
        .build();
  }

  @Test
  void whateverASpaceCanHoldComesBackBitByBit() {
    var space = conditional();
    var params = new StoredParams(space);
    var random = new Random(7);
    for (int i = 0; i < 500; i++) {
      assertRoundTrip(space, params, space.draw(random));
    }
  }

  @Test
  void everyOddOptionComesBack() {
    var space = SearchSpace.builder().add("odd", ODD).build();
    var params = new StoredParams(space);
    for (int i = 0; i < ODD.options().size(); i++) {
      assertRoundTrip(space, params, space.fromCodes(new double[] {i}));
    }
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0.0,
        -0.0,
        Double.MIN_VALUE,
        -8e307,
        1e-5,
        0.1,
        1 / 3.0,
        1e22,
        123456789012345680.0
      })
  void everyNumberComesBack(double value) {
    var space = SearchSpace.builder().add("x", new FloatRange(-8e307, 8e307)).build();
    assertRoundTrip(space, new StoredParams(space), space.fromCodes(new double[] {value}));
  }

  @Test
  void aParameterMayHaveAnyName() {
    var names =
        List.of("a\"b", "a\\", ",", "}:{", "ü", "\"x\":", "a b", "a\nb", "n".repeat(100_000));
    var builder = SearchSpace.builder();
    names.forEach(name -> builder.add(name, new IntRange(0, 9)));
    var space = builder.build();
    assertRoundTrip(space, new StoredParams(space), space.draw(new Random(1)));
  }

  @Test
  void aTextOfMegabytesComesBack() {
    var space =
        SearchSpace.builder()
            .add("a", Choice.of("ü".repeat(1 << 21), "ü".repeat((1 << 21) - 1) + "\""))
            .add("b", new IntRange(0, 9))
            .build();
    var params = new StoredParams(space);
    assertRoundTrip(space, params, space.fromCodes(new double[] {0, 4}));
    assertRoundTrip(space, params, space.fromCodes(new double[] {1, 5}));
  }

  @Test
  void whereNothingIsActiveNothingIsRead() {
    var space =
        SearchSpace.builder()
            .add("kind", Choice.of("a", "b"))
            .add("x", new FloatRange(0, 1), new Condition.In("kind", List.of("a")))
            .build();
    var params = new StoredParams(space);
    assertThat(params.read(bytes("{\"kind\":\"b\"}")).isActive("x")).isFalse();
    assertThat(params.read(bytes("{}"))).isEqualTo(space.defaults());
    // What the reader before this one left behind is gone.
    assertThat(params.read(bytes("{\"kind\":\"a\",\"x\":0.5}")).number("x")).isEqualTo(0.5);
    assertThat(params.read(bytes("{\"kind\":\"b\"}")).isActive("x")).isFalse();
  }

  @Test
  void studiesWithTheSameNamesForOtherThingsKeepApart() {
    var spaces =
        List.of(
            SearchSpace.builder().add("x", new FloatRange(0, 1)).build(),
            SearchSpace.builder().add("x", new IntRange(0, 1)).build(),
            SearchSpace.builder().add("x", Choice.of("0", "1")).build(),
            SearchSpace.builder().add("x", Choice.of(false, true)).build(),
            SearchSpace.builder().add("x", Choice.of(0, 1)).add("y", Choice.of("x")).build());
    var readers = new ArrayList<StoredParams>();
    spaces.forEach(space -> readers.add(new StoredParams(space)));
    var random = new Random(3);
    for (int i = 0; i < 200; i++) {
      int k = i % spaces.size();
      assertRoundTrip(spaces.get(k), readers.get(k), spaces.get(k).draw(random));
    }
  }

  @Test
  void anotherOrderAndBlanksAreReadToo() {
    var space =
        SearchSpace.builder()
            .add("x", new FloatRange(0, 1))
            .add("y", Choice.of("a", "b"))
            .add("n", new IntRange(0, 9))
            .build();
    var wanted = space.configuration(Map.of("x", 0.25, "y", "b", "n", 7));
    var params = new StoredParams(space);
    for (var row :
        List.of(
            "{\"x\":0.25,\"y\":\"b\",\"n\":7}",
            "{ \"n\": 7.0, \"y\":\"\\u0062\",\n\"x\":2.5e-1 }",
            "{\"x\":0.25000000000000000000000000000000000000000,\"y\":\"b\",\"n\":7}")) {
      assertThat(params.read(bytes(row))).as(row).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"x\":2.0}", "{\"x\":\"a\"}", "{\"x\":null}", "{\"z\":0.5}"})
  void whatDoesNotFitTheSpaceIsRefusedByName(String row) {
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    assertThatThrownBy(() -> new StoredParams(space).read(bytes(row))).isInstanceOf(Problem.class);
  }

  /// A row that somebody damaged is never read as another than the usual reader reads it as.
  @Test
  void damagedRowsAreReadAsTheUsualReaderReadsThem() {
    var space = conditional();
    var params = new StoredParams(space);
    var random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      var configuration = space.draw(random);
      if (HUGE.equals(configuration.get("odd"))) {
        continue;
      }
      var row = damaged(json(configuration), random);
      var expected = usual(space, row);
      refused += expected == null ? 1 : 0;
      assertThat(quick(params, row))
          .as(new String(row, StandardCharsets.UTF_8))
          .isEqualTo(expected);
    }
    assertThat(refused).isBetween(1000, 4500);
  }

  private static byte[] damaged(byte[] row, Random random) {
    var alphabet = "0123456789.eE+-,:{}[]\"\\ tfn";
    int at = random.nextInt(row.length);
    byte other = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
    var text = new ArrayList<Byte>();
    for (byte b : row) {
      text.add(b);
    }
    switch (random.nextInt(4)) {
      case 0 -> text.remove(at);
      case 1 -> text.add(at, other);
      case 2 -> text.set(at, other);
      default -> text.subList(at, text.size()).clear();
    }
    var damaged = new byte[text.size()];
    for (int i = 0; i < damaged.length; i++) {
      damaged[i] = text.get(i);
    }
    return damaged;
  }

  private static @Nullable Configuration usual(SearchSpace space, byte[] row) {
    try {
      return space.read(StoredJson.readMap(row));
    } catch (Problem | JacksonException | IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable Configuration quick(StoredParams params, byte[] row) {
    try {
      return params.read(row);
    } catch (Problem | JacksonException | IllegalArgumentException e) {
      return null;
    }
  }
}
