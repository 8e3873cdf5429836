package dev.assay.cli;

import picocli.CommandLine.Parameters;

/// STUDY, the first word of most commands.
final class StudyParameter {
  @Parameters(
      index = "0",
      paramLabel = "STUDY",
      description = "a study's name, sqlite:PATH#NAME or postgresql://USER@HOST/DB#NAME")
  private String name = "";

  StudyParameter() {}

  StudyParameter(String name) {
    this.name = name;
  }

  /// As it was written.
  String text() {
    return name;
  }

  /// @throws dev.assay.problem.Problem where there is no such study
  NamedStudy find() {
    return NamedStudy.of(name);
  }
}
