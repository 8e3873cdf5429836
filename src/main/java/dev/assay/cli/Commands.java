package dev.assay.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/// The commands, and what makes their objects: those that take a [Console] get the one of this run.
final class Commands implements IFactory {
  /// By name, in the order of the help.
  static final Map<String, Class<?>> ALL = all();

  private final Console console;

  Commands(Console console) {
    this.console = console;
  }

  private static Map<String, Class<?>> all() {
    var all = new LinkedHashMap<String, Class<?>>();
    all.put("init", InitCommand.class);
    all.put("try", TryCommand.class);
    all.put("tune", TuneCommand.class);
    all.put("work", WorkCommand.class);
    all.put("workers", WorkersCommand.class);
    all.put("best", BestCommand.class);
    all.put("trials", TrialsCommand.class);
    all.put("list", ListCommand.class);
    all.put("show", ShowCommand.class);
    all.put("log", LogCommand.class);
    all.put("watch", WatchCommand.class);
    all.put("pause", PauseCommand.class);
    all.put("resume", ResumeCommand.class);
    all.put("stop", StopCommand.class);
    all.put("enqueue", EnqueueCommand.class);
    all.put("rerun", RerunCommand.class);
    all.put("discard", DiscardCommand.class);
    all.put("note", NoteCommand.class);
    all.put("rename", RenameCommand.class);
    all.put("copy", CopyCommand.class);
    all.put("delete", DeleteCommand.class);
    all.put("diff", DiffCommand.class);
    all.put("completion", CompletionCommand.class);
    all.put("importance", ImportanceCommand.class);
    all.put("report", ReportCommand.class);
    all.put("dashboard", DashboardCommand.class);
    all.put("refit", RefitCommand.class);
    all.put("predict", PredictCommand.class);
    all.put("serve", ServeCommand.class);
    all.put("import", ImportCommand.class);
    all.put("export", ExportCommand.class);
    all.put("kernel", KernelCommand.class);
    all.put("compare", CompareCommand.class);
    all.put("doctor", DoctorCommand.class);
    return Collections.unmodifiableMap(all);
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    try {
      return type.cast(type.getDeclaredConstructor(Console.class).newInstance(console));
    } catch (NoSuchMethodException e) {
      return CommandLine.defaultFactory().create(type);
    }
  }
}
