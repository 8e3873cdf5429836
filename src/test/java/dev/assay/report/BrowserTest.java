package dev.assay.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the tests of pages rely on: the harness sees errors, requests and empty canvases.
final class BrowserTest {
  @TempDir Path directory;

  @Test
  void seesWhatIsWrongWithAPage() throws Exception {
    assumeTrue(Browser.isInstalled(), Browser.MISSING);
    var file =
        Files.writeString(
            directory.resolve("bad.html"),
            """
            <!doctype html><title>bad</title><link rel="icon" href="data:,">
            <canvas id="blank"></canvas><img src="missing.png">
            <script>console.error("said so"); setTimeout(() => { throw new Error("later") }, 0)</script>
            """);
    try (var browser = Browser.start(directory.resolve("profile"))) {
      var page = browser.open(file.toUri());
      page.await("document.title === 'bad'");
      assertThat(page.complaints())
          .anyMatch(complaint -> complaint.contains("said so"))
          .anyMatch(complaint -> complaint.contains("later"))
          .anyMatch(complaint -> complaint.contains("ERR_FILE_NOT_FOUND"));
      assertThat(page.requests()).anyMatch(address -> address.endsWith("missing.png"));
      assertThat(page.coloursOfCanvases()).containsExactly(1);
      assertThat(page.evaluate("Promise.resolve([1, 'two'])").toString()).isEqualTo("[1,\"two\"]");
      page.screenshot(directory.resolve("page.png"));
      assertThat(Files.readAllBytes(directory.resolve("page.png"))).startsWith(0x89, 'P', 'N', 'G');
    }
  }
}
