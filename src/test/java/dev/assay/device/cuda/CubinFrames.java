package dev.assay.device.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// How many bytes of the slow local memory each function of a module has to itself, as its machine
/// code says it (an ELF file's section `.nv.info`), and as its PTX asks for. What is more in the
/// machine code are registers that did not fit: spills.
final class CubinFrames {
  private static final int FRAME_SIZE = 0x11;
  private static final int ENTRY_WITH_DATA = 4;
  private static final int SYMBOLS = 2;

  private static final Pattern FUNCTION =
      Pattern.compile("\\.(?:entry|func)\\s+(?:\\([^)]*\\)\\s*)?([\\w$]+)\\s*\\(");
  private static final Pattern DEPOT = Pattern.compile("__local_depot\\d+\\[(\\d+)];");

  private final ByteBuffer file;
  private final int sections;
  private final int sizeOfSection;

  private CubinFrames(byte[] cubin) {
    file = ByteBuffer.wrap(cubin).order(ByteOrder.LITTLE_ENDIAN);
    sections = Math.toIntExact(file.getLong(0x28));
    sizeOfSection = file.getShort(0x3a);
  }

  /// Bytes by function, of every function that the machine code speaks of.
  static TreeMap<String, Integer> ofCubin(byte[] cubin) {
    return new CubinFrames(cubin).read();
  }

  /// Bytes by function, of those that have arrays of their own.
  static TreeMap<String, Integer> ofPtx(String ptx) {
    var bytes = new TreeMap<String, Integer>();
    var function = FUNCTION.matcher(ptx);
    var depot = DEPOT.matcher(ptx);
    while (depot.find()) {
      var name = "";
      function.reset();
      function.region(0, depot.start());
      while (function.find()) {
        name = function.group(1);
      }
      bytes.put(name, Integer.parseInt(depot.group(1)));
    }
    return bytes;
  }

  private TreeMap<String, Integer> read() {
    int names = section(file.getShort(0x3e));
    int info = -1;
    int symbols = -1;
    for (int i = 0; i < file.getShort(0x3c); i++) {
      int header = section(i);
      if (text(offset(names) + file.getInt(header)).equals(".nv.info")) {
        info = header;
      }
      if (file.getInt(header + 4) == SYMBOLS) {
        symbols = header;
      }
    }
    int texts = offset(section(file.getInt(symbols + 0x28)));
    var bytes = new TreeMap<String, Integer>();
    int at = offset(info);
    int end = at + Math.toIntExact(file.getLong(info + 0x20));
    while (at < end) {
      int data = file.get(at) == ENTRY_WITH_DATA ? file.getShort(at + 2) : 0;
      if (file.get(at + 1) == FRAME_SIZE) {
        int symbol = offset(symbols) + 24 * file.getInt(at + 4);
        bytes.put(text(texts + file.getInt(symbol)), file.getInt(at + 8));
      }
      at += 4 + data;
    }
    return bytes;
  }

  private int section(int number) {
    return sections + number * sizeOfSection;
  }

  private int offset(int header) {
    return Math.toIntExact(file.getLong(header + 0x18));
  }

  private String text(int at) {
    int end = at;
    while (file.get(end) != 0) {
      end++;
    }
    return new String(file.array(), at, end - at, StandardCharsets.UTF_8);
  }
}
