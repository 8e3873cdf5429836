package dev.assay.run.command;

import java.util.List;
import java.util.Map;

/// What was found of a program's values.
///
/// @param origins where each metric was found last
/// @param missing objectives without a value
/// @param printed the names under which the output has numbers for missing objectives
/// @param others metrics that are no objectives, the last values
/// @param complaints what could not be understood
/// @param stepped whether there were intermediate reports, which pruners need
/// @param output the end of what it printed
public record FoundValues(
    Map<String, String> origins,
    List<String> missing,
    Map<String, String> printed,
    Map<String, Double> others,
    List<String> complaints,
    boolean stepped,
    String output) {}
