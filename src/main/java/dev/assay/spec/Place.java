package dev.assay.spec;

/// Where something stands.
///
/// @param source the file, or `--set`
/// @param line from 1; 0 where there are no lines
/// @param key the path of keys to it: `space.hidden.int[0]`; empty for the whole document
public record Place(String source, int line, String key) {
  @Override
  public String toString() {
    var words = new StringBuilder(source);
    if (line > 0) {
      words.append(", line ").append(line);
    }
    if (!key.isEmpty()) {
      words.append(", ").append(key);
    }
    return words.toString();
  }
}
