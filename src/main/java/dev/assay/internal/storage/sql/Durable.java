package dev.assay.internal.storage.sql;

import dev.assay.storage.Storage;

/// A storage that outlives the process, on disks that may lose what they were told last.
public interface Durable extends Storage {
  /// Chooses what studies that are opened from now on wait for.
  Durable durability(Durability newDurability);
}
