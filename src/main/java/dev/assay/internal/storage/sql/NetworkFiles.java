package dev.assay.internal.storage.sql;

import dev.assay.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/// Network file systems: write-ahead logging needs memory that all who have the file open share,
/// which those cannot give <https://sqlite.org/wal.html>. Used nevertheless, they damage the file
/// sooner or later.
final class NetworkFiles {
  private static final Set<String> KINDS =
      Set.of(
          "nfs",
          "nfs3",
          "nfs4",
          "cifs",
          "smbfs",
          "smb2",
          "smb3",
          "afs",
          "afpfs",
          "9p",
          "v9fs",
          "ceph",
          "glusterfs",
          "lustre",
          "gpfs",
          "beegfs",
          "orangefs",
          "ocfs2",
          "davfs",
          "webdav",
          "ncpfs",
          "fuse.sshfs",
          "fuse.glusterfs",
          "fuse.ceph",
          "fuse.rclone",
          "fuse.s3fs",
          "fuse.gcsfuse");

  private NetworkFiles() {}

  /// @param file the storage's; its directory exists
  /// @throws Problem when it is on a network file system
  static void refuse(Path file) {
    var directory = file.toAbsolutePath().getParent();
    if (directory == null) {
      return;
    }
    try {
      refuse(file, Files.getFileStore(directory).type());
    } catch (IOException e) {
      // What the system does not tell is not held against the file.
    }
  }

  /// @param type as [java.nio.file.FileStore#type] gives it
  static void refuse(Path file, String type) {
    if (KINDS.contains(type.toLowerCase(Locale.ROOT))) {
      throw new Problem(
          "A study cannot be kept on a network file system.",
          file + " (" + type + ")",
          "Keep it on a disk of this machine: --storage sqlite:PATH, or set ASSAY_STUDIES to a"
              + " directory there.");
    }
  }
}
