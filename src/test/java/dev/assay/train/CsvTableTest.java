package dev.assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Reading CSV files, and what is said about bad ones.
class CsvTableTest {
  private static final String GOOD =
      """
      size,colour,note,kind
      1.5,red,"a, b",cat
      2,blue,"say ""x"" now",dog
      -3e-1,red,"two
      lines",cat
      4,green,d,dog
      """;

  @TempDir Path directory;

  private static DataSet read(Path file, @Nullable String label) {
    return DataSets.csv(file, new CsvRoles(label, null, Task.CLASSIFICATION));
  }

  private static List<String> classes(DataSet data) {
    return ((Target.Classes) data.target()).classes();
  }

  private static int[] labels(DataSet data) {
    return ((Target.Classes) data.target()).labels();
  }

  private DataSet read(String text) throws IOException {
    return read(text, null);
  }

  private DataSet read(String text, @Nullable String label) throws IOException {
    return read(Files.writeString(directory.resolve("table.csv"), text), label);
  }

  private Problem problem(String text, @Nullable String label) {
    return catchThrowableOfType(Problem.class, () -> read(text, label));
  }

  @Test
  void numbersAndCategoriesBecomeFeatures() throws IOException {
    var data = read(GOOD);
    // One number, three colours, four notes.
    assertThat(data.rows()).isEqualTo(4);
    assertThat(data.width()).isEqualTo(8);
    assertThat(Arrays.copyOf(data.features(), 4)).containsExactly(1.5f, 0, 0, 1);
    assertThat(labels(data)).containsExactly(0, 1, 0, 1);
    assertThat(classes(data)).containsExactly("cat", "dog");
  }

  @Test
  void theLabelMayBeAnyColumn() throws IOException {
    var data = read("kind,x,y\nb,1,2\na,3,4\nb,5,6\na,7,8\n", "kind");
    assertThat(data.features()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(labels(data)).containsExactly(1, 0, 1, 0);
    assertThat(classes(read("x,n\n1,10\n2,9\n3,10\n"))).containsExactly("9", "10");
  }

  @Test
  void gzipAndAByteOrderMarkAreRead() throws IOException {
    var file = directory.resolve("table.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("\uFEFFx,kind\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(read(file, "kind").features()).containsExactly(1, 2);
    assertThat(read(file, "kind").columns().getFirst().name()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x,kind;1,a;2;3,b           | 1 instead of 2 in line 3                     | comma
          x,kind;1,a;2,b,c           | 3 instead of 2 in line 3                     | comma
          x,kind;1,a;2,b;three,a     | "three" in column x, line 4                  | Write a number
          x,kind;1,a;2,b;Infinity,a  | "Infinity" in column x, line 4               | Write a number
          x,x,kind;1,2,a             | "x" in                                       | Rename
          1,2;3,4                    | line 1 of                                    | column names
          x,kind                     | table.csv                                    | at least two rows
          x,kind;1,a;2,a             | every label is "a"                           | two or more classes
          kind;a;b                   | the label is the only column                 | one column
          'x,kind;"1,a;2,b;3,a'      | 1 instead of 2 in line 2                     | quote that is not closed
          """)
  void aBadTableIsNamedWithLineAndColumn(String rows, String value, String mend) {
    var problem = problem(rows.replace(';', '\n') + "\n", null);
    assertThat(problem).as(rows).isNotNull();
    assertThat(problem.what()).isNotBlank();
    assertThat(problem.value()).contains(value).contains("table.csv");
    assertThat(problem.mend()).contains(mend);
  }

  @Test
  void aLabelColumnThatIsNotThereNamesTheNearest() {
    var problem = problem(GOOD, "knid");
    assertThat(problem.value()).startsWith("\"knid\" in ");
    assertThat(problem.mend()).startsWith("Did you mean \"kind\"?").contains("size");
  }

  @Test
  void aRaggedRowIsNamedByTheLineWhereItBegins() {
    var problem = problem("note,kind\n\"two\nlines\",a\nshort\n", null);
    assertThat(problem.value()).startsWith("1 instead of 2 in line 4");
  }

  @Test
  void aColumnThatOnlyNamesTheRowsIsRefused() {
    var text = new StringBuilder("id,kind\n");
    IntStream.range(0, 1500).forEach(i -> text.append("row").append(i).append(",a\n"));
    var problem = problem(text.toString(), null);
    assertThat(problem.value()).contains("column id", "more than 1000 levels");
    assertThat(problem.mend()).contains("Remove the column");
  }

  @Test
  void aFileThatIsNoTableIsRefused() throws IOException {
    assertThat(problem("", null).what()).isEqualTo("The data file is empty.");
    assertThat(problem("x;kind\n1;a\n", null).mend()).contains("commas");
    var missing =
        catchThrowableOfType(Problem.class, () -> read(directory.resolve("no.csv"), null));
    assertThat(missing.mend()).contains("study file's directory");
    Files.write(directory.resolve("bytes.csv"), new byte[] {'x', ',', 'y', '\n', (byte) 0xff});
    var bytes =
        catchThrowableOfType(Problem.class, () -> read(directory.resolve("bytes.csv"), null));
    assertThat(bytes.mend()).contains("UTF-8");
    Files.writeString(directory.resolve("plain.csv.gz"), "x,y\n1,2\n");
    var gzip =
        catchThrowableOfType(Problem.class, () -> read(directory.resolve("plain.csv.gz"), null));
    assertThat(gzip.mend()).contains("gzip");
  }

  @Test
  void namesOfRowsAreNoFeature() throws IOException {
    assertThat(read(",size,kind\n7,1,a\n3,1,b\n5,2,a\n").columns())
        .containsExactly(new Column.Numeric("size"));
    assertThat(read("\"\",size,kind\nMazda,1,a\nFiat,1,b\n").columns())
        .containsExactly(new Column.Numeric("size"));
    for (var feature : List.of("7,1,a\n7,1,b\n", "7.5,1,a\n3,1,b\n", "7,1,a\n,1,b\n")) {
      assertThat(read(",size,kind\n" + feature).columns())
          .as(feature)
          .containsExactly(new Column.Numeric("column 1"), new Column.Numeric("size"));
    }
    assertThat(read("id,size,kind\n1,1,a\n2,1,b\n").columns())
        .containsExactly(new Column.Numeric("id"), new Column.Numeric("size"));
  }
}
