package dev.assay.serve;

import dev.assay.report.ReportData;
import dev.assay.report.StudyView;
import dev.assay.run.control.Standing;
import dev.assay.storage.Runner;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What a dashboard remembers of a study between two looks, so that many lookers cost one reading.
///
/// The trials are read anew whenever the study changed; what is calculated of them (importances,
/// surfaces) only when that is cheap beside the time since.
final class LiveStudy {
  /// What is calculated takes at most this share of the time.
  private static final int RARITY = 10;

  private final DashboardStudy study;
  private long version = Long.MIN_VALUE;
  private @Nullable StudyView view;
  private List<Runner> runners = List.of();
  private String document = "";
  private long insightNanos;
  private long insightEnd;
  private @Nullable String insights;

  LiveStudy(DashboardStudy study) {
    this.study = study;
  }

  DashboardStudy study() {
    return study;
  }

  long version() {
    return study.version().getAsLong();
  }

  synchronized StudyView view() {
    long now = version();
    var known = view;
    if (known == null || now != version) {
      known = study.view().get();
      view = known;
      runners = study.runners().get();
      version = now;
      document = "";
    }
    return known;
  }

  /// The page's data: see [ReportData].
  synchronized String document() {
    var current = view();
    if (document.isEmpty()) {
      var known = insights;
      if (known == null || System.nanoTime() - insightEnd > RARITY * insightNanos) {
        long start = System.nanoTime();
        known = ReportData.insights(current);
        insights = known;
        insightEnd = System.nanoTime();
        insightNanos = insightEnd - start;
      }
      document = ReportData.of(current, Instant.now(), known);
    }
    return document;
  }

  /// Those who run it and live.
  synchronized List<Standing> standings() {
    var current = view(); // which brings the runners up to date
    return Standing.living(runners, current.facts());
  }

  /// How it stands: `{"state": "running", "message": null, "controls": true, "workers": [...]}`;
  /// the state is null when nobody runs it, the workers are those of [Standing#document].
  String state(boolean readOnly) {
    var standings = standings();
    var state = Standing.state(standings);
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("state", state);
    map.put("message", Standing.message(standings));
    map.put("controls", !readOnly && state != null && study.mailbox() != null);
    map.put("workers", standings.stream().map(Standing::document).toList());
    return JsonMapper.shared().writeValueAsString(map);
  }
}
