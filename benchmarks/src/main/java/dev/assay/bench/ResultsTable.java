package dev.assay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// A results file as people read it: ratios to other tools first, the losses among them, then every
/// measurement; as Markdown, and as an HTML page that needs nothing else.
final class ResultsTable {
  private static final List<String> HEADS =
      List.of("benchmark", "parameters", "score", "±", "unit", "p50", "p99", "bytes/op");

  private static final String NO_GPU = "Not measured on a GPU, the times mean nothing: ";

  private ResultsTable() {}

  /// Writes both beside the results.
  static void write(ResultsFile results, Path json) {
    var name = String.valueOf(json.getFileName()).replaceFirst("\\.json$", "");
    try {
      Files.writeString(json.resolveSibling(name + ".md"), markdown(results));
      writePage(results, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes the HTML page alone.
  static void writePage(ResultsFile results, Path json) throws IOException {
    var name = String.valueOf(json.getFileName()).replaceFirst("\\.json$", "");
    Files.writeString(json.resolveSibling(name + ".html"), html(results, name));
  }

  /// The rows with a peer, the largest ratio first.
  static List<Measurement> compared(ResultsFile results) {
    return results.measurements().stream()
        .filter(m -> m.peer() != null && !m.unit().equals("regret"))
        .sorted(Comparator.comparingDouble(Measurement::ratio).reversed())
        .toList();
  }

  static String ratio(Measurement m) {
    double ratio = m.ratio();
    return ratio >= 1
        ? String.format(Locale.ROOT, ratio >= 9.95 ? "%.0fx faster" : "%.1fx faster", ratio)
        : String.format(Locale.ROOT, "%.1fx slower", 1 / ratio);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  private static List<List<String>> ratios(ResultsFile results) {
    var rows = new ArrayList<List<String>>();
    for (var m : compared(results)) {
      var peer = Objects.requireNonNull(m.peer());
      rows.add(
          List.of(
              ratio(m),
              m.benchmark(),
              m.parameterWords(),
              number(m.score()) + " " + m.unit(),
              peer.name() + " " + peer.version(),
              number(peer.score()) + " " + m.unit()));
    }
    return rows;
  }

  private static List<List<String>> rows(ResultsFile results) {
    var rows = new ArrayList<List<String>>();
    for (var m : results.measurements()) {
      var bytes = m.bytesPerOperation();
      rows.add(
          List.of(
              m.benchmark(),
              m.parameterWords(),
              number(m.score()),
              m.error() == null ? "" : String.format(Locale.ROOT, "%.2g", m.error()),
              m.unit(),
              number(m.p50()),
              number(m.p99()),
              bytes == null ? "" : String.format(Locale.ROOT, "%.0f", bytes)));
    }
    return rows;
  }

  private static final List<String> RATIO_HEADS =
      List.of("Assay is", "benchmark", "parameters", "Assay", "peer", "the peer's");

  /// Where it was measured, in a sentence.
  static String origin(ResultsFile results) {
    var from = results.provenance();
    return "%s%s; commit %s%s, %s, %s%s"
        .formatted(
            results.lacksGpu() ? NO_GPU : "",
            results.machine(),
            from.get("commit"),
            Boolean.TRUE.equals(from.get("dirty")) ? " with changes" : "",
            from.get("jdk") == null ? "Python " + from.get("python") : from.get("jdk"),
            String.valueOf(from.get("time")).replaceFirst("T.*", ""),
            Boolean.TRUE.equals(from.get("quick")) ? ", --quick" : "");
  }

  static String markdown(ResultsFile results) {
    var text = new StringBuilder();
    if (results.lacksGpu()) {
      text.append("**Not measured on a GPU: the times mean nothing.**\n\n");
    }
    var ratios = ratios(results);
    if (!ratios.isEmpty()) {
      text.append(table(RATIO_HEADS, ratios)).append('\n');
    }
    return text.append(table(HEADS, rows(results)))
        .append('\n')
        .append(origin(results))
        .append(". ± is half of the 99.9 % confidence interval of the mean.\n")
        .toString();
  }

  static String table(List<String> heads, List<List<String>> rows) {
    var text = new StringBuilder();
    text.append("| ").append(String.join(" | ", heads)).append(" |\n");
    text.append("|---".repeat(heads.size())).append("|\n");
    rows.forEach(row ->
        text.append("| ")
            .append(String.join(" | ", row.stream().map(c -> c.replace("|", "\\|")).toList()))
            .append(" |\n"));
    return text.toString();
  }

  private static String html(ResultsFile results, String title) {
    var ratios = ratios(results);
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s · Assay bench</title>
    <style>%s
    .rows { height: auto; margin: 1.5rem 0; } .rows th { padding: 0.5rem 0.9rem; }</style>
    </head>
    <body>
    <header class="bar"><span class="brand"><span class="mark"></span>Assay</span></header>
    <main>
    <section>
    <p class="eyebrow">assay bench</p>
    <h1>%s</h1>
    <p class="lead">%s.</p>
    %s%s
    </section>
    </main>
    </body>
    </html>
    """
        .formatted(
            escaped(title),
            style(),
            escaped(title),
            escaped(origin(results)),
            ratios.isEmpty() ? "" : htmlTable(RATIO_HEADS, ratios),
            htmlTable(HEADS, rows(results)));
  }

  private static String htmlTable(List<String> heads, List<List<String>> rows) {
    var text = new StringBuilder("<div class=\"card rows\" tabindex=\"0\"><table><thead><tr>");
    heads.forEach(head -> text.append("<th scope=\"col\">").append(escaped(head)).append("</th>"));
    text.append("</tr></thead><tbody>");
    for (var row : rows) {
      text.append("<tr>");
      row.forEach(cell -> text.append("<td>").append(escaped(cell)).append("</td>"));
      text.append("</tr>\n");
    }
    return text.append("</tbody></table></div>\n").toString();
  }

  /// That of the report, so that all pages of Assay look alike.
  private static String style() {
    try (var in = ResultsTable.class.getResourceAsStream("/dev/assay/report/report.css")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
