package dev.assay.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryStorageTest extends StorageContract {
  @Override
  protected Storage empty() {
    return new InMemoryStorage();
  }

  @Test
  void aStudyIsOpenForWritingOnce() {
    var definition = new StudyDefinition("demo", Map.of());
    try (var _ = storage.create(definition)) {
      assertThatThrownBy(() -> storage.open("demo"))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("this process");
      assertThatThrownBy(() -> storage.open("demo")).isInstanceOf(Problem.class);
    }
    storage.open("demo").orElseThrow().close();
  }

  /// Memory does not outlive its process: the next best thing is the same object.
  @Override
  protected Storage reopened(Storage before) {
    return before;
  }
}
