package dev.assay.exchange;

import dev.assay.internal.opening.Adoption;
import dev.assay.internal.space.SpaceDescription;
import dev.assay.internal.storage.StudyCopy;
import dev.assay.problem.Problem;
import dev.assay.space.SearchSpace;
import dev.assay.storage.Storage;
import dev.assay.storage.StudyDefinition;
import dev.assay.storage.StudyLog;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A study of another tool's as one of Assay's: read, given a space, and ready to be stored.
public final class StudyImport {
  /// The fact with where the study comes from, and what was known of it there.
  public static final String FACT = "imported";

  private final ForeignStudy study;
  private final String source;
  private final SearchSpace space;

  private StudyImport(ForeignStudy study, String source, SearchSpace space) {
    this.study = study;
    this.source = source;
    this.space = space;
  }

  /// Reads a source.
  ///
  /// @throws Problem for whatever cannot be read
  public static StudyImport read(Source source) {
    var study = source.read();
    if (study.drafts().isEmpty()) {
      throw new Problem(
          "There is no trial in it.", source + ", " + study.name(), "Name another source.");
    }
    var guessed = SpaceGuess.of(study.drafts());
    boolean fits = guessed.isOpen() || Records.fit(study.drafts(), guessed);
    return new StudyImport(
        study, source.toString(), fits ? guessed : SpaceGuess.open(study.drafts()));
  }

  /// The same trials in the space of a study file.
  ///
  /// @param file for messages
  /// @throws Problem where a trial that ran to an end does not fit
  public StudyImport in(SearchSpace other, String file) {
    Records.requireFit(study.drafts(), other, file);
    return new StudyImport(study, source, other);
  }

  /// What the study is called where it comes from.
  public String name() {
    return study.name();
  }

  /// The tool that it comes from.
  public String tool() {
    return study.tool();
  }

  public List<Objective> objectives() {
    return study.objectives();
  }

  /// Closed; or open where nothing tells when each parameter exists.
  public SearchSpace space() {
    return space;
  }

  /// What the user should know about how it was read.
  public List<String> remarks() {
    return study.remarks();
  }

  public int size() {
    return study.drafts().size();
  }

  public int count(TrialState state) {
    return (int) study.drafts().stream().filter(draft -> draft.state == state).count();
  }

  /// Stores the study, whole or not at all.
  ///
  /// @param facts more facts, JSON values
  /// @throws Problem when there is a study of that name, or the storage fails
  public void store(Storage storage, String name, Map<String, Object> facts) {
    if (storage.names().contains(name)) {
      throw new Problem(
          "There is a study of that name already.",
          name,
          "Give the new one another: --name NAME; or put the old one aside.");
    }
    var records = new Records(space).of(study.drafts());
    // Under another name until all is there: a process that is killed leaves no half study.
    var unfinished = name + " (import that began at " + now() + " and did not end)";
    try (var log = storage.create(definition(unfinished))) {
      log.together(() -> {
        write(log, records);
        log.putFact(FACT, fact());
        facts.forEach(log::putFact);
      });
    }
    storage.rename(unfinished, name);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private StudyDefinition definition(String name) {
    var content = new LinkedHashMap<String, @Nullable Object>();
    content.put("space", SpaceDescription.of(space));
    content.put(
        "objectives",
        objectives().stream()
            .map(one -> Map.of("metric", one.metric(), "direction", one.direction().name()))
            .toList());
    content.put(Adoption.IMPORTED, Map.of("from", study.tool(), "trials", size()));
    return new StudyDefinition(name, content);
  }

  private Map<String, @Nullable Object> fact() {
    var fact = new LinkedHashMap<String, @Nullable Object>();
    fact.put("from", study.tool());
    fact.put("source", source);
    fact.put("study", study.name());
    fact.put("trials", size());
    fact.put("at", now().toString());
    fact.putAll(study.facts());
    return fact;
  }

  /// In the order in which the trials ended, which is that of the history.
  private static void write(StudyLog log, List<TrialRecord> records) {
    var ordered = new ArrayList<>(records);
    ordered.sort(Comparator.comparingLong(TrialRecord::endedMillis));
    ordered.forEach(trial -> StudyCopy.write(trial, log));
  }
}
