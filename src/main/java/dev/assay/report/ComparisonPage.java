package dev.assay.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The page of a comparison: one HTML file, as the report is one.
public final class ComparisonPage {
  private static final List<String> SCRIPTS =
      List.of("words.js", "look.js", "figure.js", "comparison.js");

  private ComparisonPage() {}

  /// @param document what [ComparisonDocument] made
  public static void write(Map<String, @Nullable Object> document, Path file) {
    HtmlReport.write(page(document), file);
  }

  static String page(Map<String, @Nullable Object> document) {
    return HtmlReport.page(
        "comparison.html",
        "Comparison of samplers",
        JsonMapper.shared().writeValueAsString(document),
        SCRIPTS);
  }
}
