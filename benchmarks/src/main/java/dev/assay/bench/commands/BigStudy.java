package dev.assay.bench.commands;

import dev.assay.internal.space.SpaceDescription;
import dev.assay.internal.storage.StudyFacts;
import dev.assay.internal.storage.sql.SqliteStorage;
import dev.assay.random.Philox;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import dev.assay.trial.Cause;
import dev.assay.trial.Objective;
import dev.assay.trial.Report;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A stored study of as many trials and parameters as wanted, written at once and not searched:
/// three fifths of the parameters real, a fifth whole numbers, a fifth choices. Of a hundred trials
/// one failed and five were pruned after three reports; the others have a value that a quarter of
/// the parameters decide, with noise, and an attribute.
///
/// @param name of the study
record BigStudy(String name, int trials, int parameters) {
  private static final int TOGETHER = 20_000;
  private static final long START_MILLIS = 1_700_000_000_000L;
  private static final double SECONDS = 0.25;

  /// Writes it.
  void write(Path file) {
    var space = space();
    try (var storage = new SqliteStorage(file);
        var log = storage.create(definition(space))) {
      var facts = Map.of("wall", trials * SECONDS, "suggest", 1.0, "storage", 1.0, "idle", 0.0);
      log.putFact(StudyFacts.OVERHEAD, facts);
      for (int first = 0; first < trials; first += TOGETHER) {
        int from = first;
        log.together(() -> {
          for (int i = from; i < Math.min(trials, from + TOGETHER); i++) {
            write(i, space, log);
          }
        });
      }
    }
  }

  private SearchSpace space() {
    var space = SearchSpace.builder();
    for (int i = 0; i < parameters; i++) {
      space.add(
          "parameter_" + i,
          switch (i % 5) {
            case 0, 1, 2 -> new FloatRange(-5, 5);
            case 3 -> new IntRange(1, 1024);
            default -> Choice.of("relu", "tanh", "gelu", "silu");
          });
    }
    return space.build();
  }

  private StudyDefinition definition(SearchSpace space) {
    var content = new LinkedHashMap<String, @Nullable Object>();
    content.put("space", SpaceDescription.of(space));
    content.put("objectives", StudyDefinition.objectives(List.of(Objective.minimize("loss"))));
    content.put("sampler", Map.of("name", "random"));
    content.put("seed", 1L);
    return new StudyDefinition(name, content);
  }

  private static void write(int number, SearchSpace space, StudyLog log) {
    var random = new Philox(1, number);
    var configuration = space.draw(random);
    var running =
        new TrialRecord(
            number,
            TrialState.RUNNING,
            configuration,
            Map.of(),
            List.of(),
            List.of(),
            null,
            "",
            Map.of(),
            START_MILLIS + (long) (1e3 * SECONDS * number),
            0,
            0);
    log.begin(running);
    double loss = 0.1 * random.nextGaussian();
    for (int i = 0; i < space.parameters().size(); i += 4) {
      double code = configuration.code(i);
      double scaled = i % 5 == 3 ? code / 205 - 2.5 : i % 5 == 4 ? code - 1.5 : code;
      loss += scaled * scaled / (1 + i);
    }
    int kind = random.nextInt(100);
    boolean failed = kind == 0;
    boolean pruned = kind > 0 && kind <= 5;
    for (int step = 1; pruned && step <= 3; step++) {
      log.report(number, new Report(step, List.of(loss + 1.0 / step)));
    }
    log.end(
        new TrialRecord(
            number,
            failed ? TrialState.FAILED : pruned ? TrialState.PRUNED : TrialState.COMPLETE,
            configuration,
            Map.of(),
            List.of(),
            failed || pruned ? List.of() : List.of(loss),
            failed ? Cause.NO_VALUE : null,
            failed ? "the program printed no value" : "",
            failed ? Map.of() : Map.of("fold", (long) (number % 5)),
            running.startedMillis(),
            SECONDS * (0.5 + random.nextDouble()),
            0));
  }
}
