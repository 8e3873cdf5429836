package dev.assay.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// `/proc` of Linux. Fields: proc(5).
record LinuxProcesses() implements ProcessTable {
  private static final String ROOT = "/proc/";

  /// Bytes that a process's line and most environments have at most.
  private static final int SHORT = 2048;

  static boolean present() {
    return Files.isReadable(Path.of(ROOT, "self", "stat"));
  }

  @Override
  public Map<Long, ProcessEntry> list(LongPredicate wanted) {
    var entries = new HashMap<Long, ProcessEntry>();
    var names = new File(ROOT).list();
    if (names == null) {
      return entries;
    }
    for (var name : names) {
      char first = name.charAt(0);
      if (first < '1' || first > '9') {
        continue;
      }
      long pid = Long.parseLong(name);
      if (wanted.test(pid)) {
        var entry = read(pid);
        if (entry != null) {
          entries.put(pid, entry);
        }
      }
    }
    return entries;
  }

  @Override
  public long started(long pid) {
    var entry = read(pid);
    return entry == null ? 0 : entry.started();
  }

  /// @return null when the process is gone or a zombie
  private static @Nullable ProcessEntry read(long pid) {
    var text = text(pid + "/stat");
    // The name, in parentheses, may itself have parentheses and spaces.
    int end = text.lastIndexOf(')');
    if (end < 0) {
      return null;
    }
    var fields = text.substring(end + 2).split(" ");
    char state = fields[0].charAt(0);
    return state == 'Z' || state == 'X'
        ? null
        : new ProcessEntry(
            pid,
            Long.parseLong(fields[1]),
            Long.parseLong(fields[2]),
            Long.parseLong(fields[3]),
            Long.parseLong(fields[19]));
  }

  /// Not as files are read whose size is known: these say 0, and most are short.
  private static String text(String file) {
    try (var in = new FileInputStream(ROOT + file)) {
      var bytes = new byte[SHORT];
      int size = 0;
      for (int read = in.read(bytes); read > 0; read = in.read(bytes, size, bytes.length - size)) {
        size += read;
        if (size == bytes.length) {
          bytes = Arrays.copyOf(bytes, 2 * size);
        }
      }
      return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it ended meanwhile, or belongs to somebody else
    }
  }

  @Override
  public Collection<ProcessEntry> marked(
      Collection<ProcessEntry> processes, String variable, String value) {
    var start = variable + "=" + value;
    var marker =
        new String(
            ("\0" + start + (value.endsWith("/") ? "" : "\0")).getBytes(StandardCharsets.UTF_8),
            StandardCharsets.ISO_8859_1);
    var found = new ArrayList<ProcessEntry>();
    for (var entry : processes) {
      var environment = text(entry.pid() + "/environ");
      if (("\0" + environment).contains(marker)) {
        found.add(entry);
      }
    }
    return found;
  }

  /// Ids are given out in ascending order, and from the start again at the end.
  @Override
  public LongPredicate after(long pid) {
    var load = text("loadavg").strip();
    long last;
    try {
      last = Long.parseLong(load.substring(load.lastIndexOf(' ') + 1));
    } catch (NumberFormatException e) {
      return _ -> true;
    }
    return last >= pid
        ? other -> other >= pid && other <= last
        : other -> other >= pid || other <= last;
  }
}
