package dev.assay.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.device.Check;
import dev.assay.device.DeviceFailure;
import dev.assay.device.DeviceTooSmall;
import dev.assay.device.GaussianProcessChecks;
import dev.assay.device.LoadedModule;
import dev.assay.device.SearchChecks;
import dev.assay.device.TrainingChecks;
import dev.assay.gp.RadialCovariance;
import dev.assay.internal.acquisition.LogExpectedImprovement;
import dev.assay.internal.engine.Box;
import dev.assay.internal.engine.CandidateNet;
import dev.assay.internal.engine.GpSession;
import dev.assay.random.Philox;
import dev.assay.train.TrainEngine.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a device is to the host when it is used for the first time, and for the last. On the
/// stand-in driver.
@Tag("standin")
class FirstUseTest {
  private final Set<String> changed = new LinkedHashSet<>();

  @BeforeEach
  void standIn() {
    StandIn.device();
  }

  @AfterEach
  void plain() {
    changed.forEach(name -> StandIn.set(name, null));
  }

  private void set(String name, String value) {
    changed.add(name);
    StandIn.set(name, value);
  }

  /// As for a new process: nothing is loaded onto it.
  private static CudaDevice fresh() {
    return CudaDevice.all().getFirst();
  }

  private static double[] posterior(CudaDevice device, int n, int points) {
    var random = new Philox(n, 0);
    var covariance = new RadialCovariance.Matern52();
    try (var session = new CudaGpEngine(device).open(Box.continuous(2))) {
      session.observe(
          random.doubles(2L * n).toArray(), new double[][] {random.doubles(n).toArray()});
      session.condition(
          List.of(new GpSession.Model(covariance, new double[] {0, -1, -1, -5, 0}, 0)));
      var means = new double[points];
      var variances = new double[points];
      session.predict(0, random.doubles(2L * points).toArray(), means, variances);
      var found = Arrays.copyOf(means, 2 * points);
      System.arraycopy(variances, 0, found, points, points);
      var best =
          session
              .screen(
                  new LogExpectedImprovement(0, 0), CandidateNet.of(Box.continuous(2), 300, 1), 1)
              .getFirst();
      found[0] += best.value();
      return found;
    }
  }

  /// A virtual thread that waits while another compiles goes on on a carrier of its own.
  @Test
  void virtualThreadsKeepTheirContextWhileOthersCompile() throws Exception {
    set("ASSAY_STANDIN_COMPILE_MS", "20");
    var expected = posterior(StandIn.device(), 20, 5);
    var device = fresh();
    var jobs = new ArrayList<Callable<double[]>>();
    for (int i = 0; i < 8; i++) {
      jobs.add(() -> posterior(device, 20, 5));
    }
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var job : pool.invokeAll(jobs)) {
        assertThat(job.get()).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {46, 214, 700, 702, 715, 719, 999})
  void whatEndsADeviceIsToldOnceAndClosesQuietly(int code) {
    set("ASSAY_STANDIN_FAULT", "posterior_f64:1:" + code);
    var device = fresh();
    var covariance = new RadialCovariance.Matern52();
    var session = new CudaGpEngine(device).open(Box.continuous(1));
    session.observe(new double[] {0, 1}, new double[][] {{0, 1}});
    session.condition(List.of(new GpSession.Model(covariance, new double[] {0, -1, -5, 0}, 0)));
    assertThatThrownBy(() -> session.predict(0, new double[] {0.5}, new double[1], new double[1]))
        .isInstanceOf(DeviceFailure.class)
        .hasMessageContaining("Assay test stand-in 0")
        .hasMessageContaining("posterior_f64, 1 x 1 x 1 blocks");
    assertThatThrownBy(() -> new CudaGpEngine(device).open(Box.continuous(1)))
        .isInstanceOf(DeviceFailure.class);
    assertThatCode(session::close).doesNotThrowAnyException();
    assertThat(device.memory().inUse()).isZero();
    assertThat(device.memory().obtainable()).isZero();
  }

  @Test
  void aDeviceThatIsGoneBeforeItsFirstUseIsAFailure() {
    var device = fresh();
    set("ASSAY_STANDIN_DEVICES", "mode=exclusive,busy=1");
    assertThatThrownBy(() -> new CudaGpEngine(device).open(Box.continuous(1)))
        .isInstanceOf(DeviceFailure.class)
        .hasMessageContaining("DEVICE_UNAVAILABLE");
  }

  @Test
  void aModuleComesFromItsCubinWhereTheDriverTakesItAndElseFromPtx() {
    assertThat(loads()).allMatch(module -> module.from().equals("PTX"));
    set("ASSAY_STANDIN_DRIVER", "13000");
    assertThat(loads()).as("cubins are refused").allMatch(module -> module.from().equals("PTX"));
    set("ASSAY_STANDIN_CUBINS", "../kernels/ptx");
    assertThat(loads()).isNotEmpty().allMatch(module -> module.from().equals("cubin sm_90"));
    set("ASSAY_STANDIN_DEVICES", "capability=121");
    assertThat(loads()).allMatch(module -> module.from().equals("cubin sm_120"));
    set("ASSAY_STANDIN_DEVICES", "capability=130");
    assertThat(loads()).allMatch(module -> module.from().equals("PTX"));
  }

  private static List<LoadedModule> loads() {
    var device = fresh();
    posterior(device, 3, 1);
    return device.loads();
  }

  @Test
  void theCompilersLogIsInTheError() {
    set("ASSAY_STANDIN_PTX", "218");
    var device = fresh();
    assertThatThrownBy(() -> posterior(device, 3, 1))
        .isInstanceOf(DeviceFailure.class)
        .hasMessageContaining("takes no kernels")
        .hasMessageContaining("ptxas fatal")
        .hasMessageContaining("CUDA's version");
  }

  @Test
  void besideADisplayLaunchesAreCutAndNothingElseChanges() {
    // Of the same card: by its multiprocessors it is decided how covariances are made.
    set("ASSAY_STANDIN_DEVICES", "multiprocessors=1,ratio=64000,clock=500000");
    var expected = posterior(fresh(), 60, 200);
    var slow = "display=1,multiprocessors=1,";
    set("ASSAY_STANDIN_DEVICES", slow + "ratio=64000,clock=500000");
    var device = fresh();
    assertThat(device.endsLongLaunches()).isTrue();
    assertThat(device.limit().points(60)).isLessThan(100);
    assertThat(posterior(device, 60, 200)).isEqualTo(expected);
    int tooMany = device.limit().observations() + 1;
    assertThatThrownBy(() -> posterior(device, tooMany, 1))
        .isInstanceOf(DeviceTooSmall.class)
        .hasMessageContaining("serves a display")
        .hasMessageContaining(tooMany + " observations");
    set("ASSAY_STANDIN_DEVICES", slow + "clock=1");
    long before = StandIn.call("standin_launches");
    assertThat(TrainingChecks.run(new CudaTrainEngine(fresh()), Precision.FP32))
        .allMatch(check -> check.passed());
    assertThat(StandIn.call("standin_launches") - before)
        .as("a launch for each step")
        .isGreaterThan(10);
  }

  /// Every kernel that a search or a training launches, where one does nothing, a check fails. Left
  /// out are those that write places in memory, and those whose failure the host notices or which
  /// only save work.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "acquisition_f64",
        "append_row_f64",
        "ascend_f64",
        "cholesky_diagonal_f64",
        "cholesky_panel_f64",
        "cholesky_small_f64",
        "cholesky_update_f64",
        "covariance_matrix_f64",
        "cross_covariance_f64",
        "cross_tiles_f64",
        "evaluate_f32",
        "fit_begin_f64",
        "fit_covariance_f64",
        "fit_factor_f64",
        "fit_slopes_f64",
        "fit_step_f64",
        "hyperparameters_f64",
        "inverse_rows_f64",
        "lbfgsb_step_f64",
        "likelihood_f64",
        "likelihood_rows_f64",
        "multiply_factor_f64",
        "multiply_factor_few_f64",
        "multiply_rows_f64",
        "net_points_f64",
        "posterior_f64",
        "posterior_gradient_f64",
        "residuals_f64",
        "train_epoch_f32"
      })
  void theSelfCheckNoticesAKernelThatDoesNothing(String kernel) {
    set("ASSAY_STANDIN_WRONG", kernel);
    var device = fresh();
    Supplier<List<Check>> search = () -> SearchChecks.run(new CudaGpEngine(device));
    Supplier<List<Check>> training =
        () -> TrainingChecks.run(new CudaTrainEngine(device), Precision.FP32);
    Supplier<List<Check>> model = () -> GaussianProcessChecks.run(new CudaGpEngine(device));
    // The one that should notice comes first: the others would take seconds for nothing.
    var parts =
        kernel.matches("(cholesky|fit|likelihood|train)_.*")
            ? List.of(kernel.startsWith("train") ? training : model, search, training, model)
            : List.of(search, training, model);
    // Checks of the build would see what was never written before the self-check does.
    StandIn.checking(0, () -> assertThat(parts).anyMatch(part -> !passes(part)));
  }

  private static boolean passes(Supplier<List<Check>> part) {
    try {
      return part.get().stream().allMatch(Check::passed);
    } catch (ArithmeticException | NoSuchElementException e) { // as doctor has it
      return false;
    }
  }
}
