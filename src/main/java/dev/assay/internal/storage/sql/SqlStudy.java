package dev.assay.internal.storage.sql;

import dev.assay.space.SearchSpace;
import dev.assay.storage.Runner;
import dev.assay.storage.StoredStudy;
import dev.assay.storage.StudyDefinition;
import dev.assay.trial.Direction;
import dev.assay.trial.TrialRecord;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// A study in a database, for reading.
class SqlStudy implements StoredStudy {
  /// Halves of a study of fewer trials are not looked at beside each other.
  private static final int BESIDE = 5000;

  /// Attributes and notes that are told from new ones by their bytes.
  private static final int MOST_KNOWN = 1000;

  final SqlDatabase database;
  final long id;
  private final StudyDefinition definition;

  SqlStudy(SqlDatabase database, long id, StudyDefinition definition) {
    this.database = database;
    this.id = id;
    this.definition = definition;
  }

  /// The key of a trial in the tables.
  final long key(int number) {
    return id << 32 | number;
  }

  @Override
  public StudyDefinition definition() {
    return definition;
  }

  @Override
  public void load(SearchSpace space, Consumer<TrialRecord> consumer) {
    // Handed over when the connection is closed: consumers may write.
    for (var trial : TrialRows.load(database, id, space)) {
      consumer.accept(trial);
    }
  }

  @Override
  public void each(SearchSpace space, Predicate<TrialRecord> reader) {
    TrialRows.each(database, id, space, reader);
  }

  @Override
  public void print(SearchSpace space, StoredStudy.Printer printer) {
    TrialRows.print(database, id, space, printer);
  }

  @Override
  public List<TrialRecord> some(SearchSpace space, Set<Integer> numbers, int from) {
    var before = numbers.stream().filter(number -> number < from).sorted().toList();
    return TrialRows.some(database, id, space, before, from);
  }

  @Override
  public Optional<StoredStudy.Sketch> sketch(SearchSpace space, Direction direction, int fewest) {
    return database.dialect() == SqlDialect.SQLITE
        ? Sketches.of(database, id, space, direction, fewest)
        : Optional.empty();
  }

  @Override
  public boolean mayRepeat() {
    return database.dialect() != SqlDialect.SQLITE || Sketches.mayRepeat(database, id);
  }

  @Override
  public Optional<List<TrialRecord>> top(SearchSpace space, Direction direction, int most) {
    return database.dialect() == SqlDialect.SQLITE
        ? Sketches.top(database, id, space, direction, most)
        : Optional.empty();
  }

  @Override
  public StoredStudy.TrialKeys keys(SearchSpace space) {
    int middle = TrialRows.highest(database, id) / 2;
    if (middle < BESIDE || !database.readsInParallel()) {
      return keys(0, Integer.MAX_VALUE);
    }
    // They lie behind the parameters, so the whole file is read: one half beside the other.
    var later = CompletableFuture.supplyAsync(() -> keys(middle, Integer.MAX_VALUE));
    try {
      var keys = keys(0, middle - 1);
      var others = TrialRows.joined(later);
      keys.attributes().addAll(others.attributes());
      keys.notes().addAll(others.notes());
      return keys;
    } finally {
      var _ = later.exceptionally(_ -> StoredStudy.TrialKeys.none()).join();
    }
  }

  private StoredStudy.TrialKeys keys(int first, int last) {
    var known = new HashSet<ByteBuffer>();
    return database.read(connection -> {
      var keys = StoredStudy.TrialKeys.none();
      try (var query =
          connection.prepareStatement(
              """
              SELECT id, attributes, notes FROM trial
              WHERE id BETWEEN ? AND ? AND (attributes IS NOT NULL OR notes IS NOT NULL)
              ORDER BY id\
              """)) {
        query.setLong(1, key(first));
        query.setLong(2, key(last));
        try (var rows = query.executeQuery()) {
          while (rows.next()) {
            addKeys(rows, 2, keys.attributes(), known);
            addKeys(rows, 3, keys.notes(), known);
          }
        }
      }
      return keys;
    });
  }

  /// @param known what was read before: many trials have the same
  private void addKeys(ResultSet row, int column, Set<String> keys, Set<ByteBuffer> known)
      throws SQLException {
    var json = row.getBytes(column);
    if (json == null || known.contains(ByteBuffer.wrap(json))) {
      return;
    }
    try {
      StoredJson.addKeys(json, keys);
      if (known.size() < MOST_KNOWN) {
        known.add(ByteBuffer.wrap(json));
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw database.unreadable("trial " + (int) row.getLong(1), e);
    }
  }

  @Override
  public Map<String, @Nullable Object> facts() {
    return database.read(connection -> {
      try (var query = connection.prepareStatement("SELECT key, value FROM fact WHERE study = ?")) {
        query.setLong(1, id);
        var facts = new LinkedHashMap<String, @Nullable Object>();
        try (var rows = query.executeQuery()) {
          while (rows.next()) {
            facts.put(rows.getString(1), fact(rows.getString(1), rows.getString(2)));
          }
        }
        return facts;
      }
    });
  }

  private @Nullable Object fact(String key, String json) {
    try {
      return StoredJson.read(json);
    } catch (JacksonException | IllegalArgumentException e) {
      throw database.unreadable("fact \"" + key + "\"", e);
    }
  }

  @Override
  public List<Runner> runners() {
    return database.read(connection -> SqlWorkers.runners(connection, database.dialect(), id));
  }

  @Override
  public void close() {}
}
