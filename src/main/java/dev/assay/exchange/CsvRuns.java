package dev.assay.exchange;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Reads runs from a table with a header. What a column is, its name says, as the tools write them:
/// Assay's own export, Optuna's `trials_dataframe()`, MLflow's `search_runs()`; of any other the
/// user says which are metrics and parameters.
final class CsvRuns {
  /// Characters of a cell: notes and logs may be long.
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  private static final Pattern DECIMAL_COMMA =
      Pattern.compile("[+-]?[0-9.]*,[0-9]+([eE][+-]?[0-9]+)?");

  /// What columns hold whose names begin so.
  private static final Map<String, Kind> PREFIXES =
      Map.ofEntries(
          Map.entry("params_", Kind.PARAM),
          Map.entry("params.", Kind.PARAM),
          Map.entry("param_", Kind.PARAM),
          Map.entry("config/", Kind.PARAM),
          Map.entry("values_", Kind.METRIC),
          Map.entry("value_", Kind.METRIC),
          Map.entry("metrics.", Kind.METRIC),
          Map.entry("user_attrs_", Kind.ATTRIBUTE),
          Map.entry("system_attrs_", Kind.ATTRIBUTE),
          Map.entry("attribute_", Kind.ATTRIBUTE),
          Map.entry("tags.", Kind.ATTRIBUTE));

  /// Names of columns that say what became of a run, in lower case.
  private static final Map<String, Kind> NAMES =
      Map.ofEntries(
          Map.entry("state", Kind.STATE),
          Map.entry("status", Kind.STATE),
          Map.entry("cause", Kind.CAUSE),
          Map.entry("detail", Kind.DETAIL),
          Map.entry("started", Kind.START),
          Map.entry("start_time", Kind.START),
          Map.entry("datetime_start", Kind.START),
          Map.entry("created", Kind.START),
          Map.entry("end_time", Kind.END),
          Map.entry("datetime_complete", Kind.END),
          Map.entry("seconds", Kind.SECONDS),
          Map.entry("runtime", Kind.SECONDS),
          Map.entry("restarts", Kind.RESTARTS),
          Map.entry("steps", Kind.NOTHING),
          Map.entry("duration", Kind.NOTHING),
          Map.entry("", Kind.NOTHING),
          Map.entry("unnamed: 0", Kind.NOTHING),
          Map.entry("number", Kind.NOTHING),
          Map.entry("id", Kind.ATTRIBUTE),
          Map.entry("run_id", Kind.ATTRIBUTE),
          Map.entry("trial_id", Kind.ATTRIBUTE),
          Map.entry("experiment_id", Kind.ATTRIBUTE),
          Map.entry("artifact_uri", Kind.ATTRIBUTE),
          Map.entry("name", Kind.ATTRIBUTE),
          Map.entry("user", Kind.ATTRIBUTE),
          Map.entry("tags", Kind.ATTRIBUTE),
          Map.entry("notes", Kind.ATTRIBUTE),
          Map.entry("sweep", Kind.ATTRIBUTE));

  private enum Kind {
    PARAM,
    METRIC,
    ATTRIBUTE,
    STATE,
    CAUSE,
    DETAIL,
    START,
    END,
    SECONDS,
    RESTARTS,
    NOTHING
  }

  /// @param name without what says the kind
  private record Column(Kind kind, String name) {}

  private final Path file;
  private final Source source;
  private final List<String> remarks = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private char separator = ',';

  private CsvRuns(Path file, Source source) {
    this.file = file;
    this.source = source;
  }

  static ForeignStudy read(Path file, Source source) throws IOException {
    return new CsvRuns(file, source).study();
  }

  private ForeignStudy study() throws IOException {
    var text = text();
    var runs = new ArrayList<Run>();
    separator = separator(text.lines().findFirst().orElse(""));
    try (var csv =
            CsvReader.builder()
                .fieldSeparator(separator)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // refused here, with the line
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(LONGEST)
                .build(
                    CsvRecordHandler.of(
                        limits -> limits.maxFieldSize(LONGEST).maxRecordSize(LONGEST)),
                    text);
        var records = csv.iterator()) {
      if (!records.hasNext()) {
        throw new Problem("The table is empty.", file.toString(), "Give a header and rows.");
      }
      header(records.next().getFields());
      while (records.hasNext()) {
        runs.add(run(records.next()));
      }
    } catch (CsvParseException e) {
      throw new Problem(
          "The table is not well-formed CSV.",
          file + ": " + e.getMessage(),
          "Look for a quotation mark that is not closed, or a file that was cut off.",
          e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    var name = String.valueOf(file.getFileName()).replaceFirst("(?i)\\.(csv|tsv|txt)$", "");
    return Runs.study(
        source.tool() == null ? "csv" : source.tool(), name, runs, source, null, remarks);
  }

  private String text() throws IOException {
    var bytes = Files.readAllBytes(file);
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      remarks.add(file + " is no UTF-8 text: it was read as Windows-1252.");
      return new String(bytes, Charset.forName("windows-1252"));
    }
  }

  private static char separator(String header) {
    char best = ',';
    long most = 0;
    for (char separator : new char[] {',', ';', '\t'}) {
      long count = header.chars().filter(c -> c == separator).count();
      if (count > most) {
        most = count;
        best = separator;
      }
    }
    return best;
  }

  private void header(List<String> names) {
    var known = names.stream().map(this::column).toList();
    boolean says = known.stream().anyMatch(column -> column != null && column.kind() == Kind.PARAM);
    for (int i = 0; i < names.size(); i++) {
      var column = known.get(i);
      // Where the tool marks its parameters, or the user names them, nothing else is one.
      var otherwise = says || !source.params().isEmpty() ? Kind.ATTRIBUTE : Kind.PARAM;
      columns.add(column == null ? new Column(otherwise, names.get(i).strip()) : column);
    }
  }

  private @Nullable Column column(String written) {
    var name = written.strip();
    if (source.params().contains(name)) {
      return new Column(Kind.PARAM, name);
    }
    if (source.objectives().stream().anyMatch(one -> one.metric().equals(name))) {
      return new Column(Kind.METRIC, name);
    }
    for (var prefix : PREFIXES.entrySet()) {
      if (name.startsWith(prefix.getKey()) && name.length() > prefix.getKey().length()) {
        return new Column(prefix.getValue(), name.substring(prefix.getKey().length()));
      }
    }
    if (name.equals("value")) {
      return new Column(Kind.METRIC, name);
    }
    var kind = NAMES.get(name.toLowerCase(Locale.ROOT));
    return kind == null ? null : new Column(kind, name);
  }

  private Run run(CsvRecord record) {
    if (record.getFieldCount() != columns.size()) {
      throw new Problem(
          "A row of the table has another number of cells than its header.",
          file
              + ", line "
              + record.getStartingLineNumber()
              + ": "
              + record.getFieldCount()
              + " of "
              + columns.size(),
          "Mend the row; cells with commas are put in quotation marks.");
    }
    var run = new Run();
    double seconds = Double.NaN;
    for (int i = 0; i < columns.size(); i++) {
      var cell = record.getField(i);
      if (!cell.isEmpty()) {
        var column = columns.get(i);
        refuseDecimalComma(column, cell, record);
        if (column.kind() == Kind.SECONDS) {
          var number = Run.number(cell);
          seconds = number == null ? Double.NaN : number;
        } else {
          put(run, column, cell);
        }
      }
    }
    if (run.endedMicros == 0 && run.startedMicros != 0 && seconds >= 0) {
      run.endedMicros = run.startedMicros + Math.round(1e6 * seconds);
    }
    return run;
  }

  /// A number read as a text would be an option or a failure. Where commas part the cells, a
  /// parameter's text may well have one: `"64,32"`.
  private void refuseDecimalComma(Column column, String cell, CsvRecord record) {
    boolean counts =
        column.kind() == Kind.METRIC
            || column.kind() == Kind.SECONDS
            || column.kind() == Kind.PARAM && separator != ',';
    if (counts && DECIMAL_COMMA.matcher(cell.strip()).matches() && Run.number(cell) == null) {
      throw new Problem(
          "A number is written with a decimal comma.",
          file + ", line " + record.getStartingLineNumber() + ", " + column.name() + ": " + cell,
          "Write decimals with a point, and thousands without one, in the whole table.");
    }
  }

  private static void put(Run run, Column column, String cell) {
    switch (column.kind()) {
      case PARAM -> run.params.put(column.name(), value(cell));
      case METRIC -> run.metrics.put(column.name(), Run.typed(cell));
      case ATTRIBUTE -> run.attributes.put(column.name(), value(cell));
      case STATE -> run.state = cell.equals("FAIL") ? "failed" : cell;
      case CAUSE -> run.cause = JsonRuns.cause(cell);
      case DETAIL -> run.detail = cell;
      case START -> run.startedMicros = JsonRuns.micros(time(cell));
      case END -> run.endedMicros = JsonRuns.micros(time(cell));
      case RESTARTS -> run.restarts = cell.matches("[0-9]{1,9}") ? Integer.parseInt(cell) : 0;
      case SECONDS, NOTHING -> {
        // handled with the whole row; a number of its own has no meaning here
      }
    }
  }

  private static Object time(String cell) {
    var number = Run.number(cell);
    return number == null ? (Object) cell : number;
  }

  /// Lists and maps stand in a cell as JSON.
  private static @Nullable Object value(String cell) {
    if (cell.startsWith("[") || cell.startsWith("{")) {
      try {
        return ForeignJson.read(cell);
      } catch (JacksonException text) {
        return cell;
      }
    }
    return Run.typed(cell);
  }
}
