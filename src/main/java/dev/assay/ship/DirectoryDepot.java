package dev.assay.ship;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Contents in a directory that all machines share.
///
/// @param root made where it is missing
public record DirectoryDepot(Path root) implements Depot {
  private Path place(String sha256) {
    return root.resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  @Override
  public boolean has(String sha256) {
    return Files.isRegularFile(place(sha256));
  }

  @Override
  public void put(String sha256, Path file) throws IOException {
    if (has(sha256)) {
      return;
    }
    var place = place(sha256);
    Files.createDirectories(place.getParent());
    var written = Files.createTempFile(place.getParent(), "put", null);
    Files.copy(file, written, StandardCopyOption.REPLACE_EXISTING);
    Files.move(written, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void get(String sha256, Path file) throws IOException {
    Files.copy(place(sha256), file, StandardCopyOption.REPLACE_EXISTING);
  }
}
