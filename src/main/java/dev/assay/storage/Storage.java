package dev.assay.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where studies are kept: the port that storages implement. Thread-safe.
///
/// Every operation throws [dev.assay.problem.Problem] when the medium fails; what was written
/// before is kept.
public interface Storage extends AutoCloseable {
  /// The names of all studies, sorted.
  List<String> names();

  /// An existing study, to look at: needs no lock and takes none.
  Optional<StoredStudy> read(String name);

  /// The log of an existing study, to go on with it. Where the storage can share it, several
  /// processes may have it open: see [StudyLog].
  ///
  /// @throws dev.assay.problem.Problem when somebody has it open and the storage cannot share it
  Optional<StudyLog> open(String name);

  /// The log of a new study.
  ///
  /// @throws dev.assay.problem.Problem when the name is taken
  StudyLog create(StudyDefinition definition);

  /// Gives a study another name, so that its own can be used anew.
  ///
  /// @throws dev.assay.problem.Problem when there is no such study, somebody runs it, or the new
  ///   name is taken
  void rename(String name, String newName);

  /// Gives a study's name to another one, and puts the study aside under a third: both or neither.
  ///
  /// @param aside the name that the study has from now on
  /// @param successor the name of the study that takes its place
  /// @throws dev.assay.problem.Problem as [#rename]
  void replace(String name, String aside, String successor);

  /// Removes a study with all of its trials and facts.
  ///
  /// @throws dev.assay.problem.Problem when there is no such study, or somebody runs it
  void delete(String name);

  /// Sets or replaces one fact of a study, whether somebody runs it or not.
  ///
  /// @param value a JSON value
  /// @throws dev.assay.problem.Problem when there is no such study
  void putFact(String name, String key, Object value);

  /// Marks a trial that ended as [dev.assay.trial.TrialState#DISCARDED], or takes that back. Those
  /// who run the study learn of it only from [dev.assay.study.Study#discard].
  ///
  /// @throws dev.assay.problem.Problem when there is no such study or trial, or it has not ended
  void discard(String name, int trial, boolean discarded);

  /// Where texts are left for those who run a study; empty where the storage has no place for them,
  /// or there is no such study.
  default Optional<Letters> letters(String study) {
    return Optional.empty();
  }

  /// Where files are kept that travel with a study to those who run it; empty where the storage has
  /// no place for them, since all who reach it share a disk, or there is no such study.
  default Optional<StoredFiles> files(String study) {
    return Optional.empty();
  }

  @Override
  void close();

  /// Contents of files that a storage keeps with a study, by their SHA-256 in hexadecimal digits.
  /// They are streamed: none has to fit into memory. Thread-safe.
  interface StoredFiles {
    boolean has(String sha256) throws IOException;

    /// Keeps the content of a file; does nothing where it is there.
    void put(String sha256, Path file) throws IOException;

    /// Writes a content into a file.
    ///
    /// @throws IOException also where there is no such content
    void get(String sha256, Path file) throws IOException;
  }
}
