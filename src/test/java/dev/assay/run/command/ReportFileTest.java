package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A report file is read right however a program writes it.
class ReportFileTest implements ReportFile.Reader {
  @TempDir Path directory;

  private final List<String> lines = new ArrayList<>();
  private int rewritten;
  private Path path = Path.of("");

  @BeforeEach
  void place() {
    path = directory.resolve("reports.jsonl");
  }

  @Override
  public void line(String line, boolean cut) {
    lines.add(cut ? "cut" : line);
  }

  @Override
  public boolean takesUnfinished(String line) {
    if (line.endsWith("}")) {
      lines.add(line);
      return true;
    }
    return false;
  }

  @Override
  public void rewritten(String name) {
    rewritten++;
  }

  private void append(String text) throws IOException {
    Files.writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /// As `open(path, "w")` does.
  private void write(String text) throws IOException {
    Files.writeString(path, text);
  }

  @Test
  void appendedLinesAreReadOnce() throws IOException {
    var file = new ReportFile(path, this);
    assertThat(file.pump(false)).isFalse();
    append("a\nb");
    assertThat(file.pump(false)).isTrue();
    assertThat(file.pump(false)).isFalse();
    append("c\nd");
    file.finish();
    assertThat(lines).containsExactly("a", "bc", "d");
    assertThat(rewritten).isZero();
  }

  @Test
  void anObjectIsTakenBeforeItsLineEnds() throws IOException {
    var file = new ReportFile(path, this);
    append("{1}");
    file.pump(false);
    assertThat(lines).containsExactly("{1}");
    append("\n{2");
    file.pump(false);
    append("}");
    file.finish();
    assertThat(lines).containsExactly("{1}", "{2}");
  }

  @Test
  void aFileWrittenAnewIsReadAnewWhateverItsLength() throws IOException {
    var file = new ReportFile(path, this);
    for (var text : List.of("{1.00}\n", "{0.50}\n", "{0.5}\n", "{0.3333}\n", "{0.25}", "{0.20}")) {
      write(text);
      file.pump(false);
    }
    file.finish();
    assertThat(lines).containsExactly("{1.00}", "{0.50}", "{0.5}", "{0.3333}", "{0.25}", "{0.20}");
    assertThat(rewritten).isEqualTo(5);
  }

  @Test
  void aChangeWithinOneTickOfTheClockIsSeen() throws IOException {
    var file = new ReportFile(path, this);
    write("{1}\n");
    var time = Files.getLastModifiedTime(path);
    file.pump(false);
    write("{2}\n");
    Files.setLastModifiedTime(path, time);
    file.pump(false);
    assertThat(lines).containsExactly("{1}", "{2}");
    // Long ago, so that it is looked at no more until the end.
    Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000));
    file.pump(false);
    write("{3}\n");
    Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000));
    assertThat(file.pump(false)).isFalse();
    file.finish();
    assertThat(lines).containsExactly("{1}", "{2}", "{3}");
  }

  @Test
  void aFileThatWasEmptiedAndFilledAgainIsReadAnew() throws IOException {
    var file = new ReportFile(path, this);
    append("{1}\n{2}\n");
    file.pump(false);
    write("");
    append("{3}\n{4}\n{5}\n");
    file.pump(false);
    write("");
    file.pump(false);
    append("{6}\n");
    file.finish();
    assertThat(lines).containsExactly("{1}", "{2}", "{3}", "{4}", "{5}", "{6}");
  }

  @Test
  void aFileThatGrowsWithItsHistoryIsReadOn() throws IOException {
    var file = new ReportFile(path, this);
    write("{1}\n");
    file.pump(false);
    write("{1}\n{2}\n");
    file.pump(false);
    write("{1}\n{2}\n{3}\n");
    file.finish();
    assertThat(lines).containsExactly("{1}", "{2}", "{3}");
  }

  @Test
  void aFileThatReplacesTheOtherIsReadFromItsStart() throws IOException {
    var file = new ReportFile(path, this);
    for (var text : List.of("{1}\n", "{1}\n", "{3}\n")) {
      var next = Files.writeString(directory.resolve("next"), text);
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      file.pump(false);
    }
    Files.delete(path);
    assertThat(file.pump(false)).isFalse();
    write("{4}\n");
    file.finish();
    assertThat(lines).containsExactly("{1}", "{1}", "{3}", "{4}");
  }

  @Test
  void anEarlierTrysLinesAreNotThisOnes() throws IOException {
    write("{1}\n{2}\n");
    var file = new ReportFile(path, this);
    file.pump(false);
    append("{3}\n");
    file.finish();
    assertThat(lines).containsExactly("{3}");
  }

  @Test
  void aRetryMayWriteTheFileAnew() throws IOException {
    for (var text : List.of("{9}\n", "{8}\n{8}\n", "{7}\n{8}\n{8}\n", "{1}\n{2}\n")) {
      lines.clear();
      write("{1}\n{2}\n");
      Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000));
      var file = new ReportFile(path, this);
      assertThat(file.pump(false)).isFalse();
      write(text);
      file.finish();
      assertThat(String.join("\n", lines) + "\n").isEqualTo(text);
    }
    assertThat(rewritten).isZero();
  }

  @Test
  void aHalfLineThatIsWrittenOverIsForgotten() throws IOException {
    var file = new ReportFile(path, this);
    append("{1}\n{2");
    file.pump(false);
    write("{3}\n");
    file.finish();
    assertThat(lines).containsExactly("{1}", "{3}");
  }

  @Test
  void largeFilesAreReadWhole() throws IOException {
    var file = new ReportFile(path, this);
    var history = new StringBuilder();
    for (int i = 0; i < 300_000; i++) {
      history.append("{").append(i).append("}\n");
      if (i % 100_000 == 0) {
        append(history.toString());
        history.setLength(0);
        file.pump(false);
      }
    }
    append(history.toString());
    file.finish();
    assertThat(lines).hasSize(300_000).endsWith("{299999}");
  }

  @Test
  void whatIsNoFileIsNotRead() throws IOException {
    Files.createDirectory(path);
    var file = new ReportFile(path, this);
    assertThat(file.pump(false)).isFalse();
    file.finish();
    assertThat(lines).isEmpty();
  }
}
