package dev.assay.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// What `assay tune --on` wants, as it says it: lines `key value` of the input, up to an empty one.
///
/// @param study its name
/// @param url of the study's owner; empty: where executors reach Spark's driver, at `port`
/// @param port of the study's owner
/// @param token what the owner asks workers for
/// @param workers how many are wanted, each a task of Spark
/// @param gpus of each; 0.5 for half a GPU, 0 for none
/// @param program the command line of Assay where executors run, or an archive that has it as
///   `bin/assay`
record Wanted(
    String study, String url, int port, String token, int workers, double gpus, String program) {
  static Wanted read(BufferedReader input) throws IOException {
    var said = new LinkedHashMap<String, String>();
    for (var line = input.readLine(); line != null && !line.isEmpty(); line = input.readLine()) {
      int space = line.indexOf(' ');
      said.put(line.substring(0, space), line.substring(space + 1));
    }
    return new Wanted(
        said(said, "study"),
        said(said, "url"),
        Integer.parseInt(said(said, "port")),
        said(said, "token"),
        Integer.parseInt(said(said, "workers")),
        Double.parseDouble(said(said, "gpus")),
        said(said, "program"));
  }

  private static String said(Map<String, String> all, String key) {
    var value = all.get(key);
    if (value == null) {
      throw new IllegalArgumentException("nothing was said of " + key);
    }
    return value;
  }

  /// Whether the program travels as an archive, which Spark unpacks where executors run.
  boolean travels() {
    return program.endsWith(".tar.gz") || program.endsWith(".tgz") || program.endsWith(".zip");
  }

  @Override
  public String toString() {
    return "Wanted[" + study + ", " + workers + " workers]"; // no token
  }
}
