package dev.assay.storage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of those who have a stored study open to run it.
///
/// @param id never given out again within a storage
/// @param process names its process for good, in the words of the storage
/// @param seenMillis when it last showed that it lives, milliseconds since 1970
/// @param standing what it noted last about how it stands, a JSON value; empty: nothing
public record Runner(
    long id, String process, long seenMillis, Map<String, @Nullable Object> standing) {}
