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
import java.util.Map;
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

  /// Between what a shell says of one line and of the next.
  private static final String NEXT = "-- next";

  /// What a shell makes of words up to the cursor. In bash and zsh it calls the function that they
  /// call, in zsh with the arrays of its bashcompinit.
  private static String asked(String shell, List<String> words) {
    return switch (shell) {
      case "fish" -> " complete -C'assay " + String.join(" ", words) + "' | cut -f1;";
      case "bash", "zsh" ->
          " COMP_WORDS=(assay '%s'); COMP_CWORD=%d; COMPREPLY=(); _assay; printf '%%s\\n' \"${COMPREPLY[@]}\";"
              .formatted(String.join("' '", words), words.size());
      default -> throw new IllegalArgumentException(shell);
    };
  }

  private static String prepared(String shell) {
    return switch (shell) {
      case "fish" -> "source script;";
      case "zsh" ->
          "autoload -Uz compinit 2>/dev/null && compinit -u -D; . ./script; emulate -L sh;";
      default -> ". ./script;";
    };
  }

  /// What it says of each line; a shell takes a second to get ready, so one is asked of all.
  private List<String> complete(String shell, List<String> lines) throws Exception {
    var out = new ByteArrayOutputStream();
    assertThat(Main.run(new Console(new PrintStream(out), System.err), "completion", shell))
        .isZero();
    Files.write(directory.resolve("script"), out.toByteArray());
    var options =
        switch (shell) {
          case "bash" -> List.of("bash", "--norc", "-c");
          case "zsh" -> List.of("zsh", "-f", "-c");
          default -> List.of("fish", "--no-config", "-c");
        };
    var script = new StringBuilder(prepared(shell));
    for (var line : lines) {
      script.append(asked(shell, List.of(line.split(" ", -1)))).append(" echo '" + NEXT + "';");
    }
    var command = new java.util.ArrayList<>(options);
    command.add(script.toString());
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
    return List.of(said.split(NEXT + "\\n"));
  }

  /// @param all lines, and what each may become
  private void assertCompletes(String shell, Map<String, List<String>> all) throws Exception {
    var lines = List.copyOf(all.keySet());
    var said = complete(shell, lines);
    assertThat(said).hasSameSizeAs(lines);
    for (int i = 0; i < lines.size(); i++) {
      var plain = said.get(i).strip().replace("\\", "").replaceAll("(?m)^\\$?'|'$", "");
      assertThat(plain.lines().sorted())
          .as(lines.get(i))
          .containsExactlyElementsOf(all.get(lines.get(i)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void completesCommandsOptionsWordsAndStudies(String shell) throws Exception {
    assertCompletes(
        shell,
        Map.of(
            "tu", List.of("tune"),
            "comp", List.of("compare", "completion"),
            "tune --st", List.of("--storage"),
            "tune --backend c", List.of("cpu", "cuda"),
            "export digits --format js", List.of("json"),
            "completion ", List.of("bash", "fish", "zsh"),
            "kernel exp", List.of("export"),
            "kernel export digi", List.of("digits"),
            "best dig", List.of("dig deep", "digits"),
            "best 5", List.of("50%")));
  }
}
