package dev.assay.cli;

import dev.assay.problem.Problem;
import dev.assay.run.control.ControlCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Puts a configuration in line.
@Command(
    name = "enqueue",
    description = "Put a configuration in line: it is tried before anything else is proposed.")
final class EnqueueCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private StudyParameter study = new StudyParameter();

  @Parameters(
      index = "1..*",
      paramLabel = "NAME=VALUE",
      description = "parameters; those left out take their default, or are those of --like")
  private List<String> values = new ArrayList<>();

  @Option(names = "--like", paramLabel = "TRIAL", description = "begin with a trial's parameters")
  private @Nullable Integer like;

  EnqueueCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (values.isEmpty() && like == null) {
      throw new Problem(
          "There is nothing to put in line.",
          study.text(),
          "Name parameters: assay enqueue "
              + study.text()
              + " learning_rate=0.01; or --like TRIAL.");
    }
    var named = study.find();
    put(named, like, values, console);
    return ExitCode.DONE;
  }

  /// @param like the trial whose parameters it begins with; null: none
  static void put(NamedStudy study, @Nullable Integer like, List<String> changes, Console console) {
    var view = study.view();
    var params = new LinkedHashMap<String, @Nullable Object>();
    if (like != null) {
      params.putAll(TrialArgument.of(view, like).configuration().values());
    }
    changes.forEach(change -> change(change, params));
    var _ = view.space().configuration(params); // refused here, where somebody reads it
    Steering.leave(study, new ControlCommand.Enqueue(params));
    console.note(
        study.standings().isEmpty()
            ? "It is tried first when the study goes on."
            : "It waits in line.");
  }

  private static void change(String text, Map<String, @Nullable Object> params) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new Problem(
          "A parameter and its value were expected.", text, "Write NAME=VALUE, as in hidden=64.");
    }
    params.put(text.substring(0, equals), value(text.substring(equals + 1)));
  }

  /// A number, truth value, null or list as JSON has it; anything else is a text.
  private static @Nullable Object value(String text) {
    try {
      return JsonMapper.shared().readValue(text, Object.class);
    } catch (JacksonException e) {
      return text;
    }
  }
}
