package dev.assay.report;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.OutcomeConstraint;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what a report needs of a stored study, trial by trial, so that no more than some are in
/// memory at once: what the page names, what it has beside that, and a sample of which importances
/// and surfaces are calculated. Counts are of all.
final class LargeStudy {
  /// No trial has this number.
  private static final int NONE = Integer.MAX_VALUE;

  private final StoredStudy study;
  private final StudyDefinition definition;
  private final Map<String, @Nullable Object> facts;
  private final SearchSpace space;
  private final List<Objective> objectives;
  private final List<OutcomeConstraint> constraints;
  private final TrialSample sample;
  private final PageSample page;
  private final Decisions decisions;
  private final Spending spending;
  private final EnumMap<TrialState, Integer> counts = new EnumMap<>(TrialState.class);
  private double lastMillis;

  private LargeStudy(StoredStudy study, int most) {
    this.study = study;
    definition = study.definition();
    facts = study.facts();
    space = StudyFacts.space(definition, facts);
    objectives = definition.objectives();
    constraints = StudyView.constraints(definition);
    sample = new TrialSample(most);
    page = new PageSample(objectives, PageSample.most(space, objectives.size()));
    var empty = StudyView.of(definition, List.of(), facts);
    spending = new Spending(empty);
    decisions = new Decisions(space, objectives.getFirst().direction(), empty.given());
  }

  /// @param most trials that are kept of all, beside those of the page
  static ReportData.Source read(StoredStudy study, int most) {
    var read = new LargeStudy(study, most);
    study.each(
        read.space,
        trial -> {
          read.add(trial.under(read.constraints, read.objectives));
          return true;
        });
    return read.source();
  }

  private void add(TrialRecord trial) {
    sample.add(trial);
    page.add(trial);
    decisions.add(trial);
    spending.add(trial);
    counts.merge(trial.state(), 1, Integer::sum);
    lastMillis = Math.max(lastMillis, trial.startedMillis() + 1e3 * trial.seconds());
  }

  private ReportData.Source source() {
    if (sample.isAll()) {
      return ReportData.Source.of(StudyView.of(definition, sample.trials(), facts));
    }
    var finalists =
        page.confirming().stream()
            .map(Confirmation::confirmed)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    var confirmed =
        finalists.isEmpty() ? List.<TrialRecord>of() : study.some(space, finalists, NONE);
    var named = new TreeSet<>(Comparator.comparingInt(TrialRecord::number));
    Stream.of(page.best(), page.confirming(), confirmed, decisions.best(), sample.trials())
        .forEach(named::addAll);
    var view = StudyView.of(definition, named, facts);
    var sketch = new StoredStudy.Sketch(view.trials(), counts, lastMillis);
    var whole =
        new StudyView(
            definition, space, objectives, view.trials(), view.facts(), view.overhead(), sketch);
    var shown = page.chosen(confirmed, sample.trials());
    return new ReportData.Source(
        whole, StudyView.of(definition, new ArrayList<>(shown), facts), spending.document());
  }
}
