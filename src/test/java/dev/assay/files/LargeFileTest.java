package dev.assay.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.problem.Problem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LargeFileTest {
  @Test
  void aFileThatMemoryDoesNotHoldIsNamed() {
    var problem =
        catchThrowableOfType(
            Problem.class,
            () ->
                LargeFile.read(
                    Path.of("rows.csv"),
                    () -> {
                      throw new OutOfMemoryError("Java heap space");
                    }));
    assertThat(problem.what()).contains("more memory");
    assertThat(problem.value()).contains("rows.csv").contains("Java heap space").contains("MB");
    assertThat(problem.mend()).contains("ASSAY_JAVA_OPTIONS");
  }

  @Test
  void whatIsReadIsHandedOn() {
    assertThat(LargeFile.read(Path.of("rows.csv"), () -> 3)).isEqualTo(3);
  }
}
