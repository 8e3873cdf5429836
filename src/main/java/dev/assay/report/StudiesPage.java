package dev.assay.report;

import java.util.List;

/// The page on which studies stand beside each other, for a server.
public final class StudiesPage {
  private static final List<String> SCRIPTS =
      List.of("words.js", "look.js", "figure.js", "studies.js");

  private StudiesPage() {}

  /// @param data what [StudiesComparison] made, JSON
  /// @param config the JSON object with the token, as for [HtmlReport#livePage]
  public static String page(String data, String config) {
    return HtmlReport.livePage("studies.html", "Studies compared", data, config, SCRIPTS);
  }
}
