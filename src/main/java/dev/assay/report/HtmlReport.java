package dev.assay.report;

import dev.assay.files.OwnerOnly;
import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The report: one HTML file that needs nothing else, works from a file:// address, and whose
/// content security policy lets no request leave it.
///
/// It is put together from `report.html`, `report.css`, the scripts, ECharts and the data, at the
/// places that the template marks as `<!-- assay:NAME -->`. Data stands in a script element of type
/// application/json with every `<` escaped; the scripts only ever insert it as text.
public final class HtmlReport {
  /// In the order in which they build on one another.
  private static final List<String> SCRIPTS =
      List.of(
          "words.js",
          "study.js",
          "look.js",
          "figure.js",
          "figures-progress.js",
          "figures-parameters.js",
          "figures-pairs.js",
          "figures-model.js",
          "figures-objectives.js",
          "figures-cost.js",
          "summary.js",
          "trial.js",
          "table.js",
          "failures.js",
          "provenance.js",
          "page.js");

  private static final String CHARTS_POM = "/META-INF/maven/org.webjars/echarts/pom.properties";

  private HtmlReport() {}

  /// Writes the report; a reader of an older one at that place never sees half a file.
  ///
  /// @throws Problem when there is no room, or the place is not writable
  public static void write(StudyView view, Path file) {
    write(page(view, Instant.now()), file);
  }

  /// As [#write(StudyView, Path)], of a study as it was read.
  public static void write(ReportData.Source source, Path file) {
    write(page(source, Instant.now()), file);
  }

  static void write(String page, Path file) {
    try {
      var directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        OwnerOnly.directories(directory);
      }
      OwnerOnly.replace(file, page);
    } catch (IOException e) {
      throw new Problem(
          "The page cannot be written.",
          file + ": " + e,
          "Make room there and see that the directory is writable.",
          e);
    }
  }

  /// The page as text.
  ///
  /// @param written the moment that the page shows as its own
  public static String page(StudyView view, Instant written) {
    return page(ReportData.Source.of(view), written);
  }

  static String page(ReportData.Source source, Instant written) {
    var data = ReportData.of(source, written);
    return assemble("report.html", source.whole().name(), data, null, SCRIPTS);
  }

  /// The page of a study that keeps itself up to date, for a server.
  ///
  /// @param data what [ReportData] made
  /// @param config the JSON object that `live.js` reads: study and token
  public static String livePage(String title, String data, String config) {
    var scripts = new ArrayList<>(SCRIPTS);
    scripts.add("increment.js");
    scripts.add("live.js");
    scripts.add("live-trial.js");
    return assemble("report.html", title, data, config, scripts);
  }

  /// The page that lists studies, for a server.
  ///
  /// @param config as for [#livePage]
  public static String startPage(String config) {
    return assemble(
        "dashboard.html", "Studies", "{}", config, List.of("words.js", "look.js", "dashboard.js"));
  }

  /// A page of a template of this package.
  ///
  /// @param data a JSON document
  /// @param scripts in the order in which they build on one another
  static String page(String template, String title, String data, List<String> scripts) {
    return assemble(template, title, data, null, scripts);
  }

  /// A page of a template of this package that may ask its own server.
  static String livePage(
      String template, String title, String data, String config, List<String> scripts) {
    return assemble(template, title, data, config, scripts);
  }

  private static String assemble(
      String name, String title, String data, @Nullable String config, List<String> scripts) {
    var charts = scripts.contains("figure.js") ? charts() : "";
    var script = script(scripts);
    var page = new StringBuilder();
    int end = 0;
    var template = resource(name).replace("<!-- assay:head -->\n", resource("head.html"));
    while (true) {
      int mark = template.indexOf("<!-- assay:", end);
      if (mark < 0) {
        return page.append(template, end, template.length()).toString();
      }
      page.append(template, end, mark);
      end = template.indexOf("-->", mark) + 3;
      switch (template.substring(mark + 11, end - 4)) {
        case "policy" -> page.append(policy(charts, script, config != null));
        case "title" -> page.append(escaped(title));
        case "style" -> page.append("<style>").append(resource("report.css")).append("</style>");
        case "charts" -> page.append("<script>").append(charts).append("</script>");
        case "data" -> {
          page.append(json("study-data", data));
          if (config != null) {
            page.append(json("live-config", config));
          }
        }
        case "script" -> page.append("<script>").append(script).append("</script>");
        case String other -> throw new IllegalStateException(name + ": " + other);
      }
    }
  }

  private static String json(String id, String text) {
    return "<script type=\"application/json\" id=\"%s\">".formatted(id)
        + text.replace("<", "\\u003c")
        + "</script>";
  }

  /// Nothing may be loaded, and only the two scripts of this page may run. A live page may ask its
  /// own server.
  private static String policy(String charts, String script, boolean live) {
    return "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        + "script-src 'sha256-%s' 'sha256-%s'; ".formatted(hash(charts), hash(script))
        + (live ? "connect-src 'self'; " : "")
        + "style-src 'unsafe-inline'; img-src data: blob:\">";
  }

  private static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String script(List<String> scripts) {
    var script = new StringBuilder("\"use strict\";\n");
    scripts.forEach(name -> script.append(resource(name)).append('\n'));
    return script.toString();
  }

  /// ECharts; empty where it is not on the class path: the page then says so, and shows all but its
  /// charts.
  private static String charts() {
    try (var pom = HtmlReport.class.getResourceAsStream(CHARTS_POM)) {
      if (pom == null) {
        return "";
      }
      var properties = new Properties();
      properties.load(pom);
      return read(
          "/META-INF/resources/webjars/echarts/"
              + properties.getProperty("version")
              + "/echarts.min.js");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String name) {
    return read("/dev/assay/report/" + name);
  }

  private static String read(String path) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + path);
      }
      // Browsers hash and run what they parse, and parsing turns CR LF into LF.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
