package dev.assay.train;

/// How a column of a file was read.
///
/// @param words for people: `a number`, `a category of 4 values`
public record ColumnReading(String name, String words) {}
