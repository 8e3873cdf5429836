package dev.assay.serve;

import dev.assay.report.ReportData;
import dev.assay.report.StudyView;
import dev.assay.run.control.Standing;
import dev.assay.storage.Runner;
import dev.assay.trial.TrialRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What a dashboard remembers of a study between two looks, so that many lookers cost one reading.
///
/// The trials are read anew whenever the study changed; what is calculated of them (importances,
/// surfaces) only when that is cheap beside the time since.
final class LiveStudy {
  /// What is calculated takes at most this share of the time.
  private static final int RARITY = 10;

  /// Pages of so many states are known; one that has an older one gets a whole document.
  private static final int STATES = 8;

  /// What a page was given.
  ///
  /// @param tag that it names it by
  private record Given(String tag, StudyView page, String insights) {}

  private final DashboardStudy study;
  private final String start = Long.toHexString(System.currentTimeMillis());
  private final ArrayDeque<Given> given = new ArrayDeque<>();
  private long version = Long.MIN_VALUE;
  private ReportData.@Nullable Source source;
  private List<Runner> runners = List.of();
  private int states;

  /// What the first of `given` is of.
  private ReportData.@Nullable Source latest;

  /// Its whole document; empty before anybody asked.
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

  /// What it is called, wherever it lies.
  String name() {
    return view().name();
  }

  /// With all of its trials, or some of very many.
  StudyView view() {
    return source().whole();
  }

  /// The trial of a number.
  Optional<TrialRecord> trial(int number) {
    var current = source();
    return Stream.of(current.page(), current.whole())
        .flatMap(view -> view.trial(number).stream())
        .findFirst()
        .or(() -> current.isSample() ? study.trial().apply(number) : Optional.empty());
  }

  synchronized ReportData.Source source() {
    long now = version();
    var known = source;
    if (known == null || now != version) {
      known = study.source().get();
      source = known;
      runners = study.runners().get();
      version = now;
    }
    return known;
  }

  /// The page's data: see [ReportData], with a member `tag` that names its state.
  ///
  /// @param since the tag of the document that the page has: then only what changed since, with a
  ///   member `since`, as far as that one is still known; null: everything
  synchronized String document(@Nullable String since) {
    var current = source();
    var now = now(current);
    for (var before : given) {
      if (before.tag.equals(since)) {
        var insights = before.insights.equals(now.insights) ? null : now.insights;
        return tagged(
            ReportData.since(before.page, current, Instant.now(), insights),
            "\"since\":\"" + since + "\",\"tag\":\"" + now.tag + "\"");
      }
    }
    if (document.isEmpty()) {
      document =
          tagged(
              ReportData.of(current, Instant.now(), now.insights), "\"tag\":\"" + now.tag + "\"");
    }
    return document;
  }

  private static String tagged(String document, String members) {
    return document.substring(0, document.length() - 1) + "," + members + "}";
  }

  /// The state that was read last, under a tag of its own.
  private Given now(ReportData.Source current) {
    var last = given.peekFirst();
    if (last != null && latest == current) {
      return last;
    }
    var known = insights;
    if (known == null || System.nanoTime() - insightEnd > RARITY * insightNanos) {
      long begin = System.nanoTime();
      known = ReportData.insights(current);
      insights = known;
      insightEnd = System.nanoTime();
      insightNanos = insightEnd - begin;
    }
    var now = new Given(start + "-" + ++states, current.page(), known);
    latest = current;
    document = "";
    given.addFirst(now);
    if (given.size() > STATES) {
      given.removeLast();
    }
    return now;
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
