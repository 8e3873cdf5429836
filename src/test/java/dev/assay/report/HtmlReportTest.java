package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page as a text; what a browser makes of it is looked at in [PageTest].
final class HtmlReportTest {
  private static final Instant WRITTEN = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void everyPlaceOfTheTemplateIsFilled() {
    var page = HtmlReport.page(SampleStudies.single(20), WRITTEN);
    assertThat(page).doesNotContain("assay:").contains("digits-mlp", "echarts", "sha256-");
  }

  @Test
  void nothingIsLoadedFromElsewhere() {
    var page = HtmlReport.page(SampleStudies.single(20), WRITTEN);
    assertThat(page)
        .contains("default-src 'none'")
        .doesNotContainPattern("<(script|img|link)[^>]* (src|href)=");
  }

  @Test
  void dataCannotEndItsElement() {
    var page = HtmlReport.page(SampleStudies.hostile(), WRITTEN);
    // The data, ECharts, the page's own script; and the name as text in the title.
    assertThat(page.split("</script>", -1)).hasSize(4);
    assertThat(page).doesNotContain("<b>").doesNotContain("<img").contains("\\u003c/script>");
  }

  @Test
  void theSameStudyGivesTheSamePage() {
    assertThat(HtmlReport.page(SampleStudies.conditional(40), WRITTEN))
        .isEqualTo(HtmlReport.page(SampleStudies.conditional(40), WRITTEN));
  }

  @Test
  void writesTheFileAndNothingBesideIt(@TempDir Path directory) throws Exception {
    var file = directory.resolve("deep/er/report.html");
    HtmlReport.write(SampleStudies.empty(), file);
    HtmlReport.write(SampleStudies.single(3), file);
    assertThat(Files.readString(file)).startsWith("<!doctype html>").contains("digits-mlp");
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }
}
