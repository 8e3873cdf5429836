package dev.assay.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// Energy of a run, on a device that is a clock and a counter.
class BenchTest {
  /// A run takes a tenth of a second and a quarter of a joule.
  private static final class Meter implements KernelDevice, KernelModule {
    double seconds;
    double joules = 100;
    boolean tells = true;

    @Override
    public Map<String, Object> facts() {
      return Map.of("device", "a meter");
    }

    @Override
    public KernelModule compile(KernelSource source) {
      return this;
    }

    @Override
    public DeviceBuffer allocate(long bytes) {
      throw new AssertionError("there are no buffers");
    }

    @Override
    public void flushCaches() {}

    @Override
    public OptionalDouble joules() {
      return tells ? OptionalDouble.of(joules) : OptionalDouble.empty();
    }

    @Override
    public Map<String, Object> facts(Launch launch) {
      return Map.of("registers", 32);
    }

    @Override
    public void bind(List<Bound> arguments) {
      assertThat(arguments).extracting(Bound::bytes).doesNotContain(MemorySegment.NULL);
    }

    @Override
    public double run(Launch launch) {
      seconds += 0.1;
      joules += 0.25;
      return 100;
    }

    @Override
    public void close() {}
  }

  private static Answer answer(Meter meter, boolean energy) {
    var source = new KernelSource("k.cl", "", "k", Map.of(), List.of());
    var launch = new Launch(List.of(1L), List.of(1L), 0);
    var how = new Measurement(0, 2, 0, 2, 1, false);
    var job =
        new Job(source, List.of(), launch, ".", null, how, Clocks.FREE, energy, Double.MAX_VALUE);
    return new Bench(meter, () -> meter.seconds).run(job, () -> {});
  }

  @Test
  void energyIsThatOfManyRunsDividedByTheirNumber() {
    var meter = new Meter();
    var answer = answer(meter, true);
    assertThat(answer.invalidity()).as(answer.detail()).isEqualTo(Invalidity.CORRECT);
    assertThat(answer.facts()).containsEntry("registers", 32);
    assertThat(answer.facts().get(Bench.ENERGY))
        .asInstanceOf(InstanceOfAssertFactories.DOUBLE)
        .isEqualTo(0.25, within(1e-9));
    assertThat(meter.seconds).isGreaterThan(1);
    assertThat(answer(new Meter(), false).facts()).doesNotContainKey(Bench.ENERGY);
  }

  @Test
  void aDeviceThatDoesNotTellEndsTheStudy() {
    var meter = new Meter();
    meter.tells = false;
    var answer = answer(meter, true);
    assertThat(answer.fault()).isTrue();
    assertThat(answer.detail()).contains("energy").contains("a meter");
    assertThat(answer(meter, false).fault()).isFalse();
  }
}
