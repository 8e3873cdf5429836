package dev.assay.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.sampler.Samplers;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.study.Study;
import dev.assay.trial.Outcome;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A study that goes on while it is written is written as it was when that began.
class LiveExportTest {
  @TempDir private Path directory;

  @Test
  void whatEndsMeanwhileIsStillUnderWay() {
    var space = SearchSpace.builder().add("x", new FloatRange(0, 1)).build();
    try (var storage = new SqliteStorage(directory.resolve("study.db"));
        var study =
            Study.over(space)
                .named("s")
                .minimize("loss")
                .sampler(Samplers.random())
                .storage(storage)
                .openOrCreate()) {
      var first = study.ask();
      first.attribute("found", 1.5);
      study.tell(first, Outcome.complete(1));
      var second = study.ask();
      var before = directory.resolve("before.parquet");
      var stored = storage.read("s").orElseThrow();
      assertThat(StudyExport.write(stored, "parquet", before.toString())).isEqualTo(2);

      int[] passes = {0};
      var live =
          (StoredStudy)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {StoredStudy.class},
                  (_, method, arguments) -> {
                    if (method.getName().equals("each") && passes[0]++ == 1) {
                      second.attribute("found", "a text");
                      study.tell(second, Outcome.complete(2));
                      study.ask();
                    }
                    return method.invoke(stored, arguments);
                  });
      var meanwhile = directory.resolve("meanwhile.parquet");
      assertThat(StudyExport.write(live, "parquet", meanwhile.toString())).isEqualTo(2);
      assertThat(meanwhile).hasSameBinaryContentAs(before);
    }
  }
}
