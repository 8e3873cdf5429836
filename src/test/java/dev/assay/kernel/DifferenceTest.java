package dev.assay.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DifferenceTest {
  private static HostArray array(ElementType type, double... values) {
    var array = HostArray.of(type, values.length);
    for (int i = 0; i < values.length; i++) {
      type.set(array.memory(), i, values[i]);
    }
    return array;
  }

  private static boolean near(double tolerance, double[] got, double... wanted) {
    return Difference.of(array(ElementType.FLOAT, got), array(ElementType.FLOAT, wanted), tolerance)
        == null;
  }

  private static double[] got(double... values) {
    return values;
  }

  @Test
  void sumsThatCancelAreJudgedByTheScaleOfTheArray() {
    assertThat(near(1e-4, got(1000, 0.05), 1000, 0)).isTrue();
    assertThat(near(1e-4, got(1000, 0.2), 1000, 0)).isFalse();
    assertThat(near(1e-4, got(1000.05, 1000), 1000, 1000)).isTrue();
    assertThat(near(1e-4, got(1000.2, 1000), 1000, 1000)).isFalse();
  }

  @Test
  void zerosAreNotNearToSmallNumbers() {
    assertThat(near(1e-3, got(0, 0, 0), 1e-6, -1e-6, 2e-6)).isFalse();
  }

  @Test
  void whatIsNoNumberIsNearToItselfOnly() {
    assertThat(near(0.5, got(Double.NaN, 1), 1, 1)).isFalse();
    assertThat(near(0.5, got(1, 1), Double.NaN, 1)).isFalse();
    assertThat(near(0.5, got(Double.NaN, 1), Double.NaN, 1)).isTrue();
    assertThat(near(0.5, got(Double.POSITIVE_INFINITY, 1), 1, 1)).isFalse();
    assertThat(near(0.5, got(Double.POSITIVE_INFINITY, 1), Double.POSITIVE_INFINITY, 1)).isTrue();
  }

  @Test
  void wholeNumbersAreEqualOrWrong() {
    assertThat(Difference.of(array(ElementType.INT, 1, 2), array(ElementType.INT, 1, 3), 0.9))
        .isEqualTo(
            "1 of 2 elements are wrong, the first at 1: 2 instead of 3; the worst at 1: 2 instead"
                + " of 3");
    assertThat(Difference.of(array(ElementType.INT, 7), array(ElementType.INT, 7), 0)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void elementsComeBackAsTheyWereSet(ElementType type) {
    double largest =
        switch (type) {
          case CHAR -> 127;
          case UCHAR -> 255;
          case SHORT -> 32767;
          case USHORT -> 65535;
          case INT -> 2147483647.0;
          case UINT -> 4294967295.0;
          case LONG -> 0x1p62;
          case ULONG -> 0x1p63;
          case HALF -> 65504;
          case FLOAT -> Float.MAX_VALUE;
          case DOUBLE -> Double.MAX_VALUE;
        };
    var array = array(type, 0, 1, largest);
    assertThat(array.get(1)).isEqualTo(1);
    assertThat(array.get(2)).isEqualTo(largest);
    assertThat(array.memory().byteSize()).isEqualTo(3L * type.bytes());
    assertThat(ElementType.named(type.word())).isEqualTo(type);
  }

  @Test
  void randomNumbersAreTheSameAgainAndLieWithinTheirBounds() {
    var fill = new Fill(Fill.Kind.RANDOM, -2, 3, 7, "");
    var argument = new Argument(Argument.Kind.BUFFER, ElementType.INT, "x", 1000, 0, fill);
    var first = HostArray.filled(argument, Path.of("."));
    assertThat(first.sameBytes(HostArray.filled(argument, Path.of(".")))).isTrue();
    var seen = new java.util.TreeSet<Double>();
    for (int i = 0; i < 1000; i++) {
      seen.add(first.get(i));
    }
    assertThat(seen).containsExactly(-2.0, -1.0, 0.0, 1.0, 2.0);
  }
}
