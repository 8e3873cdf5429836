package dev.assay.bench;

import dev.assay.internal.linalg.DenseAlgebra;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What this machine can do at most, one core: measured in the same run as what is held against it.
///
/// @param dgemm GFLOP/s of products of 1,024 × 1,024 matrices, FP64, by the product's own algebra
/// @param sgemm the same, FP32
/// @param copy GB/s of copying an array that no cache holds, read and written bytes
record Ceilings(List<Double> dgemm, List<Double> sgemm, List<Double> copy) {
  private static final int N = 1024;
  private static final int REPEATS = 10;

  /// The bytes of an array that no cache holds.
  private static final int BYTES = 256 << 20;

  /// Takes about two seconds.
  static Ceilings measure() {
    var algebra = DenseAlgebra.best();
    var a = new double[N * N];
    Arrays.fill(a, 0.5);
    var c = new double[N * N];
    var single = new float[N * N];
    Arrays.fill(single, 0.5f);
    var singleProduct = new float[N * N];
    var from = new byte[BYTES];
    Arrays.fill(from, (byte) 1);
    var to = new byte[BYTES];
    double flops = 2.0 * N * N * N;
    var ceilings =
        new Ceilings(
            rates(flops, () -> algebra.multiplyTransposed(N, N, N, 1, a, a, 0, c)),
            rates(
                flops,
                () -> algebra.multiplyTransposed(N, N, N, 1f, single, single, 0f, singleProduct)),
            rates(2.0 * BYTES, () -> System.arraycopy(from, 0, to, 0, BYTES)));
    if (c[N] != N / 4.0 || singleProduct[N] != N / 4.0f || to[BYTES - 1] != 1) {
      throw new IllegalStateException("a ceiling was measured on wrong results");
    }
    return ceilings;
  }

  /// Giga-units a second, after a warm-up.
  private static List<Double> rates(double units, Runnable work) {
    work.run();
    work.run();
    var rates = new Double[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      work.run();
      rates[i] = units / (System.nanoTime() - start);
    }
    return List.of(rates);
  }

  /// The best of the repeats: a ceiling is what the machine can do.
  static double best(List<Double> rates) {
    return rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  List<Measurement> measurements() {
    return List.of(
        measurement("ceiling.dgemm", "GFLOP/s", dgemm),
        measurement("ceiling.sgemm", "GFLOP/s", sgemm),
        measurement("ceiling.copy", "GB/s", copy));
  }

  private static Measurement measurement(String name, String unit, List<Double> rates) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("threads", "1");
    if (unit.equals("GFLOP/s")) {
      parameters.put("n", Integer.toString(N));
    }
    return Measurement.ofRepeats(
        name, parameters, unit, rates.stream().mapToDouble(Double::doubleValue).toArray(), null);
  }
}
