package dev.assay.ship;

import dev.assay.files.Contents;
import dev.assay.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which files travel.
///
/// @param entries by path
public record Manifest(List<Entry> entries) {
  /// One file.
  ///
  /// @param path relative, with slashes, without `..`
  /// @param sha256 of its content, in hexadecimal digits
  public record Entry(String path, long bytes, String sha256, boolean executable) {
    /// Whatever a manifest says, nothing is written beside the directory that it is unpacked to.
    public Entry {
      boolean strays =
          path.isEmpty()
              || path.startsWith("/")
              || path.contains("\\")
              || path.contains("\0")
              || List.of(path.split("/", -1)).stream()
                  .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
      if (strays || !sha256.matches("[0-9a-f]{64}") || bytes < 0) {
        throw new Problem(
            "The list of files that travel with the study is damaged.",
            path + ", " + bytes + " bytes, " + sha256,
            "Go on with the study where its files are: assay tune FILE writes it anew.");
      }
    }
  }

  public Manifest {
    entries = List.copyOf(entries);
  }

  /// Of all files together.
  public long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  /// Names all of it: equal for equal files under equal paths.
  public String sha256() {
    var text = new StringBuilder();
    for (var entry : entries) {
      text.append(entry.sha256)
          .append(entry.executable ? " x " : " - ")
          .append(entry.path)
          .append('\n');
    }
    return Contents.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// What differs in another one, one line each: `train.py: changed`.
  public List<String> differences(Manifest now) {
    var before = new TreeMap<String, Entry>();
    entries.forEach(entry -> before.put(entry.path, entry));
    var lines = new ArrayList<String>();
    for (var entry : now.entries) {
      var old = before.remove(entry.path);
      if (old == null) {
        lines.add(entry.path + ": new");
      } else if (!old.equals(entry)) {
        lines.add(entry.path + ": changed");
      }
    }
    before.keySet().forEach(path -> lines.add(path + ": gone"));
    return lines;
  }

  /// As JSON values.
  public List<Map<String, @Nullable Object>> write() {
    var list = new ArrayList<Map<String, @Nullable Object>>();
    for (var entry : entries) {
      var map = new LinkedHashMap<String, @Nullable Object>();
      map.put("path", entry.path);
      map.put("bytes", entry.bytes);
      map.put("sha256", entry.sha256);
      map.put("executable", entry.executable);
      list.add(map);
    }
    return list;
  }

  /// The inverse of [#write].
  ///
  /// @throws Problem for what is none
  public static Manifest read(List<?> values) {
    var entries = new ArrayList<Entry>();
    for (var value : values) {
      if (value instanceof Map<?, ?> map
          && map.get("path") instanceof String path
          && map.get("bytes") instanceof Number bytes
          && map.get("sha256") instanceof String sha256) {
        entries.add(
            new Entry(path, bytes.longValue(), sha256, Boolean.TRUE.equals(map.get("executable"))));
      } else {
        entries.add(new Entry("", -1, String.valueOf(value), false)); // refused
      }
    }
    return new Manifest(entries);
  }
}
