package dev.assay.process;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/// What Java knows of processes on any system: parents, but neither groups nor sessions.
record JavaProcesses() implements ProcessTable {
  @Override
  public Map<Long, ProcessEntry> list(LongPredicate wanted) {
    var entries = new HashMap<Long, ProcessEntry>();
    ProcessHandle.allProcesses()
        .filter(process -> wanted.test(process.pid()) && process.isAlive())
        .forEach(process -> {
          long parent = process.parent().map(ProcessHandle::pid).orElse(0L);
          long started = process.info().startInstant().map(i -> i.toEpochMilli()).orElse(0L);
          entries.put(process.pid(), new ProcessEntry(process.pid(), parent, 0, 0, started));
        });
    return entries;
  }

  @Override
  public Collection<ProcessEntry> marked(
      Collection<ProcessEntry> processes, String variable, String value) {
    return List.of();
  }

  @Override
  public LongPredicate after(long pid) {
    return _ -> true;
  }
}
