package dev.assay.report;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.space.Choice;
import dev.assay.space.FloatRange;
import dev.assay.space.IntRange;
import dev.assay.space.Parameter;
import dev.assay.space.SearchSpace;
import dev.assay.storage.StoredStudy;
import dev.assay.trial.Confirmation;
import dev.assay.trial.Objective;
import dev.assay.trial.TrialRecord;
import dev.assay.trial.TrialState;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The trials as comma-separated values (RFC 4180, but with bare line feeds), one line each, which
/// pandas' `read_csv` and R's `read.csv` load as they are.
///
/// Columns: `id, state, value_METRIC..., param_NAME..., cause, detail, started, seconds, restarts,
/// steps, attribute_KEY...`, and `confirms` where trials confirm others. An empty cell: there is no
/// value (an inactive parameter, a trial that did not complete). Lists and maps stand in one cell
/// as JSON.
public final class CsvExport {
  /// Characters that go out at once.
  private static final int CHUNK = 1 << 16;

  /// In the place of a choice's words: it is a whole number.
  private static final String[] WHOLE = {};

  /// The same: it is any number.
  private static final String[] REAL = {};

  private final List<Parameter> parameters;
  private final List<Objective> objectives;
  private final Set<String> attributes;
  private final boolean confirms;
  private final StringBuilder text = new StringBuilder(CHUNK + (CHUNK >> 2));

  /// For each parameter the words of its options; [#WHOLE] or [#REAL].
  private final String[][] words;

  /// Of the trial written last, seconds since 1970, and its text up to there.
  private long second = Long.MIN_VALUE;

  private String untilSecond = "";

  private CsvExport(
      List<Objective> objectives, SearchSpace space, Set<String> attributes, boolean confirms) {
    this.parameters = space.parameters();
    this.objectives = objectives;
    this.attributes = attributes;
    this.confirms = confirms;
    words = words();
  }

  public static void write(StudyView view, Appendable out) throws IOException {
    var attributes = new LinkedHashSet<String>();
    view.trials().forEach(trial -> attributes.addAll(trial.attributes().keySet()));
    boolean confirms = view.trials().stream().anyMatch(Confirmation::is);
    var export = new CsvExport(view.objectives(), view.space(), attributes, confirms);
    export.header();
    for (var trial : view.trials()) {
      export.line(trial);
      if (export.text.length() >= CHUNK) {
        out.append(export.text);
        export.text.setLength(0);
      }
    }
    out.append(export.text);
  }

  /// The same of a stored study, trial by trial as they are read; ends early where nobody reads
  /// what is written.
  ///
  /// @return how many trials were written
  public static int write(StoredStudy study, PrintStream out) {
    var space = StudyFacts.space(study.definition(), study.facts());
    var keys = study.keys(space);
    var export =
        new CsvExport(
            study.definition().objectives(),
            space,
            keys.attributes(),
            Confirmation.isAmong(keys.notes()));
    export.header();
    int[] count = {0};
    study.each(
        space,
        trial -> {
          export.line(trial);
          count[0]++;
          return export.text.length() < CHUNK || export.send(out);
        });
    boolean _ = export.send(out);
    return count[0];
  }

  /// @return false where it was for nothing
  private boolean send(PrintStream out) {
    var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    text.setLength(0);
    out.write(bytes, 0, bytes.length);
    return !out.checkError();
  }

  private void header() {
    var names = new ArrayList<>(List.of("id", "state"));
    objectives.forEach(objective -> names.add("value_" + objective.metric()));
    parameters.forEach(parameter -> names.add("param_" + parameter.name()));
    names.addAll(List.of("cause", "detail", "started", "seconds", "restarts", "steps"));
    attributes.forEach(key -> names.add("attribute_" + key));
    if (confirms) {
      names.add("confirms");
    }
    for (int i = 0; i < names.size(); i++) {
      text.append(i == 0 ? "" : ",");
      quote(names.get(i));
    }
    text.append('\n');
  }

  private void line(TrialRecord trial) {
    text.append(trial.number()).append(',').append(trial.state().word());
    boolean complete = trial.state() == TrialState.COMPLETE;
    for (int i = 0; i < objectives.size(); i++) {
      text.append(',');
      if (complete) {
        number(trial.values().get(i));
      }
    }
    var configuration = trial.configuration();
    for (int i = 0; i < words.length; i++) {
      text.append(',');
      double code = configuration.code(i);
      if (!Double.isNaN(code)) {
        parameter(words[i], code);
      }
    }
    text.append(',');
    quote(Objects.requireNonNullElse(TrialsDocument.word(trial.cause()), ""));
    text.append(',');
    quote(trial.detail());
    text.append(',');
    started(trial);
    text.append(',');
    if (trial.state().isFinished()) {
      number(trial.seconds());
    }
    text.append(',').append(trial.restarts()).append(',').append(trial.reports().size());
    for (var key : attributes) {
      text.append(',');
      if (trial.attributes().containsKey(key)) {
        cell(trial.attributes().get(key));
      }
    }
    if (confirms) {
      text.append(',');
      if (Confirmation.is(trial)) {
        cell(Confirmation.confirmed(trial));
      }
    }
    text.append('\n');
  }

  /// As [TrialsDocument#started]. Trials that began in the same second share what was formatted of
  /// it.
  private void started(TrialRecord trial) {
    long millis = trial.startedMillis();
    if (millis == 0) {
      return;
    }
    long now = Math.floorDiv(millis, 1000);
    if (now != second) {
      second = now;
      var iso = Instant.ofEpochSecond(now).toString();
      untilSecond = iso.substring(0, iso.length() - 1);
    }
    text.append(untilSecond);
    int rest = (int) (millis - 1000 * now);
    if (rest != 0) { // three digits, as an instant has
      text.append('.').append((char) ('0' + rest / 100));
      text.append((char) ('0' + rest / 10 % 10)).append((char) ('0' + rest % 10));
    }
    text.append('Z');
  }

  /// How the cells of each parameter are written, found once: there may be many millions.
  private String[][] words() {
    var words = new String[parameters.size()][];
    for (int i = 0; i < words.length; i++) {
      words[i] =
          switch (parameters.get(i).distribution()) {
            case FloatRange _ -> REAL;
            case IntRange _ -> WHOLE;
            case Choice(var options, _) -> options.stream().map(this::word).toArray(String[]::new);
          };
    }
    return words;
  }

  private String word(@Nullable Object option) {
    cell(option);
    var word = text.toString();
    text.setLength(0);
    return word;
  }

  /// Without a box for each number.
  private void parameter(String[] options, double code) {
    if (options == REAL) {
      number(code);
    } else if (options == WHOLE) {
      text.append((long) code);
    } else {
      text.append(options[(int) code]);
    }
  }

  /// Infinities are spelled as pandas and R read them.
  private void number(double value) {
    if (Double.isFinite(value)) {
      text.append(value);
    } else {
      text.append(Double.isNaN(value) ? "NaN" : value > 0 ? "Inf" : "-Inf");
    }
  }

  private void cell(@Nullable Object value) {
    switch (value) {
      case Double d -> number(d);
      case Long n -> text.append((long) n);
      case null, default -> quote(JsonValues.text(value));
    }
  }

  private void quote(String cell) {
    boolean plain = true;
    for (int i = 0; i < cell.length() && plain; i++) {
      char c = cell.charAt(i);
      plain = c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    if (plain && cell.equals(cell.strip())) {
      text.append(cell);
    } else {
      text.append('"').append(cell.replace("\"", "\"\"")).append('"');
    }
  }
}
