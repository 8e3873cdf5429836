package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.ship.Depot;
import dev.assay.ship.DirectoryDepot;
import dev.assay.ship.Manifest;
import dev.assay.ship.Packing;
import dev.assay.ship.Unpacking;
import dev.assay.spec.Shipment;
import dev.assay.spec.StudyFile;
import dev.assay.storage.Storage;
import dev.assay.study.Study;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets files travel with a study (`ship:`): lists and leaves them where it is begun, unpacks them
/// where it is joined.
final class Shipping {
  /// The fact: `{"files": [...], "to": "/shared"}`, see [Manifest#write].
  static final String FACT = "shipped";

  private static final String FILES = "files";
  private static final String TO = "to";

  /// Of all files together, where a storage or the study's owner passes them on.
  private static final long MOST_BYTES = 256L << 20;

  private Shipping() {}

  /// What travels, checked before anything is stored; null: nothing.
  static @Nullable Manifest manifest(StudyFile spec) {
    var ship = spec.ship();
    if (ship == null) {
      return null;
    }
    try {
      return packing(spec, ship).of(ship.files());
    } catch (Problem problem) {
      throw problem.at(ship.place());
    }
  }

  private static Packing packing(StudyFile spec, Shipment ship) {
    return new Packing(spec.directory(), ship.to() == null ? MOST_BYTES : Long.MAX_VALUE);
  }

  /// Leaves what travels where others find it, and says what is other than it was when the study
  /// was begun or gone on with before.
  static void send(
      StudyFile spec,
      @Nullable Manifest manifest,
      Storage storage,
      Study<?> study,
      Console console) {
    var ship = spec.ship();
    if (ship == null || manifest == null) {
      return;
    }
    if (study.facts().get(FACT) instanceof Map<?, ?> before
        && before.get(FILES) instanceof List<?> files) {
      var differences = Manifest.read(files).differences(manifest);
      if (!differences.isEmpty()) {
        console.note(
            "Files that travel with the study are others than before: "
                + String.join(", ", differences.stream().limit(5).toList())
                + (differences.size() > 5 ? ", ..." : "")
                + ". Workers that begin from now on get them.");
      }
    }
    var to = ship.to();
    var stored = storage.files(study.name()).orElse(null);
    if (to != null) {
      packing(spec, ship).send(manifest, new DirectoryDepot(to));
    } else if (stored != null) {
      packing(spec, ship).send(manifest, depot(stored));
    }
    var fact = new LinkedHashMap<String, @Nullable Object>();
    fact.put(FILES, manifest.write());
    fact.put(TO, to == null ? null : to.toString());
    study.putFact(FACT, fact);
  }

  /// The files that travel, by the SHA-256 of their contents.
  static Map<String, Path> byContent(StudyFile spec, @Nullable Manifest manifest) {
    var files = new HashMap<String, Path>();
    if (manifest != null) {
      manifest
          .entries()
          .forEach(entry -> files.put(entry.sha256(), spec.directory().resolve(entry.path())));
    }
    return files;
  }

  private static Depot depot(Storage.StoredFiles files) {
    return new Depot() {
      @Override
      public boolean has(String sha256) throws IOException {
        return files.has(sha256);
      }

      @Override
      public void put(String sha256, Path file) throws IOException {
        files.put(sha256, file);
      }

      @Override
      public void get(String sha256, Path file) throws IOException {
        files.get(sha256, file);
      }
    };
  }

  /// Where the files are on this machine that travelled with a study; null: none did, or they are
  /// to be taken from elsewhere.
  ///
  /// @param facts the study's
  /// @param depot where they are found unless a shared directory has them; null: nowhere
  static @Nullable Path unpack(Map<String, @Nullable Object> facts, @Nullable Depot depot) {
    if (!(facts.get(FACT) instanceof Map<?, ?> fact && fact.get(FILES) instanceof List<?> files)) {
      return null;
    }
    var from = fact.get(TO) instanceof String to ? new DirectoryDepot(Path.of(to)) : depot;
    return from == null ? null : Unpacking.standard().unpack(Manifest.read(files), from);
  }

  /// As above, from a storage.
  static @Nullable Path unpack(NamedStudy named, Map<String, @Nullable Object> facts) {
    try (var storage = named.url().open()) {
      return unpack(facts, storage.files(named.name()).map(Shipping::depot).orElse(null));
    }
  }
}
