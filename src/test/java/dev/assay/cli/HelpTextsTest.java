package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The launcher answers `--help` from `packaging/help`, without building: these files are what the
/// commands say of themselves. `-Dassay.help=write` writes them anew.
class HelpTextsTest {
  private static final String BENCH = "bench.txt"; // held by the benchmarks' own test
  private static final String BUNDLE = "bundle.txt";

  static Stream<String> commands() {
    return Stream.concat(Stream.of("assay"), CommandLineTest.commands());
  }

  private static Path directory() {
    var here = Path.of("packaging", "help").toAbsolutePath();
    return Files.isDirectory(here) ? here : Path.of("..", "packaging", "help");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theLauncherSaysWhatTheCommandSays(String command) throws IOException {
    var out = new ByteArrayOutputStream();
    var console = new Console(new PrintStream(out), new PrintStream(out));
    var args = command.equals("assay") ? new String[] {"--help"} : new String[] {command, "--help"};
    assertThat(Main.run(console, args)).isZero();
    var file = directory().resolve(command + ".txt");
    if ("write".equals(System.getProperty("assay.help"))) {
      Files.write(file, out.toByteArray());
    }
    assertThat(file).hasContent(out.toString(StandardCharsets.UTF_8));
  }

  @org.junit.jupiter.api.Test
  void thereAreNoOthers() throws IOException {
    try (var files = Files.list(directory())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(commands().map(name -> name + ".txt"), Stream.of(BENCH, BUNDLE))
                  .toList());
    }
  }
}
