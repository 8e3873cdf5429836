package dev.assay.internal.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailureWordsTest {
  static List<List<String>> alike() {
    return List.of(
        List.of(
            "error: exit code 1: x.c:3:5: error: 'foo' undeclared",
            "error: exit code 1: x.c:12:15: error: 'foo' undeclared",
            "error: exit code 1: src/y.c:3:5: error: 'foo' undeclared",
            "error: exit code 1: /tmp/tmpab12/x.c:3:5: error: 'foo' undeclared"),
        List.of("k.cu(3): error: no foo", "/tmp/k_17.cu(14): error: no foo"),
        List.of("killed at 0x7ffd1234", "killed at 0x55aa00ff9980"),
        List.of("<torch.Tensor object at 0x7f12>", "<torch.Tensor object at 0x8f12aa>"),
        List.of("SyntaxError: line 3, column 5", "SyntaxError: line 13, column 1"),
        List.of("No such file: /home/a/data.csv", "No such file: /home/b/x/data.csv"),
        List.of("No such file: 'C:\\Users\\a\\d.csv'", "No such file: 'C:\\Temp\\d.csv'"),
        List.of("cannot open tmpxft_00001a_0", "cannot open tmpxft_00002b_1"),
        List.of("cannot open tmp8k2jd9", "cannot open tmp91kdls"),
        List.of("[12345] aborted", "[99] aborted"),
        List.of("pid 123 died", "pid 77 died"),
        List.of("12:30:01,123 ERROR bad", "23:59:59.9 ERROR bad"),
        List.of(
            "no value: no value for loss: {\"loss\": 0.13, \"watts\": 9}",
            "no value: no value for loss: {\"loss\": 0.2, \"watts\": 14}",
            "no value: no value for loss: 0.4"),
        List.of("run 3f2a9c1d failed", "run 99aa00bb failed"),
        List.of(
            "id 123e4567-e89b-12d3-a456-426614174000", "id 00000000-e89b-12d3-a456-426614174fff"));
  }

  @ParameterizedTest
  @MethodSource
  void alike(List<String> failures) {
    assertThat(failures.stream().map(FailureWords::alike).distinct()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "exit code 1, exit code 2",
    "x.c:3:5: error: no foo, x.c:3:5: error: no bar",
    "Tried to allocate 2.00 GiB, Tried to allocate 4.00 GiB",
    "exit code 1: ValueError, SIGKILL (9): ValueError",
    "bad value 0.5, bad value 0.25",
    "no value for loss, no value for acc",
    "no value for loss: 0.1, no value for acc: 0.1",
    "no value for loss: 0.1, no value for loss; a regex took a part of a number",
  })
  void different(String one, String other) {
    assertThat(FailureWords.alike(one)).isNotEqualTo(FailureWords.alike(other));
  }
}
