package dev.assay.report;

import dev.assay.internal.storage.StudyFacts;
import dev.assay.space.Choice;
import dev.assay.space.Configuration;
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
import java.time.LocalDate;
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
  /// Bytes that go out at once, or a line more.
  private static final int CHUNK = 1 << 16;

  private static final long DAY_MILLIS = 86_400_000;

  /// In the place of a choice's words: it is a whole number.
  private static final byte[][] WHOLE = {};

  /// The same: it is any number.
  private static final byte[][] REAL = {};

  private final List<Parameter> parameters;
  private final List<Objective> objectives;
  private final Set<String> attributes;
  private final boolean confirms;
  private final Utf8Text text = new Utf8Text(CHUNK + (CHUNK >> 2));

  /// For each parameter the words of its options; [#WHOLE] or [#REAL].
  private final byte[][][] words;

  /// Of the trial written last, days since 1970, and the date.
  private long day = Long.MIN_VALUE;

  private byte[] date = {};

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
      export.line(trial, StoredStudy.Numbers.NONE);
      if (export.text.size() >= CHUNK) {
        out.append(export.text.toString());
        export.text.clear();
      }
    }
    out.append(export.text.toString());
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
    study.print(
        space,
        (trial, numbers) -> {
          export.line(trial, numbers);
          count[0]++;
          return export.text.size() < CHUNK || export.send(out);
        });
    boolean _ = export.send(out);
    return count[0];
  }

  /// @return false where it was for nothing
  private boolean send(PrintStream out) {
    text.writeTo(out);
    text.clear();
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
      text.add(i == 0 ? "" : ",");
      quote(names.get(i));
    }
    text.add('\n');
  }

  /// In parts, of which the JIT compiler makes small methods while a first piece is written: as one
  /// they would take it longer than a study of 60,000 trials takes to be written.
  private void line(TrialRecord trial, StoredStudy.Numbers numbers) {
    beginning(trial);
    parameters(trial.configuration(), numbers);
    ending(trial);
    text.add('\n');
  }

  private void beginning(TrialRecord trial) {
    text.add(trial.number()).add(',').add(trial.state().word());
    boolean complete = trial.state() == TrialState.COMPLETE;
    for (int i = 0; i < objectives.size(); i++) {
      text.add(',');
      if (complete) {
        number(trial.values().get(i));
      }
    }
  }

  private void parameters(Configuration configuration, StoredStudy.Numbers numbers) {
    for (int i = 0; i < words.length; i++) {
      text.add(',');
      int start = numbers.start(i);
      int end = numbers.end(i);
      if (start < end) {
        text.add(numbers.text(), start, end);
      } else if (configuration.isActive(i)) {
        parameter(words[i], configuration.code(i));
      }
    }
  }

  private void ending(TrialRecord trial) {
    text.add(',');
    quote(Objects.requireNonNullElse(TrialsDocument.word(trial.cause()), ""));
    text.add(',');
    quote(trial.detail());
    text.add(',');
    started(trial);
    text.add(',');
    if (trial.state().isFinished()) {
      number(trial.seconds());
    }
    text.add(',').add(trial.restarts()).add(',').add(trial.reports().size());
    var attached = trial.attributes();
    for (var key : attributes) {
      text.add(',');
      if (attached.containsKey(key)) {
        cell(attached.get(key));
      }
    }
    if (confirms) {
      text.add(',');
      if (Confirmation.is(trial)) {
        cell(Confirmation.confirmed(trial));
      }
    }
  }

  /// As [TrialsDocument#started]. Trials that began on one day share its date.
  private void started(TrialRecord trial) {
    long millis = trial.startedMillis();
    if (millis == 0) {
      return;
    }
    long now = Math.floorDiv(millis, DAY_MILLIS);
    if (now != day) {
      day = now;
      date = LocalDate.ofEpochDay(now).toString().getBytes(StandardCharsets.US_ASCII);
    }
    int rest = (int) (millis - DAY_MILLIS * now);
    text.add(date).add('T');
    twoDigits(rest / 3_600_000);
    text.add(':');
    twoDigits(rest / 60_000 % 60);
    text.add(':');
    twoDigits(rest / 1000 % 60);
    rest %= 1000;
    if (rest != 0) { // three digits, as an instant has
      text.add('.').add((char) ('0' + rest / 100));
      twoDigits(rest % 100);
    }
    text.add('Z');
  }

  private void twoDigits(int number) {
    text.add((char) ('0' + number / 10)).add((char) ('0' + number % 10));
  }

  /// How the cells of each parameter are written, found once: there may be many millions.
  private byte[][][] words() {
    var words = new byte[parameters.size()][][];
    for (int i = 0; i < words.length; i++) {
      words[i] =
          switch (parameters.get(i).distribution()) {
            case FloatRange _ -> REAL;
            case IntRange _ -> WHOLE;
            case Choice(var options, _) -> options.stream().map(this::word).toArray(byte[][]::new);
          };
    }
    return words;
  }

  private byte[] word(@Nullable Object option) {
    cell(option);
    var word = text.toBytes();
    text.clear();
    return word;
  }

  /// Without a box for each number.
  private void parameter(byte[][] options, double code) {
    if (options == REAL) {
      number(code);
    } else if (options == WHOLE) {
      text.add((long) code);
    } else {
      text.add(options[(int) code]);
    }
  }

  /// Infinities are spelled as pandas and R read them.
  private void number(double value) {
    if (Double.isFinite(value)) {
      text.add(Double.toString(value));
    } else {
      text.add(Double.isNaN(value) ? "NaN" : value > 0 ? "Inf" : "-Inf");
    }
  }

  private void cell(@Nullable Object value) {
    // Not with a switch over types: for that the JVM makes code at run time.
    if (value instanceof Double number) {
      number(number);
    } else if (value instanceof Long number) {
      text.add((long) number);
    } else {
      quote(JsonValues.text(value));
    }
  }

  private void quote(String cell) {
    boolean plain = true;
    for (int i = 0; i < cell.length() && plain; i++) {
      char c = cell.charAt(i);
      plain = c != ',' && c != '"' && c != '\n' && c != '\r';
    }
    if (plain && cell.equals(cell.strip())) {
      text.add(cell);
    } else {
      text.add('"').add(cell.replace("\"", "\"\"")).add('"');
    }
  }
}
