package dev.assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.problem.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipInputTest {
  private static ByteArrayInputStream zeros(int count) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[count]);
    }
    return new ByteArrayInputStream(packed.toByteArray());
  }

  @Test
  void whatFitsIsReadWhole() throws IOException {
    try (var in = new GzipInput("rows.csv.gz", zeros(3 << 20), 3 << 20)) {
      assertThat(in.readAllBytes()).hasSize(3 << 20);
    }
  }

  @Test
  void whatUnpacksToMoreThanMemoryIsRefusedByName() throws IOException {
    try (var in = new GzipInput("rows.csv.gz", zeros((3 << 20) + 1), 3 << 20)) {
      var problem = catchThrowableOfType(Problem.class, in::readAllBytes);
      assertThat(problem.what()).contains("more than memory holds");
      assertThat(problem.value()).contains("rows.csv.gz").contains("3 MB");
      assertThat(problem.mend()).contains("ASSAY_JAVA_OPTIONS");
    }
  }
}
