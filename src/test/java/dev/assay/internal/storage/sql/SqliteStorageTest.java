package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Storage;
import dev.assay.storage.StorageContract;
import dev.assay.study.Study;
import dev.assay.trial.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStorageTest extends StorageContract {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("a new directory").resolve("we?ird#na%41me ü.db");
  }

  @Override
  protected Storage empty() {
    return new SqliteStorage(file());
  }

  @Override
  protected Storage reopened(Storage before) {
    before.close();
    return new SqliteStorage(file());
  }

  /// The write-ahead log goes when the last connection does.
  @Test
  void aStorageThatNobodyClosesLeavesNothingOpen() throws IOException {
    try (var study =
        Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
            .minimize("loss")
            .sampler(Samplers.random())
            .storage(new SqliteStorage(file()))
            .openOrCreate()) {
      study.tell(study.ask(), Outcome.complete(1));
      assertThat(files()).hasSizeGreaterThan(1);
    }
    assertThat(files()).containsExactly(file().getFileName().toString());
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(file().getParent())) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void trialsMayBeReclaimedWithinWhatIsWrittenTogether() {
    try (var log = storage.create(definition("demo"))) {
      log.together(() -> {
        log.begin(running(0, Map.of()));
        assertThat(log.reclaim(9)).isEmpty(); // it is in this log's hands
        log.end(complete(running(0, Map.of()), 0.25));
      });
    }
    assertThat(reread("demo")).hasSize(1);
  }
}
