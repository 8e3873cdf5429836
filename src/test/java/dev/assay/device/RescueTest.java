package dev.assay.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.GpEngine;
import dev.assay.internal.engine.GpSession;
import dev.assay.problem.Problem;
import dev.assay.train.TrainEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A device that `auto` chose and that fails costs nothing but time.
class RescueTest {
  private static final GpEngine CPU = GpEngine.standard();

  /// The processor, until the operation of that number.
  ///
  /// @param closed how many sessions were closed
  private record Failing(
      AtomicInteger operations, int last, Supplier<Problem> failure, AtomicInteger closed)
      implements GpEngine {
    Failing(int last, Supplier<Problem> failure) {
      this(new AtomicInteger(), last, failure, new AtomicInteger());
    }

    @Override
    public String id() {
      return "failing";
    }

    @Override
    public GpSession open(Box box) {
      count();
      var session = CPU.open(box);
      return (GpSession)
          Proxy.newProxyInstance(
              GpSession.class.getClassLoader(),
              new Class<?>[] {GpSession.class},
              (_, method, arguments) -> {
                if (method.getName().equals("close")) {
                  closed.incrementAndGet();
                } else {
                  count();
                }
                try {
                  return method.invoke(session, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    private void count() {
      if (operations.incrementAndGet() > last) {
        throw failure.get();
      }
    }
  }

  private static Problem lost() {
    return DeviceFailure.lost("A card", "a launch: illegal address");
  }

  private static Problem full() {
    return DeviceTooSmall.memory("A card", "needs more");
  }

  /// Everything that a session can do, in the order of a search.
  private static List<Double> search(GpEngine engine) {
    var found = new ArrayList<Double>();
    var covariance = new RadialCovariance.Matern52();
    var models = List.of(new GpSession.Model(covariance, new double[] {0, -1, -6, 0}, 0));
    try (var session = engine.open(Box.continuous(1))) {
      session.observe(new double[] {0.1, 0.5, 0.8}, new double[][] {{1, -1, 0.5}});
      session.condition(models);
      session.append(new double[] {0.3}, new double[] {0});
      session.relabel(new double[][] {{1, -1, 0.5, -0.5}});
      session.relabel(new double[][] {{1.5, -1, 0.5, -0.5}});
      session.append(new double[] {0.9}, new double[] {0.25});
      var mean = new double[1];
      var variance = new double[1];
      session.predict(0, new double[] {0.4}, mean, variance);
      found.add(mean[0]);
      found.add(variance[0]);
      var values = new double[1];
      session.acquisition(new LogExpectedImprovement(0, -1), new double[] {0.4}, values);
      found.add(values[0]);
      for (double draw : session.sample(0, new double[] {0.4, 0.6}, 2, 7)) {
        found.add(draw);
      }
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void aSearchIsTheSameWhereverItsDeviceFails(int last) {
    var device = new Failing(last, RescueTest::lost);
    var engine = new RescuedGpEngine(device, CPU);
    assertThat(search(engine)).isEqualTo(search(CPU));
    assertThat(device.closed()).hasValue(Math.min(last, 1));
    int asked = device.operations().get();
    assertThat(asked).isEqualTo(last + 1);
    assertThat(search(engine)).isEqualTo(search(CPU));
    assertThat(device.operations()).as("a lost device is not asked again").hasValue(asked);
    assertThat(engine.id()).isEqualTo("cpu");
  }

  @Test
  void aDeviceWhoseMemoryWasTooSmallServesTheNextSession() {
    var device = new Failing(4, RescueTest::full);
    var engine = new RescuedGpEngine(device, CPU);
    assertThat(search(engine)).isEqualTo(search(CPU));
    search(engine);
    assertThat(device.operations()).hasValue(6);
    assertThat(engine.id()).isEqualTo("failing");
  }

  @Test
  void otherErrorsAreNotSwallowed() {
    var engine = new RescuedGpEngine(CPU, new Failing(0, RescueTest::lost));
    try (var session = engine.open(Box.continuous(1))) {
      assertThatThrownBy(() -> session.observe(new double[] {Double.NaN}, new double[][] {{0}}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /// A device with one check.
  private record Checked(String identity, double error, AtomicInteger asked) implements Backend {
    @Override
    public String id() {
      return "device";
    }

    @Override
    public int preference() {
      return 1;
    }

    @Override
    public Availability availability() {
      return new Availability.Available("a device");
    }

    @Override
    public List<Check> selfCheck() {
      asked.incrementAndGet();
      if (error < 0) {
        throw lost();
      }
      return List.of(new Check("a check", error, 1e-9, 1));
    }

    @Override
    public GpEngine gpEngine() {
      return CPU;
    }

    @Override
    public boolean trains() {
      return true;
    }

    @Override
    public TrainEngine trainEngine(int threads) {
      throw new UnsupportedOperationException("the device's");
    }
  }

  private static SelfChecked checks(Path directory) {
    return new SelfChecked(
        new DeviceCache(directory.resolve("checks.properties"), InstantSource.system()));
  }

  @Test
  void aDeviceIsCheckedOnceAndAnotherDriverAgain(@TempDir Path directory) {
    var asked = new AtomicInteger();
    assertThat(checks(directory).passes(new Checked("driver 1", 0, asked))).isTrue();
    assertThat(checks(directory).passes(new Checked("driver 1", 1, asked))).isTrue();
    assertThat(asked).hasValue(1);
    assertThat(checks(directory).passes(new Checked("driver 2", 0, asked))).isTrue();
    assertThat(asked).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, Double.POSITIVE_INFINITY, Double.NaN, -1})
  void aDeviceThatIsWrongOrFailsIsNotTrustedAndAskedAgain(double error, @TempDir Path directory) {
    var asked = new AtomicInteger();
    assertThat(checks(directory).passes(new Checked("driver", error, asked))).isFalse();
    assertThat(checks(directory).passes(new Checked("driver", error, asked))).isFalse();
    assertThat(asked).hasValue(2);
  }

  @Test
  void whoTrainsUnaskedGoesOnOnTheProcessor(@TempDir Path directory) {
    var processor = new BackendSelector().choose("cpu");
    var crossover = new Crossover((Path) null);
    var wrong =
        new UnaskedBackend(
            new Checked("driver", 1, new AtomicInteger()), processor, checks(directory), crossover);
    assertThat(wrong.trainEngine(1).getClass()).isEqualTo(processor.trainEngine(1).getClass());
    var right =
        new UnaskedBackend(
            new Checked("driver", 0, new AtomicInteger()), processor, checks(directory), crossover);
    assertThatThrownBy(() -> right.trainEngine(1)).hasMessage("the device's");
    assertThat(right.goesOnAfter(lost())).isTrue();
    assertThat(right.trainEngine(1).getClass()).isEqualTo(processor.trainEngine(1).getClass());
    assertThat(processor.goesOnAfter(lost())).as("one that was named").isFalse();
  }

  /// The processor does not take over what it would calculate otherwise.
  @Test
  void whatIsAskedInTf32HasNobodyElse(@TempDir Path directory) {
    var processor = new BackendSelector().choose("cpu");
    for (double error : new double[] {0, 1}) {
      var device = new Checked("driver", error, new AtomicInteger());
      var unasked =
          new UnaskedBackend(device, processor, checks(directory), new Crossover((Path) null));
      unasked.goesOnAfter(lost());
      assertThatThrownBy(() -> unasked.trainEngine(1, TrainEngine.Precision.TF32))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("cpu trains in FP32 only");
      assertThat(unasked.trainEngine(1, TrainEngine.Precision.FP32).getClass())
          .isEqualTo(processor.trainEngine(1).getClass());
    }
  }
}
