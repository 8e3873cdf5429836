package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.device.cuda.StandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What goes wrong when a study first meets a card, as its user sees it. On the stand-in driver,
/// which is told what to be by its environment (`kernels/standin/scene.h`).
@Tag("standin")
class FirstContactTest {
  private static final String TRAINING =
      """
      name: contact
      objective: {train: softmax, data: iris, cv: 3, fixed: {epochs: 3}}
      maximize: accuracy
      space: {learning_rate: {float: [1e-3, 0.1], log: true}}
      sampler: random
      budget: {trials: 6}
      parallel: 2
      seed: 5
      """;

  private static final String SEARCH =
      """
      name: contact
      objective: {function: branin}
      minimize: value
      space: {x0: {float: [-5, 10]}, x1: {float: [0, 15]}}
      sampler: gp
      budget: {trials: 6}
      seed: 5
      """;

  /// Where the user's caches are: what one test found out of a device, the next need not.
  @TempDir static Path home;

  private static String before = "";

  @TempDir Path directory;

  private final Set<String> changed = new LinkedHashSet<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeAll
  static void leaveTheUsersCachesAlone() {
    before = System.getProperty("user.home");
    System.setProperty("user.home", home.toString());
  }

  @AfterAll
  static void restore() {
    System.setProperty("user.home", before);
  }

  @BeforeEach
  void standIn() {
    StandIn.use();
  }

  @AfterEach
  void plain() {
    changed.forEach(name -> StandIn.set(name, null));
    System.setProperty("assay.standin", "allowed");
  }

  private void set(String name, String value) {
    changed.add(name);
    StandIn.set(name, value);
  }

  private int run(String... args) {
    out.reset();
    err.reset();
    return Main.run(new Console(new PrintStream(out), new PrintStream(err)), args);
  }

  private int tune(String study, String... more) throws IOException {
    var file = Files.writeString(directory.resolve("study.yaml"), study);
    var args =
        new ArrayList<>(
            List.of("tune", file.toString(), "--storage", "sqlite:" + directory.resolve("s.db")));
    args.addAll(List.of("--json", "--quiet"));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  private JsonNode json() {
    return JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
  }

  /// The three parts of what went wrong.
  private String problem() {
    return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
  }

  private void assertDone(int trials) {
    assertThat(json().at("/trials/completed").asInt()).as(problem()).isEqualTo(trials);
    assertThat(json().at("/trials/failed").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"700, illegal", "214, ECC", "999, UNKNOWN"})
  void aCardThatFailsWhileItTrainsEndsTheStudyAndLosesNoTrial(String code, String words)
      throws IOException {
    set("ASSAY_STANDIN_FAULT", "train_epoch_f32:8:" + code);
    assertThat(tune(TRAINING, "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem())
        .contains("Assay test stand-in 0")
        .contains("train_epoch_f32")
        .containsIgnoringCase(words)
        .contains("go on with the same command")
        .doesNotContain("should not");
    set("ASSAY_STANDIN_FAULT", "");
    assertThat(tune(TRAINING, "--backend", "cuda")).isEqualTo(ExitCode.DONE);
    assertDone(6);
  }

  @Test
  void underAutoTheProcessorTakesOver() throws IOException {
    set("ASSAY_STANDIN_FAULT", "train_epoch_f32:10:700");
    assertThat(tune(TRAINING)).isEqualTo(ExitCode.DONE);
    assertDone(6);
    set("ASSAY_STANDIN_FAULT", "");
    assertThat(tune(TRAINING, "--trials", "8")).isEqualTo(ExitCode.DONE);
    assertDone(8);
  }

  @ParameterizedTest
  @CsvSource({"fit_factor_f64, 2", "posterior_f64, 3", "ascend_f64, 1"})
  void aCardThatFailsWhileItSearchesEndsTheStudyAndLosesNoTrial(String kernel, int launch)
      throws IOException {
    set("ASSAY_STANDIN_FAULT", kernel + ":" + launch + ":719");
    assertThat(tune(SEARCH, "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem()).contains("stand-in").contains("failed").contains("same command");
    set("ASSAY_STANDIN_FAULT", "");
    assertThat(tune(SEARCH, "--backend", "cuda")).isEqualTo(ExitCode.DONE);
    assertDone(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode=exclusive,busy=1 | in use by another process | nvidia-smi -i 0 -c DEFAULT",
        "mode=prohibited | compute mode prohibited | nvidia-smi -i 0 -c DEFAULT",
        "busy=1 | cannot be opened | nvidia-smi",
        "memory=2000000000,taken=1990000000 | 10 of 2000 MB of memory free | nvidia-smi"
      })
  void aCardThatCannotBeHadSaysWhyAndWhatHelps(String device, String reason, String mend)
      throws IOException {
    set("ASSAY_STANDIN_DEVICES", device);
    assertThat(tune(TRAINING, "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem()).contains(reason).contains(mend);
    assertThat(run("doctor", "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem()).contains(reason).contains(mend);
    assertThat(tune(TRAINING)).isEqualTo(ExitCode.DONE);
    assertThat(json().at("/backend").asString()).isEqualTo("cpu");
    assertDone(6);
  }

  @Test
  void ofTwoCardsTheOneThatIsFreeIsUsed() throws IOException {
    set("ASSAY_STANDIN_DEVICES", "name=A,mode=exclusive,busy=1;name=B,uuid=MIG-abcd1234-0;name=B");
    assertThat(tune(TRAINING, "--backend", "cuda")).isEqualTo(ExitCode.DONE);
    assertThat(run("doctor", "--backend", "cuda", "--device", "MIG-abcd")).isEqualTo(ExitCode.DONE);
    assertThat(problem()).contains("cuda: Assay test stand-in 1 for B").contains("device 2: ");
    set("CUDA_VISIBLE_DEVICES", "0");
    assertThat(tune(TRAINING, "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem()).contains("in use by another process");
    set("CUDA_VISIBLE_DEVICES", "-1");
    assertThat(tune(TRAINING, "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem()).contains("finds no device").contains("CUDA_VISIBLE_DEVICES");
  }

  @Test
  void aDriverThatIsTooOldOrTakesNoneOfTheKernelsIsNamed() throws IOException {
    set("ASSAY_STANDIN_DRIVER", "11080");
    assertThat(tune(TRAINING, "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem()).contains("CUDA 11.8").contains("525");
    set("ASSAY_STANDIN_DRIVER", "12020");
    set("ASSAY_STANDIN_PTX", "222");
    assertThat(tune(TRAINING, "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem())
        .contains("takes no kernels")
        .containsPattern("module \\w+: PTX: CUDA_ERROR_UNSUPPORTED_PTX_VERSION")
        .contains("Unsupported .version 9.9")
        .contains("Update the NVIDIA driver");
    assertThat(run("doctor", "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem()).contains("Unsupported .version 9.9");
    assertThat(tune(TRAINING)).isEqualTo(ExitCode.DONE);
    assertDone(6);
  }

  @ParameterizedTest
  @CsvSource({"train_epoch_f32", "posterior_f64"})
  void aCardThatCalculatesWronglyIsNotTrusted(String kernel) throws IOException {
    set("ASSAY_STANDIN_DEVICES", "uuid=GPU-" + Integer.toHexString(kernel.hashCode()));
    set("ASSAY_STANDIN_WRONG", kernel);
    assertThat(run("doctor", "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem()).contains("FAILED");
    assertThat(tune(TRAINING)).isEqualTo(ExitCode.DONE);
    assertDone(6);
  }

  @Test
  void whereOthersTakeMemoryFewerTrialsTrainAtOnce() throws IOException {
    set("ASSAY_STANDIN_DEVICES", "memory=100000000");
    set("ASSAY_STANDIN_TAKES", "8:99700000");
    var study = TRAINING.replace("parallel: 2", "parallel: 6");
    assertThat(tune(study, "--backend", "cuda")).as(problem()).isEqualTo(ExitCode.DONE);
    assertDone(6);
    set("ASSAY_STANDIN_TAKES", "4:100000000");
    assertThat(tune(study, "--backend", "cuda", "--fresh")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem())
        .contains("too little memory")
        .containsPattern("needs [1-9][0-9]* bytes more, has ")
        .contains("--parallel");
  }

  @Test
  void theStandInIsNoCardOutsideTests() {
    System.setProperty("assay.standin", "");
    assertThat(run("doctor", "--backend", "cuda")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(problem()).contains("stand-in of Assay's tests").contains("LD_LIBRARY_PATH");
    assertThat(run("doctor", "--json")).isEqualTo(ExitCode.DONE);
    assertThat(json().at("/chosen").asString()).isEqualTo("cpu");
  }
}
