package dev.assay.kernel;

import java.util.List;
import java.util.Map;

/// What became of a job.
///
/// @param detail why it is not correct; empty where it is
/// @param compileMilliseconds how long the compiler took
/// @param milliseconds of each run
/// @param facts what is known of the compiled kernel, as JSON values
/// @param lost whether the device is lost to this process, which is to be replaced
/// @param fault whether no other configuration can fare better: the study ends. Then [#mend] says
///   what to do
public record Answer(
    Invalidity invalidity,
    String detail,
    double compileMilliseconds,
    List<Double> milliseconds,
    Map<String, Object> facts,
    boolean lost,
    boolean fault,
    String mend) {
  public Answer {
    milliseconds = List.copyOf(milliseconds);
    facts = Map.copyOf(facts);
  }

  static Answer failed(KernelFailure failure, double compileMilliseconds, boolean lost) {
    return new Answer(
        failure.invalidity(),
        failure.detail(),
        compileMilliseconds,
        List.of(),
        Map.of(),
        lost,
        false,
        "");
  }
}
