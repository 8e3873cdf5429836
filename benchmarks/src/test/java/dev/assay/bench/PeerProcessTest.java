package dev.assay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever another tool's program does, there is an answer.
class PeerProcessTest {
  private static PeerProcess.Answer shell(String script, Duration longest)
      throws InterruptedException {
    return PeerProcess.run(List.of("/bin/sh", "-c", script), longest);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          echo before >&2; echo boom >&2; exit 7     | crashed with 7: boom
          kill -9 $$                                 | crashed with 137:
          echo No module named optuna >&2; exit 3    | not installed: No module named optuna
          true                                       | said no result: nothing
          echo hello                                 | said no result: hello
          echo 12                                    | said no result: 12
          printf '{"seconds": '                      | said no result: {"seconds":
          printf '{"seconds": "soon"}'               | said no result: {"seconds": "soon"}
          printf '{"seconds": -1}'                   | said no result: {"seconds": -1}
          printf '\\377\\376\\n'                     | said no result:
          """)
  void whatIsNoResultIsSaid(String script, String failure) throws InterruptedException {
    var answer = shell(script, Duration.ofMinutes(1));
    assertThat(answer.document()).isNull();
    assertThat(answer.failure()).startsWith(failure);
  }

  @Test
  void whoHangsIsEndedWithWhatItStarted() throws InterruptedException {
    var answer = shell("sleep 9753 & wait", Duration.ofMillis(300));
    assertThat(answer.failure()).startsWith("took more than");
    assertThat(ProcessHandle.current().descendants())
        .noneMatch(process -> process.info().commandLine().orElse("").contains("9753"));
  }

  @Test
  void whatCannotBeStartedIsSaid() throws InterruptedException {
    var answer = PeerProcess.run(List.of("/no/such/python"), Duration.ofMinutes(1));
    assertThat(answer.failure()).startsWith("not started").contains("/no/such/python");
  }

  @Test
  void theLastLineIsTheResult() throws InterruptedException {
    var answer = shell("echo loading; printf '{\"seconds\": 0.25}\\n\\n'", Duration.ofMinutes(1));
    assertThat(answer.failure()).isEmpty();
    assertThat(answer.document()).isNotNull();
  }
}
