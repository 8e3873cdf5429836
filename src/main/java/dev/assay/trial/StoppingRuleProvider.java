package dev.assay.trial;

/// Makes a stopping rule for `budget: {rule: NAME}` and `budget: {rule: {NAME: {option: value}}}`.
public interface StoppingRuleProvider extends Provider<StoppingRule> {}
