package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "other.db | write sqlite:other.db.",
        "runs/other | write sqlite:runs/other.",
        "sqlit:other.db | sqlite:",
        "memory | memory:",
        "nowhere | Write sqlite:PATH#NAME"
      })
  void whatIsNoStorageSaysWhatIs(String url, String mend) {
    assertThatThrownBy(() -> StorageUrl.parse(url))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("no such storage")
        .hasMessageContaining(mend);
  }
}
