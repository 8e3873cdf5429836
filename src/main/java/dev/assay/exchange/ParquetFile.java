package dev.assay.exchange;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A table as an Apache Parquet file: plain encoding, no compression, every cell optional. Rows
/// come in groups, and are not kept. Format: <https://parquet.apache.org/docs/file-format/>.
///
/// @param <R> what a row is made of
final class ParquetFile<R> {
  private static final byte[] MAGIC = {'P', 'A', 'R', '1'};
  private static final int OPTIONAL = 1;
  private static final int PLAIN = 0;
  private static final int RLE = 3;

  /// A page is closed when it has so many bytes.
  private static final int PAGE = 1 << 20;

  /// What cells are: the type's number, and that of its meaning (`ConvertedType`), -1: none.
  enum Type {
    TRUTH(0, -1),
    WHOLE(2, -1),
    REAL(5, -1),
    TEXT(6, 0),
    MILLIS(2, 9);

    private final int physical;
    private final int meaning;

    Type(int physical, int meaning) {
      this.physical = physical;
      this.meaning = meaning;
    }
  }

  /// @param cell of a row: Boolean, Long, Double or String as the type says; null: no value
  record Column<R>(String name, Type type, Function<R, @Nullable Object> cell) {}

  /// Where a column's pages of a group are.
  private record Chunk(long offset, long bytes) {}

  /// @param chunks one for each column
  private record Group(List<Chunk> chunks, int rows) {}

  private final List<Column<R>> columns;
  private final OutputStream out;
  private final List<Group> groups = new ArrayList<>();
  private long position;

  ParquetFile(List<Column<R>> columns, OutputStream out) throws IOException {
    this.columns = columns;
    this.out = out;
    put(MAGIC);
  }

  /// Writes the next rows.
  void group(List<R> rows) throws IOException {
    var chunks = new ArrayList<Chunk>();
    for (var column : columns) {
      long offset = position;
      pages(column, rows);
      chunks.add(new Chunk(offset, position - offset));
    }
    groups.add(new Group(chunks, rows.size()));
  }

  /// Writes where everything is; nothing comes after it.
  void end() throws IOException {
    var footer = footer();
    put(footer);
    put(little(4).putInt(footer.length).array());
    put(MAGIC);
  }

  private void put(byte[] bytes) throws IOException {
    out.write(bytes);
    position += bytes.length;
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void pages(Column<R> column, List<R> rows) throws IOException {
    int row = 0;
    do { // a chunk has a page, even without rows
      int first = row;
      var present = new ArrayList<Boolean>();
      var values = new ByteArrayOutputStream();
      var truths = new ArrayList<Boolean>();
      while (row < rows.size() && values.size() < PAGE && row - first < PAGE) {
        var cell = column.cell().apply(rows.get(row++));
        present.add(cell != null);
        if (cell instanceof Boolean truth) {
          truths.add(truth);
        } else if (cell != null) {
          values.writeBytes(plain(cell));
        }
      }
      values.writeBytes(bits(truths));
      page(present, values.toByteArray());
    } while (row < rows.size());
  }

  private static byte[] plain(Object cell) {
    return switch (cell) {
      case Long whole -> little(8).putLong(whole).array();
      case Double real -> little(8).putDouble(real).array();
      case String text -> {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        yield little(4 + bytes.length).putInt(bytes.length).put(bytes).array();
      }
      default -> throw new IllegalArgumentException(cell.getClass() + " is no type of a cell");
    };
  }

  /// Eight to a byte, the first lowest.
  private static byte[] bits(List<Boolean> truths) {
    var bytes = new byte[(truths.size() + 7) / 8];
    for (int i = 0; i < truths.size(); i++) {
      if (truths.get(i)) {
        bytes[i / 8] |= (byte) (1 << i % 8);
      }
    }
    return bytes;
  }

  /// Which cells are there, packed: one run of groups of eight bits.
  private static byte[] levels(List<Boolean> present) {
    var bits = bits(present);
    var run = new ByteArrayOutputStream();
    ThriftStruct.varint(run, (long) bits.length << 1 | 1);
    run.writeBytes(bits);
    return little(4 + run.size()).putInt(run.size()).put(run.toByteArray()).array();
  }

  private void page(List<Boolean> present, byte[] values) throws IOException {
    var levels = levels(present);
    int size = levels.length + values.length;
    var head =
        new ThriftStruct()
            .whole(1, 0) // a data page
            .whole(2, size)
            .whole(3, size)
            .struct(
                5,
                new ThriftStruct()
                    .whole(1, present.size())
                    .whole(2, PLAIN)
                    .whole(3, RLE)
                    .whole(4, RLE));
    put(head.bytes());
    put(levels);
    put(values);
  }

  private byte[] footer() {
    var schema = new ArrayList<ThriftStruct>();
    schema.add(new ThriftStruct().text(4, "trials").whole(5, columns.size()));
    for (var column : columns) {
      var type = column.type();
      var element =
          new ThriftStruct().whole(1, type.physical).whole(3, OPTIONAL).text(4, column.name());
      schema.add(type.meaning < 0 ? element : element.whole(6, type.meaning));
    }
    return new ThriftStruct()
        .whole(1, 1)
        .structs(2, schema)
        .longer(3, groups.stream().mapToLong(Group::rows).sum())
        .structs(4, groups.stream().map(this::metadata).toList())
        .text(6, "assay")
        .bytes();
  }

  private ThriftStruct metadata(Group group) {
    var all = new ArrayList<ThriftStruct>();
    long bytes = 0;
    for (int i = 0; i < columns.size(); i++) {
      var chunk = group.chunks().get(i);
      var metadata =
          new ThriftStruct()
              .whole(1, columns.get(i).type().physical)
              .wholes(2, List.of(PLAIN, RLE))
              .texts(3, List.of(columns.get(i).name()))
              .whole(4, 0) // not compressed
              .longer(5, group.rows())
              .longer(6, chunk.bytes())
              .longer(7, chunk.bytes())
              .longer(9, chunk.offset());
      all.add(new ThriftStruct().longer(2, chunk.offset()).struct(3, metadata));
      bytes += chunk.bytes();
    }
    return new ThriftStruct().structs(1, all).longer(2, bytes).longer(3, group.rows());
  }
}
