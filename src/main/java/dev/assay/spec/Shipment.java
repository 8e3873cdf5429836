package dev.assay.spec;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What travels with a study to the machines that run its trials.
///
/// @param files names of files and directories, relative to the study file's directory
/// @param to a directory that all machines share; null: through the storage, or whoever owns the
///   study
/// @param place where the file says so
public record Shipment(List<String> files, @Nullable Path to, String place) {
  public Shipment {
    files = List.copyOf(files);
  }
}
