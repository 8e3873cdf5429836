package dev.assay.serve;

import com.sun.net.httpserver.HttpExchange;
import dev.assay.problem.Problem;
import dev.assay.report.Notes;
import dev.assay.report.TrialsDocument;
import dev.assay.trial.TrialRecord;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What a dashboard answers about one trial: its record, and the files that it left.
final class TrialPages {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// More steps than this are thinned: no curve shows them.
  private static final int MOST_STEPS = 2000;

  private TrialPages() {}

  /// The trial of a number that a request names.
  ///
  /// @throws Problem when the study has none of that number
  static TrialRecord trial(LiveStudy study, @Nullable String number) {
    return number(number)
        .flatMap(study::trial)
        .orElseThrow(() ->
            new Problem(
                "The study has no such trial.",
                RequestBody.brief(String.valueOf(number)),
                "Name one of its "
                    + study.view().size()
                    + " trials by its number, as in trial=7."));
  }

  private static Optional<Integer> number(@Nullable String text) {
    return text != null && text.matches("0|[1-9][0-9]{0,8}")
        ? Optional.of(Integer.valueOf(text))
        : Optional.empty();
  }

  /// `{"trial": as TrialsDocument has it, "note": "..." or null, "files": [{"path": "log", "bytes":
  /// 120}]}`; the files are null where nobody knows of any.
  static String document(LiveStudy study, TrialRecord trial) {
    var view = study.view();
    var record = TrialsDocument.of(trial, view.objectives());
    record.put("steps", thinned((List<?>) record.get("steps")));
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("trial", record);
    document.put("note", Notes.ofTrial(view.facts(), trial.number()));
    document.put(
        "files",
        study.study().keeper() == null
            ? null
            : files(study, trial).list().stream()
                .map(file -> Map.of("path", file.path(), "bytes", file.bytes()))
                .toList());
    return JSON.writeValueAsString(document);
  }

  private static @Nullable Object thinned(@Nullable List<?> steps) {
    if (steps == null || steps.size() <= MOST_STEPS) {
      return steps;
    }
    var kept = new java.util.ArrayList<Object>(MOST_STEPS);
    for (int i = 0; i < MOST_STEPS; i++) {
      kept.add(steps.get((int) ((long) i * (steps.size() - 1) / (MOST_STEPS - 1))));
    }
    return kept;
  }

  private static TrialFiles files(LiveStudy study, TrialRecord trial) {
    var keeper = study.study().keeper();
    if (keeper == null) {
      throw new Problem(
          "Nobody knows where the study's trials leave their files.",
          study.study().name(),
          "Open the dashboard on the study by its name.");
    }
    return new TrialFiles(keeper.trials().resolve(Integer.toString(trial.number())));
  }

  /// Part of a text, JSON: see [TrialFiles#text].
  static String text(LiveStudy study, TrialRecord trial, String path, @Nullable String before) {
    long end = Long.MAX_VALUE;
    if (before != null) {
      if (!before.matches("[0-9]{1,18}")) {
        throw new Problem(
            "A place in a file is a number of bytes.",
            RequestBody.brief(before),
            "Send before=65536.");
      }
      end = Long.parseLong(before);
    }
    return JSON.writeValueAsString(TrialFiles.document(files(study, trial).text(path, end)));
  }

  /// Answers with a picture, of which a browser can make nothing else.
  static void picture(HttpExchange exchange, LiveStudy study, TrialRecord trial, String path)
      throws IOException {
    var picture = files(study, trial).picture(path);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", picture.type());
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, picture.bytes().length);
    exchange.getResponseBody().write(picture.bytes());
  }
}
