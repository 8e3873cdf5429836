package dev.assay.bench;

import dev.assay.random.Philox;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.space.SpaceBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A search space of ten parameters, four of each kind of number and two choices: a configuration
/// from a point of the unit cube, the point of a configuration, a draw, and whether a constraint
/// holds. And a kernel's space of 562 million combinations, of which ten constraints leave a
/// hundredth: solving it, and a draw.
///
/// Run it: `assay bench space`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class SpaceBenchmark {
  private static final int CONFIGURATIONS = 1024;

  private final SearchSpace free = space(false);
  private final SearchSpace constrained = space(true);
  private final SearchSpace kernel = kernel().build();
  private final List<Configuration> configurations = new ArrayList<>();
  private final List<double[]> points = new ArrayList<>();
  private final Philox random = new Philox(1, 0);
  private int next;

  private static SearchSpace space(boolean constrained) {
    var space = SearchSpace.builder();
    for (int i = 0; i < 4; i++) {
      space.add("x" + i, i < 2 ? FloatRange.log(1e-4, 1) : new FloatRange(-5, 5));
      space.add("k" + i, i < 2 ? IntRange.log(1, 1024) : new IntRange(0, 100));
    }
    space.add("a", Choice.of("relu", "tanh", "gelu")).add("b", Choice.of(16, 32, 64, 128));
    if (constrained) {
      space.where("k0 * b <= 65536 or x2 > 0 and k1 >= 2 * k0");
    }
    return space.build();
  }

  private static SpaceBuilder kernel() {
    var space = SearchSpace.builder().add("bx", new IntRange(16, 416, false, 16));
    space.add("by", Choice.of(1, 2, 4, 8, 16, 32)).add("power", Choice.of(0, 1));
    for (var name : List.of("tx", "ty", "ttf", "unroll")) {
      space.add(name, new IntRange(1, 10));
    }
    space.add("blocks", new IntRange(0, 4)).add("pad", new IntRange(0, 8));
    space.add("vec", Choice.of(1, 2, 4, 8));
    List.of(
            "32 <= bx * by <= 1024",
            "ttf % unroll == 0",
            "(bx * tx + ttf * 2) * (by * ty + ttf * 2) * (2 + power) * 4 <= 49152",
            "bx * by * blocks <= 2048",
            "bx * tx <= 512",
            "by * ty <= 64",
            "tx % vec == 0 or vec == 1",
            "max(tx, ty) <= 8",
            "min(bx, by) >= 1",
            "not (pad == 0 and power == 1 and bx > 128)")
        .forEach(space::where);
    return space;
  }

  /// Refuses to time a round trip that does not come back.
  @Setup
  public void draw() {
    for (int i = 0; i < CONFIGURATIONS; i++) {
      var configuration = free.draw(random);
      var point = free.toUnit(configuration);
      if (!free.fromUnit(point).equals(configuration)) {
        throw new IllegalStateException(configuration + " does not come back");
      }
      configurations.add(configuration);
      points.add(point);
    }
    long held = configurations.stream().filter(constrained::satisfies).count();
    if (!kernel.isTight() || kernel.valid().isEmpty()) {
      throw new IllegalStateException("the kernel's space is not solved, or needs no solving");
    }
    if (held == 0 || held == CONFIGURATIONS) {
      throw new IllegalStateException("the constraint decides nothing: " + held);
    }
  }

  private int turn() {
    next = (next + 1) % CONFIGURATIONS;
    return next;
  }

  @Benchmark
  public Configuration decode() {
    return free.fromUnit(points.get(turn()));
  }

  @Benchmark
  public double[] encode() {
    return free.toUnit(configurations.get(turn()));
  }

  @Benchmark
  public boolean constraint() {
    return constrained.satisfies(configurations.get(turn()));
  }

  @Benchmark
  public Configuration drawOne() {
    return free.draw(random);
  }

  @Benchmark
  public SearchSpace solve() {
    return kernel().build();
  }

  @Benchmark
  public Configuration drawSolution() {
    return kernel.draw(random);
  }
}
