package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The scripts of `assay completion`, run by the shells that they are for.
class ShellCompletionTest {
  @TempDir Path directory;

  @BeforeEach
  void studies() throws IOException {
    for (var study : List.of("digits", "dig%20deep", "50%25")) {
      Files.createDirectories(directory.resolve("results/studies").resolve(study));
    }
  }

  /// What a shell makes of words up to the cursor. In bash and zsh it calls the function that they
  /// call, in zsh with the arrays of its bashcompinit.
  private static String asked(String shell, List<String> words) {
    return switch (shell) {
      case "fish" -> "source script; complete -C'assay " + String.join(" ", words) + "' | cut -f1";
      case "bash", "zsh" ->
          "autoload -Uz compinit 2>/dev/null && compinit -u -D; . ./script;"
              + (shell.equals("zsh") ? " emulate -L sh;" : "")
              + " COMP_WORDS=(assay '%s'); COMP_CWORD=%d; _assay; printf '%%s\\n' \"${COMPREPLY[@]}\""
                  .formatted(String.join("' '", words), words.size());
      default -> throw new IllegalArgumentException(shell);
    };
  }

  private String complete(String shell, String line) throws Exception {
    var out = new ByteArrayOutputStream();
    assertThat(Main.run(new Console(new PrintStream(out), System.err), "completion", shell))
        .isZero();
    Files.write(directory.resolve("script"), out.toByteArray());
    var words = List.of(line.split(" ", -1));
    var options =
        switch (shell) {
          case "bash" -> List.of("bash", "--norc", "-c");
          case "zsh" -> List.of("zsh", "-f", "-c");
          default -> List.of("fish", "--no-config", "-c");
        };
    var command = new java.util.ArrayList<>(options);
    command.add(asked(shell, words));
    var builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().remove("ASSAY_STUDIES");
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      assumeTrue(false, shell + " is not installed");
      throw e;
    }
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  private void assertCompletes(String shell, String line, String... expected) throws Exception {
    var plain = complete(shell, line).replace("\\", "").replaceAll("^\\$?'|'$", "");
    assertThat(plain.lines().sorted()).as(line).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void completesCommandsOptionsWordsAndStudies(String shell) throws Exception {
    assertCompletes(shell, "tu", "tune");
    assertCompletes(shell, "comp", "compare", "completion");
    assertCompletes(shell, "tune --st", "--storage");
    assertCompletes(shell, "tune --backend c", "cpu", "cuda");
    assertCompletes(shell, "export digits --format js", "json");
    assertCompletes(shell, "completion ", "bash", "fish", "zsh");
    assertCompletes(shell, "best dig", "dig deep", "digits");
    assertCompletes(shell, "best 5", "50%");
  }
}
