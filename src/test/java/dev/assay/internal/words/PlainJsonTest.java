package dev.assay.internal.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.trial.TrialState;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// What is written without databind is what databind writes: files of all versions are alike.
class PlainJsonTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private record Point(int x, double y) {}

  static List<Object> values() {
    var nothing = new LinkedHashMap<String, @Nullable Object>();
    nothing.put("none", null);
    nothing.put("", "");
    var texts =
        List.of("\u0000\u001f\"\\/\b\f\n\r\t", "\u00e4\u20ac\u2028\u2029\u007f", "\ud83d\ude00");
    return List.of(
        nothing,
        texts,
        new ArrayList<>(Arrays.asList(1, null, -2L, 1L << 62, Integer.MIN_VALUE, true, false)),
        List.of(0.0, -0.0, 0.1, 1e-5, 1e21, 1.5e300, Double.MIN_VALUE, 3.0),
        List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
        List.of(1.5f, 0.1f, (short) 3, (byte) -1),
        List.of(new BigInteger("123456789012345678901"), new BigDecimal("1.10"), 'c'),
        new TreeMap<>(Map.of("b", List.of(), "a", Map.of())),
        new LinkedHashSet<>(List.of("z", "a")),
        Map.of(TrialState.COMPLETE, 1),
        Map.of(3, "three"),
        Map.of("within", List.of(TrialState.FAILED, new Point(1, 2.5))),
        Map.of("array", new double[] {1, 0.5}, "ints", new int[] {1}),
        new Object[] {"a", 1},
        "text",
        0.25,
        7);
  }

  @ParameterizedTest
  @MethodSource("values")
  void isWhatDatabindWrites(Object value) {
    assertThat(PlainJson.write(value)).isEqualTo(MAPPER.writeValueAsString(value));
  }
}
