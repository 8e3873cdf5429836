package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `assay try` says of programs that know nothing of Assay.
class TryCommandTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeAll
  static void posix() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "these programs are shell scripts");
  }

  private String tried(String script, String more) throws IOException {
    var file =
        Files.writeString(
            directory.resolve("tried.yaml"),
            """
            objective:
              command: [sh, -c, '%s']
              %s
            minimize: loss
            space: {x: {float: [0, 1]}, layers: {int: [1, 3]}}
            """
                .formatted(script, more));
    out.reset();
    var console = new Console(new PrintStream(out), new PrintStream(out));
    int _ = Main.run(console, "try", file.toString());
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aNumberAloneInTheLastLineIsTakenByTheRegexThatIsShown() throws IOException {
    var script = "echo training; echo 0.25";
    var regex = "value: {regex: '^(\\S+)$'}";
    assertThat(tried(script, "")).contains("not found   loss", regex);
    assertThat(tried(script, regex)).contains("found       loss", "loss        0.25");
  }

  @Test
  void aPercentageIsTakenByTheRegexThatIsShown() throws IOException {
    var script = "echo epoch 1 loss: 93.2%";
    var regex = "value: {regex: 'loss: (\\S+)%'}";
    assertThat(tried(script, "value: {number: loss}")).contains("93.2%", regex);
    assertThat(tried(script, regex)).contains("loss        93.2");
  }

  @Test
  void aProgramThatFailedIsNotToldHowToPrintValues() throws IOException {
    assertThat(tried("echo No such file >&2; exit 2", "value: {number: loss}"))
        .contains("the trial failed", "exit code 2: No such file")
        .doesNotContain("not found", "not read", "@assay");
  }

  @Test
  void whatIsBoundedIsFoundWhereTheFileSaysAndMissedWhereItIsNot() throws IOException {
    var script = "echo loss: 0.5; echo memory_gb: 7";
    var bound = "\nsubject_to: [memory_gb <= 8]";
    var both = "value: {loss: {number: loss}, memory_gb: {number: memory_gb}}";
    assertThat(tried(script, "value: {number: loss}" + bound))
        .contains("not found   memory_gb, which subject_to bounds", both);
    assertThat(tried(script, both + bound))
        .contains("found       memory_gb, in a line of stdout", "loss        0.5");
    assertThat(tried(script, both)).contains("The value is of no objective.");
    assertThat(tried("echo @assay {\\\"loss\\\": 0.5, \\\"memory\\\": 3}", bound))
        .contains("not found   memory_gb", "Did you mean \"memory\"?");
  }

  @Test
  void parametersThatTheCommandDoesNotNameAreNamed() throws IOException {
    assertThat(tried("echo {x}", "")).contains("not passed  layers:");
    assertThat(tried("echo {args}", "")).doesNotContain("not passed");
    assertThat(tried("echo", "env: {P: \"{params}\"}")).doesNotContain("not passed");
  }
}
