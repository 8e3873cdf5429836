package dev.assay.cli;

import dev.assay.spec.StudyFile;
import dev.assay.study.Study;
import dev.assay.study.StudyBuilder;
import dev.assay.track.TrackedStudy;
import dev.assay.track.Tracking;
import java.util.List;
import java.util.UUID;

/// Where a study is logged while it runs: `log:` of its file.
final class Trackers implements AutoCloseable {
  /// The fact that names the study for trackers: one that begins anew has another.
  private static final String FACT = "tracking";

  private final List<Tracking> all;

  private Trackers(List<Tracking> all) {
    this.all = all;
  }

  /// Adds them to those who are told of the study.
  static Trackers of(StudyFile spec, StudyBuilder<?> builder, Console console) {
    var all =
        spec.log().stream().map(settings -> new Tracking(settings::make, console::note)).toList();
    all.forEach(builder::listener);
    return new Trackers(all);
  }

  void begin(Study<?> study) {
    if (all.isEmpty()) {
      return;
    }
    if (!(study.facts().get(FACT) instanceof String)) {
      study.putFact(FACT, UUID.randomUUID().toString());
    }
    var id = String.valueOf(study.facts().get(FACT));
    var tracked = new TrackedStudy(study.name(), id, study.space(), study.objectives());
    all.forEach(one -> one.begin(tracked, study::trials));
  }

  @Override
  public void close() {
    all.forEach(Tracking::close);
  }
}
