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
    assertThat(problem.mend()).contains("drop: [id]");
  }

  @Test
  void aFileThatIsNoTableIsRefused() throws IOException {
    assertThat(problem("", null).what()).isEqualTo("The data file is empty.");
    var missing =
        catchThrowableOfType(Problem.class, () -> read(directory.resolve("no.csv"), null));
    assertThat(missing.mend()).contains("study file's directory");
    Files.write(directory.resolve("bytes.csv"), new byte[] {'x', ',', 0, '\n', (byte) 0xff});
    var bytes =
        catchThrowableOfType(Problem.class, () -> read(directory.resolve("bytes.csv"), null));
    assertThat(bytes.what()).contains("no text");
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

  private static final String CUSTOMERS =
      "customer_id,name,income,since,plan,kind\n"
          + IntStream.range(0, 60)
              .mapToObj(i ->
                  "%d,Müller %d,\"%d,%03d.5\",2024-02-%02d%s,%s,%s%n"
                      .formatted(
                          7 * i,
                          i % 40,
                          10 + i,
                          i,
                          1 + i % 28,
                          i % 2 == 0 ? "" : "T12:00",
                          i % 3 == 0 ? "basic" : "full",
                          i % 2 == 0 ? "a" : "b"))
              .collect(java.util.stream.Collectors.joining());

  private static CsvRoles dropping(String... names) {
    return new CsvRoles(null, null, List.of(names), List.of(), Task.CLASSIFICATION);
  }

  @Test
  void aColumnOfMostlyDifferentTextsIsAskedAbout() throws IOException {
    var asked = problem(CUSTOMERS, null);
    assertThat(asked.value()).contains("column name", "40 texts in 60 rows", "Müller 0");
    assertThat(asked.mend()).contains("drop: [name]").contains("categories: [name]");
    var file = directory.resolve("table.csv");
    var data = DataSets.csv(file, dropping("name", "customer_id"));
    assertThat(data.columns())
        .containsExactly(
            new Column.Numeric("income"),
            new Column.Date("since"),
            new Column.Categorical("plan", List.of("basic", "full")));
    assertThat(Arrays.copyOf(data.features(), 8))
        .containsExactly(10_000.5f, 19_754, 1, 0, 11_001.5f, 19_755.5f, 0, 1);
    var kept = new CsvRoles(null, null, List.of(), List.of("name"), Task.CLASSIFICATION);
    assertThat(DataSets.csv(file, kept).columns().get(1).width()).isEqualTo(40);
    assertThat(DataSets.describe(file.toString(), dropping("name"), directory))
        .extracting(column -> column.name() + ": " + column.words())
        .containsExactly(
            "customer_id: a number; it looks like an identifier, drop: [customer_id] leaves it out",
            "name: dropped",
            "income: a number",
            "since: a date, as days",
            "plan: a category of 2 values",
            "kind: what is learnt, 2 classes");
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-8, ';'",
    "UTF-8, '\t'",
    "UTF-8, '|'",
    "windows-1252, ','",
    "windows-1252, ';'",
    "UTF-16, ','",
    "UTF-16, '\t'"
  })
  void otherTablesReadTheSame(String charset, char separator) throws IOException {
    var plain = "größe,note,kind\r\n1.5,\"a, b; c\td|\",ä\r\n2,b,ü\r\n";
    var other = plain.replaceAll(",(?! b)", separator == '|' ? "|" : String.valueOf(separator));
    var file = directory.resolve("other.tsv");
    Files.write(file, other.getBytes(java.nio.charset.Charset.forName(charset)));
    var data = DataSets.load(file.toString(), CsvRoles.CLASSES, directory);
    var expected = read(plain);
    assertThat(data.columns()).isEqualTo(expected.columns());
    assertThat(classes(data)).isEqualTo(classes(expected)).containsExactly("ä", "ü");
    assertThat(data.features()).isEqualTo(expected.features());
  }

  @ParameterizedTest
  @CsvSource({
    "nobody, dropped column, Did you mean",
    "kind, cannot be the label, label: NAME",
  })
  void whatCannotBeDroppedIsSaid(String name, String what, String mend) throws IOException {
    var file = Files.writeString(directory.resolve("table.csv"), GOOD);
    var refused = catchThrowableOfType(Problem.class, () -> DataSets.csv(file, dropping(name)));
    assertThat(refused.what()).contains(what);
    assertThat(refused.value()).contains(name);
    if (name.equals("kind")) {
      assertThat(refused.mend()).contains(mend);
    }
    var bundled =
        catchThrowableOfType(Problem.class, () -> DataSets.load("iris", dropping("x"), directory));
    assertThat(bundled.value()).contains("drop: [x]");
  }

  @ParameterizedTest
  @CsvSource({
    "2024-02-30, false",
    "2024-02-29, true",
    "2024-02-29 23:59:59.5+01:00, true",
    "2024-2-9, false",
    "02/09/2024, false",
    "2024-02-29T25:00, false",
    "2024-02-09Z, false",
    "2024-02-09T10:00Z, true"
  })
  void datesAreThoseOfIso(String text, boolean date) {
    assertThat(Float.isNaN(CsvDates.days(text))).isEqualTo(!date);
  }

  @ParameterizedTest
  @CsvSource({
    "'49,030.74', 49030.74", "'1,234', 1234", "'-1,234,567', -1234567", "'12,34', NaN",
    "'1234,567', NaN", "',123', NaN", "'1,234,5', NaN", "'0,5', NaN"
  })
  void commasGroupThousandsOnly(String text, float number) {
    assertThat((Float) CsvColumn.number(text)).isEqualTo(Float.valueOf(number));
  }

  @Test
  void decimalCommasAndOtherDatesAreAskedAbout() throws IOException {
    var commas = new StringBuilder("x;kind\n");
    var dates = new StringBuilder("x,kind\n");
    for (int i = 0; i < 60; i++) {
      commas.append("0,").append(10 + i).append(";a\n");
      dates.append(1 + i % 28).append('/').append(1 + i / 28).append("/2024,a\n");
    }
    var doubtful = problem("x;kind\n1,234;a\n2,500;b\n", null);
    assertThat(doubtful.value()).contains("\"2,500\" in column x");
    assertThat(read("x;kind\n1,234.5;a\n2,500;b\n").features()).containsExactly(1234.5f, 2500);
    assertThat(problem(commas.toString(), null).mend()).contains("decimal point");
    assertThat(problem(dates.toString(), null).mend()).contains("2024-12-31");
  }
}
