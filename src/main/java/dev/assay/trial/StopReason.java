package dev.assay.trial;

/// Why a search ended.
public enum StopReason {
  TRIALS("the budget of trials is used"),
  TIME("the time budget is used"),
  TARGET("the target is reached"),
  NO_IMPROVEMENT("there was no improvement for as long as was allowed"),
  FAILURES("as many trials failed as the budget allows"),
  FAILED_ALIKE("the first trials all failed in the same way"),
  STOPPING_RULE("what is left to gain is estimated to be less than was asked for"),
  SPACE_EXHAUSTED("every configuration of the space was tried"),
  NOTHING_FOUND("no other configuration was found that satisfies the constraints"),
  TRAINED("every member of the population is trained"),
  INTERRUPTED("it was interrupted");

  private final String words;

  StopReason(String words) {
    this.words = words;
  }

  /// For people: `the budget of trials is used`.
  public String words() {
    return words;
  }
}
