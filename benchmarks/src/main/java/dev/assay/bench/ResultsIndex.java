package dev.assay.bench;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;

/// What people read of `results/`: its README, and the table of the project's own. Both are written
/// from the files by `assay bench index`, so that they cannot say anything else.
final class ResultsIndex {
  static final String BEGIN = "<!-- results: written by assay bench index -->";
  static final String END = "<!-- /results -->";

  /// A file among the results.
  ///
  /// @param device its directory
  /// @param kind what stands behind date and commit; empty for the suites together
  private record Entry(String device, String name, String kind, ResultsFile results) {
    String link() {
      return device + "/" + name;
    }
  }

  private final List<Entry> entries;

  private ResultsIndex(List<Entry> entries) {
    this.entries = entries;
  }

  /// @throws Problem when the directory or a file in it cannot be read
  static ResultsIndex read(Path results) {
    var entries = new ArrayList<Entry>();
    try (var files = Files.walk(results, 2)) {
      for (var file : files.sorted().toList()) {
        var name = String.valueOf(file.getFileName());
        if (name.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}-[^-.]+(-.*)?\\.json")) {
          var device = String.valueOf(Objects.requireNonNull(file.getParent()).getFileName());
          var kind = name.replaceFirst("^[0-9-]{11}[^-.]+-?", "").replaceFirst("\\.json$", "");
          entries.add(new Entry(device, name, kind, ResultsFile.read(file)));
        }
      }
    } catch (IOException e) {
      throw new Problem("The results cannot be read.", results + ": " + e, "Check --out.", e);
    }
    return new ResultsIndex(entries);
  }

  /// Writes a page beside each file that a command made a table of.
  void writePages(Path directory) throws IOException {
    for (var entry : entries) {
      var json = directory.resolve(entry.link());
      if (Files.exists(Path.of(json.toString().replaceFirst("\\.json$", ".md")))) {
        ResultsTable.writePage(entry.results(), json);
      }
    }
  }

  /// The newest of each kind on each device, by device and kind.
  private List<Entry> newest() {
    var newest = new TreeMap<String, Entry>();
    entries.stream()
        .sorted(Comparator.comparing(e -> String.valueOf(e.results().provenance().get("time"))))
        .forEach(entry -> newest.put(entry.device() + "/" + entry.kind(), entry));
    return List.copyOf(newest.values());
  }

  /// The whole of results/README.md.
  String page() {
    var text = new StringBuilder();
    text.append(
        """
        # Measured results

        Written by `assay bench index` from the files beside it; each is what a command wrote, with its
        provenance, and its `.md` shows every measurement, as does the `.html` that `assay bench index` writes beside
        it. Ratios come from one run on one machine, both sides in turns on one core; rows where Assay loses stand
        among them.

        """);
    for (var device : entries.stream().map(Entry::device).distinct().sorted().toList()) {
      text.append("## ").append(device).append("\n\n");
      newest().stream()
          .filter(entry -> entry.device().equals(device))
          .forEach(entry -> text.append(section(entry)));
    }
    text.append(
        """
        ## GPU

        Not measured unless a directory above is named after a card. Times on the stand-in driver mean nothing and
        are not kept; what is kept of it counts code: barriers whose absence tests notice, blocks that tests reach.
        """);
    return text.toString();
  }

  private static String section(Entry entry) {
    var text = new StringBuilder();
    text.append("### ").append(title(entry)).append("\n\n");
    text.append("[").append(entry.name()).append("](").append(entry.link()).append("), ");
    text.append(ResultsTable.origin(entry.results())).append(". Anew: `");
    text.append(command(entry)).append("`\n\n");
    var results = entry.results();
    var compared = ResultsTable.compared(results);
    var shares = results.measurements().stream().filter(m -> isShare(m)).toList();
    if (CountsTable.isOf(results)) {
      text.append(CountsTable.of(results));
    } else if (!compared.isEmpty()) {
      text.append(ratios(results));
    } else if (!shares.isEmpty()) {
      text.append(shares(shares));
    } else {
      text.append(scores(results));
    }
    return text.append('\n').toString();
  }

  private static boolean isShare(Measurement m) {
    return m.benchmark().equals("compare.share");
  }

  private static String title(Entry entry) {
    return entry.kind().isEmpty() ? "suites" : entry.kind();
  }

  private static String command(Entry entry) {
    if (entry.results().provenance().get("command") instanceof String said) {
      return said;
    }
    return switch (entry.kind()) {
      case "" -> "assay bench";
      case "peers" -> "assay bench --peers";
      case "pruning" -> "assay bench pruning --data DIR";
      case "quality", "serving", "false-positives" -> "assay bench " + entry.kind();
      case String suites -> "assay bench " + suites.replace('-', ' ');
    };
  }

  private static String ratios(ResultsFile results) {
    var rows = new ArrayList<List<String>>();
    for (var m : ResultsTable.compared(results)) {
      var peer = Objects.requireNonNull(m.peer());
      rows.add(
          List.of(
              work(m),
              ResultsTable.number(m.score()) + " " + m.unit(),
              peer.name() + " " + peer.version(),
              ResultsTable.number(peer.score()) + " " + m.unit(),
              ResultsTable.ratio(m)));
    }
    var text =
        new StringBuilder(
            ResultsTable.table(List.of("work", "Assay", "peer", "the peer's", "Assay is"), rows));
    for (var m : results.measurements()) {
      m.parameters()
          .forEach((key, value) -> {
            if (m.peer() == null
                && value.matches(
                    "(not installed|crashed|took more|not started|said no result).*")) {
              text.append("\n").append(key).append(" on ").append(m.benchmark()).append(": ");
              text.append(value).append(".\n");
            }
          });
    }
    return text.toString();
  }

  private static String work(Measurement m) {
    return m.benchmark().replaceFirst("^peers\\.", "")
        + ", "
        + m.parameters().getOrDefault("of", m.parameterWords())
        + (m.parameters().containsKey("trials")
            ? ", " + m.parameters().get("trials") + " trials"
            : "");
  }

  /// A row a table, a column a sampler.
  private static String shares(List<Measurement> shares) {
    var samplers = shares.stream().map(m -> m.parameters().get("sampler")).distinct().toList();
    var rows = new LinkedHashMap<String, List<String>>();
    var met = new LinkedHashMap<String, Integer>();
    for (var m : shares) {
      var problem = String.valueOf(m.parameters().get("problem"));
      var row = rows.computeIfAbsent(problem, _ -> new ArrayList<>(List.of(problem)));
      row.add(String.format(Locale.ROOT, "%.1f %%", m.score()));
      met.merge(
          String.valueOf(m.parameters().get("sampler")), m.score() >= 90 ? 1 : 0, Integer::sum);
    }
    for (var m : shares) {
      var row = rows.get(String.valueOf(m.parameters().get("problem")));
      if (row != null && row.size() == samplers.size() + 1) {
        row.add(m.parameters().get("random search expects") + " %");
      }
    }
    var heads = new ArrayList<String>();
    heads.add("table");
    samplers.forEach(heads::add);
    heads.add("random search expects");
    var first = shares.getFirst().parameters();
    return "Share of the optimum after %s trials, median of %s seeds:\n\n"
            .formatted(first.get("trials"), first.get("seeds"))
        + ResultsTable.table(heads, List.copyOf(rows.values()))
        + "\nAt 90 % or more: "
        + String.join(
            ", ",
            met.entrySet().stream()
                .map(e -> e.getKey() + " on " + e.getValue() + " of " + rows.size())
                .toList())
        + ".\n";
  }

  /// Up to this many rows; the `.md` beside the file has all.
  private static final int MOST = 40;

  private static String scores(ResultsFile results) {
    var rows = new ArrayList<List<String>>();
    for (var m : results.measurements().stream().limit(MOST).toList()) {
      rows.add(
          List.of(
              m.benchmark(),
              m.parameterWords(),
              ResultsTable.number(m.score())
                  + (m.error() == null ? "" : String.format(Locale.ROOT, " ± %.2g", m.error()))
                  + " "
                  + m.unit()));
    }
    int rest = results.measurements().size() - rows.size();
    return ResultsTable.table(List.of("benchmark", "parameters", "score"), rows)
        + (rest > 0 ? "\nand " + rest + " more in the file.\n" : "");
  }

  /// The table of the project's README: the newest run against other tools.
  String readmeTable() {
    var text = new StringBuilder(BEGIN).append("\n\n");
    var peers =
        newest().stream()
            .filter(entry -> entry.kind().equals("peers"))
            .filter(entry -> !ResultsTable.compared(entry.results()).isEmpty())
            .toList();
    for (var entry : peers) {
      text.append("On ").append(ResultsTable.origin(entry.results())).append(":\n\n");
      text.append(ratios(entry.results())).append('\n');
    }
    if (peers.isEmpty()) {
      text.append("Nothing has been measured against other tools yet.\n\n");
    }
    return text.append(END).toString();
  }

  /// A text with its table replaced.
  ///
  /// @throws Problem when the text has no place for it
  static String replaced(String readme, String table) {
    int begin = readme.indexOf(BEGIN);
    int end = readme.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new Problem(
          "There is no place for the table.",
          "README.md",
          "Add the lines " + BEGIN + " and " + END + ".");
    }
    return readme.substring(0, begin) + table + readme.substring(end + END.length());
  }
}
