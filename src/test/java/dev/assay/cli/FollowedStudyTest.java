package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.report.LargeStudy;
import dev.assay.report.StudyView;
import dev.assay.sampler.Samplers;
import dev.assay.space.Configuration;
import dev.assay.space.FloatRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.study.Study;
import dev.assay.study.Trial;
import dev.assay.trial.Outcome;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedStudyTest {
  private static final int SMALL = 300;

  @TempDir private Path directory;
  private SqliteStorage storage;
  private Study<Configuration> study;
  private long now;
  private int wholeReads;

  @BeforeEach
  void open() {
    storage = new SqliteStorage(directory.resolve("study.db"));
    study =
        Study.over(SearchSpace.builder().add("x", new FloatRange(0, 1)).build())
            .named("s")
            .minimize("loss")
            .sampler(Samplers.random())
            .storage(storage)
            .openOrCreate();
  }

  @AfterEach
  void close() {
    study.close();
    storage.close();
  }

  private FollowedStudy followed() {
    return new FollowedStudy(this::read, SMALL, () -> now++);
  }

  private LargeStudy read(Function<StoredStudy, LargeStudy> reader) {
    var stored = storage.read("s").orElseThrow();
    return reader.apply(
        (StoredStudy)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {StoredStudy.class},
                (_, method, arguments) -> {
                  wholeReads += method.getName().equals("each") ? 1 : 0;
                  return method.invoke(stored, arguments);
                }));
  }

  private void tell(int trials) {
    for (int i = 0; i < trials; i++) {
      Trial<Configuration> trial = study.ask();
      study.tell(trial, Outcome.complete(trial.number()));
    }
  }

  @Test
  void whatIsReadInPartsIsWhatIsThere() {
    tell(SMALL);
    var followed = followed();
    var first = followed.source().whole();
    var open = new ArrayList<Trial<Configuration>>();
    for (int i = 0; i < 3; i++) {
      open.add(study.ask());
    }
    tell(2);
    var second = followed.source().whole();
    study.tell(open.get(1), Outcome.complete(-1));
    tell(1);
    var third = followed.source().whole();
    assertThat(wholeReads).isEqualTo(1);
    assertThat(second.trials()).hasSize(SMALL + 5);
    assertThat(third.trials()).isEqualTo(StudyView.of(storage.read("s").orElseThrow()).trials());
    assertThat(third.trials().get(7)).isSameAs(first.trials().get(7));
    assertThat(third.best().getFirst().value()).isEqualTo(-1);
  }

  @Test
  void anOldTrialThatSomebodyDiscardedIsFoundInTime() {
    tell(SMALL);
    var followed = followed();
    followed.source().whole();
    storage.discard("s", 3, true);
    long version = followed.version(1);
    assertThat(followed.source().whole().trials().get(3).value()).isEqualTo(3);
    now += 1000; // all may be read again
    assertThat(followed.version(1)).isNotEqualTo(version);
    var whole = followed.source().whole();
    assertThat(whole.trials().get(3).state().word()).isEqualTo("discarded");
    assertThat(followed.version(1)).isNotEqualTo(version);
    now += 1000;
    long read = followed.version(1);
    assertThat(followed.version(1)).isEqualTo(read);
  }

  @Test
  void smallStudiesAreReadWhole() {
    tell(5);
    var followed = followed();
    var first = followed.source().whole();
    storage.discard("s", 3, true);
    var second = followed.source().whole();
    assertThat(second.trials().get(3).state().word()).isEqualTo("discarded");
    assertThat(second.trials().get(2)).isSameAs(first.trials().get(2));
  }
}
