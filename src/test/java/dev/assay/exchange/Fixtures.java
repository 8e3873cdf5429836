package dev.assay.exchange;

import dev.assay.internal.storage.sql.ForeignDatabase;
import dev.assay.report.StudyView;
import dev.assay.storage.sql.Storages;
import dev.assay.trial.Objective;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What other tools wrote, among the resources.
final class Fixtures {
  private Fixtures() {}

  static String text(String name) throws IOException {
    try (var in = Objects.requireNonNull(Fixtures.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static Path copy(Path directory, String name) throws IOException {
    return Files.writeString(directory.resolve(name), text(name));
  }

  /// A database that Optuna 5.0.0 made, with the studies `mlp` and `two`.
  static Path optuna(Path path) throws IOException {
    var script = text("optuna-5.0.0.sql");
    ForeignDatabase.make(
        path,
        connection -> {
          try (var statement = connection.createStatement()) {
            for (var one : script.split(";\n")) {
              if (!one.isBlank() && !one.equals("BEGIN TRANSACTION") && !one.equals("COMMIT")) {
                statement.execute(one);
              }
            }
          }
        });
    return path;
  }

  static StudyImport read(
      Path path, @Nullable String study, List<Objective> objectives, String... params) {
    return StudyImport.read(new Source(path, null, study, objectives, List.of(params)));
  }

  /// An import stored and looked at.
  static StudyView stored(StudyImport study, Path database, String name) {
    try (var storage = Storages.sqlite(database)) {
      study.store(storage, name, Map.of());
      try (var stored = storage.read(name).orElseThrow()) {
        return StudyView.of(stored);
      }
    }
  }

  /// The rows of a query as texts, JSON in one form.
  static List<String> rows(Path database, String query) {
    var rows = new ArrayList<String>();
    try (var foreign = ForeignDatabase.read(database)) {
      foreign.rows(
          query,
          row -> {
            var cells = new ArrayList<String>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
              var cell = String.valueOf(row.getString(i));
              boolean json = cell.matches("(?s)[\\[{\"].*|NaN");
              cells.add(json ? String.valueOf(ForeignJson.read(cell)) : cell);
            }
            rows.add(cells.toString());
          });
    }
    return rows;
  }
}
