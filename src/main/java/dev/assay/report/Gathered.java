package dev.assay.report;

import dev.assay.storage.StoredStudy;
import dev.assay.trial.Confirmation;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a page needs of the trials of a study, taken one by one so that no more than some are in
/// memory at once: what the page names, what it has beside that, and a sample of which importances
/// and surfaces are calculated. Counts are of all.
final class Gathered {
  /// No trial has this number.
  private static final int NONE = Integer.MAX_VALUE;

  private final TrialSample sample;
  private final PageSample page;
  private final Decisions decisions;
  private final Spending spending;
  private final EnumMap<TrialState, Integer> counts = new EnumMap<>(TrialState.class);
  private double lastMillis;

  /// @param empty the study without trials
  /// @param most trials that are kept of all, beside those of the page
  Gathered(StudyView empty, int most) {
    var objectives = empty.objectives();
    sample = new TrialSample(most);
    page = new PageSample(objectives, PageSample.most(empty.space(), objectives.size()));
    decisions = new Decisions(empty.space(), objectives.getFirst().direction(), empty.given());
    spending = new Spending(empty);
  }

  /// A copy, which goes on by itself.
  ///
  /// @param empty the study as it is now, without trials
  Gathered(StudyView empty, Gathered other) {
    sample = new TrialSample(other.sample);
    page = new PageSample(other.page);
    decisions = new Decisions(other.decisions);
    spending = new Spending(empty, other.spending);
    counts.putAll(other.counts);
    lastMillis = other.lastMillis;
  }

  /// Takes a trial into account; those of greater numbers mostly come later.
  void add(TrialRecord trial) {
    sample.add(trial);
    page.add(trial);
    decisions.add(trial);
    spending.add(trial);
    counts.merge(trial.state(), 1, Integer::sum);
    lastMillis = Math.max(lastMillis, trial.startedMillis() + 1e3 * trial.seconds());
  }

  /// How many trials were added.
  int size() {
    return sample.read();
  }

  /// @param study where the trials are from: those that were confirmed are read again
  /// @param empty the study without trials
  ReportData.Source source(StoredStudy study, StudyView empty) {
    if (sample.isAll()) {
      return ReportData.Source.of(empty.with(byNumber(sample.trials())));
    }
    var confirmed = confirmed(study, empty);
    var sampled = byNumber(sample.trials());
    var shown = empty.with(page.chosen(confirmed, sampled));
    var named = new TreeSet<>(Comparator.comparingInt(TrialRecord::number));
    Stream.of(sampled, page.best(), page.confirming(), confirmed, decisions.best())
        .forEach(named::addAll);
    var whole = empty.with(List.copyOf(named));
    return new ReportData.Source(
        whole.sketched(new StoredStudy.Sketch(whole.trials(), counts, lastMillis)),
        shown,
        spending.document());
  }

  private static List<TrialRecord> byNumber(List<TrialRecord> trials) {
    var sorted = new ArrayList<>(trials);
    sorted.sort(Comparator.comparingInt(TrialRecord::number));
    return sorted;
  }

  /// Those that others confirm.
  private List<TrialRecord> confirmed(StoredStudy study, StudyView empty) {
    var finalists =
        page.confirming().stream()
            .map(Confirmation::confirmed)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return finalists.isEmpty()
        ? List.of()
        : study.some(empty.space(), finalists, NONE).stream()
            .map(trial -> trial.under(empty.bounds(), empty.objectives()))
            .toList();
  }
}
