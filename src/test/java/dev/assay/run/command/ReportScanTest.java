package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reports are found wherever they stand in a line.
class ReportScanTest {
  private static final String REPORT = "@assay {\"step\": 3, \"loss\": 0.5}";

  private static List<ReportScan> printed(String line) {
    return ReportScan.printed(TerminalText.of(line).strip());
  }

  private static ReportLine only(List<ReportScan> scans) {
    assertThat(scans).singleElement().extracting(ReportScan::problem).isEqualTo("");
    return Objects.requireNonNull(scans.getFirst().report());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        REPORT,
        "  " + REPORT,
        "\ufeff" + REPORT,
        "100%|##########| 10/10 [00:01<00:00, 9.1it/s]" + REPORT,
        "10/10" + REPORT,
        "INFO:root:" + REPORT,
        "2026-01-01 12:00:00,123 - INFO - " + REPORT + " (train.py:3)",
        "\u001b[32m" + REPORT + "\u001b[0m",
        "\u001b[1;34mINFO\u001b[0m [\u001b[2mmain\u001b[0m] " + REPORT,
        "\u001b]0;title\u0007" + REPORT,
        "\u001b[2K\u001b[1G" + REPORT,
        "@assay{\"step\":3,\"loss\":0.5}",
        "@assay: {\"step\":3,\"loss\":0.5}",
        "@assay {'step': 3, 'loss': 0.5}",
        "@assay {step: 3, loss: 0.5}",
        "@assay {\"step\": \"3\", \"loss\": \"0.5\"}",
        "@assay {\"step\": 3.0, \"loss\": .5}",
        "{\"level\": \"info\", \"msg\": \"@assay {\\\"step\\\": 3, \\\"loss\\\": 0.5}\"}",
        "[rank0]: " + REPORT + " \u001b[0m| done",
      })
  void behindAnything(String line) {
    var report = only(printed(line));
    assertThat(report.step()).isEqualTo(3);
    assertThat(report.values()).isEqualTo(Map.of("loss", 0.5));
    assertThat(report.unread()).isEmpty();
  }

  @Test
  void severalInOneLine() {
    assertThat(
            printed(REPORT + "@assay {\"loss\": 2} x @assay {\"loss\": {}} @assay {\"loss\": 3}"))
        .extracting(scan -> Objects.requireNonNull(scan.report()).values().get("loss"))
        .containsExactly(0.5, 2.0, null, 3.0);
    assertThat(ReportScan.written("{\"loss\": 1}{\"loss\": 2}")).hasSize(2);
    assertThat(ReportScan.written("@assay {\"loss\": 1}")).hasSize(1);
    assertThat(ReportScan.written("INFO @assay {\"loss\": 1}")).hasSize(1);
    assertThat(ReportScan.written("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "nan|NaN",
        "NaN|NaN",
        "-nan|NaN",
        "-nan(ind)|NaN",
        "\"nan\"|NaN",
        "1.#QNAN|NaN",
        "inf|Infinity",
        "Infinity|Infinity",
        "-Infinity|-Infinity",
        "-inf|-Infinity",
        "\"-inf\"|-Infinity",
        "1e400|Infinity",
        "+0.5|0.5",
        "5.|5.0",
        "\"1,234.5\"|1234.5",
        "1e-7|1.0E-7",
        "123456789012345678901234567890|1.2345678901234568E29",
      })
  void numbersAsProgramsWriteThem(String text, double value) {
    assertThat(only(printed("@assay {\"loss\": " + text + "}")).values())
        .containsEntry("loss", value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"0,31\"|\"0,31\" is no number: a comma",
        "\"1.234,56\"|\"1.234,56\" is no number",
        "null|\"null\" is no number",
        "None|\"None\" is no number",
        "true|\"true\" is no number",
        "[0.5]|it is no number but a list",
        "0.3s|\"0.3s\" is no number",
      })
  void whatIsNoNumberIsShownAndOthersAreTaken(String text, String why) {
    var report = only(printed("@assay {\"loss\": " + text + ", \"step\": 4, \"acc\": 0.9}"));
    assertThat(report.values()).isEqualTo(Map.of("acc", 0.9));
    assertThat(report.step()).isEqualTo(4);
    assertThat(report.unread().get("loss")).startsWith("loss: " + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "@assay {\"loss\": 0,31}|\"0,31\" is no number: a comma",
        "@assay {\"loss\": 0,31, \"acc\": 0,9}|\"0,31\" is no number",
        "@assay {\"loss\": 1,234}|no commas in numbers, as in 1,234",
        "@assay {\"loss\": }|no valid JSON",
        "@assay {\"loss\": 0.5|closing } is missing",
        "@assay {{\"loss\": 0.5}}|no valid JSON",
        "@assay loss=0.5|no JSON object",
        "@assay|no JSON object",
      })
  void whatIsNoJsonSaysWhy(String line, String why) {
    assertThat(printed(line)).first().extracting(ReportScan::problem).asString().contains(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "see @assay",
        "write to me@assay.example",
        "import assay",
        "loss=0.5",
        "",
        "assay {}"
      })
  void otherLinesAreNoReports(String line) {
    assertThat(printed(line)).isEmpty();
  }

  @Test
  void stepsAreWholeAndFinalIsTrueOrFalse() {
    assertThat(only(printed("@assay {\"step\": 1.5, \"loss\": 1}")).unread())
        .containsEntry("step", "step: \"1.5\" is no whole number");
    assertThat(only(printed("@assay {\"final\": 1, \"loss\": 1}")).unread()).containsKey("final");
    assertThat(only(printed("@assay {'final': True, 'loss': 1}")).isFinal()).isTrue();
    assertThat(only(printed("@assay {\"step\": \"1,200\", \"loss\": 1}")).step()).isEqualTo(1200);
  }

  @Test
  void largeArraysCostNoMoreThanTheirLength() {
    var line = "@assay {\"a\": [" + "1,".repeat(200_000) + "1], \"loss\": 1}";
    assertThat(only(printed(line)).values()).isEqualTo(Map.of("loss", 1.0));
    assertThat(printed("@assay {\"a\": " + "[".repeat(50_000)).getFirst().report()).isNull();
  }
}
