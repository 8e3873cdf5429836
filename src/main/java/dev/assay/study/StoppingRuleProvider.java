package dev.assay.study;

/// Makes a stopping rule for `budget: {rule: NAME}` and `budget: {rule: {NAME: {option: value}}}`.
public interface StoppingRuleProvider extends Provider<StoppingRule> {}
