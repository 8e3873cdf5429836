package dev.assay.internal.storage.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.problem.Problem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkFilesTest {
  private static final Path FILE = Path.of("/shared/study.db");

  @ParameterizedTest
  @ValueSource(strings = {"nfs4", "cifs", "SMB3", "fuse.sshfs", "9p"})
  void networkFileSystemsAreRefusedWithTheMend(String type) {
    assertThatThrownBy(() -> NetworkFiles.refuse(FILE, type))
        .isInstanceOf(Problem.class)
        .hasMessageContaining(type)
        .hasMessageContaining("ASSAY_STUDIES");
  }

  @Test
  void disksAreNot() {
    for (var type : new String[] {"ext4", "xfs", "btrfs", "zfs", "apfs", "tmpfs", "overlay"}) {
      NetworkFiles.refuse(FILE, type);
    }
  }
}
