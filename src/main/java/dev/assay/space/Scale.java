package dev.assay.space;

/// In what a range is even: equal steps of the value are equally likely, or equal ratios.
public enum Scale {
  LINEAR,
  LOG
}
