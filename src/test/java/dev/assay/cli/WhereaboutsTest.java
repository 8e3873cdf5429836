package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A machine that would run something else than the others is refused before a trial fails there.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "trials are shell scripts")
class WhereaboutsTest {
  private static final String PROGRAM = "echo \"@assay {\\\"loss\\\": $1}\"\n";

  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private int run(String... words) {
    out.reset();
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return Main.run(new Console(stream, stream), words);
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anotherProgramOrNoneIsRefused() throws IOException {
    Files.writeString(directory.resolve("train.sh"), PROGRAM);
    var file =
        Files.writeString(
            directory.resolve("study.yaml"),
            """
            name: placed
            objective: {command: [sh, train.sh, '{x}']}
            minimize: loss
            space: {x: {float: [0, 1]}}
            budget: {trials: 2}
            """);
    var storage = "sqlite:" + directory.resolve("study.db");
    assertThat(run("tune", file.toString(), "--storage", storage, "--quiet")).as(said()).isZero();
    var work = new String[] {"work", storage + "#placed", "--quiet", "--directory", ""};
    var other = Files.createDirectories(directory.resolve("other"));
    work[4] = other.toString();
    assertThat(run(work)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said()).contains("missing on this machine", "train.sh in " + other, "ship: [");

    Files.writeString(other.resolve("train.sh"), PROGRAM + "# changed\n");
    assertThat(run(work)).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(said()).contains("another program elsewhere", other.resolve("train.sh").toString());

    Files.writeString(other.resolve("train.sh"), PROGRAM);
    assertThat(run(work)).as(said()).isZero();
  }

  @Test
  void gpusAreNamedAsTheDriverNamesThem() {
    assertThat(Whereabouts.gpus("0, GPU-8932f937"))
        .containsExactly("resources.gpus=[0, GPU-8932f937]");
    for (var names : new String[] {"", "0,", "a b", "0;1", "[0]"}) {
      assertThatThrownBy(() -> Whereabouts.gpus(names)).as(names).isInstanceOf(Problem.class);
    }
  }
}
