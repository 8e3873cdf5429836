package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.run.control.ControlCommand;
import dev.assay.run.control.Mailbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Values of environment variables reach programs, and nothing that is kept or printed.
@Timeout(120)
class SecretsTest {
  private static final String SECRET = "sk-3141592653";
  private static final String OTHER = "ghp_2718281828";

  /// Fails in trial 1, having said what it should not.
  private static final String STUDY =
      """
      name: keys
      # The key was sk-3141592653 in a comment, too.
      objective:
        command: [sh, -c, 'printf "%s%s " "$KEY" "$HERE" | wc -c; echo "key=$KEY"; echo "@assay {bad $KEY}";
          [ "$ASSAY_TRIAL" = 1 ] && exit 3; echo "@assay {\\"v\\": ${#KEY}, \\"given\\": ${#HERE}}"; printf "$KEY"']
        env: {KEY: sk-3141592653, X: "{x}", HERE: {from: PATH}}
      minimize: v
      space: {x: {float: [0, 1]}}
      sampler: random
      budget: {trials: 3}
      """;

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void posix() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "the program is a shell script");
  }

  private int run(String... args) {
    out.reset();
    var stream = new PrintStream(out);
    return Main.run(new Console(stream, stream), args);
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String storage() {
    return "sqlite:" + directory.resolve("kept/study.db");
  }

  private int tune(String text, String... more) throws IOException {
    var file = Files.writeString(directory.resolve("keys.yaml"), text);
    var args = new ArrayList<>(List.of("tune", file.toString(), "--storage", storage()));
    args.addAll(List.of(more));
    return run(args.toArray(new String[0]));
  }

  private void assertNothingSays(String... secrets) throws IOException {
    try (var files = Files.walk(directory.resolve("kept"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secrets);
      }
    }
    assertThat(said()).doesNotContain(secrets);
  }

  @Test
  void valuesAreKeptAndShownNowhere() throws IOException {
    assertThat(tune(STUDY)).isZero();
    assertThat(said()).contains("2 completed").contains("1 failed").contains("v 13");
    assertNothingSays(SECRET);
    run("trials", storage() + "#keys", "--format", "json");
    assertThat(said()).contains("key=$KEY").doesNotContain(SECRET);
    run("best", storage() + "#keys", "--study-file");
    assertThat(said()).contains("from: \"KEY\"").contains("X: \"{x}\"").doesNotContain(SECRET);
    assertThat(directory.resolve("kept")).isDirectoryRecursivelyContaining("glob:**/log");
  }

  /// Lines and words that are shown are cut after some length, which may be within a secret.
  @Test
  void theBeginningsOfLongOnesAreKeptNowhere() throws IOException {
    var secret = "eyJhbGciOiJFZERTQSJ9." + "q7Zx".repeat(30);
    var study =
        """
        name: keys
        objective:
          command: [sh, -c, 'printf "@assay {bad %%170s %%s}\\n" "" "$KEY"; echo "@assay {\\"token\\": \\"$KEY\\"}";
            printf "fatal:%%280s%%s" "" "$KEY" >&2; exit 3']
          env: {KEY: %s}
        minimize: v
        space: {x: {float: [0, 1]}}
        sampler: random
        budget: {trials: 1}
        """
            .formatted(secret);
    tune(study);
    run("trials", storage() + "#keys", "--format", "json");
    assertThat(said()).contains("$KEY…");
    assertNothingSays(secret.substring(0, 8));
  }

  @Test
  void tryShowsTheOutputWithoutThem() throws IOException {
    var file = Files.writeString(directory.resolve("keys.yaml"), STUDY);
    run("try", file.toString(), "--set", "name=" + directory.getFileName());
    assertThat(said())
        .contains("key=$KEY")
        .contains("env: {KEY: ...")
        .doesNotContain(SECRET)
        .contains("found       v");
  }

  @Test
  void anotherValueIsNoticedAndNotShown() throws IOException {
    assertThat(tune(STUDY)).isZero();
    assertThat(tune(STUDY.replace("KEY: " + SECRET, "KEY: " + OTHER))).isEqualTo(2);
    assertThat(said()).contains("objective.env.KEY: another value in the study than now");
    assertNothingSays(SECRET, OTHER);
    assertThat(tune(STUDY, "--set", "objective.env.MORE=" + OTHER)).isEqualTo(2);
    assertThat(said()).contains("objective.env.MORE: absent in the study, set now");
    assertThat(tune(STUDY, "--set", "objective.env={}")).isEqualTo(2);
    assertThat(said()).contains("objective.env.KEY: set in the study, absent now");
    // What is inherited may be renewed, and is no other study.
    assertThat(tune(STUDY, "--set", "objective.env.KEY={from: PATH}", "--trials", "4")).isZero();
    assertThat(tune(STUDY, "--trials", "5")).isZero();
    assertNothingSays(SECRET, OTHER);
  }

  @Test
  void aSettingIsNotKeptEither() throws IOException {
    assertThat(tune(STUDY, "--set", "objective.env.MORE=" + OTHER)).isZero();
    assertNothingSays(SECRET, OTHER);
    run("best", storage() + "#keys", "--study-file");
    assertThat(said()).contains("from: \"MORE\"");
  }

  /// As older versions kept them.
  @Test
  void aStudyThatKeepsAValueGoesOn() throws IOException, SQLException {
    assertThat(tune(STUDY)).isZero();
    try (var connection = DriverManager.getConnection("jdbc:" + storage());
        var statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "update study set definition = json_set(definition, '$.objective.env',"
                      + " json('{\"KEY\": \""
                      + SECRET
                      + "\", \"X\": \"{x}\"}'))"))
          .isEqualTo(1);
    }
    assertThat(tune(STUDY, "--trials", "4")).isZero();
    assertThat(Files.readString(directory.resolve("kept/report.html"))).doesNotContain(SECRET);
    assertThat(tune(STUDY.replace("KEY: " + SECRET, "KEY: " + OTHER))).isEqualTo(2);
    assertThat(said()).contains("env.KEY: another value").doesNotContain(SECRET, OTHER);
  }

  /// Of older versions, which kept the file and the settings as they were.
  @Test
  void aStudyFileThatWasKeptWithValuesIsShownWithoutThem() throws IOException, SQLException {
    assertThat(tune(STUDY)).isZero();
    for (var damage : List.of("", "objective: [")) {
      keep("study file", damage.isEmpty() ? STUDY : STUDY.replaceFirst("objective:", damage));
      keep("overrides", List.of("objective.env.MORE=" + OTHER, "budget.trials=3"));
      assertThat(run("report", storage() + "#keys")).isZero();
      assertThat(Files.readString(directory.resolve("kept/report.html")))
          .doesNotContain(SECRET, OTHER);
      run("best", storage() + "#keys", "--study-file");
      assertThat(said()).doesNotContain(SECRET, OTHER);
      if (damage.isEmpty()) {
        assertThat(said()).contains("from: \"KEY\"", "from: \"MORE\"");
      }
    }
  }

  private void keep(String fact, Object value) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:" + storage());
        var update = connection.prepareStatement("update fact set value = ? where key = ?")) {
      update.setString(1, JsonMapper.shared().writeValueAsString(value));
      update.setString(2, fact);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  @Test
  void aVariableThatIsNotSetIsAProblem() throws IOException {
    assertThat(tune(STUDY.replace("{from: PATH}", "{from: NO_SUCH_VARIABLE}"))).isEqualTo(2);
    assertThat(said())
        .contains("env.HERE: {from: NO_SUCH_VARIABLE}")
        .contains("export NO_SUCH_VARIABLE=...");
  }

  @Test
  void whatTrialsAreToldAnywayIsRefused() throws IOException {
    for (var name : List.of("ASSAY_TRIAL", "ASSAY_REPORT", "ASSAY_STOP_STEP")) {
      assertThat(tune(STUDY.replace("KEY: sk", name + ": sk"))).isEqualTo(2);
      assertThat(said())
          .contains("told that by Assay", "env." + name + " (", "line 6")
          .doesNotContain(SECRET);
    }
    var leasing = "CUDA_VISIBLE_DEVICES: \"2\", KEY: sk";
    var free = STUDY.replace("KEY: sk", leasing);
    assertThat(tune(free)).isZero();
    assertThat(tune(free.replace("  env:", "  gpus: 1\n  env:"))).isEqualTo(2);
    assertThat(said()).contains("env.CUDA_VISIBLE_DEVICES", "line 7", "resources: {gpus:");
  }

  @Test
  void problemsDoNotShowThem() throws IOException {
    for (var wrong : List.of("[sk-3141592653]", "\"sk-3141592653{no}\"", "{a: sk-3141592653}")) {
      assertThat(tune(STUDY.replace("KEY: " + SECRET, "KEY: " + wrong))).isEqualTo(2);
      assertThat(said()).contains("env").doesNotContain(SECRET);
    }
  }

  @Test
  void whatAStudyKeepsIsItsOwnersAlone() throws IOException {
    assertThat(tune(STUDY)).isZero();
    Mailbox.beside(directory.resolve("kept/study.db"), "keys").send(new ControlCommand.Stop());
    try (var opened = new SqliteStorage(directory.resolve("kept/study.db"));
        var log = opened.open("keys").orElseThrow()) {
      log.putFact("written", true); // with the files of the write-ahead log there
      try (var files = Files.walk(directory.resolve("kept"))) {
        var all = files.toList();
        assertThat(all).hasSizeGreaterThan(10);
        for (var file : all) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .endsWith("------");
        }
        assertThat(all).anyMatch(file -> file.endsWith("study.db-wal"));
      }
    }
  }
}
