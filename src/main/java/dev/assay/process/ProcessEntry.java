package dev.assay.process;

/// One live process.
///
/// @param parent its parent's id
/// @param group its process group; 0: not known
/// @param session its session; 0: not known
/// @param started when it started, in units of the system's own: equal for equal processes only,
///   and ascending; with the id it names a process for good
record ProcessEntry(long pid, long parent, long group, long session, long started) {}
