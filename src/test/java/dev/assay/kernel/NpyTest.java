package dev.assay.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NpyTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsRead(ElementType type) {
    var array = HostArray.of(type, 3);
    type.set(array.memory(), 2, 5);
    var file = directory.resolve("a.npy");
    Npy.write(file, type, array.memory());
    assertThat(HostArray.read(file, type, 3).sameBytes(array)).isTrue();
  }

  /// As numpy.save writes it: the elements begin at a multiple of 64 bytes.
  @Test
  void theHeaderIsNumPys() throws IOException {
    var file = directory.resolve("a.npy");
    Npy.write(file, ElementType.FLOAT, HostArray.of(ElementType.FLOAT, 2).memory());
    var bytes = Files.readAllBytes(file);
    assertThat(bytes).hasSize(128 + 8).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
    assertThat(new String(bytes, 10, 118, StandardCharsets.US_ASCII))
        .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }")
        .endsWith(" \n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '<f4' | False | 3 | another number of elements
          '<f8' | False | 1 | another type of elements
          '>f4' | False | 2 | another type of elements
          '<f4' | True  | 2 | elements in columns
          """)
  void whatDoesNotFitIsRefused(String type, String columns, int count, String what)
      throws IOException {
    var header = "{'descr': '" + type + "', 'fortran_order': " + columns + ", 'shape': (2,), }\n";
    var head = new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0};
    var file = directory.resolve("a.npy");
    try (var out = Files.newOutputStream(file)) {
      out.write(head);
      out.write(header.getBytes(StandardCharsets.US_ASCII));
      out.write(new byte[8]);
    }
    assertThatThrownBy(() -> HostArray.read(file, ElementType.FLOAT, count))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(what);
  }

  @Test
  void whatIsNoArrayIsRefused() throws IOException {
    for (var text : new String[] {"", "\u0093NUMPY", "some text that is longer than a header"}) {
      var file = directory.resolve("a.npy");
      Files.writeString(file, text);
      assertThatThrownBy(() -> HostArray.read(file, ElementType.FLOAT, 1))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("no file of NumPy's");
    }
    assertThatThrownBy(() -> HostArray.read(directory.resolve("b.npy"), ElementType.FLOAT, 1))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("cannot be read");
  }
}
